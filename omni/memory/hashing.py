"""Text to vectors without a model: the last rung of the embedders."""

import hashlib
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_DIMENSIONS = 512
"""Ranks 6 of the twelve paraphrases of FACTS.md first; 384 ranks 4, and 8192 again 6."""

_LONGEST_TEXT = 20_000
"""Characters; no strategy or clip is longer, and a hostile one shall not cost seconds."""

_WORD, _PIECE = 1.0, 0.35
"""A shared word says more than one of its dozen pieces; 0.2–0.5 rank alike."""

_PIECE_SIZES = (3, 4)
"""Characters; with 5-grams too, fewer of the twelve came first (5.5 against 6.3, mean of six seeds)."""

_DENSE_PIECE_SIZES = (2, 3)
"""Characters, where a sign holds a syllable or a word and no blank parts the words."""

_DENSE_SCRIPT = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
"""Thai, Lao, kana, Han, Hangul."""


class HashingEmbedder:
    """Fulfils the port ``Embedder``: words and their pieces of 3 and 4 characters, hashed with signs into one unit vector.

    It finds what shares words, stems or compounds, in any script; it knows no synonyms.
    """

    @property
    def name(self) -> str:
        """Identity of the space; any change of the features needs another number."""
        return "hashing-v1"

    @property
    def dimensions(self) -> int:
        return _DIMENSIONS

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [_vector(text).tolist() for text in texts]


def _vector(text: str) -> NDArray[np.float64]:
    vector = np.zeros(_DIMENSIONS)
    for feature, weight in sorted(_features(text).items()):
        place, sign = _slot(feature)
        vector[place] += sign * math.sqrt(weight)
    length = float(np.linalg.norm(vector))
    if length == 0:  # every feature met its opposite: improbable, but a unit vector was promised
        return np.eye(1, _DIMENSIONS)[0]
    return vector / length


def _features(text: str) -> dict[str, float]:
    """Weigh the words and pieces of a text, sublinearly: the tenth mention says little more than the third."""
    weights: dict[str, float] = defaultdict(float)
    for word, times in Counter(_words(text) or [""]).items():
        emphasis = 1 + math.log(times)
        weights[f"word {word}"] += _WORD * emphasis
        for piece in _pieces(word):
            weights[piece] += _PIECE * emphasis
    return weights


def _words(text: str) -> list[str]:
    r"""Split where neither letter, mark nor number stands; ``\w`` would cut Hindi at its vowel signs."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:_LONGEST_TEXT]).casefold())
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded).split()


def _pieces(word: str) -> Iterator[str]:
    framed = f"<{word}>"
    for size in _DENSE_PIECE_SIZES if _DENSE_SCRIPT.search(word) else _PIECE_SIZES:
        for first in range(len(framed) - size + 1):
            yield framed[first : first + size]


def _slot(feature: str) -> tuple[int, int]:
    """Return place and sign; BLAKE2 is the same in every process and on every machine, Python's ``hash`` is not."""
    number = int.from_bytes(hashlib.blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return (number >> 1) % _DIMENSIONS, 1 if number & 1 else -1
