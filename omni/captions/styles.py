"""How captions look: data, by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

REFERENCE_WIDTH, REFERENCE_HEIGHT = 1080, 1920
"""All lengths below are pixels of this picture; other sizes scale."""


@dataclass(frozen=True)
class Style:
    """One look. Lengths in pixels of 1080×1920, colours as RRGGBB."""

    name: str
    family: str
    """The family preferred for every script that it, or its siblings by name, cover."""
    em: float
    """Size of the em square, not of the line: the same for every font, so that mixed scripts look of one size."""
    text: str
    spoken: str
    """Colour of the word being said."""
    edge: str
    shade: str
    shade_alpha: float
    """0 is invisible, 1 is solid."""
    outline: float
    shadow: float
    blur: float
    """Softness of outline and shadow; the fill stays sharp."""
    bottom: float
    """y of the lower edge of the last line."""
    half_width: float
    """How far drawn pixels may reach from the middle of the picture to either side."""

    @property
    def line_width(self) -> float:
        """What the letters of a line may take: outline, shadow and softness stay inside ``half_width`` too.

        The 12 px more are for what advances don't tell: overhanging glyphs, synthetic bold, shaping.
        """
        return 2 * (self.half_width - self.outline - self.shadow - 2 * self.blur) - 12


BOLD = Style(
    name="bold",
    family="Noto Sans",
    # 91 px in ASS terms; 17 to 19 letters a line, two to four words. 24 letters would need 48 px, too small on a phone.
    em=67,
    text="FFFFFF",
    spoken="FFD400",
    edge="101010",
    shade="000000",
    shade_alpha=0.6,
    outline=5,
    shadow=3,
    blur=1.5,
    # Strict safe area of all networks: x 65–888, y 288–1248 (TARGETS.md §1). The lower third of it, and one line
    # always stands where the last of two stands.
    bottom=1234,
    # Centred on the picture, where the face is, not on the safe area's middle (476), which looks like a mistake:
    # the nearer border, 888, then gives 348 px to either side.
    half_width=348,
)


@dataclass(frozen=True)
class Page:
    """A style on a picture of ``width`` × ``height`` pixels."""

    style: Style
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Pixels of this picture for a pixel of the style."""
        return min(self.width / REFERENCE_WIDTH, self.height / REFERENCE_HEIGHT)

    @property
    def em(self) -> float:
        """Size of the em square in pixels."""
        return self.style.em * self.scale

    @property
    def line_width(self) -> float:
        """What the letters of a line may take, in pixels."""
        return self.style.line_width * self.scale

    @property
    def side_margin(self) -> int:
        """Pixels between the picture's side and the widest line."""
        return round(self.width / 2 - self.style.half_width * self.scale)

    @property
    def bottom_margin(self) -> int:
        """Pixels between the picture's bottom and the last line."""
        return round(self.height * (1 - self.style.bottom / REFERENCE_HEIGHT))


STYLES: Mapping[str, Style] = MappingProxyType({style.name: style for style in (BOLD,)})
