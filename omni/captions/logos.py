"""Where the operator's logo stands: a corner of the safe area."""

from omni.captions.pages import scaled
from omni.contracts import Area, Brief, Corner, Image

_TALLEST = 0.12
"""A logo takes at most this part of the picture's height, however narrow it is."""


def logo_place(image: Image, brief: Brief, area: Area, *, width: int, height: int) -> Area:
    """Return the box of a logo on a Short of ``width`` × ``height`` pixels; ``area`` is in pixels of 1080×1920.

    Its width is the brief's part of the picture, less when it would be too tall; its shape is kept, its sides are even.
    """
    inside = scaled(area, width, height)
    wide = min(brief.logo_width * width, inside.width, _TALLEST * height * image.width / image.height)
    across, down = _even(wide), _even(wide * image.height / image.width)
    left = inside.left if brief.logo_corner in {Corner.TOP_LEFT, Corner.BOTTOM_LEFT} else inside.right - across
    top = inside.top if brief.logo_corner in {Corner.TOP_LEFT, Corner.TOP_RIGHT} else inside.bottom - down
    return Area(left=left, top=top, right=left + across, bottom=top + down)


def _even(length: float) -> int:
    return max(2, int(length / 2) * 2)
