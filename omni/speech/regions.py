"""Speech probabilities to speech regions."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from omni.contracts import Span

# The defaults of Silero's own `get_speech_timestamps` (snakers4/silero-vad, utils_vad.py).
ENTER = 0.5
LEAVE = 0.35
MIN_SPEECH = 0.25
MIN_SILENCE = 0.1
PAD = 0.03


def speech_regions(probabilities: NDArray[np.float32], hop: float, duration: float) -> tuple[Span, ...]:
    """Return the stretches of speech, ordered and apart; ``hop`` is the seconds of one probability.

    A region opens at :data:`ENTER` and closes below :data:`LEAVE`, so that a wavering probability doesn't chop it.
    """
    runs = _joined(_triggered(probabilities, hop), MIN_SILENCE)
    long_enough = [(start, end) for start, end in runs if end - start >= MIN_SPEECH]
    return _padded(long_enough, duration)


def covered(start: float, end: float, speech: Sequence[Span]) -> float:
    """Return the share of [start, end) in which speech is heard; ``speech`` are regions in order."""
    first = bisect_right(speech, start, key=lambda span: span.end)
    last = bisect_left(speech, end, key=lambda span: span.start)
    heard = sum(min(span.end, end) - max(span.start, start) for span in speech[first:last])
    return heard / (end - start) if end > start else 0.0


def _triggered(probabilities: NDArray[np.float32], hop: float) -> list[tuple[float, float]]:
    """Schmitt trigger over the probabilities."""
    runs: list[tuple[float, float]] = []
    opened: int | None = None
    for i, probability in enumerate(probabilities.tolist()):
        if opened is None and probability >= ENTER:
            opened = i
        elif opened is not None and probability < LEAVE:
            runs.append((opened * hop, i * hop))
            opened = None
    if opened is not None:
        runs.append((opened * hop, len(probabilities) * hop))
    return runs


def _joined(runs: list[tuple[float, float]], min_silence: float) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in runs:
        if joined and start - joined[-1][1] < min_silence - 1e-9:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _padded(runs: list[tuple[float, float]], duration: float) -> tuple[Span, ...]:
    """Widen each run by :data:`PAD`; pads of neighbours meet halfway and never pass the ends of the sound."""
    spans: list[Span] = []
    for i, (start, end) in enumerate(runs):
        before = PAD if i == 0 else min(PAD, (start - runs[i - 1][1]) / 2)
        after = PAD if i == len(runs) - 1 else min(PAD, (runs[i + 1][0] - end) / 2)
        first, last = round(max(0.0, start - before), 3), round(min(duration, end + after), 3)
        if last > first:
            spans.append(Span(start=first, end=last))
    return tuple(spans)
