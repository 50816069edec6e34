"""Finding again what a model quotes: letters are compared, so that spelling, case and punctuation may differ."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from omni.contracts import Word

_ENOUGH = 4
"""Words in a row that pick one place in a talk; a longer quote that isn't found whole is tried with these."""
_ENOUGH_LETTERS = 8
"""The same for scripts without blanks."""


def letters_of(text: str) -> str:
    """Return the letters and digits of ``text`` in folded case and nothing else."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


class Passage:
    """``words[first:last]`` of a transcript, in which quotes are looked for."""

    def __init__(self, words: Sequence[Word], first: int, last: int) -> None:
        texts = [letters_of(w.text) for w in words[first:last]]
        self.first, self.last = first, last
        self._text = "".join(texts)
        self._at = list(accumulate(map(len, texts), initial=0))

    def opening(self, quote: str, near: int | None) -> int | None:
        """Return the word at which a quote begins: of several places the one nearest to word ``near``."""
        words = quote.split()
        found = self._starts(letters_of(quote))
        if not found:
            found = self._starts(letters_of(" ".join(words[:_ENOUGH])) if len(words) > _ENOUGH else _head(quote))
        return _nearest(found, near)

    def closing(self, quote: str, near: int | None, after: int) -> int | None:
        """Return the word behind which a quote ends, later than word ``after``; without ``near`` the first one."""
        words = quote.split()
        found = self._ends(letters_of(quote))
        if not found:
            found = self._ends(letters_of(" ".join(words[-_ENOUGH:])) if len(words) > _ENOUGH else _tail(quote))
        later = [i for i in found if i >= after]
        return _nearest(later if near is not None else later[:1], near)

    def holds(self, word: int | None) -> bool:
        """Tell whether a word index lies in this passage."""
        return word is not None and self.first <= word < self.last

    def _starts(self, letters: str) -> list[int]:
        starts = ((bisect_right(self._at, place) - 1, place) for place in self._places(letters))
        return [self.first + i for i, place in starts if self._at[i] == place]

    def _ends(self, letters: str) -> list[int]:
        places = [place + len(letters) for place in self._places(letters)]
        ends = ((bisect_left(self._at, place), place) for place in places)
        return [self.first + i - 1 for i, place in ends if self._at[i] == place]

    def _places(self, letters: str) -> list[int]:
        places: list[int] = []
        place = self._text.find(letters) if letters else -1
        while place >= 0:
            places.append(place)
            place = self._text.find(letters, place + 1)
        return places


def _head(quote: str) -> str:
    letters = letters_of(quote)
    return letters[:_ENOUGH_LETTERS] if len(letters) > _ENOUGH_LETTERS and not quote.isascii() else ""


def _tail(quote: str) -> str:
    letters = letters_of(quote)
    return letters[-_ENOUGH_LETTERS:] if len(letters) > _ENOUGH_LETTERS and not quote.isascii() else ""


def _nearest(places: Sequence[int], near: int | None) -> int | None:
    """Return the place nearest to ``near``; without it only a single place is sure."""
    if near is None:
        return places[0] if len(places) == 1 else None
    return min(places, key=lambda place: (abs(place - near), place), default=None)
