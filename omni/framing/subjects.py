"""Who or what a shot is about: the faces inside a clip, weighed, and the part of them that one crop, or two, can hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from omni.contracts import FaceTrack, Footage, Span
from omni.framing.faces import Box, around, extent, importance, seconds_in, seconds_shared, speaking


class Size(NamedTuple):
    """Width and height of a crop, in fractions of the frame."""

    w: float
    h: float


MARGIN = 0.08
"""Air kept on both sides of a face, as a part of its width."""

HELD_TOGETHER = 0.95
"""Part of their common time in which two faces must fit into one crop to be followed as one subject."""

LOOK_SECONDS = 0.5
"""How often it is looked whether they do."""

CORNER = 0.24
"""A small face whose centre is this near to a side and in the upper or lower third is a webcam laid over a screen."""

SMALL_FACE = 0.22
"""Height of a face, as a part of the frame, up to which it can be such a webcam."""

TURNED_AWAY_SECONDS = 4.0
"""A face that comes back this soon was there all the time, only not to be seen."""

SILENT_MOUTH = 0.01
"""What a closed mouth seems to move: listeners of the shared montage 0.000–0.023, those who speak 0.06–0.23."""

VOICE = (0.3, 3.0)
"""Least and greatest factor by which speech changes the weight of a face: small pictures of mouths can mislead."""

HALF_FILLED = Size(0.8, 0.55)
"""Parts of a half screen's width and height that its faces may fill: above the face there is hair, below it a neck."""

LARGEST_SCALE = 2.0
"""A half screen at this scale shows the frame's whole height."""

BOTH_THERE = 0.6
"""Part of the stretch in which each of two people must be there to be given a half of the screen."""


@dataclass(frozen=True)
class Subject:
    """What of a stretch of one shot a camera keeps in view; the weightiest face comes first."""

    tracks: tuple[FaceTrack, ...]
    captured: float
    """Weight of the followed faces among all faces, 0–1."""
    coverage: float
    """Part of the stretch in which a followed face is seen or was only turned away for a moment, 0–1."""
    overlaid: bool = False
    """The only face is a webcam in a corner: the screen is what matters."""

    def box(self, t: float) -> Box | None:
        """Return what must be in view at source time ``t``: the union of the followed faces, or ``None``."""
        return around(self.tracks, t)


NOBODY = Subject(tracks=(), captured=0.0, coverage=0.0)


@dataclass(frozen=True)
class Pair:
    """Two subjects for two half screens, the left one first; ``scale`` as in :class:`omni.contracts.Segment`."""

    left: Subject
    right: Subject
    scale: float

    @property
    def captured(self) -> float:
        """Weight of both among all faces, 0–1."""
        return self.left.captured + self.right.captured

    @property
    def coverage(self) -> float:
        """Part of the stretch in which both are there, 0–1, at least."""
        return min(self.left.coverage, self.right.coverage)


def subject_of(stretch: Span, shot: int, footage: Footage, crop: Size, speech: Sequence[Span] = ()) -> Subject:
    """Return the subject of a stretch (source time) of shot ``shot`` for a crop.

    Of all positions of the crop, the one that holds the most weight of faces wins; what it holds is followed.
    """
    weights = weigh(stretch, shot, footage, speech)
    return _Chooser(stretch, footage, weights).best(crop, list(weights))


def pair_of(stretch: Span, shot: int, footage: Footage, crop: Size, speech: Sequence[Span] = ()) -> Pair | None:
    """Return the two subjects of a stretch that a half screen each can hold, or ``None`` when there are none.

    ``crop`` is what a whole screen shows; a half screen shows half its height at scale 1.
    """
    weights = weigh(stretch, shot, footage, speech)
    chooser, half = _Chooser(stretch, footage, weights), Size(crop.w, crop.h / 2)
    one = chooser.best(half, list(weights))
    other = chooser.best(half, [index for index in weights if footage.tracks[index] not in one.tracks])
    if not one.tracks or not other.tracks or min(one.coverage, other.coverage) < BOTH_THERE:
        return None
    scale = max(1.0, *(_scale(subject, stretch, half) for subject in (one, other)))
    if scale > min(LARGEST_SCALE / crop.h, 1 / crop.w):
        return None
    left, right = sorted((one, other), key=lambda subject: extent(subject.tracks[0], stretch).centre[0])
    return Pair(left, right, round(scale, 4))


def weigh(stretch: Span, shot: int, footage: Footage, speech: Sequence[Span] = ()) -> dict[int, float]:
    """Return the weight of each face of a shot within a stretch: importance, and more for those who speak."""
    weights = {
        index: weight
        for index, track in enumerate(footage.tracks)
        if track.shot == shot and (weight := importance(track, stretch)) > 0
    }
    heard = {
        index: said + SILENT_MOUTH
        for index in weights
        if (said := speaking(footage.tracks[index], stretch, speech)) is not None
    }
    if len(heard) < 2:
        return weights
    usual = sum(heard.values()) / len(heard)
    return {index: w * min(VOICE[1], max(VOICE[0], heard.get(index, usual) / usual)) for index, w in weights.items()}


def is_overlaid(box: Box) -> bool:
    """Tell whether a face looks like a webcam picture laid into the corner of a screen."""
    x, y = box.centre
    return box.y1 - box.y0 <= SMALL_FACE and min(x, 1 - x) <= CORNER and (y >= 2 / 3 or y <= 1 / 4)


@dataclass(frozen=True)
class _Chooser:
    """The faces of one stretch and their weights, by their place in ``footage.tracks``."""

    stretch: Span
    footage: Footage
    weights: dict[int, float]

    def best(self, crop: Size, among: Sequence[int]) -> Subject:
        anchors = sorted(among, key=lambda index: (-self.weights[index], index))
        if not anchors:
            return NOBODY
        group = max((self._held_with(anchor, anchors, crop) for anchor in anchors), key=self._total)
        group += tuple(i for i in anchors if i not in group and self._succeeds(i, group))
        tracks = tuple(self.footage.tracks[index] for index in group)
        return Subject(
            tracks=tracks,
            captured=self._total(group) / sum(self.weights.values()),
            coverage=_coverage(tracks, self.stretch),
            overlaid=len(self.weights) == 1 and is_overlaid(extent(tracks[0], self.stretch)),
        )

    def _held_with(self, anchor: int, others: Sequence[int], crop: Size) -> tuple[int, ...]:
        """Return the faces that one crop holds together with ``anchor``, the weightiest first."""
        held = [anchor]
        for index in others:
            if index not in held and fits([self.footage.tracks[i] for i in (*held, index)], self.stretch, crop):
                held.append(index)
        return tuple(sorted(held, key=lambda index: (-self.weights[index], index)))

    def _succeeds(self, index: int, group: Sequence[int]) -> bool:
        """Tell whether a track is likely the followed face itself, found again elsewhere: like in size, never beside it."""
        track, height = self.footage.tracks[index], extent(self.footage.tracks[index], self.stretch).size[1]
        return all(
            seconds_shared(track, other) == 0 and 0.6 < height / extent(other, self.stretch).size[1] < 1.6
            for other in (self.footage.tracks[i] for i in group)
        )

    def _total(self, group: Sequence[int]) -> float:
        return sum(self.weights[index] for index in group)


def fits(tracks: Sequence[FaceTrack], stretch: Span, crop: Size) -> bool:
    """Tell whether a crop can hold faces together: typically, and in nearly all of the time in which they are there."""
    boxes = [extent(track, stretch) for track in tracks]
    usual = Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
    if not _goes_into(usual, crop):
        return False
    looks = max(1, round(stretch.length / LOOK_SECONDS))
    seen = [around(tracks, stretch.start + stretch.length * look / looks) for look in range(looks + 1)]
    held = [_goes_into(box, crop) for box in seen if box is not None]
    return sum(held) >= HELD_TOGETHER * len(held)


def _goes_into(box: Box, crop: Size) -> bool:
    air = MARGIN * box.size[0]
    return min(1.0, box.x1 + air) - max(0.0, box.x0 - air) <= crop.w and box.size[1] <= crop.h


def _scale(subject: Subject, stretch: Span, half: Size) -> float:
    boxes = [extent(track, stretch) for track in subject.tracks if seconds_in(track, stretch) > 0]
    wide = max(b.x1 for b in boxes) - min(b.x0 for b in boxes) if len(boxes) > 1 else boxes[0].size[0]
    high = max(b.size[1] for b in boxes)
    return max(wide / (HALF_FILLED.w * half.w), high / (HALF_FILLED.h * half.h))


def _coverage(tracks: Sequence[FaceTrack], stretch: Span) -> float:
    seconds, until = 0.0, None
    for track in sorted(tracks, key=lambda track: track.boxes[0].t):
        start, end = max(stretch.start, track.boxes[0].t), min(stretch.end, track.boxes[-1].t)
        if until is not None and start - until <= TURNED_AWAY_SECONDS:
            start = until
        seconds += max(0.0, end - start)
        until = end if until is None else max(until, end)
    return min(1.0, seconds / stretch.length) if stretch.length else 0.0
