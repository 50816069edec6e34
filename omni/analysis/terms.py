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


def stem(token: str) -> str:
    """Return the part of a token that inflections share: without possessive and plural s, six letters at most."""
    bare = token.split("'", 1)[0] if len(token) > _STEM else token
    if len(bare) > 3 and bare.endswith("s") and not bare.endswith("ss"):
        bare = bare[:-2] if bare.endswith(_SIBILANT) else bare[:-1]
    return bare[:_STEM]


def is_unspaced(text: str) -> bool:
    """Tell whether ``text`` is written in a script without blanks between words."""
    return bool(_UNSPACED.search(text))


def has_digits(token: str) -> bool:
    """Tell whether a token is a numeral."""
    return token[:1].isdigit()
