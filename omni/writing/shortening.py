"""Making a text fit: at the end of a sentence, else of a clause or a word, with an ellipsis."""

import re
from collections.abc import Callable

from omni.writing.lengths import width
from omni.writing.sanitizing import balanced
from omni.writing.scripts import is_border
from omni.writing.sentences import sentences

_ELLIPSIS = "…"
# A sentence or a clause may end the text when this much of the room is used; else a word does.
_SENTENCE_SHARE = 0.4
_CLAUSE_SHARE = 0.5
_CLAUSE_END = re.compile(r"[,;:—–，；：、،؛](?=\s|[^\x00-\xff]|$)")
_DANGLING = " \u00a0\u202f,;:—–-/\\&+=，；：、،؛([{«“„‘'\"「『（…."


def shorten(text: str, limit: int, measure: Callable[[str], int] = width) -> str:
    """Return ``text`` within ``limit``: whole, or whole sentences, or cut at a clause or word with ``…``.

    A number is never parted from what follows it. Returns ``""`` when not even one word fits.
    """
    if measure(text) <= limit:
        return text
    whole = whole_sentences(text, limit, measure)
    if measure(whole) >= limit * _SENTENCE_SHARE:
        return whole
    return _cut(text, limit, measure) or whole


def whole_sentences(text: str, limit: int, measure: Callable[[str], int] = width) -> str:
    """Return as many whole sentences from the beginning as fit; ``""`` when not even the first does."""
    kept = ""
    end = 0
    for sentence in sentences(text):
        end = text.index(sentence, end) + len(sentence)
        if measure(text[:end]) > limit:
            break
        kept = text[:end].strip()
    return kept


def _cut(text: str, limit: int, measure: Callable[[str], int]) -> str:
    longest = _longest_fitting(text, limit - measure(_ELLIPSIS), measure)
    clauses = (m.start() for m in _CLAUSE_END.finditer(text, 0, longest) if is_border(text, m.end()))
    end = max(clauses, default=0)
    if end < longest * _CLAUSE_SHARE:
        end = next((i for i in range(longest, 0, -1) if is_border(text, i)), 0)
    head = balanced(text[:end].rstrip(_DANGLING))
    return head + _ELLIPSIS if any(c.isalnum() for c in head) else ""


def _longest_fitting(text: str, limit: int, measure: Callable[[str], int]) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= limit else (low, middle - 1)
    return low
