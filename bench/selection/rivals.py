"""What costs no thought: windows at random, the first ones, the loudest ones, each as many and as long as ours."""

from collections.abc import Sequence
from math import ceil
from random import Random

import numpy as np

from omni.contracts import Curve, Span


def at_random(lengths: Sequence[float], duration: float, dice: Random) -> tuple[Span, ...]:
    """Return windows of these lengths that don't overlap, placed by chance: every arrangement is equally likely."""
    shuffled = dice.sample(list(lengths), len(lengths))
    room = max(0.0, duration - sum(shuffled))
    borders = sorted(dice.uniform(0, room) for _ in shuffled)
    spans: list[Span] = []
    for before, (gap, length) in zip(_sums(shuffled), zip(borders, shuffled, strict=True), strict=True):
        spans.append(Span(start=gap + before, end=min(duration, gap + before + length)))
    return tuple(spans)


def first_ones(lengths: Sequence[float], duration: float) -> tuple[Span, ...]:
    """Return windows of these lengths one after the other from the beginning."""
    starts = _sums(lengths)
    return tuple(Span(start=a, end=min(duration, a + n)) for a, n in zip(starts, lengths, strict=True) if a < duration)


def loudest_ones(lengths: Sequence[float], duration: float, levels: Curve) -> tuple[Span, ...]:
    """Return the windows with the highest mean loudness, each where the others leave room; silence counts as −40 LUFS."""
    values = np.maximum(np.array(levels.values), -40.0)
    spans: list[Span] = []
    for length in sorted(lengths, reverse=True):
        size = max(1, round(length))
        means = np.convolve(values, np.full(size, 1 / size), mode="valid")
        for start in np.argsort(-means, kind="stable").tolist():
            span = Span(start=start, end=min(duration, start + length))
            if all(span.overlap(other) <= 0 for other in spans):
                spans.append(span)
                break
    return tuple(spans)


def seconds_of(spans: Sequence[Span], duration: float) -> np.ndarray:
    """Return for each second whether a span holds its middle."""
    middles = np.arange(ceil(duration)) + 0.5
    return np.any([(s.start <= middles) & (middles < s.end) for s in spans], axis=0)


def _sums(lengths: Sequence[float]) -> list[float]:
    sums = [0.0]
    for length in lengths[:-1]:
        sums.append(sums[-1] + length)
    return sums
