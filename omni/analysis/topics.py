"""Where the talk changes its subject: valleys of lexical cohesion (Hearst 1997, TextTiling)."""

from collections import Counter
from collections.abc import Sequence
from math import sqrt

import numpy as np

from omni.analysis.salience import Terms
from omni.analysis.units import Unit

_BLOCK = 25.0
"""Seconds compared on each side of a border: about 60 words, the block size of TextTiling."""
_APART = 20.0
"""Seconds between two borders: a subject lasts longer than that."""


def topic_starts(units: Sequence[Unit], terms: Sequence[Terms]) -> frozenset[int]:
    """Return the indices of units that begin a new subject; the first unit always does."""
    if len(units) < 6:
        return frozenset({0})
    cohesion = [_cohesion(units, terms, i) for i in range(1, len(units))]
    depth = np.array([_depth(cohesion, i) for i in range(len(cohesion))])
    threshold = float(depth.mean() + 0.5 * depth.std())
    chosen = [0]
    for i in sorted(range(len(depth)), key=lambda i: (-depth[i], i)):
        far = all(abs(units[i + 1].start - units[j].start) >= _APART for j in chosen)
        if depth[i] > max(threshold, 0.05) and far:
            chosen.append(i + 1)
    return frozenset(chosen)


def _cohesion(units: Sequence[Unit], terms: Sequence[Terms], border: int) -> float:
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    i = border - 1
    while i >= 0 and units[border - 1].end - units[i].start <= _BLOCK:
        left.update(terms[i])
        i -= 1
    i = border
    while i < len(units) and units[i].end - units[border].start <= _BLOCK:
        right.update(terms[i])
        i += 1
    shared = sum(n * right[stem] for stem, n in left.items())
    norm = sqrt(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
    return shared / norm if norm else 0.0


def _depth(cohesion: Sequence[float], at: int) -> float:
    """Return how far the walls on both sides of a valley rise above it."""
    left = right = cohesion[at]
    for i in range(at - 1, -1, -1):
        if cohesion[i] < left:
            break
        left = cohesion[i]
    for i in range(at + 1, len(cohesion)):
        if cohesion[i] < right:
            break
        right = cohesion[i]
    return left + right - 2 * cohesion[at]
