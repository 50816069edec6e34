"""Where faces are on the Short: boxes of the source seen through its framing."""

from dataclasses import dataclass

import numpy as np

from omni.contracts import Area, FaceBox, Footage, Framing, Segment, Span

# A face smaller than this part of the Short's height is a passer-by: nobody reads its features.
_SMALLEST = 0.04


@dataclass(frozen=True)
class Sighting:
    """A face at clip time ``t``, in pixels of the Short."""

    t: float
    box: Area


def sightings(framing: Framing | None, cut: Span, footage: Footage, *, width: int, height: int) -> tuple[Sighting, ...]:
    """Return every face that the Short shows, in order of time; those that are cropped away or tiny are left out."""
    if framing is None:
        return ()
    found: list[Sighting] = []
    for box in (box for track in footage.tracks for box in track.boxes if cut.start <= box.t < cut.end):
        t = box.t - cut.start
        segment = next((s for s in framing.segments if s.start <= t < s.end), None)
        if segment is None:
            continue
        area = _seen(box, t, segment, framing, (width, height))
        if area.height >= _SMALLEST * height and area.overlap(Area(left=0, top=0, right=width, bottom=height)):
            found.append(Sighting(round(t, 3), area))
    return tuple(sorted(found, key=lambda sighting: sighting.t))


def _seen(box: FaceBox, t: float, segment: Segment, framing: Framing, size: tuple[int, int]) -> Area:
    """Map a box through one segment: the camera's crop at that moment, or the whole frame in the middle of the Short."""
    width, height = size
    if segment.layout == "follow":
        times = [key.t for key in segment.path]
        across = float(np.interp(t, times, [key.x for key in segment.path])) - framing.crop_w / 2
        down = float(np.interp(t, times, [key.y for key in segment.path])) - framing.crop_h / 2
        scale_x, scale_y = width / framing.crop_w, height / framing.crop_h
        return _area(box, -across * scale_x, -down * scale_y, scale_x, scale_y)
    # The crop has the Short's shape, so its fractions tell the frame's.
    aspect = width / height * framing.crop_h / framing.crop_w
    shown_w, shown_h = min(width, height * aspect), min(height, width / aspect)
    return _area(box, (width - shown_w) / 2, (height - shown_h) / 2, shown_w, shown_h)


def _area(box: FaceBox, left: float, top: float, scale_x: float, scale_y: float) -> Area:
    return Area(
        left=round(left + box.x * scale_x),
        top=round(top + box.y * scale_y),
        right=round(left + (box.x + box.w) * scale_x),
        bottom=round(top + (box.y + box.h) * scale_y),
    )
