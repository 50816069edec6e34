"""The audience seen from behind: sculpted heads and shoulders in the dark, with the stage's light on their edges."""

import cv2
import numpy as np
from maker import head
from maker.limbs import Rod, draw_rods
from maker.sculpture import Array, Point, ball, join, linear, rod, sculpt, smoothstep

SCALE = 70
BOUNDS = (-2.5, 2.5, -4.2, 1.45)
LOOKS = (
    (linear(52, 34, 24), "short"),
    (linear(120, 84, 50), "long"),
    (linear(26, 22, 22), "bun"),
    (linear(150, 150, 150), "short"),
    (linear(90, 44, 26), "long"),
    (linear(226, 172, 142), "bald"),
)
"""Colour and style of hair."""

COATS = (linear(70, 76, 96), linear(120, 60, 60), linear(60, 90, 80), linear(100, 96, 84))

ROWS = ((415.0, 40.0, 12), (505.0, 58.0, 9), (640.0, 88.0, 6))
"""Height of the heads in the picture, pixels a unit, people."""


def person(look: int) -> Array:
    """Return one of ``LOOKS`` from behind, float32 premultiplied RGBA, dark with a bright edge."""
    colour, style = LOOKS[look]
    coat = COATS[look % len(COATS)]

    def hair(p: Point) -> Array:
        if style == "bald":
            return np.full(p[0].shape, 9.0, dtype=np.float32)
        d = head.hair(p)
        if style == "long":
            d = join(d, rod(p, (0, 0.2, -0.40), (0, -1.25, -0.55), 0.74, 0.62), 0.3) + 0.012 * np.sin(30 * p[0])
        if style == "bun":
            d = join(d, ball(p, (0, 0.75, -0.95), 0.36), 0.08)
        return d

    def shoulders(p: Point) -> Array:
        q = (np.abs(p[0]), p[1], p[2])
        d = rod(q, (0, -1.62, -0.30), (1.35, -2.15, -0.30), 0.34, 0.52)
        return join(d, ball(q, (0, -3.6, -0.3), (1.75, 1.9, 0.85)), 0.4)

    def field(p: Point) -> Array:
        return np.minimum(np.minimum(head.skull(p, 0.0), hair(p)), shoulders(p))

    def paint(p: Point) -> tuple[Array, Array]:
        on_hair, on_coat = hair(p) < 0.006, shoulders(p) < 0.006
        albedo = np.where(on_hair[:, None], colour, np.where(on_coat[:, None], coat, head.SKIN))
        return albedo, np.full(p[0].size, 0.05)

    yaw = np.pi + (-0.35, 0.1, 0.3, -0.1, 0.2, -0.25)[look]
    rgba = sculpt(field, paint, yaw=yaw, bounds=BOUNDS, scale=SCALE).rgba
    alpha = rgba[..., 3:]
    y = BOUNDS[3] - np.arange(rgba.shape[0], dtype=np.float32)[:, None] / SCALE
    shifted = np.roll(cv2.GaussianBlur(alpha, (0, 0), 3.0), 3, axis=0)
    edge = np.clip(alpha[..., 0] - shifted, 0, 1) ** 1.3 * smoothstep(-4.0, -1.5, y)
    lit = rgba[..., :3] * np.array([0.26, 0.26, 0.36]) + edge[..., None] * np.array([0.85, 0.90, 1.15])
    return np.concatenate([np.clip(lit, 0, 1) * alpha, alpha], axis=2).astype(np.float32)


def draw_crowd(canvas: Array, people: list[Array], t: float, clapping: float, laughing: float) -> None:
    """Draw the rows over the canvas, far to near; ``clapping`` and ``laughing`` 0–1 move them."""
    rng = np.random.default_rng(5)
    for row, (level, scale, count) in enumerate(ROWS):
        for i in range(count):
            look, phase, rate = int(rng.integers(len(people))), rng.uniform(0, 6.28), rng.uniform(3.6, 4.6)
            jitter, keen = rng.uniform(-0.3, 0.3, size=2), rng.uniform(0, 1)
            x = (i + 0.5 + 0.5 * (row % 2) + 0.35 * jitter[0]) / count * 1380 - 90
            y = level + jitter[1] * scale * 0.7
            y += scale * (0.03 * np.sin(0.7 * t + phase) + 0.10 * laughing * np.sin(11 * t + phase))
            x += scale * (0.06 * np.sin(0.4 * t + phase) + 0.05 * clapping * np.sin(6.28 * rate * t + phase))
            if clapping > 0.05 and keen > 0.55:
                coat = COATS[look % len(COATS)] * 0.35
                _arms(canvas, (x, y), scale, t * rate + phase, min(1.0, clapping * 2 * keen), coat)
            _paste(canvas, people[look], x, y, scale)


def _arms(canvas: Array, at: tuple[float, float], scale: float, beat: float, raised: float, coat: Array) -> None:
    """Two raised arms that clap above the head."""
    apart = 0.10 + 0.42 * abs(np.sin(np.pi * beat))
    up = -2.2 + 3.7 * raised
    for side in (-1, 1):
        elbow, wrist = np.array([side * 1.75, up - 1.6, 0.3]), np.array([side * apart, up, 0.5])
        fingers = wrist + np.array([-side * apart * 0.4, 0.55, 0])
        rods = [
            Rod(np.array([side * 1.5, -2.3, 0.0]), elbow, 0.40, 0.32, coat),
            Rod(elbow, wrist, 0.30, 0.20, coat),
            Rod(wrist, fingers, 0.17, 0.13, head.SKIN * 0.40),
        ]
        if (piece := draw_rods(rods, at, scale, (canvas.shape[1], canvas.shape[0]))) is not None:
            _over(canvas, *piece)


def _paste(canvas: Array, sprite: Array, x: float, y: float, scale: float) -> None:
    """Lay a person with the middle of the head at (x, y), to a fraction of a pixel."""
    zoom = scale / SCALE
    left, top = x + BOUNDS[0] * scale, y - BOUNDS[3] * scale
    x0, y0 = max(0, int(left)), max(0, int(top))
    x1, y1 = (
        min(canvas.shape[1], int(left + sprite.shape[1] * zoom) + 1),
        min(canvas.shape[0], int(top + sprite.shape[0] * zoom) + 1),
    )
    if x1 <= x0 or y1 <= y0:
        return
    matrix = np.array([[zoom, 0, left - x0], [0, zoom, top - y0]])
    _over(canvas, cv2.warpAffine(sprite, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR), x0, y0)


def _over(canvas: Array, picture: Array, x0: int, y0: int) -> None:
    region = canvas[y0 : y0 + picture.shape[0], x0 : x0 + picture.shape[1]]
    region[:] = np.clip(picture[..., :3] * 255 + region * (1 - picture[..., 3:]) + 0.5, 0, 255).astype(np.uint8)
