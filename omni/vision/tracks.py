"""Faces seen at single times, joined to tracks: one face through one shot, confirmed, bridged and steadied."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from omni.contracts import FaceBox, FaceTrack, Shot
from omni.vision.sampling import GRID_SECONDS, Sighting

MIN_DETECTIONS = 3
BRIDGED_SECONDS = 1.0
"""A face looked for in vain for longer is a new track when it comes back."""

SURE_SCORE = 0.55
"""In a shot too short for three sightings, a face this sure in all of them is believed."""

KNOWN_PACE, UNKNOWN_PACE, FARTHEST = 1.2, 2.5, 2.0
"""Face sizes that a face may be off its expected place for each second without it, when its pace is known or not; at most."""

STOPPED = 0.3
"""Face sizes that a face at its old place counts as farther away than one that went on: of two who cross, each goes on."""

EDGE_SECONDS = 0.6
"""A track this near to a cut is held to it: the face was there, only not searched for."""


PACE_SECONDS, PACE_BOXES = 1.2, 5
"""How far back the pace of a face is taken from: long enough to lose the detector's tremor, short enough for a turn."""


@dataclass
class _Chain:
    boxes: list[FaceBox] = field(default_factory=list[FaceBox])
    missed: bool = False

    def is_over(self, t: float) -> bool:
        return self.missed and t - self.boxes[-1].t > BRIDGED_SECONDS + 1e-6

    def away(self, face: FaceBox) -> float:
        """Return how far a face is from where this one should be by now, or from where it was: people also stop."""
        last = self.boxes[-1]
        expected = last.model_copy(update=ahead(self.boxes, face.t))
        return min(remoteness(expected, face), remoteness(last, face) + STOPPED)

    def reach(self, t: float) -> float:
        gap = t - self.boxes[-1].t
        return min(FARTHEST, 0.8 + (KNOWN_PACE if len(self.boxes) > 1 else UNKNOWN_PACE) * gap)


def link(sightings: Sequence[Sighting], shots: Sequence[Shot], frame_seconds: float) -> tuple[FaceTrack, ...]:
    """Return the tracks of every shot, by shot, then by their first time; none crosses a cut."""
    starts = [shot.start for shot in shots]
    by_shot: list[list[Sighting]] = [[] for _ in shots]
    for sighting in sightings:
        by_shot[max(0, bisect_right(starts, sighting.t + 1e-6) - 1)].append(sighting)
    tracks: list[FaceTrack] = []
    for number, (shot, seen) in enumerate(zip(shots, by_shot, strict=True)):
        chains = [chain for chain in chain_up(seen) if is_confirmed(chain, len(seen))]
        for chain in sorted(chains, key=lambda c: (c[0].t, c[0].x, c[0].y)):
            boxes = held_to_edges(bridged(steadied(chain)), shot, frame_seconds)
            tracks.append(FaceTrack(shot=number, boxes=tuple(boxes)))
    return tuple(tracks)


def chain_up(sightings: Sequence[Sighting]) -> list[list[FaceBox]]:
    """Join the faces of one shot: at each time the closest pairs of chain and face first."""
    open_chains: list[_Chain] = []
    closed: list[_Chain] = []
    for sighting in sightings:
        closed += [chain for chain in open_chains if chain.is_over(sighting.t)]
        open_chains = [chain for chain in open_chains if not chain.is_over(sighting.t)]
        pairs = sorted(
            (away, i, j)
            for i, chain in enumerate(open_chains)
            for j, face in enumerate(sighting.faces)
            if (away := chain.away(face)) <= chain.reach(sighting.t)
        )
        taken: dict[int, int] = {}
        for _, i, j in pairs:
            if i not in taken and j not in taken.values():
                open_chains[i].boxes.append(sighting.faces[j])
                taken[i] = j
        for i, chain in enumerate(open_chains):
            chain.missed = i not in taken
        open_chains += [_Chain([face]) for j, face in enumerate(sighting.faces) if j not in taken.values()]
    return [chain.boxes for chain in closed + open_chains]


def remoteness(one: FaceBox, other: FaceBox) -> float:
    """Return the distance of two boxes in face sizes, plus what they differ in size; 0 is the same box."""
    (x0, y0), (x1, y1) = one.centre, other.centre
    wide, high = (one.w + other.w) / 2, (one.h + other.h) / 2
    return math.hypot((x1 - x0) / wide, (y1 - y0) / high) + abs(math.log(one.h / other.h))


def ahead(boxes: Sequence[FaceBox], t: float) -> dict[str, float]:
    """Return where a face that keeps its pace is at ``t``: a straight line through its last boxes."""
    last = boxes[-1]
    near = [box for box in boxes[-PACE_BOXES:] if last.t - box.t <= PACE_SECONDS]
    if len(near) < 2:
        return {"x": last.x, "y": last.y}
    middle = sum(box.t for box in near) / len(near)
    spread = sum((box.t - middle) ** 2 for box in near)
    # two boxes that tremble are no pace: the fewer there are, the less of it is believed
    belief = (len(near) - 1) / len(near)
    pace = {side: belief * sum((box.t - middle) * getattr(box, side) for box in near) / spread for side in ("x", "y")}
    return {side: getattr(last, side) + pace[side] * (t - last.t) for side in ("x", "y")}


def is_confirmed(chain: Sequence[FaceBox], searched: int) -> bool:
    """Tell whether a chain is a face rather than a pattern that looked like one once."""
    if len(chain) >= MIN_DETECTIONS:
        return max(box.score for box in chain) >= SURE_SCORE
    return searched < 2 * MIN_DETECTIONS and 2 * len(chain) > searched and min(b.score for b in chain) >= SURE_SCORE


def steadied(boxes: Sequence[FaceBox]) -> list[FaceBox]:
    """Return the boxes without the detector's jitter: a weighted mean of each with its neighbours up to 0.6 s away."""
    steady: list[FaceBox] = []
    for index, box in enumerate(boxes):
        near = [b for b in boxes[max(0, index - 1) : index + 2] if abs(b.t - box.t) <= EDGE_SECONDS]
        if 0 < index < len(boxes) - 1 and len(near) == 3:
            weighted = [(near[0], 0.25), (near[1], 0.5), (near[2], 0.25)]
            steady.append(_mean(weighted, box))
        else:
            steady.append(box)
    return steady


def _mean(weighted: Sequence[tuple[FaceBox, float]], box: FaceBox) -> FaceBox:
    x, y, w, h = (sum(getattr(b, side) * weight for b, weight in weighted) for side in ("x", "y", "w", "h"))
    return FaceBox(t=box.t, x=x, y=y, w=w, h=h, score=box.score)


def bridged(boxes: Sequence[FaceBox]) -> list[FaceBox]:
    """Return the boxes with interpolated ones where more than a step of the search grid lies between two."""
    full: list[FaceBox] = list(boxes[:1])
    for before, after in pairwise(boxes):
        steps = max(1, round((after.t - before.t) / GRID_SECONDS))
        full += [between(before, after, step / steps) for step in range(1, steps)]
        full.append(after)
    return full


def between(before: FaceBox, after: FaceBox, part: float) -> FaceBox:
    """Return the box that lies ``part`` (0–1) of the way from one to the other; its score is the lower one."""
    t, x, y, w, h = (
        getattr(before, name) + (getattr(after, name) - getattr(before, name)) * part
        for name in ("t", "x", "y", "w", "h")
    )
    return FaceBox(t=t, x=x, y=y, w=w, h=h, score=min(before.score, after.score))


def held_to_edges(boxes: Sequence[FaceBox], shot: Shot, frame_seconds: float) -> list[FaceBox]:
    """Return the boxes with the first and last repeated at the first and last frame of the shot, where those are near."""
    held = list(boxes)
    if 0 < held[0].t - shot.start <= EDGE_SECONDS:
        held.insert(0, held[0].model_copy(update={"t": shot.start}))
    last = shot.end - frame_seconds
    if 0 < last - held[-1].t <= EDGE_SECONDS:
        held.append(held[-1].model_copy(update={"t": last}))
    return held
