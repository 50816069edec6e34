"""Other ways to lead a camera along one axis, to compare the one in use with: L1-optimal, L2 with limits, One-Euro.

Each takes what :func:`omni.framing.paths.camera_path` takes and returns keys on the same grid of time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omni.framing.paths import DEAD_ZONE, OFF_WEIGHT, OUTSIDE_WEIGHT, STEP_SECONDS, Aim, camera_path

Keys = list[tuple[float, float]]
Rival = Callable[[Sequence[Aim | None], float, float], Keys]
Vector = NDArray[np.float64]
FASTEST = 0.4
"""Frame widths a second, the limit of the camera in use."""


def static(aims: Sequence[Aim | None], crop: float, seconds: float) -> Keys:
    """Stand in the middle."""
    del aims, crop
    return [(0.0, 0.5), (seconds, 0.5)]


def one_euro(aims: Sequence[Aim | None], crop: float, seconds: float) -> Keys:
    """Filter what is seen as it comes, the less the faster it moves (Casiez, Roussel, Vogel 2012); it can't look ahead."""
    lowest, reaction = 0.05, 0.6
    here, pace, keys = _first(aims), 0.0, Keys()
    for number, aim in enumerate(aims):
        if aim is not None:
            seen = float(np.clip(aim.middle, crop / 2, 1 - crop / 2))
            pace += _smoothing(1.0) * ((seen - here) / STEP_SECONDS - pace)
            here += _smoothing(lowest + reaction * abs(pace)) * (seen - here)
        keys.append((seconds * number / (len(aims) - 1), float(np.clip(here, crop / 2, 1 - crop / 2))))
    return keys


def l1_optimal(aims: Sequence[Aim | None], crop: float, seconds: float) -> Keys:
    """Least sum of speeds, accelerations and jerks (Grundmann, Kwatra, Essa 2011), with the penalties of the one in use."""
    return _Programme(aims, crop).solve(seconds, absolute=(0.05, 0.8, 2.0), squared=0.0)


def l2_with_limits(aims: Sequence[Aim | None], crop: float, seconds: float) -> Keys:
    """Least squares of distance and acceleration (Whittaker), with penalties where the face would be cut."""
    return _Programme(aims, crop).solve(seconds, absolute=(0.0, 0.0, 0.0), squared=300.0)


RIVALS: dict[str, Rival] = {
    "dynamic programming": camera_path,
    "L1-optimal": l1_optimal,
    "L2 with limits": l2_with_limits,
    "One-Euro": one_euro,
    "centre": static,
}


@dataclass(frozen=True)
class _Slope:
    """Value, gradient and curvature of the cost at one path."""

    cost: float
    gradient: Vector
    curvature: Vector


class _Programme:
    """A convex programme over the whole path, in crop widths, solved by Newton steps on ever sharper corners."""

    def __init__(self, aims: Sequence[Aim | None], crop: float) -> None:
        self._crop = crop
        self._steps = len(aims)
        self._known = np.array([aim is not None for aim in aims], float)
        middles = np.array([aim.middle if aim else 0.5 for aim in aims])
        slack = np.array([max(0.0, aim.slack) if aim else 0.0 for aim in aims]) / crop
        self._true = middles / crop
        self._wanted = np.clip(middles, crop / 2, 1 - crop / 2) / crop
        self._reach, self._cut = np.minimum(DEAD_ZONE, 0.6 * slack), 0.9 * slack
        self._derivatives = [np.diff(np.eye(self._steps), order, axis=0) for order in (1, 2, 3)]

    def solve(self, seconds: float, *, absolute: tuple[float, float, float], squared: float) -> Keys:
        if self._crop >= 1 or not self._known.any():
            return [(0.0, 0.5), (seconds, 0.5)]
        seen = np.flatnonzero(self._known)
        path, corner = np.interp(np.arange(self._steps), seen, self._wanted[seen]), 0.1
        for _ in range(40):  # the corner is sharp after 32
            here = self._slope(path, absolute, squared, corner)
            step, part = np.linalg.solve(here.curvature, -here.gradient), 1.0
            while part > 1e-3 and self._slope(path + part * step, absolute, squared, corner).cost > here.cost:
                part /= 2
            path, corner = path + part * step, max(1e-5, 0.75 * corner)
        places = np.clip(path * self._crop, self._crop / 2, 1 - self._crop / 2)
        return [(seconds * number / (self._steps - 1), float(place)) for number, place in enumerate(places)]

    def _slope(self, path: Vector, absolute: tuple[float, float, float], squared: float, corner: float) -> _Slope:
        pace = self._derivatives[0] @ path
        fastest = FASTEST * STEP_SECONDS / self._crop
        own = [
            _bowl(path - self._wanted, 0.3 * self._known, 0.0),
            _bowl(path - self._wanted, OFF_WEIGHT * STEP_SECONDS * self._known, self._reach),
            _bowl(path - self._true, OUTSIDE_WEIGHT * STEP_SECONDS * self._known, self._cut),
        ]
        cost, gradient = sum(b.cost for b in own), sum((b.gradient for b in own), np.zeros(self._steps))
        curvature = np.diag(sum((b.curvature for b in own), np.full(self._steps, 1e-9)))
        bowls = [(self._derivatives[0], _bowl(pace, np.full(len(pace), 1e4), fastest))]
        bowls.append((self._derivatives[1], _bowl(self._derivatives[1] @ path, squared, 0.0)))
        bowls += [
            (change, _edge(change @ path, weight, corner))
            for change, weight in zip(self._derivatives, absolute, strict=True)
            if weight
        ]
        for change, bowl in bowls:
            cost += bowl.cost
            gradient = gradient + change.T @ bowl.gradient
            curvature = curvature + (change.T * bowl.curvature) @ change
        return _Slope(float(cost), gradient, curvature)


def _bowl(off: Vector, weight: Vector | float, free: Vector | float) -> _Slope:
    """Return weight × (what is beyond ``free``)²."""
    beyond = np.maximum(0.0, np.abs(off) - free)
    return _Slope(
        float((weight * beyond**2).sum()), 2 * weight * beyond * np.sign(off), 2 * weight * np.sign(beyond) + 0 * off
    )


def _edge(change: Vector, weight: float, corner: float) -> _Slope:
    """Return weight × |change|, rounded at zero."""
    length = np.sqrt(change**2 + corner**2)
    return _Slope(float(weight * length.sum()), weight * change / length, weight / length)


def _smoothing(cutoff: float) -> float:
    return 1 / (1 + 1 / (2 * np.pi * cutoff * STEP_SECONDS))


def _first(aims: Sequence[Aim | None]) -> float:
    return next((aim.middle for aim in aims if aim is not None), 0.5)
