"""A long recording in parts, and the one function that makes a time of a part a time of the source."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from omni.analysis.choice import Count
from omni.analysis.units import Unit
from omni.contracts import Span

LONGEST_PART = 1800.0
"""Seconds shown at once: about 100 tokens each (FACTS.md), so that 200 000, from which Pro models cost twice as much, aren't reached;
and times get worse the longer a recording is."""
OVERLAP = 90.0
"""Seconds that two parts share: the longest Short there is, so that each moment lies whole in one of them."""
_ROUNDING = 1e-3
_SPARE = 2
"""Clips asked for beyond the most: some will be dropped."""


@dataclass(frozen=True)
class Part:
    """A stretch of the source that is shown to the model by itself, its t = 0 being ``span.start``."""

    number: int
    of: int
    span: Span

    @property
    def length(self) -> float:
        """Seconds."""
        return self.span.length

    def absolute(self, seconds: float) -> float:
        """Return a time of this part as a time of the source: the only place where a part's start is added."""
        return self.span.start + seconds

    def relative(self, seconds: float) -> float:
        """Return a time of the source as a time of this part."""
        return seconds - self.span.start


def parts_of(duration: float, is_wanted: Callable[[Span], bool] = lambda _: True) -> tuple[Part, ...]:
    """Return the parts of a source, equally long, without those that aren't wanted; when none is, all."""
    count = max(1, ceil((duration - OVERLAP) / (LONGEST_PART - OVERLAP)))
    length = (duration + (count - 1) * OVERLAP) / count
    starts = [i * (length - OVERLAP) for i in range(count)]
    spans = [Span(start=start, end=min(duration, start + length)) for start in starts]
    wanted = [span for span in spans if is_wanted(span)] or spans
    return tuple(Part(i, len(wanted), span) for i, span in enumerate(wanted, start=1))


def units_in(span: Span, units: Sequence[Unit]) -> Sequence[Unit]:
    """Return the units that lie whole in a stretch of the source."""
    first = bisect_left(units, span.start, key=lambda u: u.start)
    last = bisect_left(units, span.end, key=lambda u: u.start)
    while last > first and units[last - 1].end > span.end + _ROUNDING:
        last -= 1
    return units[first:last]


def share_of(count: Count, parts: int) -> Count:
    """Return how many clips one of ``parts`` parts is asked for; without a floor a model gives one (FACTS.md)."""
    fewest = max(1, ceil(count.fewest / parts))
    return Count(fewest, max(fewest, ceil(count.most / parts)) + _SPARE, firm=count.firm)
