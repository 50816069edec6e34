"""BM25 over texts that don't change: the scores of Qdrant's text index, from an inverted index."""

import math
import re
from array import array
from collections import defaultdict
from collections.abc import Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

_K1, _B = 1.2, 0.75
"""Qdrant's own; so is all of the formula (``qdrant_client.local.bm25``), which counts every text anew for every question."""

_TOKEN = re.compile(r"[^\W_]+")


class Words:
    """Texts by number; an empty one isn't part of the statistics."""

    def __init__(self, texts: Sequence[str]) -> None:
        numbers: defaultdict[str, int] = defaultdict(count().__next__)  # a new word gets the next number
        told, ends = array("q"), array("q")
        for text in texts:  # ten million words of a large memory pass here: no step of Python's for each
            told.extend(map(numbers.__getitem__, _tokens(text)))
            ends.append(len(told))
        self._numbers = dict(numbers)
        lengths = np.diff(np.array(ends, np.int64), prepend=0)
        of_document = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        pairs, counts = np.unique(np.array(told, np.int64) * max(1, len(lengths)) + of_document, return_counts=True)
        terms, self._documents = np.divmod(pairs, max(1, len(lengths)))
        self._lengths = lengths.astype(np.float64)
        self._counts = counts.astype(np.float32)
        self._starts = np.searchsorted(terms, np.arange(len(numbers) + 1))
        self._size = int(np.count_nonzero(self._lengths))

    def scores(self, question: str) -> NDArray[np.float64]:
        """Return the score of each text; 0 where no word of the question stands."""
        scores = np.zeros(len(self._lengths))
        if not self._size:
            return scores
        norms = _K1 * (1 - _B + _B * self._lengths / (self._lengths.sum() / self._size))
        for term in sorted({self._numbers[token] for token in _tokens(question) if token in self._numbers}):
            first, last = self._starts[term], self._starts[term + 1]
            documents, times = self._documents[first:last], self._counts[first:last]
            rarity = math.log((self._size - len(documents) + 0.5) / (len(documents) + 0.5) + 1)
            scores[documents] += rarity * times * (_K1 + 1) / (times + norms[documents])
        return scores


def _tokens(text: str) -> list[str]:
    """Return the words in lower case; parted before they are lowered, since some letters become two of which one is no letter."""
    words: list[str] = _TOKEN.findall(text)
    return " ".join(words).lower().split(" ") if words else []
