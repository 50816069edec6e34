"""Who or what a shot is about: the faces inside a clip, weighed, and the part of them that one crop can hold."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from omni.contracts import FaceBox, FaceTrack, Footage, Span

MARGIN = 0.08
"""Air kept on both sides of a face, as a part of its width."""

CORNER = 0.24
"""A small face whose centre is this near to a side and in the upper or lower third is a webcam laid over a screen."""

SMALL_FACE = 0.22
"""Height of a face, as a part of the frame, up to which it can be such a webcam."""


TURNED_AWAY_SECONDS = 4.0
"""A face that comes back this soon was there all the time, only not to be seen."""


@dataclass(frozen=True)
class Box:
    """A rectangle in fractions of the frame: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@dataclass(frozen=True)
class Subject:
    """What of a stretch of one shot the camera keeps in view."""

    tracks: tuple[FaceTrack, ...]
    captured: float
    """Weight of the followed faces among all faces, 0–1."""
    coverage: float
    """Part of the stretch in which a followed face is seen or was only turned away for a moment, 0–1."""
    overlaid: bool = False
    """The only face is a webcam in a corner: the screen is what matters."""

    def box(self, t: float) -> Box | None:
        """Return what must be in view at source time ``t``: the union of the followed faces, or ``None``."""
        faces = [face for track in self.tracks if (face := face_at(track, t)) is not None]
        if not faces:
            return None
        return Box(
            min(f.x for f in faces), min(f.y for f in faces),
            max(f.x + f.w for f in faces), max(f.y + f.h for f in faces),
        )  # fmt: skip


def subject_of(stretch: Span, shot: int, footage: Footage, crop_w: float) -> Subject:
    """Return the subject of a stretch (source time) of shot ``shot`` for a crop of width ``crop_w``.

    Of all positions of the crop, the one that holds the most weight of faces wins; what it holds is followed.
    """
    weights = {
        index: weight
        for index, track in enumerate(footage.tracks)
        if track.shot == shot and (weight := importance(track, stretch)) > 0
    }
    if not weights:
        return Subject(tracks=(), captured=0.0, coverage=0.0)
    spread = {index: extent(footage.tracks[index], stretch) for index in weights}
    anchors = sorted(weights, key=lambda index: (-weights[index], index))
    best = max((_held_with(anchor, spread, weights, crop_w) for anchor in anchors), key=lambda g: _total(g, weights))
    best += tuple(i for i in anchors if i not in best and _succeeds(footage.tracks[i], best, footage, stretch))
    tracks = tuple(footage.tracks[index] for index in best)
    return Subject(
        tracks=tracks,
        captured=_total(best, weights) / sum(weights.values()),
        coverage=_coverage(tracks, stretch),
        overlaid=len(weights) == 1 and is_overlaid(spread[best[0]]),
    )


def importance(track: FaceTrack, stretch: Span) -> float:
    """Return size × time × how central a face is; twice the height weighs nearly three times as much."""
    boxes = [box for box in track.boxes if stretch.start <= box.t <= stretch.end]
    seconds = _seconds(track, stretch)
    if not boxes or seconds <= 0:
        return 0.0
    height = sum(box.h for box in boxes) / len(boxes)
    aside = sum(abs(box.centre[0] - 0.5) for box in boxes) / len(boxes)
    return height**1.5 * seconds * (1 - 0.5 * aside)


def extent(track: FaceTrack, stretch: Span) -> Box:
    """Return the typical box of a track in a stretch: medians, so that a walk doesn't make it wide."""
    boxes = [box for box in track.boxes if stretch.start <= box.t <= stretch.end]
    x, y, w, h = (_median([getattr(box, side) for box in boxes]) for side in ("x", "y", "w", "h"))
    return Box(x, y, x + w, y + h)


def face_at(track: FaceTrack, t: float) -> FaceBox | None:
    """Return the face at source time ``t``, interpolated; ``None`` outside the track."""
    boxes = track.boxes
    index = bisect_left(boxes, t, key=lambda box: box.t)
    if index < len(boxes) and boxes[index].t - t < 1e-6:
        return boxes[index]
    if index == 0 or index == len(boxes):
        return None
    before, after = boxes[index - 1], boxes[index]
    part = (t - before.t) / (after.t - before.t)
    x, y, w, h = (
        getattr(before, side) + (getattr(after, side) - getattr(before, side)) * part for side in ("x", "y", "w", "h")
    )
    return FaceBox(t=t, x=x, y=y, w=w, h=h, score=min(before.score, after.score))


def is_overlaid(box: Box) -> bool:
    """Tell whether a face looks like a webcam picture laid into the corner of a screen."""
    x, y = box.centre
    return box.y1 - box.y0 <= SMALL_FACE and min(x, 1 - x) <= CORNER and (y >= 2 / 3 or y <= 1 / 4)


def _held_with(anchor: int, spread: dict[int, Box], weights: dict[int, float], crop_w: float) -> tuple[int, ...]:
    """Return the faces that one crop holds together with ``anchor``, the weightiest first."""
    held = [anchor]
    left, right = _padded(spread[anchor])
    for index in sorted(weights, key=lambda i: (-weights[i], i)):
        x0, x1 = _padded(spread[index])
        if index not in held and max(right, x1) - min(left, x0) <= crop_w:
            held.append(index)
            left, right = min(left, x0), max(right, x1)
    return tuple(held)


def _succeeds(track: FaceTrack, group: Sequence[int], footage: Footage, stretch: Span) -> bool:
    """Tell whether a track is likely the followed face itself, found again elsewhere: like in size, never beside it."""
    height = _height(track, stretch)
    return all(
        _shared_seconds(track, other) == 0 and 0.6 < height / _height(other, stretch) < 1.6
        for other in (footage.tracks[index] for index in group)
    )


def _coverage(tracks: Sequence[FaceTrack], stretch: Span) -> float:
    seconds, until = 0.0, None
    for track in sorted(tracks, key=lambda track: track.boxes[0].t):
        start, end = max(stretch.start, track.boxes[0].t), min(stretch.end, track.boxes[-1].t)
        if until is not None and start - until <= TURNED_AWAY_SECONDS:
            start = until
        seconds += max(0.0, end - start)
        until = end if until is None else max(until, end)
    return min(1.0, seconds / stretch.length) if stretch.length else 0.0


def _padded(box: Box) -> tuple[float, float]:
    air = MARGIN * (box.x1 - box.x0)
    return max(0.0, box.x0 - air), min(1.0, box.x1 + air)


def _total(group: Sequence[int], weights: dict[int, float]) -> float:
    return sum(weights[index] for index in group)


def _seconds(track: FaceTrack, stretch: Span) -> float:
    return max(0.0, min(stretch.end, track.boxes[-1].t) - max(stretch.start, track.boxes[0].t))


def _shared_seconds(one: FaceTrack, other: FaceTrack) -> float:
    return max(0.0, min(one.boxes[-1].t, other.boxes[-1].t) - max(one.boxes[0].t, other.boxes[0].t))


def _height(track: FaceTrack, stretch: Span) -> float:
    box = extent(track, stretch)
    return box.y1 - box.y0


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
