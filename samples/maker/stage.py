"""The stage: wall of light, screen, floor and a container as a prop; sharp for wide shots, out of focus behind close ones."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from maker import slides
from maker.figure import FLOOR
from maker.sculpture import Array
from PIL import Image, ImageDraw

SCALE = 44.0
"""Pixels a head unit of the backdrop: a wide shot's scale."""

WIDTH, HEIGHT = 1900, 860
MIDDLE = (950.0, 190.0)
"""Pixel of the backdrop where the presenter's head would be at x = 0."""

HORIZON = MIDDLE[1] - (FLOOR + 2.9) * SCALE
SCREEN = (-8.6, 3.0, 17.2, 9.675)
"""Left, top, width and height of the screen, in head units."""


@dataclass(frozen=True)
class Backdrop:
    """One state of the stage, as its screen shows a slide."""

    sharp: Array
    soft: Array


def backdrop(slide_name: str) -> Backdrop:
    """Return the empty stage with a slide on its screen, uint8 RGB."""
    stage = _wall().copy()
    x0, y0 = MIDDLE[0] + SCREEN[0] * SCALE, MIDDLE[1] - SCREEN[1] * SCALE
    size = (round(SCREEN[2] * SCALE), round(SCREEN[3] * SCALE))
    page = cv2.resize(slides.slide(slide_name, 1.0), size, interpolation=cv2.INTER_AREA).astype(np.float32)
    box = (slice(round(y0), round(y0) + size[1]), slice(round(x0), round(x0) + size[0]))
    light = np.zeros_like(stage)
    light[box] = page * 0.8 + 30
    stage += cv2.GaussianBlur(light, (0, 0), 60) * 0.55
    frame = (slice(box[0].start - 7, box[0].stop + 7), slice(box[1].start - 7, box[1].stop + 7))
    stage[frame] = (9, 10, 16)
    stage[box] = page * 0.92 + 6
    _prop(stage)
    _mirror(stage)
    stage = np.clip(stage, 0, 255)
    soft = _out_of_focus(stage)
    return Backdrop(stage.astype(np.uint8), soft.astype(np.uint8))


def view(picture: Array, centre: tuple[float, float], scale: float, size: tuple[int, int]) -> Array:
    """Return the part of a backdrop that a camera sees; ``centre`` in head units, y up; edges are held."""
    zoom = scale / SCALE
    x, y = MIDDLE[0] + centre[0] * SCALE, MIDDLE[1] - centre[1] * SCALE
    matrix = np.array([[zoom, 0, size[0] / 2 - x * zoom], [0, zoom, size[1] / 2 - y * zoom]], dtype=np.float64)
    return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def contact(canvas: Array, feet: tuple[float, float], scale: float) -> None:
    """Darken the floor under the presenter, in place."""
    wide, high = 2.1 * scale, 0.42 * scale
    x0, x1 = max(0, int(feet[0] - wide * 2)), min(canvas.shape[1], int(feet[0] + wide * 2))
    y0, y1 = max(0, int(feet[1] - high * 2)), min(canvas.shape[0], int(feet[1] + high * 2))
    if x1 <= x0 or y1 <= y0:
        return
    y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    dark = 0.62 * np.exp(-(((x - feet[0]) / wide) ** 2 + ((y - feet[1]) / high) ** 2) * 1.8)
    canvas[y0:y1, x0:x1] = (canvas[y0:y1, x0:x1] * (1 - dark[..., None])).astype(np.uint8)


def reflect(canvas: Array, floor_y: float, depth: int) -> None:
    """Mirror what stands above ``floor_y`` faintly in the floor, in place."""
    top, high = round(floor_y), min(depth, canvas.shape[0] - round(floor_y))
    if high <= 4:
        return
    mirrored = cv2.GaussianBlur(canvas[top - high : top][::-1], (0, 0), 3.0).astype(np.float32)
    weight = (0.20 * (1 - np.arange(high) / depth))[:, None, None].astype(np.float32)
    region = canvas[top : top + high]
    region[:] = (region * (1 - weight) + mirrored * weight).astype(np.uint8)


@lru_cache(maxsize=1)
def _wall() -> Array:
    """Wall, lamps' beams and floor without the screen, float32."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    up = np.clip(1 - y / HORIZON, 0, 1)[..., None]
    wall = np.array([44, 34, 78]) * (1 - up) + np.array([13, 14, 30]) * up
    ribs = (0.90 + 0.10 * np.clip(np.cos(x / 46 * 2 * np.pi) * 3, -1, 1))[..., None]
    wall = wall * ribs
    for lamp, lean, colour in (
        (250, 0.20, (60, 90, 190)),
        (620, -0.12, (150, 70, 170)),
        (1280, 0.12, (150, 70, 170)),
        (1650, -0.20, (60, 90, 190)),
    ):
        off = (x - lamp - lean * y) / (26 + 0.20 * y)
        wall = wall + (np.exp(-off * off) * np.clip(1.05 - y / 720, 0, 1) * 0.34)[..., None] * np.array(colour)
    near = np.clip((y - HORIZON) / (HEIGHT - HORIZON), 0, 1)[..., None]
    floor = np.array([40, 31, 50]) * (1 - near) + np.array([22, 18, 30]) * near
    pool = np.exp(-(((x - MIDDLE[0]) / 760) ** 2) - ((y - HORIZON - 110) / 120) ** 2)[..., None]
    boards = (0.95 + 0.05 * np.sign(np.sin((x - MIDDLE[0]) / (0.35 + near[..., 0]) / 16)))[..., None]
    floor = (floor + pool * np.array([74, 60, 62])) * boards
    edge = np.exp(-(((y - HORIZON) / 3) ** 2))[..., None] * np.array([70, 80, 140]) * 0.5
    return (np.where(y[..., None] < HORIZON, wall, floor) + edge).astype(np.float32)


def _prop(stage: Array) -> None:
    """A small orange container at the left of the stage."""
    fine = 3
    page = Image.fromarray(np.clip(stage, 0, 255).astype(np.uint8)).resize(
        (WIDTH * fine // 2, HEIGHT * fine // 2), Image.Resampling.BILINEAR
    )
    draw = ImageDraw.Draw(page)
    unit = fine / 2 / slides.FINE
    x, y, wide, high = 120.0, HORIZON - 172, 300.0, 186.0
    draw.polygon(
        [
            (c[0] * fine / 2, c[1] * fine / 2)
            for c in ((x + wide, y), (x + wide + 74, y + 16), (x + wide + 74, y + high - 22), (x + wide, y + high))
        ],
        fill=(128, 62, 34),
    )
    draw.line(
        [(a * fine / 2, b * fine / 2) for a, b in ((x + wide + 38, y + 10), (x + wide + 38, y + high - 12))],
        fill=(90, 42, 24),
        width=3,
    )
    slides.container(draw, x * unit, y * unit, wide * unit, high * unit, (196, 98, 50))
    small = np.asarray(page.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)).astype(np.float32)
    box = (slice(int(y) - 4, int(y + high) + 6), slice(int(x) - 6, int(x + wide) + 84))
    shade = np.linspace(1.02, 0.62, int(high) + 10, dtype=np.float32)[:, None, None]
    stage[box] = small[box] * np.where((np.abs(small[box] - stage[box]).sum(axis=2) > 12)[..., None], shade, 1.0)


def _mirror(stage: Array) -> None:
    """The wall's light in the polished floor."""
    top = round(HORIZON)
    high = HEIGHT - top
    source = cv2.GaussianBlur(stage[top - high : top][::-1], (0, 0), 9)
    weight = (0.30 * (1 - np.arange(high) / high) + 0.05)[:, None, None]
    stage[top:] = stage[top:] * (1 - weight * 0.4) + source * weight


def _out_of_focus(stage: Array) -> Array:
    """Blur as a long lens does, with round spots of the lamps."""
    return np.clip(cv2.GaussianBlur(stage, (0, 0), 9.0) * 0.92 + _spots(), 0, 255)


@lru_cache(maxsize=1)
def _spots() -> Array:
    """Lamps out of focus, float32."""
    rng = np.random.default_rng(3)
    spots = np.zeros((HEIGHT * 2, WIDTH * 2, 3), np.float32)
    for _ in range(46):
        x, y, size = int(rng.uniform(0, WIDTH * 2)), int(rng.uniform(30, 560)), int(rng.uniform(8, 17))
        colour = ((255, 190, 120), (130, 160, 255), (220, 120, 220))[int(rng.integers(3))]
        patch = spots[y - 20 : y + 21, max(0, x - 20) : x + 21]
        disc = np.zeros(patch.shape[:2], np.float32)
        cv2.circle(disc, (min(x, 20), 20), size, 1.0, -1, cv2.LINE_AA)
        patch += disc[..., None] * np.array(colour, np.float32) * np.float32(rng.uniform(0.05, 0.16))
    return cv2.GaussianBlur(cv2.resize(spots, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), (0, 0), 0.9)
