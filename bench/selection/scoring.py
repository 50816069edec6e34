"""How well a set of windows meets the marks of one talk, and all talks together."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Self

from omni.contracts import Span

COVERED = 0.6
"""Share of a highlight that one window must hold."""
FOREIGN = 1 / 3
"""Share of a window above which a distractor counts: a third of a Short is more than a viewer forgives."""
_EARLY, _LATE = 0.5, 0.8
"""Seconds before the first and after the last word that still belong to a whole sentence (TARGETS §2)."""
_TOUCH = 0.06


@dataclass(frozen=True)
class Counts:
    """Figures that add up."""

    def __add__(self, other: Self) -> Self:
        return type(self)(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Tally(Counts):
    """What windows do to the marks of talks."""

    marks: int
    hit: int
    """Marks that a window holds."""
    windows: int
    holding: int
    """Windows that hold a mark."""
    distracted: int
    """Windows of which a third or more is a distractor."""
    seconds: float
    """Length of the windows together."""
    wanted: float
    """Seconds of it that lie in a mark."""

    @property
    def hit_rate(self) -> float:
        """Share of the marks that were found."""
        return self.hit / self.marks if self.marks else 0.0

    @property
    def precision(self) -> float:
        """Share of the windows that hold a mark."""
        return self.holding / self.windows if self.windows else 0.0

    @property
    def aim(self) -> float:
        """Share of the windows' seconds that lie in a mark: no gain in being long."""
        return self.wanted / self.seconds if self.seconds else 0.0

    @property
    def distraction(self) -> float:
        """Share of the windows spoilt by a distractor."""
        return self.distracted / self.windows if self.windows else 0.0


NOTHING = Tally(0, 0, 0, 0, 0, 0.0, 0.0)


def tally(windows: Sequence[Span], highlights: Sequence[Span], distractors: Sequence[Span]) -> Tally:
    """Count what a set of windows does to the marks of a talk."""
    return Tally(
        marks=len(highlights),
        hit=sum(any(_holds(w, mark) for w in windows) for mark in highlights),
        windows=len(windows),
        holding=sum(any(_holds(w, mark) for mark in highlights) for w in windows),
        distracted=sum(sum(w.overlap(d) for d in distractors) >= FOREIGN * w.length for w in windows),
        seconds=sum(w.length for w in windows),
        wanted=sum(w.overlap(mark) for w in windows for mark in highlights),
    )


@dataclass(frozen=True)
class Wholeness(Counts):
    """How many windows begin and end where a sentence does."""

    windows: int
    starts: int
    ends: int


UNCUT = Wholeness(0, 0, 0)


def wholeness(windows: Iterable[Span], sentences: Sequence[Span]) -> Wholeness:
    """Count windows whose edges lie at the border of a sentence, by the times at which it was really said."""
    found = list(windows)
    starts = sum(any(-_TOUCH <= s.start - w.start <= _EARLY + _TOUCH for s in sentences) for w in found)
    ends = sum(any(-_TOUCH <= w.end - s.end <= _LATE + _TOUCH for s in sentences) for w in found)
    return Wholeness(len(found), starts, ends)


def _holds(window: Span, mark: Span) -> bool:
    return window.overlap(mark) >= COVERED * mark.length
