"""The camera's way along one axis of one shot: still where it can be, else a few even moves, found by dynamic programming."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP_SECONDS = 0.2
"""Time grid: five decisions a second are enough for an operator's hand, and few enough for FFmpeg's expression."""

CELL = 0.005
"""Grid of positions, as a fraction of the frame: 1.6 % of a 9:16 crop out of 16:9."""

MAX_SPEED = 16
"""Cells a step: 0.4 frame widths a second, a fast walk in a stage shot."""

MAX_CHANGE = 3
"""Cells a step by which the speed may change in one step: 0.375 frame widths/s²."""

DEAD_ZONE = 0.12
"""The subject may be this far off the middle, as a part of the crop, before anything pulls."""

OFF_WEIGHT = 60.0
CENTRE_WEIGHT = 1.5
OUTSIDE_WEIGHT = 600.0
MOVING_WEIGHT = 0.2
CHANGE_WEIGHT = 0.8
MAX_KEYS_A_SECOND = 2.5
"""40 keys in 15 s; each is a branch of an FFmpeg expression evaluated on every frame."""

MAX_REVERSALS_A_SECOND = 0.3
EASE_SECONDS = 0.8
"""A move begins and ends softly over this time."""


@dataclass(frozen=True)
class Aim:
    """Where the crop's middle should be at one step, and how far off it may be before the subject is cut."""

    middle: float
    slack: float


def steps_in(seconds: float) -> int:
    """Return how many equal steps a shot is divided into."""
    return max(1, round(seconds / STEP_SECONDS))


def camera_path(aims: Sequence[Aim | None], crop: float, seconds: float) -> list[tuple[float, float]]:
    """Return keys (time from the shot's start, middle of the crop) that keep the subject in view with the least motion.

    ``aims`` has one entry a grid point (``steps_in(seconds) + 1``), ``None`` where the subject isn't seen. When the path
    turns more often than an operator would, it is found again with a heavier camera.
    """
    known = [aim for aim in aims if aim is not None]
    if crop >= 1 or not known:
        return [(0.0, 0.5), (seconds, 0.5)]
    calm, inertia = list[float](), 1.0
    for _ in range(4):
        calm = _cheapest(aims, crop, inertia)
        if reversals(calm) <= MAX_REVERSALS_A_SECOND * seconds:
            break
        inertia *= 3
    last = len(calm) - 1
    keys = [(seconds if index == last else seconds * index / last, value) for index, value in enumerate(calm)]
    limit = max(2, int(MAX_KEYS_A_SECOND * seconds))
    return eased(thinned(keys, limit), limit)


def reversals(values: Sequence[float]) -> int:
    """Return how often a path turns round; standing still in between doesn't hide a turn."""
    directions = [np.sign(b - a) for a, b in pairwise(values) if abs(b - a) > 1e-9]
    return sum(1 for a, b in pairwise(directions) if a != b)


def thinned(keys: Sequence[tuple[float, float]], limit: int) -> list[tuple[float, float]]:
    """Return the keys without those on the line between their neighbours, then without the least missed, to ``limit``."""
    kept = list(keys)
    while len(kept) > 2:
        misses = [_miss(kept[i - 1], kept[i], kept[i + 1]) for i in range(1, len(kept) - 1)]
        least = min(range(len(misses)), key=misses.__getitem__)
        if misses[least] > 1e-6 and len(kept) <= limit:
            break
        del kept[least + 1]
    return kept


def eased(keys: Sequence[tuple[float, float]], limit: int) -> list[tuple[float, float]]:
    """Return the keys with every corner rounded to a parabola, as finely as ``limit`` keys allow."""
    for pieces in (4, 2):
        rounded = [keys[0]]
        for before, corner, after in zip(keys, keys[1:], keys[2:], strict=False):
            rounded += _rounded(before, corner, after, pieces)
        rounded.append(keys[-1])
        if len(rounded) <= limit:
            return rounded
    return list(keys)


def _rounded(
    before: tuple[float, float], corner: tuple[float, float], after: tuple[float, float], pieces: int
) -> list[tuple[float, float]]:
    wide = min(EASE_SECONDS, 0.9 * (corner[0] - before[0]), 0.9 * (after[0] - corner[0]))
    slow = (corner[1] - before[1]) / (corner[0] - before[0])
    fast = (after[1] - corner[1]) / (after[0] - corner[0])
    times = [wide * (piece / pieces - 0.5) for piece in range(pieces + 1)]
    return [
        (corner[0] + t, corner[1] + (slow + fast) / 2 * t + (fast - slow) / (2 * wide) * (t * t + wide * wide / 4))
        for t in times
    ]


def _miss(before: tuple[float, float], key: tuple[float, float], after: tuple[float, float]) -> float:
    part = (key[0] - before[0]) / (after[0] - before[0])
    return abs(before[1] + (after[1] - before[1]) * part - key[1])


def _cheapest(aims: Sequence[Aim | None], crop: float, inertia: float) -> list[float]:
    """Return a position for each aim: the path of least cost over all positions and speeds of the grid."""
    positions = np.linspace(crop / 2, 1 - crop / 2, max(2, round((1 - crop) / CELL) + 1))
    speeds = np.arange(-MAX_SPEED, MAX_SPEED + 1)
    index = np.arange(len(positions))[None, :] - speeds[:, None]
    outside = (index < 0) | (index >= len(positions))
    came_from = np.clip(index, 0, len(positions) - 1)
    unit = (positions[1] - positions[0]) / STEP_SECONDS / crop
    moving = MOVING_WEIGHT * inertia * STEP_SECONDS * (speeds != 0)[:, None]
    change = CHANGE_WEIGHT * inertia * unit

    cost = np.broadcast_to(_discomfort(aims[0], positions, crop), outside.shape) + 0.0
    choices: list[NDArray[Any]] = []
    for aim in aims[1:]:
        best, choice = _slowest_change(cost, change)
        cost = np.take_along_axis(best, came_from, axis=1)
        cost[outside] = np.inf
        cost += moving + _discomfort(aim, positions, crop)
        choices.append(np.take_along_axis(choice, came_from, axis=1))
    return _walked_back(cost, choices, positions)


def _slowest_change(cost: NDArray[np.float64], change: float) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return for each speed and position the least cost over the speeds before it, and the change of speed."""
    padded = np.pad(cost, ((MAX_CHANGE, MAX_CHANGE), (0, 0)), constant_values=np.inf)
    # the smallest change comes first, so that of equal paths the calmer one is taken
    changes = sorted(range(-MAX_CHANGE, MAX_CHANGE + 1), key=lambda c: (abs(c), c))
    best = np.full_like(cost, np.inf)
    choice = np.zeros(cost.shape, np.int8)
    for delta in changes:
        start = MAX_CHANGE - delta
        candidate = padded[start : start + len(cost)] + change * abs(delta)
        better = candidate < best
        best = np.where(better, candidate, best)
        choice[better] = delta
    return best, choice


def _walked_back(
    cost: NDArray[np.float64], choices: Sequence[NDArray[Any]], positions: NDArray[np.float64]
) -> list[float]:
    speed, place = (int(i) for i in np.unravel_index(int(np.argmin(cost)), cost.shape))
    path = [place]
    for choice in reversed(choices):
        delta = int(choice[speed, place])
        place -= speed - MAX_SPEED
        speed -= delta
        path.append(place)
    return [float(positions[place]) for place in reversed(path)]


def _discomfort(aim: Aim | None, positions: NDArray[np.float64], crop: float) -> NDArray[np.float64]:
    """Return what each position costs for one step: off the middle a little, off the dead zone more, a cut face most."""
    if aim is None:
        return np.zeros(len(positions))
    middle = min(max(aim.middle, positions[0]), positions[-1])
    off = np.abs(positions - middle) / crop
    slack = max(0.0, aim.slack) / crop
    reach = min(DEAD_ZONE, 0.6 * slack)
    beyond, cut = np.maximum(0, off - reach), np.maximum(0, np.abs(positions - aim.middle) / crop - 0.9 * slack)
    return STEP_SECONDS * (CENTRE_WEIGHT * off**2 + OFF_WEIGHT * beyond**2 + OUTSIDE_WEIGHT * cut**2)
