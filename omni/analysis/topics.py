"""Where the talk changes its subject: valleys of lexical cohesion (Hearst 1997, TextTiling), and long pauses."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import numpy as np

from omni.analysis.signals import Values
from omni.analysis.terms import Terms
from omni.analysis.units import Unit

_BLOCK = 25.0
"""Seconds compared on each side of a border: about 60 words, the block size of TextTiling."""
_APART = 8.0
"""Seconds between two borders: a subject lasts longer than that."""
_DEEP = 0.5
"""Depth of a valley that is certainly a new subject; in short talks depths up to 0.2 are chance (measured on four texts)."""
_LEAST = 0.33
"""A pause 0.7 s longer than usual, or a valley of two thirds: less is the ordinary unevenness of speech."""
_WALK = 40
"""Units after which a wall that still rises is high enough."""


def topic_starts(units: Sequence[Unit], terms: Sequence[Terms]) -> frozenset[int]:
    """Return the indices of units that begin a new subject; the first unit always does."""
    if len(units) < 6:
        return frozenset({0})
    cohesion = [_cohesion(units, terms, i) for i in range(1, len(units))]
    depth = np.array([_depth(cohesion, i) for i in range(len(cohesion))])
    change = 0.5 * np.minimum(1.0, depth / _DEEP) + 0.5 * _pauses(units)
    threshold = max(_LEAST, float(change.mean() + 0.5 * change.std()))
    chosen = [0]
    deep = [i for i in range(len(change)) if change[i] > threshold]
    for i in sorted(deep, key=lambda i: (-change[i], i)):
        if all(abs(units[i + 1].start - units[j].start) >= _APART for j in chosen):
            chosen.append(i + 1)
    return frozenset(chosen)


def _pauses(units: Sequence[Unit]) -> Values:
    """Return how much longer than usual the speaker pauses before each unit but the first, 0–1."""
    gaps = np.array([max(0.0, b.start - a.end) for a, b in pairwise(units)])
    return np.clip(gaps - max(float(np.median(gaps)), 0.2), 0.0, 1.0)


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
    for i in range(at - 1, max(-1, at - _WALK), -1):
        if cohesion[i] < left:
            break
        left = cohesion[i]
    for i in range(at + 1, min(len(cohesion), at + _WALK)):
        if cohesion[i] < right:
            break
        right = cohesion[i]
    return left + right - 2 * cohesion[at]
