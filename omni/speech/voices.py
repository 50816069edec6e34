"""Two voices told apart by how high they are: only where nobody can mistake them, else one."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from omni.contracts import Sentence, Span, Word

_FEWEST_FRAMES = 20
"""Voiced frames (0.3 s) from which a phrase has a height."""
_APART = 8.0
"""Semitones between two voices: one speaker who raises his voice by half goes up by seven."""
_NARROW = 2.0
"""Semitones that the phrases of one voice stray from its middle (standard deviation): one who ranges is one voice, not two."""
_BETWEEN = 0.05
"""Share of the speech that may lie half-way between two voices."""
_PURE = 0.8
"""Share of a phrase's pitches that must be nearer to its own voice: less is two voices in one breath, or a voice that leaps."""
_AT = 0.3
"""Seconds between the start of a phrase and of the word it begins with."""
_PHRASES = 4
"""Phrases that a voice must have said, and..."""
_SHARE = 0.04
"""...its share of the voiced speech: less is an imitation, a cough or a mistake."""


def voices_of(heights: NDArray[np.float32], hop: float, speech: Sequence[Span]) -> tuple[int, ...]:
    """Return whose each region of speech is: 1 the lower voice, 2 the higher one, 0 unknown; all 0 where one voice is heard.

    ``heights`` are semitones, one a ``hop``, not-a-number where nothing is voiced.
    """
    parts = [heights[round(s.start / hop) : round(s.end / hop)] for s in speech]
    voiced = [part[~np.isnan(part)] for part in parts]
    known = [i for i, part in enumerate(voiced) if len(part) >= _FEWEST_FRAMES]
    if len(known) < 2 * _PHRASES:
        return (0,) * len(speech)
    middles = np.array([np.median(voiced[i]) for i in known], np.float64)
    weights = np.array([len(voiced[i]) for i in known], np.float64)
    border = _border(middles, weights)
    if border is None:
        return (0,) * len(speech)
    whose = {i: _whose(voiced[i], border) for i in known}
    return tuple(whose.get(i, 0) for i in range(len(speech)))


def turns_heard(
    voices: Sequence[int], speech: Sequence[Span], words: Sequence[Word], sentences: Sequence[Sentence]
) -> tuple[int, ...]:
    """Return the words with which the other voice begins, each the first of a sentence.

    A change of voice that no sentence begins with is left out: it is rather a word that was placed wrongly.
    """
    starts = [words[s.first].start for s in sentences]
    turns: list[int] = []
    for (before, _), (after, span) in pairwise(zip(voices, speech, strict=True)):
        if {before, after} == {1, 2} and starts:
            near = min(bisect_left(starts, span.start), len(starts) - 1)
            best = min((near, max(0, near - 1)), key=lambda i: abs(starts[i] - span.start))
            if abs(starts[best] - span.start) <= _AT:
                turns.append(sentences[best].first)
    return tuple(dict.fromkeys(turns))


def _whose(pitches: NDArray[np.float32], border: float) -> int:
    above = float(np.mean(pitches > border))
    return 2 if above >= _PURE else 1 if above <= 1 - _PURE else 0


def _border(middles: NDArray[np.float64], weights: NDArray[np.float64]) -> float | None:
    """Return the height half-way between two voices, ``None`` where the phrases are not clearly two heaps."""
    order = np.argsort(middles)
    total, sums = np.cumsum(weights[order]), np.cumsum((weights * middles)[order])
    low, high = total[:-1], total[-1] - total[:-1]
    # Otsu's split: the most variance between the heaps.
    between = low * high * np.square(sums[:-1] / low - (sums[-1] - sums[:-1]) / high)
    cut = int(np.argmax(between)) + 1
    heaps = order[:cut], order[cut:]
    means = [float(np.average(middles[h], weights=weights[h])) for h in heaps]
    spreads = [
        float(np.sqrt(np.average(np.square(middles[h] - m), weights=weights[h])))
        for h, m in zip(heaps, means, strict=True)
    ]
    gap = means[1] - means[0]
    share = min(float(weights[h].sum()) for h in heaps) / float(weights.sum())
    half_way = np.abs(middles - sum(means) / 2) < gap / 6
    strays = float(weights[half_way].sum()) / float(weights.sum())
    if gap < _APART or max(spreads) > _NARROW or strays > _BETWEEN:
        return None
    if min(len(h) for h in heaps) < _PHRASES or share < _SHARE:
        return None
    return sum(means) / 2
