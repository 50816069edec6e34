"""Characters that nobody sees: controls, bidirectional overrides, zero-width and tag characters."""

import re
import unicodedata

_JOINERS = "\u200c\u200d"
# Blank letters that Unicode calls letters or symbols: Hangul fillers, the empty braille cell, the Khmer inherent vowels.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\u034f")
# Format, surrogate, private use, unassigned; Cc is handled apart, because a line break is one.
_UNSEEN = frozenset({"Cf", "Cs", "Co", "Cn"})
# Scripts in which a joiner changes how a word is written: Arabic to Syriac, the Indic blocks, Myanmar, Khmer, Mongolian.
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af]")
_PICTOGRAPH = re.compile("[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff\ufe0f]")
_BLANK_RUN = re.compile(r"[^\S\n]+")


def unseen_characters(text: str) -> tuple[str, ...]:
    """Return the names (``U+202E``) of the characters that must not be posted, without repeats, in order.

    Line breaks may stay; so may an emoji's joiner and selector, and the joiners of scripts that need them.
    """
    found = [f"U+{ord(c):04X}" for i, c in enumerate(text) if c != "\n" and _is_unseen(text, i)]
    return tuple(dict.fromkeys(found))


def without_unseen(text: str) -> str:
    """Return ``text`` in NFC without those characters; each kind of blank becomes one, and every line break a line feed."""
    text = re.sub("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    text = unicodedata.normalize("NFC", text.replace("\t", " "))
    previous = None if _may_hold_unseen(text) else text
    while text != previous:  # what stood between two kept characters may have been the reason to keep them
        previous = text
        kept = (c for i, c in enumerate(text) if c == "\n" or not _is_unseen(text, i))
        text = unicodedata.normalize("NFC", "".join(kept))
    return "\n".join(_BLANK_RUN.sub(_plain_blank, line).strip() for line in text.split("\n"))


def _may_hold_unseen(text: str) -> bool:
    return not (text.isascii() and text.replace("\n", "").isprintable())


def _plain_blank(run: re.Match[str]) -> str:
    # A no-break space is kept: French and others need it before their punctuation.
    return run.group() if run.group() in {"\u00a0", "\u202f"} else " "


def _is_unseen(text: str, i: int) -> bool:
    character = text[i]
    if character.isascii():
        return not character.isprintable()
    if character in _JOINERS:
        return not _joins(text, i)
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return not (character == "\ufe0f" and i > 0 and _takes_selector(text[i - 1]))
    return character in _BLANKS or unicodedata.category(character) in _UNSEEN | {"Cc", "Zl", "Zp"}


def _joins(text: str, i: int) -> bool:
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    if not before or not after:
        return False
    if text[i] == "\u200d" and _is_pictograph(before, after):
        return True
    return bool(_JOINING.match(before) and _JOINING.match(after))


def _is_pictograph(before: str, after: str) -> bool:
    return bool(_PICTOGRAPH.match(before)) and bool(_PICTOGRAPH.match(after)) and after != "\ufe0f"


def _takes_selector(base: str) -> bool:
    return base != "\ufe0f" and (base in "0123456789#*" or bool(_PICTOGRAPH.match(base)))
