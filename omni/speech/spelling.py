"""Written words as a row of sounds, as far as spelling tells them."""

import re
import unicodedata
from collections.abc import Sequence

# Letters that stand for one sound together, in the Latin spellings of several languages.
_UNITS = re.compile("sch|th|sh|ch|ph|ck|gh|ng|qu|ee|oo|ea|ou|ow|ai|ay|er|ur|ir|ar|or|ie|ei|au|eu|oi|rz|sz|cz|.")
# A digit is read as a word of about four sounds.
_SOUNDS_OF_A_DIGIT = 4
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def units(word: str) -> tuple[str, ...]:
    """Return the sounds of a word in order: letters, letter groups, and digits several times; ``?`` for none.

    >>> units("Three"), units("still,")
    (('th', 'r', 'ee'), ('s', 't', 'i', 'l'))
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if c.isalnum())
    sounds: list[str] = []
    for unit in _UNITS.findall(plain):
        if unit.isdigit():
            sounds.extend([unit] * _SOUNDS_OF_A_DIGIT)
        elif not sounds or sounds[-1] != unit:
            sounds.append(unit)
    return tuple(sounds) or ("?",)


def is_alphabetic(words: Sequence[str]) -> bool:
    """Tell whether letters stand for sounds here: Latin, Cyrillic or Greek script (others were not measured)."""
    letters = [c for word in words for c in word if c.isalpha()]
    known = sum(unicodedata.name(c, "").startswith(_ALPHABETS) for c in letters)
    return bool(letters) and known >= 0.9 * len(letters)
