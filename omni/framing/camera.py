"""How 9:16 is taken from the frame, shot by shot: the crop's size, the layout, and the camera's way."""

from collections.abc import Sequence
from itertools import pairwise

from omni.contracts import CameraKey, Footage, Framing, Layout, LayoutWish, Segment, Source, Span, Warnings
from omni.framing.faces import Box, between
from omni.framing.layouts import Stretch, choose_layouts
from omni.framing.paths import STEP_SECONDS, Aim, camera_path, steps_in
from omni.framing.subjects import Size, Subject, pair_of, subject_of

REVISION = 3
"""Raise it when the same clip would be framed otherwise."""

FACE_HEIGHT = 0.38
"""Where the middle of a face stands in a crop that can move up and down: eyes at the upper third."""

HALF_FACE_HEIGHT = 0.44
"""The same in a half screen, which shows head and shoulders."""

TOLERATED = 0.03
"""A face may lose this part of its width: cheeks leave the picture before the camera fidgets; 0.05 would be too much."""

LOST_SECONDS = 2.0
"""A face that is lost for longer may have been anywhere in between."""

SHORTEST = 0.04
"""Seconds of a shot at the edge of a clip that are too short to be framed: less than a frame at 25 a second."""


def frame_clip(
    cut: Span,
    source: Source,
    footage: Footage,
    *,
    speech: Sequence[Span] = (),
    wish: LayoutWish = "auto",
    width: int = 1080,
    height: int = 1920,
) -> Framing | None:
    """Return the framing of ``cut`` for a ``width`` × ``height`` Short, one segment a shot; ``None`` without a picture.

    ``speech`` says when somebody is heard: of several faces, the one whose mouth moves then is followed.
    """
    if source.video is None:
        return None
    crop = Size(*crop_size(source.video.width / source.video.height, width / height))
    parts = shots_within(cut, footage)
    stretches = [
        Stretch(span.length, subject_of(span, shot, footage, crop, speech), pair_of(span, shot, footage, crop, speech))
        for shot, span in parts
    ]
    layouts = choose_layouts(stretches, crop.w * crop.h, wish)
    segments = [
        _segment(span, span.start - cut.start, layout, stretch, crop)
        for (_, span), stretch, layout in zip(parts, stretches, layouts, strict=True)
    ]
    return Framing(crop_w=crop.w, crop_h=crop.h, segments=tuple(segments), warnings=_refused(wish, layouts))


def _segment(span: Span, offset: float, layout: Layout, stretch: Stretch, crop: Size) -> Segment:
    start, end = offset, offset + span.length
    if layout == "split" and stretch.pair is not None:
        half = Size(stretch.pair.scale * crop.w, stretch.pair.scale * crop.h / 2)
        upper, lower = (
            _keys(subject, span, offset, half, HALF_FACE_HEIGHT) for subject in (stretch.pair.left, stretch.pair.right)
        )
        return Segment(start=start, end=end, layout=layout, path=upper, lower=lower, scale=stretch.pair.scale)
    path = _keys(stretch.subject, span, offset, crop, FACE_HEIGHT) if layout == "follow" else ()
    return Segment(start=start, end=end, layout=layout, path=path)


def _refused(wish: LayoutWish, layouts: Sequence[Layout]) -> Warnings:
    if wish == "split" and "split" not in layouts:
        return (
            "a split was asked for, but no shot has two faces apart from each other; the layout was chosen freely.",
        )
    return ()


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


def _keys(subject: Subject, span: Span, offset: float, crop: Size, face_height: float) -> tuple[CameraKey, ...]:
    """Return the camera's keys of one stretch, in clip time, on both axes at the same times."""
    boxes = boxes_of(subject, span)
    across = camera_path([aim_across(box, crop) for box in boxes], crop.w, span.length)
    down = camera_path([aim_down(box, crop, face_height) for box in boxes], crop.h, span.length)
    times = sorted({t for t, _ in across} | {t for t, _ in down})
    return tuple(CameraKey(t=offset + t, x=round(_value(across, t), 6), y=round(_value(down, t), 6)) for t in times)


def boxes_of(subject: Subject, span: Span) -> list[Box | None]:
    """Return what must be in view at each step of the camera's grid over a stretch.

    While a face is lost for a moment, it is taken to go evenly from where it was seen to where it is seen again.
    """
    steps = steps_in(span.length)
    boxes = [subject.box(span.start + span.length * step / steps) for step in range(steps + 1)]
    seen = [step for step, box in enumerate(boxes) if box is not None]
    for before, after in pairwise(seen):
        one, other = boxes[before], boxes[after]
        if one and other and 1 < after - before <= LOST_SECONDS / STEP_SECONDS:
            boxes[before:after] = [between(one, other, n / (after - before)) for n in range(after - before)]
    return boxes


def aim_across(box: Box | None, crop: Size) -> Aim | None:
    """Return where the crop's middle should be from left to right."""
    return None if box is None else Aim(box.centre[0], _slack(crop.w, box.size[0]))


def aim_down(box: Box | None, crop: Size, face_height: float) -> Aim | None:
    """Return where the crop's middle should be from top to bottom."""
    return None if box is None else Aim(box.centre[1] + (0.5 - face_height) * crop.h, _slack(crop.h, box.size[1]))


def _slack(crop: float, size: float) -> float:
    return (crop - size) / 2 + TOLERATED * size


def _value(keys: Sequence[tuple[float, float]], t: float) -> float:
    for (t0, v0), (t1, v1) in pairwise(keys):
        if t <= t1:
            return v0 + (v1 - v0) * (t - t0) / (t1 - t0)
    return keys[-1][1]
