"""A camera path as an FFmpeg expression of time."""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from omni.contracts import Segment

Point = tuple[float, float]


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
    """
    pieces = [(a, b) for a, b in pairwise(points) if b[0] > a[0]]
    if not pieces or all(value == points[0][1] for _, value in points):
        return _number(points[0][1])
    return _tree(_merged(pieces))


def _merged(pieces: list[tuple[Point, Point]]) -> list[tuple[Point, Point]]:
    """Join neighbours that stand still at the same value."""
    merged = [pieces[0]]
    for start, end in pieces[1:]:
        before = merged[-1]
        if before[0][1] == before[1][1] == start[1] == end[1]:
            merged[-1] = (before[0], end)
        else:
            merged.append((start, end))
    return merged


def _tree(pieces: list[tuple[Point, Point]]) -> str:
    if len(pieces) == 1:
        (t0, v0), (t1, v1) = pieces[0]
        if v0 == v1:
            return _number(v0)
        return f"{_number(v0)}+{_number((v1 - v0) / (t1 - t0))}*clip(t-{_number(t0)},0,{_number(t1 - t0)})"
    middle = len(pieces) // 2
    border = pieces[middle][0][0]
    return f"if(lt(t,{_number(border)}),{_tree(pieces[:middle])},{_tree(pieces[middle:])})"


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
