"""The set of clips: good each for itself, none overlapping, spread over the video and not alike in words."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp
from typing import TypeVar

from omni.analysis.candidates import Candidate
from omni.analysis.judgement import score
from omni.analysis.material import Material

C = TypeVar("C", bound=Candidate)

_NEAR = 1.2
"""Merit lost beside a chosen clip: about one strong sign, so that a far equal wins and a far worse one doesn't."""
_ALIKE = 2.0
"""Merit lost by saying the same words as a chosen clip."""
_EXTRA_SCORE = 40.0
"""A clip beyond the fewest must be about ordinary."""
_WORTH = 15.0
"""Below this score something is broken (dead air, black, a torn sentence): better three clips than four with that one."""
_SECONDS_EACH = 45.0
"""Source seconds that carry one more clip: up to 3 minutes four, from 6 minutes nine."""
_ONE_BELOW = 45.0
"""A source shorter than this yields one clip (TARGETS §2)."""
_FEWEST, _MOST = 4, 9
"""Clips per job (TARGETS §2)."""


@dataclass(frozen=True)
class Count:
    """How many clips to choose; ``firm`` when the operator named the number."""

    fewest: int
    most: int
    firm: bool = False


def count_for(clips: int | None, duration: float) -> Count:
    """Return how many clips a source should give."""
    if clips is not None:
        return Count(clips, clips, firm=True)
    if duration < _ONE_BELOW:
        return Count(1, 1)
    return Count(_FEWEST, max(_FEWEST, min(_MOST, ceil(duration / _SECONDS_EACH))))


def choose(candidates: Sequence[C], count: Count, material: Material) -> tuple[C, ...]:
    """Return the chosen clips in time order; fewer than ``count.fewest`` when more don't fit or aren't worth it."""
    ground = material.timeline.ground
    worth = [c for c in candidates if count.firm or score(c.merit, ground) >= _WORTH]
    usable = worth or sorted(candidates, key=lambda c: (-c.merit, c.span.start))[:1]
    chosen = _varied(usable, count, material)
    if len(chosen) < count.fewest:
        packed = _packed(usable, count.fewest)
        chosen = packed if len(packed) > len(chosen) else chosen
    return tuple(sorted(chosen, key=lambda c: c.span.start))


def _varied(candidates: Sequence[C], count: Count, material: Material) -> list[C]:
    """Maximal marginal relevance (Carbonell & Goldstein 1998): each next clip is good and unlike the chosen ones."""
    stems = [material.stems_of(c.window) for c in candidates]
    penalty = [0.0] * len(candidates)
    scale = material.timeline.duration / (3 * count.most)
    free: list[int] = list(range(len(candidates)))
    chosen: list[C] = []
    while free and len(chosen) < count.most:
        best = max(free, key=lambda i: (candidates[i].merit - penalty[i], -candidates[i].span.start, -i))
        pick = candidates[best]
        if len(chosen) >= count.fewest and score(pick.merit, material.timeline.ground) < _EXTRA_SCORE:
            break
        chosen.append(pick)
        free = [i for i in free if not _overlap(candidates[i], pick)]
        for i in free:
            gap = max(pick.span.start - candidates[i].span.end, candidates[i].span.start - pick.span.end)
            loss = _NEAR * exp(-max(0.0, gap) / scale) + _ALIKE * _likeness(stems[i], stems[best])
            penalty[i] = max(penalty[i], loss)
    return chosen


def _packed(candidates: Sequence[C], count: int) -> list[C]:
    """Weighted interval scheduling with a fixed number: the best ``count`` windows that fit together, else as many as fit."""
    order = sorted(candidates, key=lambda c: (c.span.end, c.span.start))
    ends = [c.span.end for c in order]
    before = [bisect_right(ends, c.span.start) for c in order]
    floor = float("-inf")
    best = [[0.0] * (len(order) + 1)]
    for _ in range(count):
        row = [floor]
        for i, candidate in enumerate(order):
            row.append(max(row[i], best[-1][before[i]] + candidate.merit))
        if row[-1] == floor:
            break
        best.append(row)
    return _traced(order, before, best)


def _traced(order: Sequence[C], before: Sequence[int], best: Sequence[Sequence[float]]) -> list[C]:
    chosen: list[C] = []
    i = len(order)
    for k in range(len(best) - 1, 0, -1):
        while best[k][i] == best[k][i - 1]:
            i -= 1
        chosen.append(order[i - 1])
        i = before[i - 1]
    return chosen


def _overlap(a: Candidate, b: Candidate) -> bool:
    return a.span.start < b.span.end and b.span.start < a.span.end


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
