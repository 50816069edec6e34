"""A frame made small: the 64 × 36 cells on which cuts, motion, black and frozen pictures are judged."""

import numpy as np
from numpy.typing import NDArray

from omni.ports import Picture

COLUMNS, ROWS = 64, 36
"""Cells of a 16:9 frame; enough to tell two camera positions apart, few enough to cost 0.1 ms a frame."""

SCALE = 4
"""Cells are sums of four samples, so one 8-bit level is four units."""

Thumbnail = NDArray[np.int16]
"""Planes Y, (R−Y)/2, (B−Y)/2 in quarter levels, shape (3, rows, columns)."""


def shrink(picture: Picture) -> Thumbnail:
    """Return about 64 × 36 cells, each the sum of four samples of its area."""
    height, width = picture.shape[:2]
    down, across = max(1, height // ROWS), max(1, width // COLUMNS)
    rows, columns = height // down, width // across
    cells = np.zeros((rows, columns, 3), np.int16)
    for y in (0, down // 2):
        for x in (0, across // 2):
            cells += picture[y : rows * down : down, x : columns * across : across]
    red, green, blue = cells[..., 0], cells[..., 1], cells[..., 2]
    luma = (red * 2 + green * 5 + blue) >> 3
    return np.stack((luma, (red - luma) >> 1, (blue - luma) >> 1))


def distance(one: Thumbnail, other: Thumbnail) -> float:
    """Return the mean absolute difference of luma and colour, in 8-bit levels."""
    return float(np.abs(one - other).sum(dtype=np.int64)) / (one[0].size * SCALE)


def luma_distance(one: Thumbnail, other: Thumbnail) -> float:
    """Return the mean absolute difference of luma, as a fraction 0–1."""
    return float(np.abs(one[0] - other[0]).sum(dtype=np.int64)) / (one[0].size * SCALE * 255)
