"""How good a framing is: the faces' share inside the crops, the camera's jitter, its reversals, its jumps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from omni.contracts import CameraKey, FaceBox, Footage, Framing, Segment, Span
from omni.framing.faces import face_at
from omni.framing.paths import reversals
from omni.framing.subjects import Size, Subject, pair_of, subject_of

CONTAINED = 0.95
"""A face counts as inside when this part of its box is (TARGETS.md §2)."""

JUMP_SPEED = 0.5
"""Frame widths a second that no operator's camera moves: what is faster is a jump. The camera's own limit is 0.4."""

NEAR_CUT = 0.05
"""A jump this near to a cut is on it: shots are told to the frame."""


@dataclass(frozen=True)
class CameraFigures:
    """What is measured on a framing, against the bars of TARGETS.md §2."""

    containment: float | None
    """Part of the frames with the subject's face in which it is inside; ``None`` when no shot has a face. Bar: ≥ 0.97."""
    jitter: float
    """Mean absolute second difference of the crop's middle per frame, as a fraction of the frame. Bar: ≤ 0.0006."""
    reversals_per_s: float
    """Bar: ≤ 0.3."""
    jumps: int
    """Frames to which a camera jumps though the source has no cut there. Bar: 0."""


@dataclass(frozen=True)
class _View:
    """One crop through one segment: its way, and the subject that it should hold."""

    keys: tuple[CameraKey, ...]
    size: Size
    subject: Subject


def camera_figures(
    framing: Framing, cut: Span, footage: Footage, fps: float, speech: Sequence[Span] = ()
) -> CameraFigures:
    """Measure a framing frame by frame at ``fps`` against the faces that were seen.

    Whose face it is, is asked again of the footage. Frames of ``fit`` segments hold every face; faces that are larger
    than the crop don't count. A split has two cameras: both must hold their face, and the worse one's turns count.
    """
    held: list[bool] = []
    bends: list[float] = []
    turns, jumps = 0, 0
    for segment in framing.segments:
        times = _frame_times(segment, fps)
        turned = 0
        for view in _views(framing, segment, cut, footage, speech):
            middles = [middle_at(view.keys, t) for t in times] if view.keys else []
            held += _holds(view, [_face(view.subject, cut.start + t) for t in times], middles)
            path = np.array(middles).reshape(-1, 2)
            moving = [axis for axis in (0, 1) if axis == 0 or view.size.h < 1]
            bends += [float(b) for axis in moving for b in np.abs(np.diff(path[:, axis], 2))]
            turned = max(turned, sum(reversals([round(v, 5) for v in path[:, axis]]) for axis in moving))
            jumps += int((np.abs(np.diff(path, axis=0)).max(axis=1, initial=0) > JUMP_SPEED / fps).sum())
        turns += turned
    return CameraFigures(
        containment=sum(held) / len(held) if held else None,
        jitter=sum(bends) / len(bends) if bends else 0.0,
        reversals_per_s=turns / cut.length if cut.length else 0.0,
        jumps=jumps + _jumps_between(framing, cut, footage),
    )


def middle_at(keys: Sequence[CameraKey], t: float) -> tuple[float, float]:
    """Return the middle of a crop at clip time ``t``; the ends of the keys hold."""
    times = [key.t for key in keys]
    return float(np.interp(t, times, [key.x for key in keys])), float(np.interp(t, times, [key.y for key in keys]))


def containment(face: FaceBox, centre: tuple[float, float], size: tuple[float, float]) -> float:
    """Return the part of the face's box that lies inside a crop, 0–1; what lies outside the frame doesn't count."""
    x0, y0, x1, y1 = max(0.0, face.x), max(0.0, face.y), min(1.0, face.x + face.w), min(1.0, face.y + face.h)
    wide = min(x1, centre[0] + size[0] / 2) - max(x0, centre[0] - size[0] / 2)
    high = min(y1, centre[1] + size[1] / 2) - max(y0, centre[1] - size[1] / 2)
    return max(0.0, wide) * max(0.0, high) / max(1e-9, (x1 - x0) * (y1 - y0))


def _views(
    framing: Framing, segment: Segment, cut: Span, footage: Footage, speech: Sequence[Span]
) -> tuple[_View, ...]:
    stretch = Span(start=cut.start + segment.start, end=cut.start + segment.end)
    middle = (stretch.start + stretch.end) / 2
    shot = next((number for number, shot in enumerate(footage.shots) if shot.start <= middle < shot.end), -1)
    whole, crop = Size(framing.crop_w, framing.crop_h), Size(*framing.crop_of(segment))
    if segment.layout == "split" and (pair := pair_of(stretch, shot, footage, whole, speech)) is not None:
        return _View(segment.path, crop, pair.left), _View(segment.lower, crop, pair.right)
    return (_View(segment.path, crop, subject_of(stretch, shot, footage, whole, speech)),)


def _face(subject: Subject, t: float) -> FaceBox | None:
    """Return the weightiest of the subject's faces that is there."""
    return next((face for track in subject.tracks if (face := face_at(track, t)) is not None), None)


def _holds(view: _View, faces: Sequence[FaceBox | None], middles: Sequence[tuple[float, float]]) -> list[bool]:
    counted = [
        (number, face)
        for number, face in enumerate(faces)
        if face is not None and face.w <= view.size.w and face.h <= view.size.h
    ]
    return [not middles or containment(face, middles[number], view.size) >= CONTAINED for number, face in counted]


def _jumps_between(framing: Framing, cut: Span, footage: Footage) -> int:
    """Count the segments that begin with another picture than the one before, though the source has no cut there."""
    cuts = [shot.start for shot in footage.shots]
    return sum(
        1
        for before, after in pairwise(framing.segments)
        if all(abs(cut.start + after.start - at) > NEAR_CUT for at in cuts)
        and not (before.layout == after.layout == "follow" and before.path[-1].x == after.path[0].x)
    )


def _frame_times(segment: Segment, fps: float) -> list[float]:
    first, last = -int(-segment.start * fps // 1), -int(-segment.end * fps // 1)
    return [frame / fps for frame in range(first, last)]
