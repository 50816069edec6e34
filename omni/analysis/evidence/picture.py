"""Picture: faces, motion, the rhythm of the shots, and stretches where there is nothing to see."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign, bounded
from omni.analysis.material import Material, Window
from omni.contracts import Span

_LIVELY = (3.0, 20.0)
"""Shot cuts a minute: fewer look static, more are a trailer."""


def picture(window: Window, material: Material) -> Iterator[Sign]:
    """Yield what is seen."""
    signals, span = material.signals, window.span
    faces = signals.mean(signals.faces, span)
    if faces is not None and faces >= 0.3:
        yield Sign("see.faces", faces, f"shows a face {faces:.0%} of the time")
    cuts = material.timeline.obstacles.cuts
    inside = bisect_left(cuts, span.end) - bisect_right(cuts, span.start)
    rhythm = 60 * inside / span.length
    if _LIVELY[0] <= rhythm <= _LIVELY[1]:
        yield Sign("see.rhythm", 1.0, f"changes the shot {inside} times" if inside > 1 else "changes the shot once")
    elif rhythm > 1.5 * _LIVELY[1]:
        yield Sign("see.rhythm", -1.0, f"changes the shot {inside} times, too often for a Short")
    motion = signals.mean(signals.motion, span)
    if motion is not None and abs(motion - 0.5) > 0.1:
        text = "moves more than the rest" if motion > 0.5 else "moves less than the rest"
        kind = "see.action" if material.timeline.ground == "picture" else "see.motion"
        yield Sign(kind, bounded((motion - 0.5) * 2.5), text)
    black = _seconds(signals.black, span)
    if black > 0.2:
        yield Sign("see.black", -bounded(0.3 + black / span.length * 2), f"is black for {black:.1f} s")
    still = _seconds(signals.still, span)
    if still > 1.0 and not material.has_words:
        yield Sign("see.still", -bounded(0.3 + still / span.length), f"stands still for {still:.1f} s")


def _seconds(stretches: tuple[Span, ...], span: Span) -> float:
    return sum(span.overlap(s) for s in stretches)
