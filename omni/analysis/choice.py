"""The set of clips: good each for itself, none overlapping, spread over the video and not alike in words."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, exp
from typing import TypeVar

from omni.analysis.candidates import Candidate
from omni.analysis.judgement import score
from omni.analysis.material import Material, Window

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
    about = _about(usable, material)
    chosen = _varied(about or usable, count, material)
    if about and len(chosen) < count.fewest:
        missing = count.fewest - len(chosen)
        chosen += _varied(usable, Count(missing, missing), material, chosen)
    if len(chosen) < count.fewest:
        kept = [c for c in chosen if c in about]
        free = [c for c in usable if not any(_overlap(c, k) for k in kept)]
        packed = kept + _packed(free, count.fewest - len(kept))
        chosen = packed if len(packed) > len(chosen) else chosen
    return tuple(sorted(chosen, key=lambda c: c.span.start))


def further(candidates: Sequence[C], chosen: Sequence[Candidate], most: int, material: Material) -> tuple[C, ...]:
    """Return at most ``most`` of the next best, best first: apart from the chosen and from each other, and unlike them."""
    ground = material.timeline.ground
    fair = [c for c in candidates if score(c.merit, ground) >= _WORTH]
    about = _varied(_about(fair, material), Count(most, most), material, chosen)
    missing = most - len(about)
    return (*about, *_varied(fair, Count(missing, missing), material, (*chosen, *about)))


def _about(candidates: Sequence[C], material: Material) -> list[C]:
    """Return the ordinary and better ones in which a subject is spoken of that the directives name: they go before all others."""
    named = material.wishes.named
    if not named or not material.has_words:
        return []
    speaks = [bool(named.intersection(traits.terms)) for traits in material.traits]
    ground = material.timeline.ground
    return [
        c for c in candidates if any(speaks[c.window.first : c.window.last]) and score(c.merit, ground) >= _EXTRA_SCORE
    ]


def _varied(candidates: Sequence[C], count: Count, material: Material, beside: Sequence[Candidate] = ()) -> list[C]:
    """Maximal marginal relevance (Carbonell & Goldstein 1998): each next clip is good and unlike those chosen and ``beside``."""
    field = _Field(candidates, material, material.timeline.duration / (3 * (len(beside) + count.most)))
    for other in beside:
        field.yield_to(other)
    chosen: list[C] = []
    while field.free and len(chosen) < count.most:
        pick = candidates[field.best()]
        if len(chosen) >= count.fewest and score(pick.merit, material.timeline.ground) < _EXTRA_SCORE:
            break
        chosen.append(pick)
        field.yield_to(pick)
    return chosen


class _Field:
    """What can still be chosen, and how much each loses by being near and like what is; ``reach`` in seconds."""

    def __init__(self, candidates: Sequence[Candidate], material: Material, reach: float) -> None:
        self._candidates, self._reach = candidates, reach
        self._words = _Words(material)
        self._said = [self._words.of(c.window) for c in candidates]
        self._loss = [0.0] * len(candidates)
        self.free = list(range(len(candidates)))

    def best(self) -> int:
        """Return the index of the best that is free; of equals the earliest."""
        return max(self.free, key=lambda i: (self._worth(i), -self._candidates[i].span.start, -i))

    def yield_to(self, pick: Candidate) -> None:
        """Leave out what overlaps a pick, and lower what is near or like it."""
        self.free = [i for i in self.free if not _overlap(self._candidates[i], pick)]
        said = self._words.of(pick.window)
        for i in self.free:
            span = self._candidates[i].span
            gap = max(pick.span.start - span.end, span.start - pick.span.end)
            loss = _NEAR * exp(-max(0.0, gap) / self._reach) + _ALIKE * _likeness(self._said[i], said)
            self._loss[i] = max(self._loss[i], loss)

    def _worth(self, i: int) -> float:
        return self._candidates[i].merit - self._loss[i]


class _Words:
    """What is said in a window as a set of bits, one a content stem: thousands of windows are compared with each pick."""

    def __init__(self, material: Material) -> None:
        stems = dict.fromkeys(stem for traits in material.traits for stem in traits.terms)
        bits = {stem: 1 << i for i, stem in enumerate(stems)}
        self._units = [_union(bits[stem] for stem in traits.terms) for traits in material.traits]

    def of(self, window: Window) -> int:
        """Return the stems of a window."""
        return _union(self._units[window.first : window.last])


def _union(sets: Iterable[int]) -> int:
    union = 0
    for bits in sets:
        union |= bits
    return union


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


def _likeness(a: int, b: int) -> float:
    return (a & b).bit_count() / min(a.bit_count(), b.bit_count()) if a and b else 0.0
