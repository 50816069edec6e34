"""The presenter's torso: an open jacket over a shirt, in the head's units (the origin is the middle of the head)."""

import numpy as np
from maker.head import SKIN
from maker.sculpture import Array, Point, ball, carve, join, linear, rod, smoothstep

JACKET, LAPEL, SHIRT = linear(72, 98, 142), linear(60, 84, 126), linear(232, 230, 224)
SQUARE, BUTTON = linear(226, 150, 70), linear(34, 40, 56)
SHOULDER = (1.50, -2.02, -0.32)
HIP = (0.52, -5.30, -0.20)

BOUNDS = (-2.35, 2.35, -6.15, -0.95)
"""Left, right, bottom, top of the picture of the torso."""


def field(p: Point) -> Array:
    """Return the whole torso: jacket, shirt and neck."""
    return np.minimum(np.minimum(_jacket(p), _shirt(p)), np.minimum(_neck(p), _details(p)))


def paint(p: Point) -> tuple[Array, Array]:
    """Return cloth, skin and buttons."""
    jacket, shirt, neck, details = _jacket(p), _shirt(p), _neck(p), _details(p)
    weave = 1 + 0.05 * np.sin(p[0] * 60 + p[2] * 40) * np.sin(p[1] * 60)
    cloth = np.where((_lapel(p) < 0.02)[:, None], LAPEL, JACKET) * weave[:, None]
    albedo = np.where((shirt < jacket)[:, None], SHIRT, cloth)
    albedo = np.where((neck < np.minimum(jacket, shirt))[:, None], SKIN, albedo)
    small = details < np.minimum(np.minimum(jacket, shirt), neck)
    albedo = np.where(small[:, None], np.where((p[1] > -3.2)[:, None], SQUARE, BUTTON), albedo)
    return albedo, np.where(small, 0.3, np.where(neck < jacket, 0.15, 0.02))


def _body(p: Point) -> Array:
    q = (np.abs(p[0]), p[1], p[2])
    d = ball(q, (0, -2.65, -0.28), (1.34, 1.15, 0.74))
    d = join(d, rod(q, (0, -1.42, -0.38), (1.36, -1.98, -0.34), 0.34, 0.46), 0.35)
    d = join(d, ball(q, (0, -3.95, -0.26), (1.16, 1.25, 0.66)), 0.5)
    return join(d, ball(q, (0, -5.35, -0.26), (1.30, 1.30, 0.72)), 0.5)


def _opening(p: Point) -> Array:
    """Half width of the jacket's front opening at each height, minus |x|: positive inside."""
    y = p[1]
    above = 0.52 * np.clip((y + 4.25) / 2.75, 0, 1) ** 0.9
    below = 0.30 * np.clip((-4.55 - y) / 1.3, 0, 1)
    return np.maximum(above, below) - np.abs(p[0] - 0.02)


def _jacket(p: Point) -> Array:
    folds = 0.012 * np.sin(9 * p[1] + 6 * np.abs(p[0])) * smoothstep(-3.0, -4.2, p[1])
    d = _body(p) - 0.085 + folds
    front = np.minimum(_opening(p), (p[2] - 0.0) * 1.5)
    d = carve(d, -front * 0.7, 0.04)
    d = np.minimum(d, _lapel(p))
    d = np.maximum(d, -5.95 - p[1])
    return carve(d, rod(p, (0, -0.8, -0.20), (0, -1.75, 0.02), 0.50, 0.46), 0.05)


def _lapel(p: Point) -> Array:
    """A flat band along both edges of the upper opening."""
    edge = np.abs(-_opening(p) - 0.20 * smoothstep(-4.3, -2.6, p[1])) - 0.20 * smoothstep(-4.3, -2.6, p[1])
    notch = np.maximum(0.06 - np.abs(p[1] + 2.35 - 0.3 * (np.abs(p[0]) - 0.6)), 0) * (np.abs(p[0]) > 0.62) * 3
    band = np.maximum(np.maximum(edge, -4.2 - p[1]), -p[2])
    band = np.maximum(band, p[1] + 1.62)
    return np.maximum(_body(p) - 0.125, band * 0.7) + notch


def _shirt(p: Point) -> Array:
    d = np.maximum(_body(p) - 0.02, p[1] + 1.36)
    d = carve(d, rod(p, (0, -0.8, -0.20), (0, -1.62, 0.10), 0.44, 0.42), 0.03)
    return np.maximum(d, -5.7 - p[1])


def _neck(p: Point) -> Array:
    neck = rod(p, (0, -0.55, -0.22), (0, -1.7, -0.30), 0.35, 0.42)
    chest = ball(p, (0, -2.0, -0.25), (0.8, 0.62, 0.62))
    return join(neck, chest, 0.25)


def _details(p: Point) -> Array:
    """Two buttons and a pocket square."""
    surface = _body(p) - 0.10
    buttons = np.minimum(ball(p, (0.10, -4.40, 0.52), 0.06), ball(p, (0.10, -4.95, 0.54), 0.06))
    x, y = p[0] - 0.80, p[1] + 2.72
    square = np.maximum(np.maximum(np.abs(x) - 0.17, np.abs(y - 0.35 * np.abs(x)) - 0.07), -p[2])
    return np.minimum(buttons, np.maximum(surface - 0.03, square * 0.8))
