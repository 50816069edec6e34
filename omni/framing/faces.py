"""One face through a stretch of a shot: where it is, how large, how long, and how much it speaks."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from omni.contracts import FaceBox, FaceTrack, Span


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

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self.x1 - self.x0, self.y1 - self.y0


def between(one: Box, other: Box, part: float) -> Box:
    """Return the box that lies ``part`` (0–1) of the way from one to the other."""
    sides = ("x0", "y0", "x1", "y1")
    return Box(*(getattr(one, side) + (getattr(other, side) - getattr(one, side)) * part for side in sides))


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
    return FaceBox(t=t, x=x, y=y, w=w, h=h, score=min(before.score, after.score), mouth=before.mouth)


def around(tracks: Sequence[FaceTrack], t: float) -> Box | None:
    """Return the union of the faces that are there at source time ``t``, or ``None``."""
    faces = [face for track in tracks if (face := face_at(track, t)) is not None]
    if not faces:
        return None
    return Box(
        min(f.x for f in faces), min(f.y for f in faces), max(f.x + f.w for f in faces), max(f.y + f.h for f in faces)
    )


def extent(track: FaceTrack, stretch: Span) -> Box:
    """Return the typical box of a track in a stretch: medians, so that a walk doesn't make it wide."""
    boxes = boxes_in(track, stretch)
    x, y, w, h = (_median([getattr(box, side) for box in boxes]) for side in ("x", "y", "w", "h"))
    return Box(x, y, x + w, y + h)


def boxes_in(track: FaceTrack, stretch: Span) -> list[FaceBox]:
    """Return the boxes of a track within a stretch."""
    return [box for box in track.boxes if stretch.start <= box.t <= stretch.end]


def seconds_in(track: FaceTrack, stretch: Span) -> float:
    """Return how long a face is there within a stretch."""
    return max(0.0, min(stretch.end, track.boxes[-1].t) - max(stretch.start, track.boxes[0].t))


def seconds_shared(one: FaceTrack, other: FaceTrack) -> float:
    """Return how long two faces are there together."""
    return max(0.0, min(one.boxes[-1].t, other.boxes[-1].t) - max(one.boxes[0].t, other.boxes[0].t))


def importance(track: FaceTrack, stretch: Span) -> float:
    """Return size × time × how central a face is; twice the height weighs nearly three times as much."""
    boxes, seconds = boxes_in(track, stretch), seconds_in(track, stretch)
    if not boxes or seconds <= 0:
        return 0.0
    height = sum(box.h for box in boxes) / len(boxes)
    aside = sum(abs(box.centre[0] - 0.5) for box in boxes) / len(boxes)
    return height**1.5 * seconds * (1 - 0.5 * aside)


def speaking(track: FaceTrack, stretch: Span, speech: Sequence[Span]) -> float | None:
    """Return how much the mouth moves while speech is heard; ``None`` where it can't be seen or nobody is heard."""
    moved = [
        box.mouth
        for box in boxes_in(track, stretch)
        if box.mouth is not None and any(span.start <= box.t < span.end for span in speech)
    ]
    return sum(moved) / len(moved) if moved else None


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
