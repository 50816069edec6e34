"""Where faces are on the Short: boxes of the source seen through its framing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from omni.contracts import Area, CameraKey, FaceBox, Footage, Framing, Segment, Span

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
    frame = Area(left=0, top=0, right=width, bottom=height)
    found: list[Sighting] = []
    for box in (box for track in footage.tracks for box in track.boxes if cut.start <= box.t < cut.end):
        t = box.t - cut.start
        segment = next((s for s in framing.segments if s.start <= t < s.end), None)
        for view in _views(segment, t, framing, frame) if segment else ():
            area = view.shown(box)
            if area.height >= _SMALLEST * height and area.overlap(view.window):
                found.append(Sighting(round(t, 3), area))
    return tuple(sorted(found, key=lambda sighting: sighting.t))


@dataclass(frozen=True)
class _View:
    """A part of the source (``left``, ``top``, ``wide``, ``high``: fractions of its frame) and the box that it fills."""

    left: float
    top: float
    wide: float
    high: float
    window: Area

    def shown(self, box: FaceBox) -> Area:
        """Return where a face is, in pixels of the Short; it may reach beyond the window."""
        across, down = self.window.width / self.wide, self.window.height / self.high
        return Area(
            left=round(self.window.left + (box.x - self.left) * across),
            top=round(self.window.top + (box.y - self.top) * down),
            right=round(self.window.left + (box.x + box.w - self.left) * across),
            bottom=round(self.window.top + (box.y + box.h - self.top) * down),
        )


def _views(segment: Segment, t: float, framing: Framing, frame: Area) -> tuple[_View, ...]:
    """Return what a segment shows at clip time ``t``: one crop, two of a split, or the whole source in the middle."""
    if segment.layout == "follow":
        return (_crop(segment.path, t, framing.crop_of(segment), frame),)
    if segment.layout == "split":
        middle, size = frame.height // 2, framing.crop_of(segment)
        upper, lower = frame.model_copy(update={"bottom": middle}), frame.model_copy(update={"top": middle})
        return _crop(segment.path, t, size, upper), _crop(segment.lower, t, size, lower)
    # The crop has the Short's shape, so its fractions tell the source's.
    aspect = frame.width / frame.height * framing.crop_h / framing.crop_w
    wide, high = min(frame.width, frame.height * aspect), min(frame.height, frame.width / aspect)
    left, top = round((frame.width - wide) / 2), round((frame.height - high) / 2)
    return (_View(0, 0, 1, 1, Area(left=left, top=top, right=left + round(wide), bottom=top + round(high))),)


def _crop(path: Sequence[CameraKey], t: float, size: tuple[float, float], window: Area) -> _View:
    times = [key.t for key in path]
    x = float(np.interp(t, times, [key.x for key in path]))
    y = float(np.interp(t, times, [key.y for key in path]))
    return _View(x - size[0] / 2, y - size[1] / 2, *size, window)
