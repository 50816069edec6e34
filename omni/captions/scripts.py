"""Writing systems: which script a character belongs to, how it is called, and which way it runs."""

import unicodedata
from functools import lru_cache

from fontTools import unicodedata as tables

COMMON, INHERITED = "Zyyy", "Zinh"
"""Digits, signs and blanks; marks that take the script of their letter."""

_NEVER_FIRST = frozenset("ะาำๅๆະາຳໆーゝゞ々ぁぃぅぇぉっゃゅょァィゥェォッャュョ")
# Characters of these that make about one word: Chinese and Japanese draw a syllable or a sense, the others a sound.
_UNSPACED = {"Hani": 2.5, "Hira": 2.5, "Kana": 2.5, "Hrkt": 2.5, "Bopo": 2.5} | dict.fromkeys(
    ("Thai", "Laoo", "Khmr", "Mymr", "Tibt"), 5.0
)
# Signs of Chinese and Japanese that Unicode counts as common.
_UNSPACED_SIGNS = frozenset("ー々、。，．！？；：「」『』（）《》〈〉【】・")


@lru_cache(maxsize=4096)
def script(char: str) -> str:
    """Return the ISO 15924 code, ``Latn``, of a character."""
    return tables.script(char)  # pyright: ignore[reportUnknownMemberType] -- fontTools has no types here


def script_name(char: str) -> str:
    """Name the script of a letter for people: ``Han``, ``Thai``."""
    name: str = tables.script_name(script(char))  # pyright: ignore[reportUnknownMemberType] -- as above
    return name.replace("_", " ")


def is_unspaced(char: str) -> bool:
    """Tell whether a character belongs to a script that is written without blanks."""
    return char in _UNSPACED_SIGNS or script(char) in _UNSPACED


def words_in(text: str) -> float:
    """Estimate how many words a piece of text without blanks counts as: one, unless its script is unspaced."""
    sizes = [1 / _UNSPACED[code] for char in text if (code := script(char)) in _UNSPACED and not is_mark(char)]
    return sum(sizes) if sizes else 1.0


def is_hiragana(char: str) -> bool:
    """Tell whether a character is of the Japanese script that writes particles and endings."""
    return script(char) == "Hira"


def is_letter(char: str) -> bool:
    """Tell whether leaving this character out would change a word: letters, marks and digits, but no symbols."""
    return unicodedata.category(char)[0] in "LMN"


def is_mark(char: str) -> bool:
    """Tell whether a character is drawn on the letter before it."""
    return unicodedata.category(char) in {"Mn", "Mc", "Me"}


def leans_back(char: str) -> bool:
    """Tell whether a word can't begin with this character: marks, and what Thai, Lao and Japanese write after another."""
    return is_mark(char) or char in _NEVER_FIRST


def is_invisible(char: str) -> bool:
    """Tell whether a character is never drawn by itself: joiners, direction marks, variation selectors."""
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f"


def is_right_to_left(text: str) -> bool | None:
    """Tell the direction of a paragraph by its first strong character; ``None`` when it has none."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return None
