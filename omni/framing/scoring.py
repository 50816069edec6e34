"""How good a framing is: the face's share inside the crop, the camera's jitter, its reversals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from omni.contracts import CameraKey, FaceBox, FaceTrack, Footage, Framing, Segment, Span
from omni.framing.paths import reversals
from omni.framing.subjects import face_at

CONTAINED = 0.95
"""A face counts as inside when this part of its box is (TARGETS.md §2)."""


@dataclass(frozen=True)
class CameraFigures:
    """What is measured on a framing, against the bars of TARGETS.md §2."""

    containment: float | None
    """Part of the frames with the subject's face in which it is inside; ``None`` when no shot has a face. Bar: ≥ 0.97."""
    jitter: float
    """Mean absolute second difference of the crop's middle per frame, as a fraction of the frame. Bar: ≤ 0.0006."""
    reversals_per_s: float
    """Bar: ≤ 0.3."""


def camera_figures(framing: Framing, cut: Span, footage: Footage, fps: float) -> CameraFigures:
    """Measure a framing frame by frame at ``fps`` against the faces that were seen.

    The subject of each shot is the face with the most area × time. Frames of ``fit`` segments hold every face; faces
    that are larger than the crop don't count.
    """
    held: list[bool] = []
    bends: list[float] = []
    turns = 0
    for segment in framing.segments:
        times = _frame_times(segment, fps)
        middles = [centre_at(segment, t) for t in times] if segment.layout == "follow" else []
        subject = _subject(footage, Span(start=cut.start + segment.start, end=cut.start + segment.end))
        faces = [face_at(subject, cut.start + t) if subject else None for t in times]
        held += _holds(framing, segment, faces, times)
        for axis in (0, 1):
            values = [middle[axis] for middle in middles]
            turns += reversals([round(v, 5) for v in values])
            if axis == 0 or framing.crop_h < 1:
                bends += [float(b) for b in np.abs(np.diff(values, 2))]
    return CameraFigures(
        containment=sum(held) / len(held) if held else None,
        jitter=sum(bends) / len(bends) if bends else 0.0,
        reversals_per_s=turns / cut.length if cut.length else 0.0,
    )


def centre_at(segment: Segment, t: float) -> tuple[float, float]:
    """Return the middle of the crop at clip time ``t``; the ends of the keys hold."""
    keys: Sequence[CameraKey] = segment.path
    times = [key.t for key in keys]
    return float(np.interp(t, times, [key.x for key in keys])), float(np.interp(t, times, [key.y for key in keys]))


def containment(face: FaceBox, centre: tuple[float, float], size: tuple[float, float]) -> float:
    """Return the part of the face's box that lies inside a crop, 0–1; what lies outside the frame doesn't count."""
    x0, y0, x1, y1 = max(0.0, face.x), max(0.0, face.y), min(1.0, face.x + face.w), min(1.0, face.y + face.h)
    wide = min(x1, centre[0] + size[0] / 2) - max(x0, centre[0] - size[0] / 2)
    high = min(y1, centre[1] + size[1] / 2) - max(y0, centre[1] - size[1] / 2)
    return max(0.0, wide) * max(0.0, high) / max(1e-9, (x1 - x0) * (y1 - y0))


def _holds(framing: Framing, segment: Segment, faces: Sequence[FaceBox | None], times: Sequence[float]) -> list[bool]:
    size = framing.crop_w, framing.crop_h
    return [
        segment.layout == "fit" or containment(face, centre_at(segment, t), size) >= CONTAINED
        for face, t in zip(faces, times, strict=True)
        if face is not None and face.w <= size[0] and face.h <= size[1]
    ]


def _subject(footage: Footage, stretch: Span) -> FaceTrack | None:
    def mass(track: FaceTrack) -> float:
        return sum(box.w * box.h for box in track.boxes if stretch.start <= box.t <= stretch.end)

    middle = (stretch.start + stretch.end) / 2
    inside = [t for t in footage.tracks if footage.shots[t.shot].start <= middle < footage.shots[t.shot].end]
    return max(inside, key=mass, default=None)


def _frame_times(segment: Segment, fps: float) -> list[float]:
    first, last = -int(-segment.start * fps // 1), -int(-segment.end * fps // 1)
    return [frame / fps for frame in range(first, last)]
