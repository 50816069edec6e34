"""What a speech model made up, taken out of what it heard."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from omni.contracts import Word

# The limits at which Whisper's own decoder gives up on a segment (openai/whisper, transcribe.py).
MAX_COMPRESSION = 2.4
MIN_LOGPROB = -1.0
MAX_NO_SPEECH = 0.6

_LONGEST_LOOP = 8
"""Words of the longest phrase that is looked for in repetition."""
SAID_TWICE = 2
"""Copies that stay: people do say things twice."""


@dataclass(frozen=True)
class Heard:
    """One segment of a speech model's answer, with the figures it gives about itself."""

    words: tuple[Word, ...]
    no_speech: float
    compression: float
    logprob: float


def spoken(segments: Sequence[Heard]) -> tuple[Word, ...]:
    """Return the words that the model itself doesn't doubt, in order of time."""
    return tuple(_in_order([word for segment in segments if not is_made_up(segment) for word in segment.words]))


def is_made_up(segment: Heard) -> bool:
    """Tell a segment made of nothing: silence with low confidence, or text that packs like a loop."""
    silent = segment.no_speech > MAX_NO_SPEECH and segment.logprob < MIN_LOGPROB
    # A long loop packs well; a short chant ("no, no, no") may too, and the loop rule deals with it.
    looping = segment.compression > MAX_COMPRESSION and _repetition(segment.words) > 0.5
    return silent or looping


def without_loops(words: Sequence[Word]) -> tuple[Word, ...]:
    """Keep the first two of a phrase that comes four times in a row or more; phrases of 1–8 words, longest first."""
    kept = list(words)
    for size in range(_LONGEST_LOOP, 0, -1):
        kept = _without(kept, size)
    return tuple(kept)


def _without(words: list[Word], size: int) -> list[Word]:
    texts = [_bare(word) for word in words]
    kept: list[Word] = []
    i = 0
    while i < len(words):
        copies = 1
        while texts[i : i + size] == texts[i + copies * size : i + (copies + 1) * size] and i + size <= len(words):
            copies += 1
        if copies > SAID_TWICE + 1:
            kept.extend(words[i : i + SAID_TWICE * size])
            i += copies * size
        else:
            kept.append(words[i])
            i += 1
    return kept


def _repetition(words: Sequence[Word]) -> float:
    """Return the share of words that only repeat an earlier pair."""
    texts = [_bare(word) for word in words]
    pairs = Counter(pairwise(texts))
    return 1 - len(pairs) / max(1, pairs.total())


def _in_order(words: Sequence[Word]) -> list[Word]:
    """Cut overlaps of neighbouring segments and drop words without length or text."""
    ordered: list[Word] = []
    for word in sorted(words, key=lambda w: w.start):
        start = max(word.start, ordered[-1].end if ordered else 0.0)
        if word.end > start and word.text.strip():
            ordered.append(Word(start=start, end=word.end, text=word.text.strip()))
    return ordered


def _bare(word: Word) -> str:
    return "".join(c for c in word.text.casefold() if c.isalnum())
