"""From a brief to a look: style, brand and safe area, or an error before any work."""

from dataclasses import dataclass

from omni.captions.colours import LEAST_CONTRAST, contrast
from omni.captions.fontbook import FontBook
from omni.captions.pages import Page, scaled
from omni.captions.styles import Style, style_of
from omni.contracts import Area, Brief
from omni.errors import BriefUnusable


@dataclass(frozen=True)
class Look:
    """How one brief's Shorts are lettered; ``area`` is in pixels of 1080×1920."""

    area: Area
    style: Style
    card: Style
    """The style of the hook title."""
    burned: bool
    """Whether captions are drawn; the title has its own switch."""

    def captions(self, width: int, height: int) -> Page:
        """Return the page of the captions on a picture."""
        return Page(self.style, width, height, scaled(self.area, width, height))

    def title(self, width: int, height: int) -> Page:
        """Return the page of the hook title on a picture."""
        return Page(self.card, width, height, scaled(self.area, width, height))


def look_of(brief: Brief, area: Area, fonts: FontBook) -> Look:
    """Return the look that a brief asks for; raises BriefUnusable for a colour that can't be read or an unknown font."""
    colour = brief.brand_colour.removeprefix("#").upper() if brief.brand_colour else None
    family = _family(brief.brand_font, fonts) if brief.brand_font else None
    style = style_of(brief.caption_style, colour, family)
    _require_readable(brief, style)
    return Look(style=style, card=style_of("title", colour, family), area=area, burned=brief.captions)


def _family(name: str, fonts: FontBook) -> str:
    family = fonts.family(name)
    if family is None:
        have = ", ".join(fonts.own_families) or "no font"
        reason = f"no font here is called {name!r}; OMNI_FONTS holds {have}. Add its folder to OMNI_FONTS, or name one of these"
        raise BriefUnusable(field="brand_font", reason=reason)
    return family


def _require_readable(brief: Brief, style: Style) -> None:
    found = contrast(style.spoken, style.behind)
    if brief.brand_colour and brief.captions and found < LEAST_CONTRAST:
        reason = (
            f"{brief.brand_colour} has a contrast of {found:.1f}:1 against #{style.behind}, which the style "
            f"{str(style.name)!r} puts around its letters; {LEAST_CONTRAST:.0f}:1 is the least that can be read. Choose a "
            "lighter colour, or caption_style 'marker', which puts the colour behind the letters"
        )
        raise BriefUnusable(field="brand_colour", reason=reason)
