"""How captions look: data, by name, read from ``styles.toml``; and how the hook title does."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from omni.captions.colours import ink_on
from omni.contracts import CaptionStyle

FAMILY = "Noto Sans"
"""The family of a style that names no other: bundled, with siblings for fifteen scripts."""


@dataclass(frozen=True)
class Style:
    """One look. Lengths in pixels of 1080×1920, colours as RRGGBB, alphas from 0 (invisible) to 1 (solid)."""

    name: str
    about: str
    accent: str
    em: float
    """Size of the em square, not of the line: the same for every font, so that mixed scripts look of one size."""
    said: str
    spoken: str
    """Colour of the word being said."""
    unsaid: str
    unsaid_alpha: float = 1.0
    edge: str = "101010"
    edge_alpha: float = 1.0
    outline: float = 0.0
    shade: str = "000000"
    shade_alpha: float = 0.0
    shadow: float = 0.0
    blur: float = 0.0
    """Softness of outline and shadow; the fill stays sharp."""
    block: str | None = None
    """Colour of a block behind the word being said."""
    ground: str | None = None
    """Colour of a box behind the whole caption."""
    ground_alpha: float = 1.0
    padding: float = 0.0
    """How far block or ground reach beyond the letters."""
    family: str = FAMILY
    """The family preferred for every script that it, or its siblings by name, cover."""

    @property
    def reach(self) -> float:
        """How far something is drawn beyond the letters."""
        return max(self.outline + self.shadow + 2 * self.blur, self.padding)

    @property
    def behind(self) -> str:
        """What the letters are read against, whatever the picture shows: their block, their box or their edge."""
        return self.block or self.ground or self.edge


def style_of(name: CaptionStyle | Literal["title"], accent: str | None = None, family: str | None = None) -> Style:
    """Return a style, in a brand's colour and font where they are given."""
    row = _table()[name]
    colour = accent or row["accent"]
    named = {"accent": colour, "on accent": ink_on(colour)}
    own: dict[str, Any] = {key: named.get(value, value) for key, value in row.items()}
    if family:
        own["family"] = family
    return Style(name=name, **own)


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files("omni.captions") / "styles.toml").read_text("utf-8"))
