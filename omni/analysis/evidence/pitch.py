"""Pitch: whether the voice is raised, against what is usual for whoever speaks."""

from collections.abc import Iterator

import numpy as np

from omni.analysis.evidence.sign import Sign, bounded
from omni.analysis.material import Material, Window

_HEARD = 3.0
"""Seconds of a window that must be voiced for its pitch to be told."""
_RAISED = 0.8
"""Semitones, as a mean over a window, below which nobody hears a difference (ordinary windows of real talks stray by 0.5)."""
_FULL = 4.0
"""Semitones of a whole window spoken with emphasis."""
_RISE = 4.0
"""Semitones above the window's own level from which two seconds stand out."""


def pitch(window: Window, material: Material) -> Iterator[Sign]:
    """Yield how high the voice is; nothing where it wasn't measured or hardly anything is voiced."""
    signals, first = material.signals, int(window.span.start)
    part = slice(first, max(first + 1, round(window.span.end)))
    excursion, voiced = signals.pitch[part], signals.voiced[part]
    if not excursion.size or voiced.sum() < _HEARD:
        return
    level = float(np.average(excursion, weights=voiced))
    if abs(level) >= _RAISED:
        side = "above" if level > 0 else "below"
        yield Sign(
            "pitch.level",
            bounded(level / _FULL),
            f"is spoken {abs(level):.1f} semitones {side} the voice's usual pitch",
        )
    peak = float(np.convolve(excursion, (0.5, 0.5), mode="same").max())
    if peak > max(level, 0.0) + _RISE:
        yield Sign("pitch.peak", bounded((peak - max(level, 0.0)) / 8), f"has the voice rise by {peak:.0f} semitones")
