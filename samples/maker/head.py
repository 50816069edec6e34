"""The presenter's head: shape, colours, and how mouth and eyelids move."""

import numpy as np
from maker.sculpture import Array, Field, Paint, Point, ball, carve, join, linear, rod, smoothstep

SKIN, BLUSH, LIP = linear(226, 172, 142), linear(214, 120, 100), linear(178, 92, 84)
STUBBLE, HAIR, BROW = linear(160, 122, 104), linear(44, 30, 24), linear(46, 31, 25)
WHITE, IRIS, PUPIL, TEETH, GUM = (
    linear(238, 236, 232),
    linear(74, 98, 84),
    linear(12, 10, 10),
    linear(236, 230, 218),
    linear(70, 20, 20),
)
EYE_X, EYE_Y, EYE_Z, EYE_R = 0.285, 0.08, 0.585, 0.155
MOUTH_Y = -0.47

BOUNDS = (-1.15, 1.15, -1.55, 1.35)
"""Left, right, bottom, top of the picture of the head; crown at about 1.2, chin at about −1."""

FACE = (-0.62, 0.62, -0.92, 0.66)
"""Left, right, bottom, top of what a face detector calls a face, for a head that looks at the camera."""


def skull(p: Point, drop: Array | float) -> Array:
    """Cranium, cheeks, jaw (lowered by ``drop``), brow, nose, ears and neck."""
    x = np.abs(p[0])
    q = (x, p[1], p[2])
    d = ball(q, (0, 0.28, -0.12), (0.74, 0.80, 0.86))
    d = join(d, ball(q, (0, -0.20, 0.10), (0.58, 0.76, 0.64)), 0.20)
    jaw = (x, p[1] + drop, p[2])
    d = join(d, ball(jaw, (0, -0.74, 0.30), (0.27, 0.20, 0.32)), 0.26)
    d = join(d, ball(jaw, (0.34, -0.50, 0.02), (0.17, 0.24, 0.28)), 0.24)
    d = join(d, ball(q, (0.38, -0.13, 0.48), 0.17), 0.18)
    d = join(d, rod(q, (0.10, 0.25, 0.68), (0.42, 0.24, 0.54), 0.07, 0.05), 0.12)
    d = carve(d, ball(q, (EYE_X, EYE_Y + 0.01, 0.82), (0.20, 0.14, 0.16)), 0.12)
    d = join(d, rod(q, (0, 0.20, 0.68), (0, -0.16, 0.88), 0.06, 0.092), 0.09)
    d = join(d, ball(q, (0.092, -0.185, 0.775), (0.062, 0.055, 0.085)), 0.05)
    d = carve(d, ball(q, (0.055, -0.245, 0.83), (0.034, 0.03, 0.05)), 0.03)
    ear = carve(ball(q, (0.74, 0.02, -0.08), (0.09, 0.22, 0.14)), ball(q, (0.82, 0.03, 0.0), (0.06, 0.13, 0.09)), 0.04)
    d = join(d, ear, 0.05)
    return join(d, rod(p, (0, -0.55, -0.22), (0, -1.7, -0.30), 0.35, 0.42), 0.12)


def lids(p: Point, closed: float) -> Array:
    """Eyelids: a shell over each eyeball, open between two planes."""
    x = np.abs(p[0])
    shell = ball((x, p[1], p[2]), (EYE_X, EYE_Y, EYE_Z), EYE_R + 0.020)
    height = p[1] - EYE_Y + 0.10 * (x - EYE_X)
    above = shell + np.maximum(0.072 - 0.130 * closed - height, 0) * 2.2
    below = shell + np.maximum(height + 0.066, 0) * 2.2
    return np.minimum(above, below)


def lips(p: Point, opened: float) -> Array:
    """Two lips that part by ``opened``."""
    q = (np.abs(p[0]), p[1], p[2])
    wide, low = 0.275 - 0.035 * opened, 0.115 * opened
    upper = rod(q, (0.045, MOUTH_Y + 0.034, 0.715), (wide, MOUTH_Y + 0.022, 0.575), 0.038, 0.022)
    lower = rod(q, (0.0, MOUTH_Y - 0.042 - low, 0.700), (wide, MOUTH_Y + 0.012 - low * 0.4, 0.575), 0.048, 0.022)
    return join(upper, lower, 0.015)


def hair(p: Point) -> Array:
    """Short hair: a cap with a quiff and fine strands, cut free round the face, above the ears and at the neck."""
    x, y, z = p
    wave = x * 22 + z * 8 + 2.5 * np.sin(5 * z + 2 * x)
    strand = 0.007 * np.sin(wave) + 0.005 * np.sin(wave * 2.3 + 1.0) + 0.003 * np.sin(wave * 5.1)
    d = (
        join(ball(p, (0, 0.34, -0.17), (0.80, 0.83, 0.90)), ball(p, (0.10, 0.95, 0.32), (0.50, 0.22, 0.40)), 0.20)
        + strand
    )
    d = carve(d, ball(p, (0, -0.10, 0.80), (0.63, 0.80, 0.78)), 0.05)
    low = -0.42 + 0.46 * smoothstep(-0.62, -0.22, z)
    return carve(d, (y - low) * 0.7, 0.05)


def brows(p: Point) -> Array:
    """Eyebrows."""
    q = (np.abs(p[0]), p[1], p[2])
    inner = rod(q, (0.13, 0.332, 0.725), (0.31, 0.362, 0.655), 0.026, 0.030)
    return join(inner, rod(q, (0.31, 0.362, 0.655), (0.46, 0.300, 0.525), 0.030, 0.012), 0.02)


def shape(opened: float, closed: float) -> Field:
    """Return the head with the mouth ``opened`` 0–1 and the eyes ``closed`` 0–1."""

    def field(p: Point) -> Array:
        drop = 0.12 * opened * smoothstep(-0.25, -0.65, p[1])
        d = join(skull(p, drop), lids(p, closed), 0.025)
        d = join(d, lips(p, opened), 0.05)
        d = carve(d, _gap(p, opened), 0.02)
        d = np.minimum(d, _teeth(p))
        d = np.minimum(d, _eyes(p))
        return np.minimum(np.minimum(d, hair(p)), brows(p))

    return field


def paint(opened: float, closed: float) -> Paint:
    """Return the colours that belong to ``shape(opened, closed)``."""

    def colour(p: Point) -> tuple[Array, Array]:
        albedo, gloss = _skin(p)
        lip = smoothstep(0.016, -0.002, lips(p, opened))[:, None]
        albedo = albedo * (1 - lip) + LIP * lip
        inside = _gap(p, opened) < 0.012
        albedo = np.where(inside[:, None] & (lip < 0.5), GUM, albedo)
        albedo = np.where((_teeth(p) < 0.006)[:, None], TEETH, albedo)
        skin = np.minimum(skull(p, 0.0), lids(p, closed))
        for d, tone, shine in ((hair(p), HAIR, 0.10), (brows(p), BROW, 0.05)):
            here = smoothstep(0.010, 0.002, d)
            albedo = albedo * (1 - here[:, None]) + tone * here[:, None]
            gloss = gloss * (1 - here) + shine * here
        eye = (_eyes(p) < 0.006) & (_eyes(p) < skin + 0.004)
        return np.where(eye[:, None], _eye_colour(p), albedo), np.where(eye, 0.9, gloss)

    return colour


def _eyes(p: Point) -> Array:
    return ball((np.abs(p[0]), p[1], p[2]), (EYE_X, EYE_Y, EYE_Z), EYE_R)


def _gap(p: Point, opened: float) -> Array:
    """The opening between the lips."""
    q = (p[0], p[1] + 0.065 * opened, p[2])
    return ball(q, (0, MOUTH_Y - 0.002, 0.74), (0.195 - 0.005 * opened, 0.009 + 0.075 * opened, 0.22))


def _teeth(p: Point) -> Array:
    return ball(p, (0, MOUTH_Y + 0.045, 0.50), (0.20, 0.055, 0.155))


def _eye_colour(p: Point) -> Array:
    """White, iris and pupil of an eye that looks at the camera side."""
    off = np.sqrt((np.abs(p[0]) - EYE_X + 0.006) ** 2 + (p[1] - EYE_Y - 0.004) ** 2)[:, None]
    iris = smoothstep(0.078, 0.068, off)
    pupil = smoothstep(0.036, 0.028, off)
    tone = WHITE * (1 - iris) + IRIS * iris * (0.5 + 5.0 * np.minimum(off, 0.1))
    return tone * (1 - pupil) + PUPIL * pupil


def _skin(p: Point) -> tuple[Array, Array]:
    """Skin with rosy cheeks, nose and ears and a shaved chin."""
    x = np.abs(p[0])
    albedo = np.broadcast_to(SKIN, (p[0].size, 3)).copy()
    rosy = 0.55 * np.exp(-(((x - 0.42) / 0.20) ** 2) - ((p[1] + 0.18) / 0.18) ** 2)
    rosy = rosy + 0.45 * np.exp(-((x / 0.12) ** 2) - ((p[1] + 0.17) / 0.12) ** 2) * (p[2] > 0.6)
    rosy = np.clip(rosy + 0.5 * smoothstep(0.70, 0.80, x), 0, 1)[:, None]
    albedo = albedo * (1 - rosy) + BLUSH * rosy
    beard = smoothstep(-0.34, -0.52, p[1]) * smoothstep(-1.02, -0.86, p[1]) * smoothstep(-0.25, 0.15, p[2])
    beard = (
        np.maximum(beard, 0.7 * np.exp(-((x / 0.22) ** 2) - ((p[1] + 0.34) / 0.05) ** 2) * (p[2] > 0.5))[:, None] * 0.5
    )
    return albedo * (1 - beard) + STUBBLE * beard, np.full(p[0].size, 0.22)
