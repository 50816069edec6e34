"""The slides of the talk, drawn at any moment of their animation."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from maker.sculpture import Array
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, FINE = 1280, 720, 2
"""Slides are drawn ``FINE`` times larger and reduced."""

FONTS = Path("/usr/share/fonts/truetype/liberation")
INK, PALE, ORANGE, BLUE, DIM = (238, 240, 246), (150, 162, 190), (240, 136, 62), (92, 150, 226), (70, 80, 112)
TITLES = ("title", "warrior", "bill", "cost", "standard", "ship")


def slide(name: str, progress: float) -> Array:
    """Return a slide, uint8 RGB; ``progress`` 0–1 runs its animation."""
    page = _ground().copy()
    draw = ImageDraw.Draw(page)
    {"title": _title, "warrior": _warrior, "bill": _bill, "cost": _cost, "standard": _standard, "ship": _ship}[name](
        draw, float(np.clip(progress, 0, 1))
    )
    return np.asarray(page.resize((WIDTH, HEIGHT), Image.Resampling.BOX))


@lru_cache(maxsize=1)
def _ground() -> Image.Image:
    y, x = np.mgrid[0 : HEIGHT * FINE, 0 : WIDTH * FINE].astype(np.float32)
    glow = np.exp(-(((x / FINE - 1050) / 700) ** 2) - ((y / FINE - 80) / 480) ** 2)[..., None]
    return Image.fromarray(
        np.clip(np.array([18, 22, 42]) + glow * np.array([26, 30, 58]) + 0.5, 0, 255).astype(np.uint8)
    )


@lru_cache(maxsize=32)
def _font(size: float, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf", round(size * FINE))


def _text(
    draw: ImageDraw.ImageDraw,
    x: float,
    y: float,
    text: str,
    size: float,
    colour: tuple[int, int, int] = INK,
    *,
    bold: bool = False,
    anchor: str = "ls",
) -> None:
    draw.text((x * FINE, y * FINE), text, font=_font(size, bold), fill=colour, anchor=anchor)


def _box(
    draw: ImageDraw.ImageDraw,
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    colour: tuple[int, int, int],
    radius: float = 0,
) -> None:
    if x1 - x0 > 0.6 and y1 - y0 > 0.6:
        draw.rounded_rectangle((x0 * FINE, y0 * FINE, x1 * FINE, y1 * FINE), radius * FINE, colour)


def container(
    draw: ImageDraw.ImageDraw, x: float, y: float, wide: float, high: float, colour: tuple[int, int, int]
) -> None:
    """Draw a shipping container seen from its side; ``y`` is its top."""
    dark = tuple(round(c * 0.72) for c in colour)
    _box(draw, x, y, x + wide, y + high, colour, high * 0.03)
    ribs = max(4, round(wide / high * 6))
    for i in range(ribs):
        left = x + wide * (i + 0.32) / ribs
        _box(draw, left, y + high * 0.10, left + wide * 0.36 / ribs, y + high * 0.90, dark)  # type: ignore[arg-type]


def _heading(draw: ImageDraw.ImageDraw, text: str, below: str) -> None:
    _box(draw, 90, 78, 98, 146, ORANGE, 3)
    _text(draw, 120, 116, text, 46, bold=True)
    _text(draw, 120, 150, below, 25, PALE)


def _title(draw: ImageDraw.ImageDraw, p: float) -> None:
    for i, colour in enumerate((ORANGE, BLUE, (196, 72, 66))):
        container(draw, 150 + 62 * (i % 2), 250 + 100 * i, 300, 92, colour)
    for i, line in enumerate(("The box", "that moved", "the world")):
        _text(draw, 640, 318 + 92 * i, line, 92, bold=True)
    _box(draw, 642, 548, 642 + 180 * max(p, 0.3), 556, ORANGE, 3)


def _warrior(draw: ImageDraw.ImageDraw, p: float) -> None:
    _heading(draw, "One ship, loaded by hand", "S.S. Warrior, Brooklyn to Bremerhaven, 1954")
    rows = (
        ("cases", 74_903),
        ("cartons", 71_726),
        ("bags", 24_036),
        ("boxes", 10_671),
        ("barrels", 815),
        ("“undetermined”", 1_525),
    )
    for i, (name, count) in enumerate(rows):
        grown = float(np.clip(p * 3.2 - i * 0.30, 0, 1))
        y = 222 + i * 62
        _text(draw, 330, y + 32, name, 30, INK, anchor="rs")
        _box(draw, 356, y, 356 + 12 + 560 * grown * count / 74_903, y + 42, ORANGE if i == 5 else BLUE, 5)
        _text(draw, 386 + 560 * grown * count / 74_903, y + 32, f"{round(count * grown):,}", 28, PALE)
    _text(draw, 1170, 650, f"{round(194_582 * min(1.0, p * 1.6)):,} pieces", 54, ORANGE, bold=True, anchor="rs")


def _bill(draw: ImageDraw.ImageDraw, p: float) -> None:
    _heading(draw, "Who got the money?", "Share of the Warrior's freight bill, 1954")
    rows = (("the ocean", 11.5, BLUE), ("the two harbours", 36.8, ORANGE), ("trucks, trains, paper", 51.7, DIM))
    for i, (name, share, colour) in enumerate(rows):
        grown = float(np.clip(p * 2.4 - i * 0.45, 0, 1))
        grown = grown * grown * (3 - 2 * grown)
        y = 240 + i * 130
        _text(draw, 120, y, name, 30, INK)
        _box(draw, 120, y + 16, 120 + 14 + 15.5 * share * grown, y + 76, colour, 8)
        _text(draw, 154 + 15.5 * share * grown, y + 60, f"{share * grown:.0f} %", 38, INK, bold=True)


def _cost(draw: ImageDraw.ImageDraw, p: float) -> None:
    _heading(draw, "Loading one ton, 1956", "Dollars a ton")
    hand, box = float(np.clip(p * 2.6, 0, 1)), float(np.clip(p * 2.6 - 1.35, 0, 1))
    _box(draw, 110, 598, 1170, 601, DIM)
    _box(draw, 300, 598 - 360 * hand, 520, 598, BLUE, 8)
    _text(draw, 410, 578 - 360 * hand, f"${5.83 * hand:.2f}", 44, INK, bold=True, anchor="ms")
    _text(draw, 410, 644, "by hand", 32, PALE, anchor="ms")
    if box > 0:
        _box(draw, 760, 598 - max(10 * box, 3), 980, 598, ORANGE, 3)
        _text(draw, 870, 574, f"${0.16 * box:.2f}", 44, ORANGE, bold=True, anchor="ms")
        _text(draw, 870, 644, "in boxes", 32, PALE, anchor="ms")
        container(draw, 780, 420, 180, 66, ORANGE)


def _standard(draw: ImageDraw.ImageDraw, p: float) -> None:
    _heading(draw, "One size", "It won because everybody agreed")
    for i in range(3):
        container(draw, 180 + 330 * i, 300 + 6 * np.sin(6 * p + i), 270, 100, (ORANGE, BLUE, (196, 72, 66))[i])
    for i, name in enumerate(("ship", "train", "truck")):
        _text(draw, 315 + 330 * i, 470, name, 36, PALE, anchor="ms")


def _ship(draw: ImageDraw.ImageDraw, p: float) -> None:
    _heading(draw, "Today", "One ship, one crew")
    colours = (ORANGE, BLUE, (196, 72, 66), (86, 160, 120), (206, 190, 150))
    across, up = 22, 7
    shown = round(across * up * min(1.0, p * 1.5))
    for i in range(shown):
        column, row = i % across, i // across
        container(
            draw,
            196 + column * 40,
            506 - row * 27,
            38,
            25,
            colours[(column * column * 3 + row * row * 5 + column * 7 + row * 11) // 3 % 5],
        )
    draw.polygon(
        [(x * FINE, y * FINE) for x, y in ((130, 534), (1160, 534), (1100, 604), (190, 604))], fill=(58, 66, 96)
    )
    _box(draw, 1085, 400, 1125, 534, (206, 210, 220), 3)
    _text(draw, 120, 668, f"{round(240 * min(1.0, p * 1.5)) * 100:,} boxes", 46, ORANGE, bold=True)
    _text(draw, 1160, 668, "crew of about 25", 34, PALE, anchor="rs")
