"""How 9:16 is taken from the frame, shot by shot: the crop's size, the layout, and the camera's way."""

from collections.abc import Sequence
from itertools import pairwise

from omni.contracts import CameraKey, Footage, Framing, Segment, Source, Span
from omni.framing.layouts import Stretch, choose_layouts
from omni.framing.paths import Aim, camera_path, steps_in
from omni.framing.subjects import Box, Subject, subject_of

REVISION = 2
"""Raise it when the same clip would be framed otherwise."""

FACE_HEIGHT = 0.38
"""Where the middle of a face stands in a crop that can move up and down: eyes at the upper third."""

TOLERATED = 0.03
"""A face may lose this part of its width: cheeks leave the picture before the camera fidgets; 0.05 would be too much."""

SHORTEST = 0.04
"""Seconds of a shot at the edge of a clip that are too short to be framed: less than a frame at 25 a second."""


def frame_clip(cut: Span, source: Source, footage: Footage, *, width: int = 1080, height: int = 1920) -> Framing | None:
    """Return the framing of ``cut`` for a ``width`` × ``height`` Short, one segment a shot; ``None`` without a picture."""
    if source.video is None:
        return None
    crop_w, crop_h = crop_size(source.video.width / source.video.height, width / height)
    parts = shots_within(cut, footage)
    stretches = [Stretch(span.length, subject_of(span, shot, footage, crop_w)) for shot, span in parts]
    layouts = choose_layouts(stretches, crop_w * crop_h)
    segments = [
        Segment(
            start=span.start - cut.start,
            end=span.end - cut.start,
            layout=layout,
            path=_keys(stretch.subject, span, span.start - cut.start, (crop_w, crop_h)) if layout == "follow" else (),
        )
        for (_, span), stretch, layout in zip(parts, stretches, layouts, strict=True)
    ]
    return Framing(crop_w=crop_w, crop_h=crop_h, segments=tuple(segments))


def crop_size(source_aspect: float, short_aspect: float) -> tuple[float, float]:
    """Return the largest crop of ``short_aspect`` as fractions of the frame.

    >>> crop_size(16 / 9, 9 / 16)
    (0.31640625, 1.0)
    """
    if source_aspect >= short_aspect:
        return short_aspect / source_aspect, 1.0
    return 1.0, source_aspect / short_aspect


def shots_within(cut: Span, footage: Footage) -> list[tuple[int, Span]]:
    """Return (shot, its part of the cut in source time), contiguous and covering the cut; slivers join their neighbour."""
    borders = [s.start for s in footage.shots if cut.start + SHORTEST <= s.start <= cut.end - SHORTEST]
    edges = [cut.start, *borders, cut.end]
    spans = [Span(start=a, end=b) for a, b in pairwise(edges)]
    return [(_shot_at((span.start + span.end) / 2, footage), span) for span in spans]


def _shot_at(t: float, footage: Footage) -> int:
    return next((number for number, shot in enumerate(footage.shots) if shot.start <= t < shot.end), -1)


def _keys(subject: Subject, span: Span, offset: float, crop: tuple[float, float]) -> tuple[CameraKey, ...]:
    """Return the camera's keys of one stretch, in clip time, on both axes at the same times."""
    steps = steps_in(span.length)
    boxes = [subject.box(span.start + span.length * step / steps) for step in range(steps + 1)]
    across = camera_path([_aim_x(box, crop[0]) for box in boxes], crop[0], span.length)
    down = camera_path([_aim_y(box, crop[1]) for box in boxes], crop[1], span.length)
    times = sorted({t for t, _ in across} | {t for t, _ in down})
    return tuple(CameraKey(t=offset + t, x=round(_value(across, t), 6), y=round(_value(down, t), 6)) for t in times)


def _aim_x(box: Box | None, crop: float) -> Aim | None:
    return None if box is None else Aim(box.centre[0], _slack(crop, box.x1 - box.x0))


def _aim_y(box: Box | None, crop: float) -> Aim | None:
    return None if box is None else Aim(box.centre[1] + (0.5 - FACE_HEIGHT) * crop, _slack(crop, box.y1 - box.y0))


def _slack(crop: float, size: float) -> float:
    return (crop - size) / 2 + TOLERATED * size


def _value(keys: Sequence[tuple[float, float]], t: float) -> float:
    for (t0, v0), (t1, v1) in pairwise(keys):
        if t <= t1:
            return v0 + (v1 - v0) * (t - t0) / (t1 - t0)
    return keys[-1][1]
