"""Pace: how dense the speech is, whether anything stands still, and how long it takes."""

from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign, bounded
from omni.analysis.material import Material, Window

_SWEET = (24.0, 50.0)
"""Seconds: room for a thought from its beginning to its point (what people marked in the bench's talks lasts 18–47 s)."""

_ROUNDING = 1.0
"""Seconds: 19.4 is not short."""


def pace(window: Window, material: Material) -> Iterator[Sign]:
    """Yield how the window moves."""
    hole = material.longest_hole(window.span)
    if hole:
        yield Sign("pace.dead_air", -bounded(0.5 + hole / 6), f"has {hole:.1f} s in which nothing is heard")
    if material.pace:
        rate = material.words_in(window) / window.span.length
        swing = bounded((rate / material.pace - 0.95) * 4)
        if swing > 0.3:
            yield Sign("pace.dense", swing, f"is dense: {rate:.1f} words a second")
        elif swing < -0.3:
            yield Sign("pace.dense", swing, f"is slow: {rate:.1f} words a second")
    yield from _length(window, material)


def _length(window: Window, material: Material) -> Iterator[Sign]:
    brief = material.dossier.brief
    low = min(max(_SWEET[0], brief.min_seconds), brief.max_seconds, material.timeline.duration)
    high = max(min(_SWEET[1], brief.max_seconds), brief.min_seconds)
    length = window.span.length
    if low - _ROUNDING <= length <= high + _ROUNDING:
        return
    off = (low - length) / 10 if length < low else (length - high) / 15
    yield Sign("pace.length", -bounded(off), f"is {'short' if length < low else 'long'}: {length:.0f} s")
