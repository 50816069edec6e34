"""A camera path as an FFmpeg expression of time, and the frames that a tightened cut keeps as one of their number."""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from omni.contracts import Segment, Span

Point = tuple[float, float]
STRAIGHT = 0.02
"""Pixels of the source by which a path may miss a key: a fiftieth of one is not to be seen."""


def camera_path(
    run: Sequence[Segment], offset: float, rate: Fraction, *, lower: bool = False
) -> list[tuple[float, float, float]]:
    """Return (time, x, y) of all keys of a run of segments, or of their lower crops, times counted from ``offset``.

    Where two segments meet, both keys stand at the same time, a jump: half a frame before the output frame that shows
    the first picture of the new shot, for the ``fps`` filter puts a picture on the nearest frame.
    """
    keys = [(key.t - offset, key.x, key.y) for segment in run for key in (segment.lower if lower else segment.path)]
    jumps = {round(segment.start - offset, 6): _between_frames(segment.start - offset, rate) for segment in run[1:]}
    return [(jumps.get(round(t, 6), t), x, y) for t, x, y in keys]


def _between_frames(t: float, rate: Fraction) -> float:
    shown_from = math.floor(t * float(rate) + 0.5 + 1e-6)  # halves are rounded up, as FFmpeg does
    return (shown_from - 0.5) / float(rate)


def piecewise_linear(points: Sequence[Point]) -> str:
    """Return an expression of ``t`` through the points, as a balanced tree: a chain of ≥ 99 terms fails in FFmpeg.

    >>> piecewise_linear([(0, 5), (9, 5)])
    '5'
    >>> piecewise_linear([(0, 5), (2, 6), (9, 6)])
    'if(lt(t,2),5+0.5*max(t,0),6)'
    """
    pieces = [(a, b) for a, b in pairwise(points) if b[0] > a[0]]
    if not pieces or all(value == points[0][1] for _, value in points):
        return _number(points[0][1])
    lines = _merged(pieces)
    return _tree([(start[0], _line(start, end, n == 0, n == len(lines) - 1)) for n, (start, end) in enumerate(lines)])


def kept_frames(pieces: Sequence[Span], rate: Fraction) -> str:
    """Return an expression of the frame number ``n`` that is 1 for the frames of the pieces, as a balanced tree.

    >>> kept_frames([Span(start=3, end=4), Span(start=5, end=6)], Fraction(25))
    'if(lt(n,25),1,if(lt(n,50),0,1))'
    """
    origin = pieces[0].start
    edges = [round((t - origin) * float(rate)) for piece in pieces for t in (piece.start, piece.end)]
    return _frame_tree([(last, index % 2) for index, last in enumerate([*edges[1:-1], 0], 1)])


def _frame_tree(runs: Sequence[tuple[int, int]]) -> str:
    """Return a tree over runs (first frame after the run, whether it is kept); the last one has no end."""
    if len(runs) == 1:
        return str(runs[0][1])
    middle = len(runs) // 2
    return f"if(lt(n,{runs[middle - 1][0]}),{_frame_tree(runs[:middle])},{_frame_tree(runs[middle:])})"


def _merged(pieces: list[tuple[Point, Point]]) -> list[tuple[Point, Point]]:
    """Join neighbours that lie on one line: the keys of a path stand where either of its axes turns."""
    runs = [list(pieces[0])]
    for start, end in pieces[1:]:
        if runs[-1][-1] == start and all(_miss(runs[-1][0], key, end) <= STRAIGHT for key in runs[-1][1:]):
            runs[-1].append(end)
        else:
            runs.append([start, end])
    return [(run[0], run[-1]) for run in runs]


def _miss(start: Point, key: Point, end: Point) -> float:
    part = (key[0] - start[0]) / (end[0] - start[0])
    return abs(start[1] + (end[1] - start[1]) * part - key[1])


def _line(start: Point, end: Point, first: bool, last: bool) -> str:  # noqa: FBT001  # where it stands in the path
    """Return one straight piece; the first one holds its value before its start, the last one after its end."""
    (t0, v0), (t1, v1) = start, end
    if v0 == v1:
        return _number(v0)
    slope = (v1 - v0) / (t1 - t0)
    at_zero = v0 - slope * t0
    time = f"max(t,{_number(t0)})" if first else "t"
    time = f"min({time},{_number(t1)})" if last else time
    return f"{_number(at_zero)}{_number(slope, sign=True)}*{time}"


def _tree(pieces: list[tuple[float, str]]) -> str:
    if len(pieces) == 1:
        return pieces[0][1]
    middle = len(pieces) // 2
    return f"if(lt(t,{_number(pieces[middle][0])}),{_tree(pieces[:middle])},{_tree(pieces[middle:])})"


def _number(value: float, *, sign: bool = False) -> str:
    text = f"{value:{'+' if sign else ''}.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
