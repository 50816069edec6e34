"""Speech to words in pieces cut at pauses, so that a long source never lies in memory whole."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from omni.contracts import Source, Span, Word
from omni.ports import Media, Progress, Samples, Transcriber
from omni.speech.features import RATE

PIECE_SECONDS = 600.0
"""38 MB of sound; the model itself works in windows of 30 s."""
_BLOCK_SECONDS = 32.0


def dictated(
    source: Source,
    language: str | None,
    speech: Sequence[Span],
    media: Media,
    transcriber: Transcriber,
    report: Progress,
) -> tuple[tuple[Word, ...], str | None]:
    """Return the words of a whole source, and the language that the first piece with words was heard in."""
    cuts = cut_points(speech, source.duration)
    words: list[Word] = []
    for (start, end), sound in zip(pairwise(cuts), _pieces(source, media, cuts), strict=False):
        if not any(start < span.end and span.start < end for span in speech):
            continue
        found, heard = transcriber.transcribe(sound, language, _part(report, start, end, source.duration))
        words.extend(_moved(word, start) for word in found)
        language = language or (heard if found else None)
    return tuple(words), language


def cut_points(speech: Sequence[Span], duration: float) -> tuple[float, ...]:
    """Return 0, the cuts and the end: each cut in the longest pause of the last quarter of its piece."""
    cuts = [0.0]
    while duration - cuts[-1] > PIECE_SECONDS:
        first, last = cuts[-1] + 0.75 * PIECE_SECONDS, cuts[-1] + PIECE_SECONDS
        pauses = [
            (max(a.end, first), min(b.start, last)) for a, b in pairwise(speech) if b.start > first and a.end < last
        ]
        start, end = max(pauses, key=lambda pause: pause[1] - pause[0], default=(last, last))
        cuts.append((start + end) / 2)
    return (*cuts, duration)


def _pieces(source: Source, media: Media, cuts: Sequence[float]) -> Iterator[Samples]:
    """Yield the sound between cuts; one decode, one piece in memory."""
    held: list[Samples] = []
    first, last = 0, 0
    borders = [round(cut * RATE) for cut in cuts[1:-1]]
    for block in media.sound(source, rate=RATE, block_seconds=_BLOCK_SECONDS):
        held.append(block)
        last += len(block)
        while borders and borders[0] <= last:
            sound, border = np.concatenate(held), borders.pop(0)
            yield sound[: border - first]
            held, first = [sound[border - first :]], border
    yield np.concatenate(held) if held else np.zeros(0, np.float32)


def _part(report: Progress, start: float, end: float, duration: float) -> Progress:
    return lambda done: report(min(1.0, (start + (end - start) * done) / duration))


def _moved(word: Word, by: float) -> Word:
    return Word(start=round(word.start + by, 3), end=round(word.end + by, 3), text=word.text)
