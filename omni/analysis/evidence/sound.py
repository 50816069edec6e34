"""Sound: laughter and applause, and how loud the window is against the rest."""

from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign, bounded
from omni.analysis.material import Material, Window
from omni.contracts import Span

_ANSWER = 2.0
"""Seconds after a clip within which applause or laughter answers its end."""


def sound(window: Window, material: Material) -> Iterator[Sign]:
    """Yield what is heard besides the words."""
    yield from _answers(window, material)
    yield from _levels(window, material)


def _answers(window: Window, material: Material) -> Iterator[Sign]:
    close = material.units[window.last - 1].end if material.has_words else window.span.end
    after = Span(start=max(0.0, close - 0.3), end=close + _ANSWER)
    before = Span(start=window.span.start, end=max(window.span.start, close - 0.3))
    for kind in ("laughter", "applause"):
        answered = material.events_in(after, kind)
        within = material.events_in(before, kind)
        if answered:
            yield Sign(f"sound.{kind}", max(e.confidence for e in answered), f"is answered by {kind}")
        elif within:
            yield Sign(f"sound.{kind}", 0.6 * max(e.confidence for e in within), f"has {kind} in it")


def _levels(window: Window, material: Material) -> Iterator[Sign]:
    signals = material.signals
    level = signals.mean(signals.loudness.clip(-6.0), window.span)
    if level is not None and abs(level) > 1.0:
        direction = "louder" if level > 0 else "quieter"
        yield Sign("sound.level", bounded(level / 4), f"is {abs(level):.1f} LU {direction} than the rest")
    if not material.has_words:
        energy = signals.mean(signals.energy, window.span)
        if energy is not None and abs(energy - 0.5) > 0.1:
            text = "is among the loudest stretches" if energy > 0.5 else "is among the quietest stretches"
            yield Sign("sound.energy", bounded((energy - 0.5) * 2.5), text)
    peak = signals.peak(signals.loudness, window.span)
    if peak is not None and level is not None and peak > max(level, 0.0) + 4.0:
        yield Sign(
            "sound.peak", bounded((peak - max(level, 0.0)) / 10), f"rises to {peak:.0f} LU above the usual level"
        )
