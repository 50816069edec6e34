"""Words that no line can hold are taken apart, where it hurts least."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

from omni.captions.scripts import is_invisible, is_mark, is_unspaced
from omni.captions.wording import CLOSING, Token

# After these a word may end a line without a hyphen: addresses, compounds, numbers with units.
_SEAMS = frozenset("-/_.@&=+:\u00a0\u202f\u00ad")
_DIGRAPHS = frozenset(["ch", "ck", "gh", "ph", "qu", "rh", "sc", "sh", "th", "wh"])
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûåøæœãõаеёиоуыэюяєіїαεηιουωάέήίόύώ")


def divided(word: Token, fits: Callable[[str], bool]) -> tuple[Token, ...]:
    """Return pieces that fit, with hyphens between letters and a share of the time by length; a word that fits stays."""
    if fits(word.text):
        return (word,)
    at = _seam(word.text)
    if at is None:
        return (word,)
    hyphen = "-" if _wants_hyphen(word.text, at) else ""
    middle = round(word.start + (word.end - word.start) * at / len(word.text), 2)
    head = replace(word, text=word.text[:at] + hyphen, end=middle, ends_sentence=False)
    tail = replace(word, text=word.text[at:], start=middle, joined=True)
    return (*_again(head, word, fits), *_again(tail, word, fits))


def _again(piece: Token, whole: Token, fits: Callable[[str], bool]) -> tuple[Token, ...]:
    return divided(piece, fits) if len(piece.text) < len(whole.text) else (piece,)


def _seam(text: str) -> int | None:
    """Return where the second piece begins: a good place first, then near the middle; ``None`` when there is none."""
    margin = max(1, len(text) // 4)
    places = [i for i in range(margin, len(text) - margin + 1) if 0 < i < len(text) and _is_allowed(text, i)]
    return min(places, key=lambda i: (_harm(text, i), abs(2 * i - len(text)), i), default=None)


def _is_allowed(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    joins = is_mark(after) or is_invisible(after) or is_invisible(before)
    # A virama (combining class 9) binds the next consonant to the one before.
    return not joins and unicodedata.combining(before) != 9


def _harm(text: str, at: int) -> int:
    before, after = text[at - 1], text[at]
    if after in CLOSING:
        return 4
    if before in _SEAMS and after not in _SEAMS:
        return 0
    if is_unspaced(before) and is_unspaced(after):
        return 0 if after.isalnum() else 3
    if before.islower() and after.isupper():
        return 0
    # Before a consonant and a vowel, after a letter: where most European syllables begin.
    if at + 1 < len(text) and before.isalpha() and after.isalpha() and before + after not in _DIGRAPHS:
        return 1 if after.lower() not in _VOWELS and text[at + 1].lower() in _VOWELS else 2
    return 3


def _wants_hyphen(text: str, at: int) -> bool:
    """Between letters of a script with cases, unless the word is an address, which a hyphen would falsify."""
    before, after = text[at - 1], text[at]
    return before.isalpha() and before.swapcase() != before and after.isalpha() and not set("/@.") & set(text[:-1])
