"""Comparing what two texts say, whatever their case and punctuation."""

import re

from omni.writing.scripts import is_unspaced

# Two texts that share this many opening letters look alike to a reader.
_SAME_OPENING = 15
# What may stand before the first word of a sentence.
_MARKS = "\"'“‘«„「『¿¡(…—–- \u00a0"


def letters_of(text: str) -> str:
    """Return the letters and digits of ``text`` in folded case and nothing else."""
    return "".join(c for c in text.casefold() if c.isalnum())


def same_words(left: str, right: str) -> bool:
    """Say whether one text mostly repeats the other, or its beginning; an empty text repeats nothing."""
    short, long = sorted((letters_of(left), letters_of(right)), key=len)
    if not short or short not in long:
        return False
    return len(short) * 2 >= len(long) or (len(short) >= _SAME_OPENING and long.startswith(short))


def repeats_any(text: str, others: tuple[str, ...]) -> bool:
    """Say whether ``text`` repeats one of ``others``."""
    return any(same_words(text, other) for other in others)


def mentions(text: str, keyword: str) -> bool:
    """Say whether ``keyword`` stands in ``text``, as a word or as the beginning of one (box in boxes)."""
    keyword = " ".join(keyword.casefold().split())
    if not keyword:
        return False
    anywhere = any(map(is_unspaced, keyword))
    return bool(re.search(("" if anywhere else r"(?<!\w)") + re.escape(keyword), text.casefold()))


def is_form_of(left: str, right: str) -> bool:
    """Say whether two words are forms of one: box and boxes, truck and trucks."""
    short, long = sorted((letters_of(left), letters_of(right)), key=len)
    return long.startswith(short) and (long == short or (len(short) >= 3 and len(long) - len(short) <= 2))


def opens_with(text: str, openings: tuple[str, ...]) -> bool:
    """Say whether ``text`` begins with one of some words or phrases, given in folded case."""
    return _opening_length(text.lstrip(_MARKS), openings) > 0


def without_opening(text: str, openings: tuple[str, ...]) -> str:
    """Return ``text`` without such words at its start, however many; the new first letter takes over the capital."""
    while (size := _opening_length(text, openings)) and any(c.isalnum() for c in text[size:]):
        rest = text[size:].lstrip(" ,，、،\u00a0")
        text = rest[:1].upper() + rest[1:] if text[:1].isupper() else rest
    return text


def _opening_length(text: str, openings: tuple[str, ...]) -> int:
    folded = text.lower().replace("’", "'")
    for opening in sorted(openings, key=len, reverse=True):
        rest = folded[len(opening) : len(opening) + 1]
        # Chinese and Japanese go on without a blank; elsewhere an opening is a whole word.
        if folded.startswith(opening) and (not (rest.isalnum() or rest == "'") or is_unspaced(opening[0])):
            return len(opening)
    return 0
