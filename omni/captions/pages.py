"""A style on a picture: sizes in pixels, and the box that everything drawn stays inside."""

from dataclasses import dataclass

from omni.captions.styles import Style
from omni.contracts import Area

REFERENCE_WIDTH, REFERENCE_HEIGHT = 1080, 1920
"""Lengths of styles and safe areas are pixels of this picture; other sizes scale."""

# What advances don't tell: overhanging glyphs, synthetic bold, shaping.
_OVERHANG = 6
# The picture's own pixel grid, and a caption that doesn't touch the border.
_MARGIN = 2


@dataclass(frozen=True)
class Page:
    """A style on a picture of ``width`` × ``height`` pixels, drawn inside ``area``."""

    style: Style
    width: int
    height: int
    area: Area

    @property
    def scale(self) -> float:
        """Pixels of this picture for a pixel of the style."""
        return min(self.width / REFERENCE_WIDTH, self.height / REFERENCE_HEIGHT)

    @property
    def em(self) -> float:
        """Size of the em square in pixels."""
        return self.style.em * self.scale

    @property
    def reach(self) -> float:
        """Pixels that are drawn beyond the letters."""
        return self.style.reach * self.scale

    @property
    def half_width(self) -> float:
        """How far drawn pixels may reach from the middle to either side.

        Text is centred on the picture, where the face is: centred on the safe area (476 of 1080) it looks like a mistake.
        """
        return min(self.width / 2 - self.area.left, self.area.right - self.width / 2)

    @property
    def line_width(self) -> float:
        """What the letters of a line may take, in pixels."""
        return 2 * (self.half_width - self.reach - _OVERHANG * self.scale)

    @property
    def column(self) -> Area:
        """Where letters may stand: the safe area without what is drawn beyond them."""
        inset = round(self.reach + _MARGIN * self.scale)
        side = round(self.half_width)
        return Area(
            left=self.width // 2 - side,
            top=self.area.top + inset,
            right=self.width // 2 + side,
            bottom=self.area.bottom - inset,
        )


def scaled(area: Area, width: int, height: int) -> Area:
    """Return an area of the 1080×1920 picture on another size, never larger than it."""
    across, down = width / REFERENCE_WIDTH, height / REFERENCE_HEIGHT
    return Area(
        left=-int(-area.left * across // 1),
        top=-int(-area.top * down // 1),
        right=int(area.right * across),
        bottom=int(area.bottom * down),
    )
