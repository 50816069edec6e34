"""Draws the presenter: sculpted head and torso, turned by their depth, and limbs."""

from dataclasses import dataclass
from multiprocessing.pool import Pool

import cv2
import numpy as np
from maker import head, torso
from maker.actor import STRIDE, Pose
from maker.limbs import arm, draw_rods, leg
from maker.sculpture import Array, Relief, sculpt

YAWS = (-0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75)
"""Radians between two sculpted views: turning by depth holds to about half of the gap."""

MOUTHS = (0.0, 0.28, 0.62, 1.0)
HEAD_SCALE, TORSO_SCALE = 190, 145
"""Pixels a unit of the largest views; a close-up shows about as many."""

FLOOR, TORSO_LIFT = -11.50, 0.17
EDGE_BLUR = 0.6
"""Pixels of a sculpted view; one ray a pixel leaves steps at the edges."""

EYES_FROM = -0.02
"""Above this height a view with closed eyes replaces the open ones."""


@dataclass(frozen=True)
class View:
    """One sculpted view at falling sizes, largest first."""

    levels: tuple[tuple[Array, Array, float], ...]
    """Picture (premultiplied), depth, pixels a unit."""
    bounds: tuple[float, float, float, float]
    yaw: float


@dataclass(frozen=True)
class Figure:
    """Every view of the presenter: heads by (yaw, mouth), heads with closed eyes and torsos by yaw."""

    heads: dict[tuple[int, int], View]
    asleep: dict[int, View]
    torsos: dict[int, View]


def sculpt_figure(pool: Pool) -> Figure:
    """Sculpt all views; about a minute of one processor."""
    jobs = [("head", yaw, mouth, 0.0) for yaw in YAWS for mouth in MOUTHS]
    jobs += [("head", yaw, 0.12, 1.0) for yaw in YAWS] + [("torso", yaw, 0.0, 0.0) for yaw in YAWS]
    views = iter(pool.starmap(_view, jobs, chunksize=1))
    heads = {(i, j): next(views) for i in range(len(YAWS)) for j in range(len(MOUTHS))}
    asleep = {i: next(views) for i in range(len(YAWS))}
    return Figure(heads, asleep, {i: next(views) for i in range(len(YAWS))})


def _view(kind: str, yaw: float, opened: float, closed: float) -> View:
    if kind == "torso":
        return _levels(
            sculpt(torso.field, torso.paint, yaw=yaw, bounds=torso.BOUNDS, scale=TORSO_SCALE), torso.BOUNDS, TORSO_SCALE
        )
    relief = sculpt(
        head.shape(opened, closed), head.paint(opened, closed), yaw=yaw, bounds=head.BOUNDS, scale=HEAD_SCALE
    )
    y = head.BOUNDS[3] - np.arange(relief.rgba.shape[0]) / HEAD_SCALE
    fade = np.clip((y + 1.36) / 0.16, 0, 1).astype(np.float32)[:, None, None]
    return _levels(Relief(relief.rgba * fade, relief.depth, yaw), head.BOUNDS, HEAD_SCALE)


def _levels(relief: Relief, bounds: tuple[float, float, float, float], scale: float) -> View:
    """Halve the view until it is small, its depth softened so that turning bends nothing sharply."""
    depth = cv2.GaussianBlur(relief.depth, (0, 0), scale * 0.035)
    levels: list[tuple[Array, Array, float]] = []
    picture = cv2.GaussianBlur(relief.rgba, (0, 0), EDGE_BLUR)
    while scale > 16:
        levels.append((picture, depth, scale))
        size = (picture.shape[1] // 2, picture.shape[0] // 2)
        picture, depth = (cv2.resize(a, size, interpolation=cv2.INTER_AREA) for a in (picture, depth))
        scale = scale * size[0] / levels[-1][0].shape[1]
    return View(tuple(levels), bounds, relief.yaw)


def draw(canvas: Array, figure: Figure, pose: Pose, origin: tuple[float, float], scale: float) -> None:
    """Draw the presenter on a uint8 canvas; ``origin`` is the pixel of the middle of his head when he stands upright."""
    at = (origin[0], origin[1] - pose.bob * scale)
    size = (canvas.shape[1], canvas.shape[0])
    for rods in _legs(pose):
        _lay(canvas, draw_rods(rods, at, scale, size))
    trunk = (at[0], at[1] - TORSO_LIFT * scale)
    _lay(canvas, _turned(_nearest(figure.torsos, pose.body_yaw), trunk, scale, pose.body_yaw, 0.0, 0.0, size))
    _draw_head(canvas, figure, pose, at, scale)
    turn = _rotation(pose.body_yaw)
    for side, hand in ((-1, pose.left_hand), (1, pose.right_hand)):
        shoulder = turn @ (np.array(torso.SHOULDER) * (side, 1, 1)) + (0, TORSO_LIFT, 0)
        rods = arm(shoulder, turn @ hand, side, pose.spread, turn)
        _lay(canvas, draw_rods(rods, at, scale, size))


def face_box(pose: Pose, origin: tuple[float, float], scale: float) -> tuple[float, float, float, float]:
    """Return left, top, width, height in pixels of the face as a detector would frame it."""
    left, right, bottom, top = head.FACE
    x = origin[0] + (0.40 * np.sin(pose.head_yaw) + 0.25 * pose.tilt) * scale
    y = origin[1] - (pose.bob + 0.35 * pose.nod) * scale
    return x + left * scale, y - top * scale, (right - left) * scale, (top - bottom) * scale


def _draw_head(canvas: Array, figure: Figure, pose: Pose, at: tuple[float, float], scale: float) -> None:
    size = (canvas.shape[1], canvas.shape[0])
    index = int(np.argmin([abs(y - pose.head_yaw) for y in YAWS]))
    where = (at, scale, pose.head_yaw, pose.nod, pose.tilt, size)
    mouth = float(np.interp(pose.mouth, MOUTHS, range(len(MOUTHS))))
    low = min(int(mouth), len(MOUTHS) - 2)
    first = _turned(figure.heads[index, low], *where)
    if first is None:
        return
    picture, x0, y0 = first
    second = _turned(figure.heads[index, low + 1], *where)
    if second is not None and mouth > low:
        picture = picture + (second[0] - picture) * np.float32(mouth - low)
    if pose.blink > 0.05 and (closed := _turned(figure.asleep[index], *where)) is not None:
        rows = (at[1] - y0 - np.arange(picture.shape[0])) / scale
        above = np.clip((rows - EYES_FROM + 0.10) / 0.05, 0, 1) * min(1.0, pose.blink)
        picture = picture + (closed[0] - picture) * above.astype(np.float32)[:, None, None]
    _lay(canvas, (picture, x0, y0))


def _nearest(views: dict[int, View], yaw: float) -> View:
    return views[int(np.argmin([abs(y - yaw) for y in YAWS]))]


def _turned(
    view: View, origin: tuple[float, float], scale: float, yaw: float, nod: float, tilt: float, size: tuple[int, int]
) -> tuple[Array, int, int] | None:
    """Return the view turned a little further by moving each pixel by its depth, and its top left corner."""
    picture, depth, fine = next((v for v in reversed(view.levels) if v[2] >= scale * 0.95), view.levels[0])
    left, right, bottom, top = view.bounds
    x0, x1 = max(0, int(origin[0] + left * scale)), min(size[0], int(origin[0] + right * scale) + 1)
    y0, y1 = max(0, int(origin[1] - top * scale)), min(size[1], int(origin[1] - bottom * scale) + 1)
    if x1 <= x0 or y1 <= y0:
        return None
    px = ((np.arange(x0, x1, dtype=np.float32) + 0.5 - origin[0]) / scale)[None, :]
    py = ((origin[1] - np.arange(y0, y1, dtype=np.float32) - 0.5) / scale)[:, None]
    c, s, pivot = np.float32(np.cos(tilt)), np.float32(np.sin(tilt)), np.float32(-1.2)
    qx, qy = px * c - (py - pivot) * s, (py - pivot) * c + px * s + pivot
    more, lift = np.float32(yaw - view.yaw), np.float32(nod)
    z = np.zeros_like(qx)
    for _ in range(2 if abs(more) + abs(lift) > 1e-4 else 0):
        z = cv2.remap(
            depth,
            *_grid(qx - z * more, qy - z * lift, left, top, fine),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
    grid = _grid(qx - z * more, qy - z * lift, left, top, fine)
    return cv2.remap(picture, *grid, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), x0, y0


def _grid(x: Array, y: Array, left: float, top: float, fine: float) -> tuple[Array, Array]:
    return ((x - left) * fine - 0.5).astype(np.float32), ((top - y) * fine - 0.5).astype(np.float32)


def _legs(pose: Pose) -> list[list]:
    """Both legs, the farther one first."""
    way, legs = np.sign(pose.heading) or 1.0, []
    for side in (-1, 1):
        angle = 1.25 * pose.heading + side * 0.35 * (1 - pose.walking)
        toward = np.array([np.sin(angle), 0, np.cos(angle)])
        across = np.array([np.cos(1.1 * pose.heading), 0, -np.sin(1.1 * pose.heading)])
        u = (pose.stride + (0.5 if side > 0 else 0.0)) % 1.0
        v = max(0.0, 2 * u - 1)
        ahead = STRIDE * (0.5 - 2 * u) if u < 0.5 else STRIDE * (-0.5 + v * v * (3 - 2 * v))
        raised = 0.55 * np.sin(np.pi * v) * pose.walking
        hip = across * side * 0.52 + np.array([0, -5.30 + TORSO_LIFT, -0.2])
        ground = np.array([0.0, FLOOR + 0.50 + raised - pose.bob, -0.2])
        ankle = across * side * (0.72 - 0.25 * pose.walking) + ground + np.array([ahead * way * pose.walking, 0, 0])
        legs.append((float(hip[2]), leg(hip, ankle, toward)))
    return [rods for _, rods in sorted(legs, key=lambda pair: pair[0])]


def _rotation(yaw: float) -> Array:
    c, s = np.cos(yaw), np.sin(yaw)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def _lay(canvas: Array, piece: tuple[Array, int, int] | None) -> None:
    """Put a premultiplied picture over the canvas, in place."""
    if piece is None:
        return
    picture, x0, y0 = piece
    region = canvas[y0 : y0 + picture.shape[0], x0 : x0 + picture.shape[1]]
    region[:] = np.clip(picture[..., :3] * 255 + region * (1 - picture[..., 3:]) + 0.5, 0, 255).astype(np.uint8)
