"""Sounds that are not speech: applause by the colour of the sound, others where subtitles name them.

Laughter and music are told only where subtitles name them: no footage with known truth was at hand to measure a detector on.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from omni.contracts import SoundEvent, Span
from omni.speech.features import FRAME, RATE, Texture
from omni.speech.markup import Note

HOP = FRAME / RATE
SHORTEST = 0.8
"""Seconds; a door, a cough or a splash is over before."""

# Many hands make noise of all colours. Flatness of half-second medians: applause 0.25–0.4; speech, music, film and radio,
# room noise and hiss of eleven recordings at most 0.15. A crowd's laughter is noisy too, but darker (1.7 kHz against 2.2).
_MIN_FLATNESS = 0.18
_MIN_CENTROID = 1950.0
_MIN_LEVEL = -40.0
# Rain, a fan or tape hiss is noise as well, and there all the time.
_ABOVE_FLOOR = 12.0
_MEDIAN_FRAMES = 17
_BRIDGE = 0.5
_CERTAIN_FLATNESS = 0.3
_NAMED_CONFIDENCE = 0.9


def sound_events(texture: Texture, speech: Sequence[Span]) -> tuple[SoundEvent, ...]:
    """Return the applause in a sound, outside speech."""
    flatness, centroid, level = (_smoothed(row) for row in (texture.flatness, texture.centroid, texture.level))
    if not len(level):
        return ()
    loud = level > max(_MIN_LEVEL, float(np.percentile(level, 5)) + _ABOVE_FLOOR)
    clapping = loud & (flatness > _MIN_FLATNESS) & (centroid > _MIN_CENTROID)
    for span in speech:
        clapping[int(span.start / HOP) : int(span.end / HOP) + 1] = False
    return tuple(
        SoundEvent(
            start=round(first * HOP, 3),
            end=round(last * HOP, 3),
            kind="applause",
            confidence=round(min(1.0, 0.5 + 0.5 * _certainty(flatness[first:last])), 2),
        )
        for first, last in _runs(clapping)
        if (last - first) * HOP >= SHORTEST
    )


def named_events(notes: Sequence[Note]) -> tuple[SoundEvent, ...]:
    """Return the sounds that subtitles name, where the cue says nothing else."""
    return tuple(
        SoundEvent(start=note.start, end=note.end, kind=note.kind, confidence=_NAMED_CONFIDENCE)
        for note in notes
        if note.alone
    )


def merged_events(heard: Sequence[SoundEvent], named: Sequence[SoundEvent]) -> tuple[SoundEvent, ...]:
    """Return both in time order; what was heard and named too is told once, by the times that were heard."""
    agreed = [
        event.model_copy(update={"confidence": max(event.confidence, _NAMED_CONFIDENCE)})
        if any(_is_same(event, other) for other in named)
        else event
        for event in heard
    ]
    unheard = [event for event in named if not any(_is_same(event, other) for other in heard)]
    return tuple(sorted([*agreed, *unheard], key=lambda event: (event.start, event.end, event.kind)))


def _is_same(event: SoundEvent, other: SoundEvent) -> bool:
    return event.kind == other.kind and event.overlap(other) > 0


def _certainty(flatness: NDArray[np.float32]) -> float:
    return (float(flatness.mean()) - _MIN_FLATNESS) / (_CERTAIN_FLATNESS - _MIN_FLATNESS)


def _smoothed(row: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return medians over half a second: one clap, cough or word is not a state."""
    if not len(row):
        return row
    padded = np.pad(row, _MEDIAN_FRAMES // 2, mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, _MEDIAN_FRAMES), axis=1)


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs of a mask as half-open index pairs; gaps of less than :data:`_BRIDGE` seconds are bridged."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    runs: list[tuple[int, int]] = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if runs and (first - runs[-1][1]) * HOP < _BRIDGE:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs
