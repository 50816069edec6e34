"""The one mapping between source time and clip time."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from omni.contracts import Span


@dataclass(frozen=True)
class Splice:
    """Pieces of the source, in order and apart, one behind the other."""

    pieces: tuple[Span, ...]

    @classmethod
    def of(cls, pieces: Sequence[Span]) -> "Splice":
        """Return the splice of these pieces; there must be one at least."""
        return cls(tuple(pieces))

    @cached_property
    def _starts(self) -> tuple[float, ...]:
        """Clip time at which each piece begins, and the end of the last."""
        return tuple(accumulate((piece.length for piece in self.pieces), initial=0.0))

    @property
    def length(self) -> float:
        """Seconds of the clip."""
        return self._starts[-1]

    @property
    def joins(self) -> tuple[float, ...]:
        """Clip times at which one piece follows another."""
        return self._starts[1:-1]

    def clip_time(self, t: float) -> float:
        """Return when source time ``t`` is shown; what was left out is at its join, what lies outside at the nearer end."""
        number = max(0, bisect_right(self.pieces, t, key=lambda piece: piece.start) - 1)
        piece = self.pieces[number]
        return self._starts[number] + min(max(t - piece.start, 0.0), piece.length)

    def source_time(self, t: float) -> float:
        """Return what is shown at clip time ``t``; a join belongs to the piece that it begins."""
        number = min(max(0, bisect_right(self._starts, t) - 1), len(self.pieces) - 1)
        piece = self.pieces[number]
        return piece.start + min(max(t - self._starts[number], 0.0), piece.length)

    def shown(self, span: Span) -> Span | None:
        """Return when a span of the source is shown, from its first to its last moment; ``None`` when it isn't."""
        if not any(span.overlap(piece) for piece in self.pieces):
            return None
        return Span(start=self.clip_time(span.start), end=self.clip_time(span.end))
