"""The words of a cut as they will be shown: cleaned, with their punctuation, in clip time."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from omni.captions.scripts import is_mark, is_unspaced, leans_back
from omni.contracts import Span, Transcript

# A cut inside a word of up to 40 ms is none (TARGETS.md §2): such a word is shown, and its time clamped.
EDGE = 0.04
# The clock of an ASS file: borders on it are the same in picture and sidecars.
TICK = 0.01

_BREAKING = re.compile(r"[^\S\u00a0\u202f]+")
# Controls, private use, and the overrides that could show a text in another order than it has.
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ue000-\uf8ff]")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
# Four marks on a letter are the most that a writing system needs; a taller pile would climb out of the safe area.
_PILE = re.compile(f"({_MARK}{{4}}){_MARK}+")
_OPENING = frozenset("([{«„“‘‹¿¡「『（《〈【")
CLOSING = frozenset(",.;:!?…)]}»”’›、。，．！？；：」』）》〉】،؛؟।॥۔\"'–—-")
"""Marks that stand behind a word, never before one."""
# Nobody reads a tenth exclamation mark, and no line could hold a hundred.
_REPEATED = re.compile(r"([^\w\s])\1{3,}")
# Marks that close a part of a sentence: they never begin a caption.
_LEADING = re.compile(r"^[,;:、，；：،؛]+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।॥۔][)\]»”’\"'」』）]*$")


@dataclass(frozen=True)
class Token:
    """A word, or a piece of one, as it is shown. Times in seconds of the clip."""

    text: str
    start: float
    end: float
    joined: bool = False
    """No blank stands before it."""
    ends_sentence: bool = False


def tokens(cut: Span, transcript: Transcript) -> tuple[Token, ...]:
    """Return the words that lie inside the cut, in order, none before the one that it follows."""
    return tuple(_spread(_attached(_spoken(cut, transcript)), cut.length))


def untimed(text: str) -> tuple[Token, ...]:
    """Return the words of a text that isn't spoken, cleaned in the same way."""
    return tuple(_attached(Token(part, 0.0, 0.0) for part in _BREAKING.split(_cleaned(text)) if part))


def running_text(words: Iterable[Token]) -> str:
    """Join tokens as they stand in a line."""
    return "".join(word.text if word.joined else f" {word.text}" for word in words).lstrip(" ")


def _spoken(cut: Span, transcript: Transcript) -> Iterator[Token]:
    lasts = {sentence.last - 1 for sentence in transcript.sentences}
    for i, word in enumerate(transcript.words):
        if word.start < cut.start - EDGE or word.end > cut.end + EDGE or word.start >= cut.end:
            continue
        ends = i in lasts if lasts else bool(_SENTENCE_END.search(word.text))
        parts = _BREAKING.split(_cleaned(word.text))
        share = word.length / len(parts)
        for k, part in enumerate(parts):
            start = word.start - cut.start + k * share
            yield Token(part, start, start + share, ends_sentence=ends and k == len(parts) - 1)


def _cleaned(text: str) -> str:
    plain = _REPEATED.sub(r"\1\1\1", _PILE.sub(r"\1", _UNWANTED.sub("", unicodedata.normalize("NFC", text))))
    return plain.strip(" \t\r\n\v\f\u00a0\u202f\u3000")


def _attached(spoken: Iterable[Token]) -> list[Token]:
    """Give stray punctuation to the word that it belongs to, and tell where no blank stands."""
    found: list[Token] = []
    opening = ""
    for token in spoken:
        text = opening + token.text
        opening = ""
        leading = _LEADING.match(text)
        if text and all(char in _OPENING for char in text):
            opening = text
            continue
        if all(char in CLOSING for char in text):
            leading, text = None, _closing(found, text, ends_sentence=token.ends_sentence)
        elif leading:
            _closing(found, leading.group(), ends_sentence=False)
            text = text[leading.end() :]
        if text and leans_back(text[0]):
            text = _grafted(found, replace(token, text=text))
        if text:
            seamless = bool(found) and is_unspaced(found[-1].text[-1]) and is_unspaced(text[0])
            found.append(replace(token, text=text, joined=seamless))
    return found


def _grafted(found: list[Token], piece: Token) -> str:
    """Append the rest of a letter that an engine cut through; without a word before, marks are dropped."""
    if not found:
        return "".join(dropwhile(is_mark, piece.text))
    found[-1] = replace(found[-1], text=found[-1].text + piece.text, end=piece.end, ends_sentence=piece.ends_sentence)
    return ""


def _closing(found: list[Token], mark: str, *, ends_sentence: bool) -> str:
    """Append a mark to the last word; without one it is dropped, for nothing is shown before the first word."""
    if found:
        last = found[-1]
        # A dash keeps its blank, which must not break.
        glue = "\u00a0" if mark and not mark.strip("–—-") else ""
        found[-1] = replace(last, text=last.text + glue + mark, ends_sentence=last.ends_sentence or ends_sentence)
    return ""


def _spread(words: Sequence[Token], length: float) -> Iterator[Token]:
    """Put times in order, on the clock and inside the clip; words that share one time divide the time they have."""
    starts: list[float] = []
    for word in words:
        starts.append(min(max(word.start, starts[-1] if starts else 0.0), length))
    first = 0
    while first < len(words):
        after = next((i for i in range(first, len(words)) if starts[i] > starts[first] + TICK / 2), len(words))
        until = starts[after] if after < len(words) else length
        ends = min(until, max(starts[first], *(word.end for word in words[first:after])))
        step = (ends - starts[first]) / (after - first)
        for k in range(first, after):
            start = starts[first] + (k - first) * step
            yield replace(words[k], start=round(start, 2), end=round(start + step, 2))
        first = after
