"""Solid shapes as signed distance fields, ray-marched into lit pictures with depth."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
Point = tuple[Array, Array, Array]
"""x to the right, y up, z toward the camera; each of shape (n,)."""

Field = Callable[[Point], Array]
Paint = Callable[[Point], tuple[Array, Array]]
"""Point on the surface → linear albedo (n, 3) and gloss (n,)."""

STEPS, FAR = 48, 4.0
GRAZING = 0.012
"""A ray that is this near when its steps end has hit: it runs along an edge."""

KEY, KEY_COLOUR = np.array([-0.46, 0.52, 0.72]), np.array([1.00, 0.93, 0.82]) * 2.3
FILL, FILL_COLOUR = np.array([0.80, 0.10, 0.59]), np.array([0.55, 0.70, 1.00]) * 0.55
RIM, RIM_COLOUR = np.array([0.75, 0.35, -0.56]), np.array([0.60, 0.80, 1.00]) * 1.6
SKY_COLOUR = np.array([0.30, 0.33, 0.42])


@dataclass(frozen=True)
class Relief:
    """A lit picture with its depth: ``rgba`` float32 0–1 (premultiplied sRGB), ``depth`` in shape units."""

    rgba: Array
    depth: Array
    yaw: float


def ball(p: Point, centre: tuple[float, float, float], radii: float | tuple[float, float, float]) -> Array:
    """Distance to an ellipsoid (good near its surface)."""
    rx, ry, rz = (radii, radii, radii) if isinstance(radii, float | int) else radii
    x, y, z = p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]
    if rx == ry == rz:
        return np.sqrt(x * x + y * y + z * z) - rx
    k0 = np.sqrt((x / rx) ** 2 + (y / ry) ** 2 + (z / rz) ** 2)
    k1 = np.sqrt((x / rx**2) ** 2 + (y / ry**2) ** 2 + (z / rz**2) ** 2)
    return k0 * (k0 - 1) / np.maximum(k1, 1e-6)


def rod(p: Point, a: tuple[float, float, float], b: tuple[float, float, float], ra: float, rb: float) -> Array:
    """Distance to a capsule whose radius goes from ``ra`` to ``rb``."""
    d = np.subtract(b, a)
    x, y, z = p[0] - a[0], p[1] - a[1], p[2] - a[2]
    h = np.clip((x * d[0] + y * d[1] + z * d[2]) / float(d @ d), 0, 1)
    return np.sqrt((x - h * d[0]) ** 2 + (y - h * d[1]) ** 2 + (z - h * d[2]) ** 2) - (ra + (rb - ra) * h)


def join(a: Array, b: Array, k: float) -> Array:
    """Union whose seam is rounded over ``k``."""
    h = np.maximum(k - np.abs(a - b), 0) / k
    return np.minimum(a, b) - h * h * (k / 4)


def carve(a: Array, b: Array, k: float) -> Array:
    """``a`` without ``b``, the edge rounded over ``k``."""
    return -join(-a, b, k)


def smoothstep(low: float, high: float, value: Array) -> Array:
    """0 below ``low``, 1 above ``high``, smooth in between; ``high`` may be below ``low``."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def linear(red: int, green: int, blue: int) -> Array:
    """SRGB bytes as linear light."""
    return (np.array([red, green, blue]) / 255.0) ** 2.2


def sculpt(
    field: Field, paint: Paint, *, yaw: float, bounds: tuple[float, float, float, float], scale: float
) -> Relief:
    """March parallel rays through ``bounds`` (left, right, bottom, top) at ``scale`` pixels a unit, turned by ``yaw`` radians."""
    left, right, bottom, top = bounds
    width, height = round((right - left) * scale), round((top - bottom) * scale)
    xs = left + (np.arange(width, dtype=np.float32) + 0.5) / scale
    ys = top - (np.arange(height, dtype=np.float32) + 0.5) / scale
    cx, cy = (a.ravel() for a in np.meshgrid(xs, ys))
    depth, hit = _march(field, cx, cy, yaw)
    rgb = np.zeros((cx.size, 3), dtype=np.float32)
    index = np.flatnonzero(hit)
    rgb[index] = _light(field, paint, (cx[index], cy[index], depth[index]), yaw)
    alpha = hit.astype(np.float32)[:, None]
    rgba = np.concatenate([np.clip(rgb, 0, 1) ** (1 / 2.2) * alpha, alpha], axis=1).reshape(height, width, 4)
    return Relief(rgba.astype(np.float32), np.where(hit, depth, -0.2).reshape(height, width).astype(np.float32), yaw)


def turn(p: Point, yaw: float) -> Point:
    """Camera space → object space of something turned by ``yaw``."""
    c, s = np.float32(np.cos(yaw)), np.float32(np.sin(yaw))
    return p[0] * c - p[2] * s, p[1], p[0] * s + p[2] * c


def _march(field: Field, cx: Array, cy: Array, yaw: float) -> tuple[Array, Array]:
    """Return depth and hit of each ray."""
    z = np.full(cx.size, 2.0, dtype=np.float32)
    hit = np.zeros(cx.size, dtype=bool)
    live = np.arange(cx.size)
    for _ in range(STEPS):
        d = field(turn((cx[live], cy[live], z[live]), yaw))
        z[live] -= d * 0.85
        hit[live] = d < GRAZING
        live = live[(d >= 0.003) & (z[live] > 2.0 - FAR)]
        if live.size == 0:
            break
    return z, hit


def _light(field: Field, paint: Paint, p: Point, yaw: float) -> Array:
    """Return linear light: three lamps, one soft shadow, occlusion, a wrapped red edge for skin."""
    here = turn(p, yaw)
    normal = _normal(field, p, yaw)
    albedo, gloss = paint(here)
    occlusion = _occlusion(field, p, normal, yaw)
    shadow = _shadow(field, p, normal, yaw)
    key, fill, rim = (d / np.linalg.norm(d) for d in (KEY, FILL, RIM))
    facing = normal @ key
    wrap = np.array([0.30, 0.16, 0.12])
    diffuse = np.clip((facing[:, None] + wrap) / (1 + wrap), 0, None) * (0.25 + 0.75 * shadow[:, None]) * KEY_COLOUR
    diffuse = diffuse + np.clip(normal @ fill * 0.7 + 0.3, 0, None)[:, None] * FILL_COLOUR * occlusion[:, None]
    diffuse = diffuse + (0.6 + 0.4 * normal[:, 1:2]) * SKY_COLOUR * occlusion[:, None]
    edge = np.clip(normal @ rim, 0, None) * (1 - np.clip(normal[:, 2], 0, 1)) ** 2
    half = key + np.array([0, 0, 1.0])
    shine = np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** (8 + 60 * gloss) * gloss * shadow
    return albedo * diffuse * 0.42 + (edge[:, None] * RIM_COLOUR + shine[:, None] * KEY_COLOUR) * 0.35


def _normal(field: Field, p: Point, yaw: float) -> Array:
    """Gradient from four corners of a small tetrahedron, in camera space."""
    total = np.zeros((p[0].size, 3))
    for sx, sy, sz in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        e = np.float32(0.004)
        d = field(turn((p[0] + sx * e, p[1] + sy * e, p[2] + sz * e), yaw))
        total += d[:, None] * np.array([sx, sy, sz])
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)


def _occlusion(field: Field, p: Point, normal: Array, yaw: float) -> Array:
    lost = np.zeros(p[0].size)
    for i, far in enumerate((0.04, 0.10, 0.20)):
        q = tuple((p[k] + normal[:, k] * far).astype(np.float32) for k in range(3))
        lost += np.clip(far - field(turn(q, yaw)), 0, None) / far * (0.45 / 1.5**i)  # type: ignore[arg-type]
    return np.clip(1 - lost, 0.15, 1)


def _shadow(field: Field, p: Point, normal: Array, yaw: float) -> Array:
    key = KEY / np.linalg.norm(KEY)
    lit = np.ones(p[0].size)
    far = np.full(p[0].size, 0.05)
    for _ in range(12):
        q = tuple((p[k] + normal[:, k] * 0.02 + key[k] * far).astype(np.float32) for k in range(3))
        d = field(turn(q, yaw))  # type: ignore[arg-type]
        lit = np.minimum(lit, np.clip(7 * d / far + 0.35, 0, 1))
        far += np.clip(d, 0.02, 0.12)
    return lit
