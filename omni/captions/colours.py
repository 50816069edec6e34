"""Colours as RRGGBB: how well one is read on another."""

LEAST_CONTRAST = 3.0
"""WCAG 2.2, 1.4.3: what large bold letters need; captions are never smaller than 48 px."""

BLACK, WHITE = "101010", "FFFFFF"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG defines it, 1 (none) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(ground: str) -> str:
    """Return black or white, whichever is read better on a ground."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, ground))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
