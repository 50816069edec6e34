"""What each platform accepts, read from ``platforms.toml``."""

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

from omni.contracts import Area, Brief, Contract, Platform, SafeAreaName, Seconds

TextUnit = Literal["characters", "utf16", "utf8", "x_weighted"]


class PlatformLimits(Contract):
    """One platform's limits; ``None`` where none is known. Files in bytes, texts in ``text_unit``, titles in characters."""

    name: str
    label: str
    source: str
    checked_on: date
    min_seconds: Seconds = 0
    max_seconds: Seconds
    music_claim_seconds: Seconds | None = None
    """Above this length a claim on the music blocks the Short."""
    max_bytes: int
    title_max: int | None = None
    """``None``: the platform has no title field."""
    text_max: int
    text_unit: TextUnit
    url_weight: int | None = None
    """What a URL counts, however long it is; ``None``: its own length."""
    forbidden: str = ""
    """Characters that the platform refuses in title and text."""
    hashtags_max: int | None = None
    hashtags_advised: tuple[int, int] = (0, 0)
    visible_characters: int
    """How much of the text is read before a reader has to open it."""
    advised_seconds: tuple[Seconds, Seconds]
    spacing_days: int


class SafeArea(Area):
    """The box that stays clear of a platform's buttons, in pixels of a 1080×1920 picture."""

    source: str
    checked_on: date


def limits_of(platform: Platform | str) -> PlatformLimits:
    """Return the limits of a platform by its name; ``facebook`` is known too. ``KeyError`` for any other name."""
    return _table()[str(platform)]


def known_platforms() -> tuple[str, ...]:
    """Return every platform of the table, in its order."""
    return tuple(_table())


def safe_area(name: Platform | SafeAreaName | Literal["strict", "organic"] = "organic") -> SafeArea:
    """Return the box in which captions and titles stay clear of a platform, or of all (``strict``)."""
    rows = _data()["safe_area"]
    return SafeArea.model_validate({"checked_on": rows["checked_on"], **rows[str(name)]})


def text_area(brief: Brief) -> Area:
    """Return where a brief's captions, titles and logo may stand, in pixels of a 1080×1920 picture.

    One Short is posted on all of the brief's platforms, so it is what their areas have in common.
    """
    if brief.safe_area is not SafeAreaName.PLATFORMS:
        return safe_area(brief.safe_area)
    areas = [safe_area(platform) for platform in brief.platforms]
    return Area(
        left=max(area.left for area in areas),
        top=max(area.top for area in areas),
        right=min(area.right for area in areas),
        bottom=min(area.bottom for area in areas),
    )


@cache
def _table() -> dict[str, PlatformLimits]:
    data = _data()
    checked_on = data["checked_on"]
    return {
        name: PlatformLimits.model_validate({"name": name, "checked_on": checked_on, **row})
        for name, row in data.items()
        if isinstance(row, dict) and name != "safe_area"
    }


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((resources.files("omni.writing") / "platforms.toml").read_text("utf-8"))
