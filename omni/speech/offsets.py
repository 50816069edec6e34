"""Whether subtitles fit the speech, and by how much they are late or early."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from omni.contracts import Span
from omni.speech.markup import Line

GRID = 0.05
"""Seconds; finer than anybody times a subtitle."""
SEARCHED = 15.0
"""Largest shift that is looked for."""

# Subtitlers lead the speech by up to 0.2 s on purpose: less than this is style, not an error.
_MIN_SHIFT = 0.25
_MIN_TURNS = 4
"""Beginnings after a pause, in speech and lines each: with fewer a shift is a guess."""
_MIN_GAIN = 0.1
_MIN_CORRELATION = 0.4
"""Subtitles that fit reach 0.6 and more; the best of many wrong shifts reaches 0.3."""


@dataclass(frozen=True)
class Fit:
    """``shift`` seconds to add to every line; after it, ``overlap`` of the lines' time has speech, ``coverage`` of the speech has lines."""

    shift: float
    overlap: float
    coverage: float


def fitted(lines: Sequence[Line], speech: Sequence[Span], duration: float) -> Fit:
    """Return the shift within ±:data:`SEARCHED` that lays the lines best over the speech; 0 unless it clearly helps."""
    said, shown = _mask(speech, duration), _mask(lines, duration)
    best = _best_step(said, shown) if min(_turns(said), _turns(shown)) >= _MIN_TURNS else 0
    moved = _moved(shown, best)
    both = (said & moved).sum()
    return Fit(round(best * GRID, 2), float(both / max(1, moved.sum())), float(both / max(1, said.sum())))


def _best_step(said: NDArray[np.bool_], shown: NDArray[np.bool_]) -> int:
    room = round(SEARCHED / GRID)
    scores = {step: _correlation(said, _moved(shown, step)) for step in range(-room, room + 1)}
    best = max(scores, key=lambda step: (scores[step], -abs(step)))
    helps = scores[best] >= max(_MIN_CORRELATION, scores[0] + _MIN_GAIN)
    return best if helps and abs(best) * GRID >= _MIN_SHIFT else 0


def whole_hours(starts: Sequence[float], duration: float) -> int:
    """Return the hours at which the clock of subtitles begins, as a broadcast's does at 01:00:00 or 10:00:00; else 0.

    Only where no line begins within the source as its times stand, and with the hours taken off every one does.
    """
    hours = int(min(starts) // 3600)
    fits = min(starts) >= duration and max(starts) - 3600 * hours < duration
    return hours if fits else 0


def shifted(lines: Sequence[Line], shift: float, duration: float) -> tuple[Line, ...]:
    """Move lines and their inline times; what leaves [0, duration] is cut off."""
    moved: list[Line] = []
    for line in lines:
        start, end = max(0.0, line.start + shift), min(duration, line.end + shift)
        if end > start:
            rows = tuple(
                tuple(replace(t, at=None if t.at is None else min(end, max(start, t.at + shift))) for t in row)
                for row in line.rows
            )
            moved.append(Line(start, end, rows))
    return tuple(moved)


def _mask(spans: Sequence[Span] | Sequence[Line], duration: float) -> NDArray[np.bool_]:
    """Return where the spans are, on :data:`GRID`, with room for a shift at both ends."""
    room = round(SEARCHED / GRID)
    mask = np.zeros(int(np.ceil(duration / GRID)) + 2 * room, np.bool_)
    for span in spans:
        first = round(span.start / GRID)
        mask[room + first : room + max(round(span.end / GRID), first + 1)] = True
    return mask


def _turns(mask: NDArray[np.bool_]) -> int:
    """Return how often something begins."""
    return int((mask[1:] & ~mask[:-1]).sum())


def _moved(mask: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
    moved = np.zeros_like(mask)
    if step >= 0:
        moved[step:] = mask[: len(mask) - step]
    else:
        moved[:step] = mask[-step:]
    return moved


def _correlation(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    """Pearson's r of two masks; 0 where either is constant: then nothing can be told."""
    p, q, both = a.mean(), b.mean(), (a & b).mean()
    spread = np.sqrt(p * (1 - p) * q * (1 - q))
    return float((both - p * q) / spread) if spread > 0 else 0.0
