"""Text to terms: the tokens that carry meaning, comparable across inflections, in any script."""

import re
import unicodedata

Terms = tuple[str, ...]
"""Stems in the order they are said."""

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0970-\u0dff])"
"""A letter, or a sign that Hebrew, Arabic or Indic scripts set on one: Python's ``\\w`` leaves those out."""
_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)*%?|{_LETTER}+(?:['’-]{_LETTER}+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f]")
"""Kana, Han and Thai are written without blanks: their terms are pairs of characters."""
_MARKS = ".,;:!?…\"'“”‘’«»()[]–—-¿¡"
_STEM = 6
"""Characters kept of a word: cutting after 5–6 is the stemmer that needs no language (McNamee & Mayfield 2004, n-gram stemming)."""

_SIBILANT = ("xes", "ches", "shes", "sses", "zes")
"""English adds "es" to these."""


def tokenize(text: str) -> tuple[str, ...]:
    """Return the casefolded words and numbers of ``text`` in order; unspaced scripts give overlapping character pairs."""
    found: list[str] = []
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'")):
        if len(token) > 2 and _UNSPACED.search(token):
            found.extend(token[i : i + 2] for i in range(len(token) - 1))
        else:
            found.append(token)
    return tuple(found)


def bare(word: str) -> str:
    """Return a word without the punctuation that subtitles glue to it."""
    return word.strip(_MARKS)


def stem(token: str) -> str:
    """Return the part of a token that inflections share: without possessive and plural s, six letters at most."""
    root = token.split("'", 1)[0] if len(token) > _STEM else token
    if len(root) > 3 and root.endswith("s") and not root.endswith("ss"):
        root = root[:-2] if root.endswith(_SIBILANT) else root[:-1]
    return root[:_STEM]


def is_unspaced(text: str) -> bool:
    """Tell whether ``text`` is written in a script without blanks between words."""
    return bool(_UNSPACED.search(text))


def has_digits(token: str) -> bool:
    """Tell whether a token is a numeral."""
    return token[:1].isdigit()
