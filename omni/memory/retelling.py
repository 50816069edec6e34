"""Whether a talk says again what an earlier clip said: the same recording, cut or encoded anew, has another sha256 but the same words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from omni.contracts import Span, Transcript

_SHINGLE = 4
"""Words in a row: two talks about one subject share words and names, hardly ever four in a row."""
_AGAIN = 0.5
"""Share of a clip's shingles that must be said again in one place. With one word in ten heard otherwise two thirds remain; of 155 pieces
of the talks in bench/talks none shared more than 4 % with any other talk, wherever it was said."""
_FEWEST = 12
"""Shingles: less than four seconds of speech may be a greeting that every talk begins with."""
_STRAY = 40
"""Words between two common shingles that are still one place."""
_DENSE = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
"""Scripts whose words aren't parted by blanks, or hold a syllable a sign: there a sign is a word."""

Shingle = tuple[str, ...]


class Said:
    """What a transcript says, ready to be asked for the words of earlier clips."""

    def __init__(self, transcript: Transcript) -> None:
        self._words = transcript.words
        tokens = [(token, place) for place, word in enumerate(transcript.words) for token in _tokens(word.text)]
        self._owners = [place for _, place in tokens]
        self._places: dict[Shingle, list[int]] = {}
        for place, shingle in enumerate(_shingles([token for token, _ in tokens])):
            self._places.setdefault(shingle, []).append(place)

    def again(self, text: str) -> Span | None:
        """Return where at least half of a text is said again, in one place; ``None`` where it isn't."""
        wanted = frozenset(_shingles(_tokens(text)))
        if len(wanted) < _FEWEST:
            return None
        hits = sorted((place, shingle) for shingle in wanted for place in self._places.get(shingle, ()))
        runs = list(_runs(hits))
        best = max(runs, key=lambda run: (len({shingle for _, shingle in run}), -run[0][0]), default=None)
        if best is None or len({shingle for _, shingle in best}) < _AGAIN * len(wanted):
            return None
        first, last = self._owners[best[0][0]], self._owners[best[-1][0] + _SHINGLE - 1]
        return Span(start=self._words[first].start, end=max(self._words[last].end, self._words[first].start))


def _runs(hits: Sequence[tuple[int, Shingle]]) -> Iterator[list[tuple[int, Shingle]]]:
    """Yield the stretches of the transcript in which the hits lie close together."""
    run: list[tuple[int, Shingle]] = []
    for hit in hits:
        if run and hit[0] - run[-1][0] > _STRAY:
            yield run
            run = []
        run.append(hit)
    if run:
        yield run


def _shingles(tokens: Sequence[str]) -> Iterator[Shingle]:
    return (tuple(tokens[i : i + _SHINGLE]) for i in range(len(tokens) - _SHINGLE + 1))


def _tokens(text: str) -> list[str]:
    """Return the words of a text without case and punctuation; of dense scripts, the signs."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    spaced = _DENSE.sub(r" \g<0> ", folded)
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in spaced).split()


def said_again(said: Said, texts: Iterable[str]) -> tuple[tuple[str, Span], ...]:
    """Return the texts that are said again, once each, with their places; in the order of the places."""
    found = {text: span for text in texts if (span := said.again(text))}
    return tuple(sorted(found.items(), key=lambda item: (item[1].start, item[1].end, item[0])))
