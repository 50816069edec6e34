"""Whether a trait makes a difference or chance does: an estimate with its error, and the guard against asking many questions.

Clips of one video do well or badly together, so a video is one witness rather than as many as it has clips: the estimate is a
random-effects regression (Fuller & Battese 1973), its error is taken over videos (Liang & Zeger 1986), and its degrees of freedom are
those of the videos in which the trait varies.
"""

from collections.abc import Sequence
from math import log, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FALSE_DISCOVERIES = 0.1
"""Share of what is believed that may be chance (Benjamini & Hochberg 1995). Compared in bench.memory (26 November 2026): where nothing makes a difference,
2.5 % of workspaces believe anything after 200 clips (0.05: 0.5 %, 0.2: 6.5 %); where something does, 50 clips gain 27 % (14 %, 28 %)."""
_DOUBTERS = 2
"""Traits without any effect that each kind is credited with: of few traits, the one past the guard was lucky too."""
_LEAST_ERROR = 1e-9
"""Of an estimate, in the unit of the values: below it all values are the same, but for the rounding of floats."""


class Estimate(NamedTuple):
    """How much a trait adds, the error of that, and how probable as much is by chance."""

    effect: float
    error: float
    chance: float


class Witnesses:
    """Values with the group and the weight of each, ready to be asked about traits."""

    def __init__(self, values: Floats, groups: Sequence[str], weights: Floats) -> None:
        self._codes = np.unique(np.array(groups), return_inverse=True)[1]
        self._weights, self._root = weights, np.sqrt(weights)
        self._mass = np.bincount(self._codes, weights)
        within, between = self._variances(values)
        share = within / (within + self._mass * between) if within > 0 else np.ones_like(self._mass)
        self._theta = 1 - np.sqrt(share)[self._codes]
        self._constant = self._root * (1 - self._theta)
        self._values = self._centred(values)

    def estimate(self, has: NDArray[np.bool_]) -> Estimate | None:
        """Return what having a trait adds to a value; ``None`` where nothing can be compared."""
        trait = self._centred(has.astype(np.float64))
        spread = float(trait @ trait)
        groups = len(self._mass)
        if spread < 1e-9 or groups < 2 or len(trait) < 3:
            return None
        effect = float(trait @ self._values) / spread
        rest = self._values - effect * trait
        scores = np.bincount(self._codes, trait * rest)
        by_group = float(scores @ scores) * groups / (groups - 1)
        by_value = float(rest @ rest) / (len(rest) - 2) * spread
        error = sqrt(max(by_group, by_value)) / spread  # few groups make the first too small
        if error < _LEAST_ERROR:
            return None
        shares = np.bincount(self._codes, trait * trait) / spread
        freedom = max(1.0, 1 / float(shares @ shares) - 1)
        return Estimate(effect, error, chance_of(effect / error, freedom))

    def _centred(self, values: Floats) -> Floats:
        """Take from each value the part of its group's mean that the group's own luck explains, and the common mean."""
        means = np.bincount(self._codes, self._weights * values) / self._mass
        moved = self._root * (values - self._theta * means[self._codes])
        constant = self._constant
        size = float(constant @ constant)
        return moved - constant * (float(constant @ moved) / size) if size > 0 else moved

    def _variances(self, values: Floats) -> tuple[float, float]:
        """Return the variance within groups and between them, by moments."""
        weights, mass = self._weights, self._mass
        total = float(mass.sum())
        means = np.bincount(self._codes, weights * values) / mass
        squares = np.bincount(self._codes, weights * weights)
        room = total - float((squares / mass).sum())
        if room < 1e-9:  # one value a group: nothing tells a group's luck from a value's own
            return float(np.var(values)), 0.0
        within = float((weights * (values - means[self._codes]) ** 2).sum()) / room
        centre = float((mass * means).sum()) / total
        apart = float((mass * (means - centre) ** 2).sum()) - (len(mass) - 1) * within
        return within, max(0.0, apart / max(1e-9, total - float((mass * mass).sum()) / total))


def chance_of(ratio: float, freedom: float) -> float:
    """Return how probable a Student's t at least this far from 0 is, either way; Wallace's normal approximation (1959).

    >>> round(chance_of(2.262, 9), 2), round(chance_of(3.182, 3), 2)
    (0.05, 0.05)
    """
    normal = (8 * freedom + 1) / (8 * freedom + 3) * sqrt(freedom * log(1 + ratio * ratio / freedom))
    return 2 * (1 - NormalDist().cdf(normal))


def believed(chances: Sequence[float]) -> tuple[bool, ...]:
    """Tell which of many findings stand, so that no more than FALSE_DISCOVERIES of them are expected to be chance."""
    order = sorted(range(len(chances)), key=lambda i: chances[i])
    passing = [rank for rank, i in enumerate(order, start=1) if chances[i] <= FALSE_DISCOVERIES * rank / len(chances)]
    kept = set(order[: max(passing, default=0)])
    return tuple(i in kept for i in range(len(chances)))


def shrinkage(estimates: Sequence[Estimate]) -> tuple[float, ...]:
    """Return how much of each estimate is to be believed, 0–1: all, if they differ far beyond their errors (empirical Bayes)."""
    if not estimates:
        return ()
    precision = [1 / one.error**2 for one in estimates]
    apart = sum(p * (one.effect**2 - one.error**2) for p, one in zip(precision, estimates, strict=True))
    spread = max(0.0, apart / sum(precision)) * len(estimates) / (len(estimates) + _DOUBTERS)
    return tuple(spread / (spread + one.error**2) for one in estimates)
