"""Arms, hands, legs and shoes, drawn every frame as rounded rods with the sculptures' light."""

from dataclasses import dataclass

import numpy as np
from maker.head import SKIN
from maker.sculpture import FILL, FILL_COLOUR, KEY, KEY_COLOUR, RIM, RIM_COLOUR, SKY_COLOUR, Array, linear
from maker.torso import JACKET

TROUSERS, SHOE, SOLE = linear(48, 50, 62), linear(206, 204, 200), linear(140, 140, 146)

Vector = Array
"""A point or direction, shape (3,), in the head's units; z toward the camera."""


@dataclass(frozen=True)
class Rod:
    """A tapering rod from ``a`` to ``b`` in camera space, of one colour (linear)."""

    a: Vector
    b: Vector
    ra: float
    rb: float
    colour: Array


def draw_rods(
    rods: list[Rod], origin: tuple[float, float], scale: float, size: tuple[int, int]
) -> tuple[Array, int, int] | None:
    """Return premultiplied sRGB + alpha of the rods melted together, and the place of its top left corner.

    ``origin`` is the pixel of (0, 0); ``size`` the canvas (width, height); ``None`` when nothing is on the canvas.
    """
    xs = [p[0] + s * r for o in rods for p, r in ((o.a, o.ra), (o.b, o.rb)) for s in (-1, 1)]
    ys = [p[1] + s * r for o in rods for p, r in ((o.a, o.ra), (o.b, o.rb)) for s in (-1, 1)]
    x0 = max(0, int(origin[0] + min(xs) * scale) - 2)
    x1 = min(size[0], int(origin[0] + max(xs) * scale) + 3)
    y0 = max(0, int(origin[1] - max(ys) * scale) - 2)
    y1 = min(size[1], int(origin[1] - min(ys) * scale) + 3)
    if x1 <= x0 or y1 <= y0:
        return None
    px = ((np.arange(x0, x1, dtype=np.float32) + 0.5 - origin[0]) / scale)[None, :]
    py = ((origin[1] - np.arange(y0, y1, dtype=np.float32) - 0.5) / scale)[:, None]
    height = np.full((y1 - y0, x1 - x0), -50, dtype=np.float32)
    cover = np.zeros_like(height)
    normal = np.zeros((*height.shape, 3), dtype=np.float32)
    colour = np.zeros_like(normal)
    for o in rods:
        _melt(o, px, py, scale, height, cover, normal, colour)
    rgb = np.clip(_lit(normal, colour), 0, 1) ** (1 / 2.2)
    alpha = cover[..., None]
    return np.concatenate([rgb * alpha, alpha], axis=2).astype(np.float32), x0, y0


def _melt(
    o: Rod, px: Array, py: Array, scale: float, height: Array, cover: Array, normal: Array, colour: Array
) -> None:
    """Blend one rod into the height field by smooth maximum; arrays change in place."""
    reach = max(o.ra, o.rb) + 2 / scale
    cols = np.flatnonzero((px[0] > min(o.a[0], o.b[0]) - reach) & (px[0] < max(o.a[0], o.b[0]) + reach))
    rows = np.flatnonzero((py[:, 0] > min(o.a[1], o.b[1]) - reach) & (py[:, 0] < max(o.a[1], o.b[1]) + reach))
    if cols.size == 0 or rows.size == 0:
        return
    box = (slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1))
    x, y = px[:, box[1]], py[box[0]]
    d = (o.b - o.a).astype(np.float32)
    flat = max(float(d[0] ** 2 + d[1] ** 2), 1e-6)
    t = np.clip(((x - o.a[0]) * d[0] + (y - o.a[1]) * d[1]) / flat, 0, 1)
    r = o.ra + (o.rb - o.ra) * t
    ex, ey = (x - o.a[0] - t * d[0]) / r, (y - o.a[1] - t * d[1]) / r
    off = np.sqrt(ex * ex + ey * ey)
    ez = np.sqrt(np.clip(1 - off * off, 0.0025, 1))
    here = np.clip((1 - off) * r * scale + 0.5, 0, 1)
    z = np.where(here > 0, o.a[2] + t * d[2] + r * ez, np.float32(-50))
    k = np.float32(0.10)
    h = np.clip(0.5 + 0.5 * (z - height[box]) / k, 0, 1)
    old = height[box]
    height[box] = np.where(old < -40, z, np.where(z < -40, old, old + (z - old) * h + k * h * (1 - h)))
    h3 = np.where((old < -40)[..., None], 1.0, np.where((z < -40)[..., None], 0.0, h[..., None])).astype(np.float32)
    normal[box] += (np.stack([ex + 0 * ez, ey + 0 * ez, ez], axis=2) - normal[box]) * h3
    colour[box] += (o.colour.astype(np.float32) - colour[box]) * (h3 > 0.5)
    cover[box] = np.maximum(cover[box], here)


def _lit(normal: Array, colour: Array) -> Array:
    """The lamps of the sculptures, without shadows."""
    key, fill, rim = ((v / np.linalg.norm(v)).astype(np.float32) for v in (KEY, FILL, RIM))
    length = np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-3)
    n = normal / length
    wrap = np.array([0.30, 0.16, 0.12], dtype=np.float32)
    diffuse = np.clip(((n @ key)[..., None] + wrap) / (1 + wrap), 0, None) * KEY_COLOUR.astype(np.float32) * 0.9
    diffuse += np.clip((n @ fill)[..., None] * 0.7 + 0.3, 0, None) * FILL_COLOUR.astype(np.float32)
    diffuse += (0.6 + 0.4 * n[..., 1:2]) * SKY_COLOUR.astype(np.float32)
    edge = np.clip(n @ rim, 0, None) * (1 - np.clip(n[..., 2], 0, 1)) ** 2
    return colour * diffuse * np.float32(0.42) + edge[..., None] * RIM_COLOUR.astype(np.float32) * 0.30


def bend(root: Vector, target: Vector, upper: float, lower: float, pole: Vector) -> tuple[Vector, Vector]:
    """Return joint and end of a two-bone limb that reaches for ``target``, bending toward ``pole``."""
    line = target - root
    far = float(np.clip(np.linalg.norm(line), 0.2, (upper + lower) * 0.995))
    along = line / max(float(np.linalg.norm(line)), 1e-6)
    reach = (upper**2 - lower**2 + far**2) / (2 * far)
    side = pole - along * float(pole @ along)
    side = side / max(float(np.linalg.norm(side)), 1e-6)
    joint = root + along * reach + side * np.sqrt(max(upper**2 - reach**2, 0.0))
    return joint, root + along * far


def arm(shoulder: Vector, target: Vector, side: float, spread: float, turn: Array) -> list[Rod]:
    """Return sleeve and hand; ``side`` −1 is the arm at the left of the picture; ``spread`` 0 fist … 1 open hand."""
    pole = turn @ np.array([side * 0.75, -0.5, -0.75])
    elbow, wrist = bend(shoulder, target, 1.72, 1.55, pole)
    forward = (wrist - elbow) / np.linalg.norm(wrist - elbow)
    sleeve = [Rod(shoulder, elbow, 0.47, 0.36, JACKET), Rod(elbow, wrist - forward * 0.1, 0.36, 0.27, JACKET)]
    return sleeve + _hand(wrist, forward, side, spread, turn)


def _hand(wrist: Vector, forward: Vector, side: float, spread: float, turn: Array) -> list[Rod]:
    across = np.cross(forward, turn @ np.array([0.0, 0.35, 1.0]))
    across = across / max(float(np.linalg.norm(across)), 1e-6) * side
    knuckles = wrist + forward * 0.42
    rods = [Rod(wrist - forward * 0.12, wrist + forward * 0.1, 0.20, 0.19, SKIN)]
    rods += [
        Rod(wrist + forward * 0.08 + across * s * 0.10, knuckles + across * s * 0.13, 0.15, 0.12, SKIN) for s in (-1, 1)
    ]
    curl = turn @ np.array([0.0, -0.4, -0.5]) * (1 - spread) * 0.5
    for i, (s, long) in enumerate(((-0.20, 0.30), (-0.07, 0.38), (0.07, 0.40), (0.20, 0.35))):
        tip = knuckles + across * s * (1.0 + 0.7 * spread) + forward * long * (0.55 + 0.45 * spread) + curl
        rods.append(Rod(knuckles + across * s, tip, 0.078, 0.062 - 0.004 * (i == 0), SKIN))
    thumb = wrist + forward * 0.30 - across * (0.34 + 0.14 * spread)
    rods.append(Rod(wrist + forward * 0.12 - across * 0.14, thumb, 0.088, 0.068, SKIN))
    return rods


def leg(hip: Vector, ankle: Vector, toward: Vector) -> list[Rod]:
    """Return trouser leg and shoe; ``toward`` is where the toes point."""
    knee, foot = bend(hip, ankle, 2.95, 3.0, toward + np.array([0, 0, 0.05]))
    down = np.array([0, -1.0, 0])
    heel, toe = foot + down * 0.28 - toward * 0.16, foot + down * 0.36 + toward * 0.66
    return [
        Rod(heel, toe, 0.24, 0.17, SHOE),
        Rod(heel + down * 0.14, toe + down * 0.08, 0.18, 0.13, SOLE),
        Rod(hip, knee, 0.66, 0.45, TROUSERS),
        Rod(knee, foot + down * 0.02, 0.45, 0.31, TROUSERS),
    ]
