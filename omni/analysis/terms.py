"""Text to terms: the tokens that carry meaning, comparable across inflections, in any script."""

import re
import unicodedata

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*%?|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f]")
"""Kana, Han and Thai are written without blanks: their terms are pairs of characters."""
_STEM = 6
"""Characters kept of a word: cutting after 5–6 is the stemmer that needs no language (McNamee & Mayfield 2004, n-gram stemming)."""


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
    """Return the part of a token that inflections share."""
    return token.split("'", 1)[0][:_STEM] if len(token) > _STEM else token


def is_unspaced(text: str) -> bool:
    """Tell whether ``text`` is written in a script without blanks between words."""
    return bool(_UNSPACED.search(text))


def has_digits(token: str) -> bool:
    """Tell whether a token is a numeral."""
    return token[:1].isdigit()
