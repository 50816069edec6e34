"""The evidence's time line as shapes of an SVG: decided here, drawn by the template; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from omni.contracts import Contender, EvidenceTimeline, EvidenceTrack

WIDTH = 1000.0
TRACK, GAP = 34.0, 8.0
"""Height of a curve and the room between two."""
LANE = 26.0
"""Height of the row of picks, of contenders and of subjects."""
LABELS = 22.0
POINTS = 500
"""Points of a curve: more can't be told apart on a thousand units."""
STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
MARKS = 10


@dataclass(frozen=True)
class Band:
    """A box on the time line; ``x`` and ``width`` in its units, ``start`` and ``end`` in seconds of the source."""

    x: float
    width: float
    start: float
    end: float
    text: str
    number: int | None = None
    score: float = 0.0


@dataclass(frozen=True)
class Curve:
    """One kind of evidence: the outline of its area, and where its row begins."""

    label: str
    top: float
    path: str


@dataclass(frozen=True)
class Drawing:
    """All shapes, in the units of the view box."""

    height: float
    curves_top: float
    picks: tuple[Band, ...]
    others: tuple[Band, ...]
    subjects: tuple[Band, ...]
    curves: tuple[Curve, ...]
    marks: tuple[Band, ...]
    """Where the clock is written."""


def drawing(told: EvidenceTimeline) -> Drawing:
    """Return the shapes of a time line."""
    top = LABELS + 3 * LANE + 2 * GAP
    curves = tuple(
        Curve(track.label, top + row * (TRACK + GAP), _area(track, top + row * (TRACK + GAP), told.duration))
        for row, track in enumerate(told.tracks)
    )
    return Drawing(
        height=top + len(curves) * (TRACK + GAP),
        curves_top=top,
        picks=tuple(_contender(one, told.duration) for one in told.contenders if one.number is not None),
        others=tuple(_contender(one, told.duration) for one in told.contenders if one.number is None),
        subjects=tuple(_band(one.start, one.end, one.title, told.duration) for one in told.subjects),
        curves=curves,
        marks=tuple(_marks(told.duration)),
    )


def _contender(one: Contender, duration: float) -> Band:
    x, width = _place(one.start, one.end, duration)
    return Band(x, width, one.start, one.end, one.reason, one.number, one.score)


def _band(start: float, end: float, text: str, duration: float) -> Band:
    return Band(*_place(start, end, duration), start, end, text)


def _place(start: float, end: float, duration: float) -> tuple[float, float]:
    """Return x and width; what is short stays to be seen."""
    x = min(start, duration) / duration * WIDTH
    return round(x, 1), round(max(2.0, min(end, duration) / duration * WIDTH - x), 1)


def _area(track: EvidenceTrack, top: float, duration: float) -> str:
    """Return a curve as a filled outline: each second's value, or the highest of several seconds."""
    values = _thinned(track.values)
    if not values:
        return ""
    step = len(track.values) / len(values) / duration * WIDTH
    points = [
        f"{min(WIDTH, i * step):.1f} {top + TRACK * (1 - min(1.0, max(0.0, v))):.1f}" for i, v in enumerate(values)
    ]
    floor, last = top + TRACK, min(WIDTH, len(values) * step)
    stairs = " L".join(f"{a} L{b.split()[0]} {a.split()[1]}" for a, b in pairwise([*points, f"{last:.1f} {floor:.1f}"]))
    return f"M0 {floor:.1f} L{stairs} L{last:.1f} {floor:.1f} Z"


def _thinned(values: Sequence[float]) -> list[float]:
    width = max(1, -(-len(values) // POINTS))
    return [max(values[i : i + width]) for i in range(0, len(values), width)]


def _marks(duration: float) -> list[Band]:
    step = next((step for step in STEPS if duration / step <= MARKS), STEPS[-1])
    return [_band(at, at, "", duration) for at in range(0, int(duration) + 1, step)]
