"""Untrusted text made plain: one line, no markup, no pointer to anywhere, only characters that are seen."""

import html
import re

from omni.untrusted.invisibles import without_unseen
from omni.untrusted.links import foreign_pointers
from omni.writing.hashtags import without_hash_signs

_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<!--.*?-->|<\d\d:\d\d[^<>]{0,20}>")
_ENTITY = re.compile(r"&(?:#\w{1,8}|[a-zA-Z]\w{1,31});")
_OVERRIDE = re.compile(r"\{\\[^{}]*\}|\\N|\\[nh](?![a-z])")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\n]*\)")
# Marks that a text field shows as they are; f**k is none.
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*|`)(?=[^\s*`])([^*`\n]{1,200})(?<=\S)\1(?![\w*])")
_HEADING = re.compile(r"^\s*#{1,6}\s+(?=\S)")
# What subtitles say of sounds and speakers: [applause], (laughter), ♪ … ♪, ">>" before a new speaker.
_CUE = re.compile(
    r"\[[^\[\]\n]{0,40}\]|\((?:[^()\n]{0,20})(?:laugh|applau|music|inaudible|cheer)[^()\n]{0,20}\)|[♪♫]", re.IGNORECASE
)
_SPEAKER_CHANGE = re.compile(r"(?:^|(?<=\s))>>+\s*|(?:^|(?<=[.!?…]\s))[-–—]\s?(?=[^\W\d_])")
_PAIRS = (("«", "»"), ("「", "」"), ("『", "』"), ("(", ")"), ("[", "]"), ("（", "）"))


def plain(text: str, allowed: str = "") -> str:
    """Return ``text`` as one plain line; addresses and handles that aren't in ``allowed`` become an ellipsis."""
    previous = None
    while previous != text:  # what is taken away may close up another thing to take away
        previous = text
        text = cleaned(text)
        for pointer in sorted(foreign_pointers(text, allowed), key=len, reverse=True):
            text = text.replace(pointer, "…")
        text = re.sub(r"…(?:\s*[….])+", "…", text)
    return text if text.strip("…. ") else ""


def cleaned(text: str) -> str:
    """Return ``text`` as one line without markup and without lone quotation marks and brackets."""
    previous = None
    while previous != text:
        previous = text
        text = balanced(without_markup(text))
    return text


def without_markup(text: str) -> str:
    """Return ``text`` as one line without HTML, subtitle and markdown marks and without signs that make a hashtag."""
    previous = None
    while previous != text:  # a tag taken away may close up another one
        previous = text
        text = _MARKDOWN_LINK.sub(r"\1", _OVERRIDE.sub(" ", _TAG.sub(" ", html.unescape(without_unseen(text)))))
        text = without_hash_signs(_EMPHASIS.sub(r"\2", _HEADING.sub("", text)))
    return _collapsed(text)


def markup(text: str) -> tuple[str, ...]:
    """Return the marks of HTML, subtitles and markdown in ``text``, line by line, without repeats."""
    patterns = (_TAG, _OVERRIDE, _MARKDOWN_LINK, _EMPHASIS, _HEADING)
    lines = text.split("\n")
    found = [match.group().strip() for line in lines for each in patterns for match in each.finditer(line)]
    found += [match.group() for match in _ENTITY.finditer(text) if html.unescape(match.group()) != match.group()]
    return tuple(dict.fromkeys(found))


def sound_cues_removed(text: str) -> str:
    """Return ``text`` without the notes that subtitles carry about sounds and speakers."""
    return _collapsed(_SPEAKER_CHANGE.sub("", _collapsed(_CUE.sub(" ", text))))


def balanced(text: str) -> str:
    """Return ``text`` without quotation marks and brackets that have no partner."""
    if text.count('"') % 2:
        text = _without_marks(text, [i for i, c in enumerate(text) if c == '"'])
    # “ opens in English and closes in German; ” closes in both.
    for opening, closing in (("„", "“”") if "„" in text else ("“", "”"), *_PAIRS):
        if opening in text or any(c in text for c in closing):
            text = _paired(text, opening, closing)
    return re.sub(" {2,}", " ", text).strip()


def _paired(text: str, opening: str, closing: str) -> str:
    waiting: list[int] = []
    lone: list[int] = []
    for i, character in enumerate(text):
        if character in closing and waiting:
            waiting.pop()
        elif character == opening:
            waiting.append(i)
        elif character in closing:
            lone.append(i)
    return _without_marks(text, [*lone, *waiting])


def _without_marks(text: str, places: list[int]) -> str:
    # A blank keeps apart what only the mark kept apart.
    kept = list(text)
    for i in places:
        kept[i] = " " if text[i - 1 : i].isalnum() and text[i + 1 : i + 2].isalnum() else ""
    return "".join(kept)


def _collapsed(text: str) -> str:
    # Blanks before ; : ! ? stay: French wants them.
    return re.sub(r"\s+(?=[,.…](?:\s|$))", "", re.sub(r"[^\S\u00a0\u202f]+", " ", text)).strip()
