"""Where exactly an edge of a clip may fall: never across a shot cut by a sliver, rather in silence, rather near the wish."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from omni.contracts import Span

Side = Literal["start", "end"]

_FRAMES = 5
"""A shot shorter than this at a clip's edge flashes up as a mistake (TARGETS §2)."""
_OUTPUT_FPS = 30.0
"""A Short has at most this rate by default: five frames of a faster source would be too few frames of the Short."""
_LONGEST_SLIVER = 0.5
"""Five frames of a slide show at 2 fps are no sliver."""
_TOUCH = 0.02
"""Speech detectors see in steps of about 30 ms: an edge this near to a region's border is outside of it."""
_EPSILON = 1e-6
"""Seconds that floating point may cost."""


def sliver_seconds(fps: float) -> float:
    """Return the length below which a piece of a shot at a clip's edge is a sliver."""
    return min(_LONGEST_SLIVER, max(_FRAMES / fps, _FRAMES / _OUTPUT_FPS)) + 0.001


@dataclass(frozen=True)
class Obstacles:
    """What an edge must mind: shot cuts (ascending times), speech and black stretches (:func:`merged`)."""

    cuts: tuple[float, ...]
    sliver: float
    speech: tuple[Span, ...] = ()
    dark: tuple[Span, ...] = ()

    def place(self, side: Side, zone: tuple[float, float], wish: float) -> float | None:
        """Return the best time in ``zone`` for an edge, ``None`` when each would leave a sliver of another shot."""
        low, high = zone
        points = (min(high, max(low, p)) for p in self._candidates(low, high, wish))
        legal = [p for p in points if not self._leaves_sliver(side, p)]
        return min(legal, key=lambda p: self._cost(side, p, wish), default=None)

    def in_speech(self, t: float) -> bool:
        """Tell whether ``t`` lies well inside a speech region."""
        return _inside(self.speech, t)

    def _candidates(self, low: float, high: float, wish: float) -> Iterable[float]:
        yield from (wish, low, high)
        for cut in self._cuts_between(low - self.sliver, high + self.sliver):
            yield from (cut, cut - self.sliver, cut + self.sliver)
        for span in (*_near(self.speech, low, high), *_near(self.dark, low, high)):
            yield from (span.start, span.end, span.start - 2 * _TOUCH, span.end + 2 * _TOUCH)

    def _cuts_between(self, low: float, high: float) -> tuple[float, ...]:
        return self.cuts[bisect_left(self.cuts, low) : bisect_right(self.cuts, high)]

    def _leaves_sliver(self, side: Side, t: float) -> bool:
        """Tell whether a cut comes less than a sliver after a start, or before an end."""
        low, high = (t, t + self.sliver) if side == "start" else (t - self.sliver, t)
        return any(low + _EPSILON < cut < high - _EPSILON for cut in self._cuts_between(low, high))

    def _cost(self, side: Side, t: float, wish: float) -> tuple[bool, bool, bool, float, float]:
        # The other side of a cut is clean, but only as far as the detector hit the frame: better away from it.
        other: Side = "end" if side == "start" else "start"
        return (self.in_speech(t), self._leaves_sliver(other, t), _inside(self.dark, t), abs(t - wish), t)


def merged(spans: Iterable[Span], gap: float = 0.0) -> tuple[Span, ...]:
    """Return the spans in time order, joined where they overlap or lie no more than ``gap`` seconds apart."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if joined and span.start <= joined[-1].end + gap:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        elif span.end > span.start:
            joined.append(Span(start=span.start, end=span.end))
    return tuple(joined)


def _near(spans: Sequence[Span], low: float, high: float) -> Sequence[Span]:
    first = bisect_left(spans, low, key=lambda s: s.end)
    return spans[first : bisect_right(spans, high, key=lambda s: s.start)]


def _inside(spans: Sequence[Span], t: float) -> bool:
    i = bisect_right(spans, t, key=lambda s: s.start) - 1
    return i >= 0 and spans[i].start + _TOUCH < t < spans[i].end - _TOUCH
