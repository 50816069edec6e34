"""Text into sentences, in any script."""

import re
from collections.abc import Iterable

from omni.writing.scripts import is_unspaced

# Full stops of the world; a western one ends a sentence only before a blank.
_END = re.compile(r"[.!?…‽]+[\"'”’»)\]]*(?=\s)|[。！？｡．][」』”’）\"]*|[؟۔।॥።]+[»”\"]*(?=\s|$)")
# Words whose full stop ends nothing: titles, initials, and the commonest abbreviations of the languages with phrase tables.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“«])(?:[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_]|mr|mrs|ms|dr|prof|st|jr|sr|vs|etc|inc|ltd|co|no|fig|approx|ca|bzw|usw|ggf|nr|sog|"
    r"sra|srta|ud|uds|av|pág|núm|mme|mlle|env|ex|p\.ex|tel|cf|al|bijv|dhr|mevr|np|tzn|itd|ul|им|т\.е|т\.д|г|гг|руб|см|напр)\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of one line of text, each with its punctuation; a text without any is one sentence.

    >>> sentences("Dr. Who paid 3.50. Why? Nobody knows")
    ('Dr. Who paid 3.50.', 'Why?', 'Nobody knows')
    """
    parts: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if _ends_sentence(text, start, match):
            parts.append(text[start : match.end()].strip())
            start = match.end()
    parts.append(text[start:].strip())
    return tuple(part for part in parts if part)


def joined(parts: Iterable[str]) -> str:
    """Return sentences as one paragraph; Chinese and Japanese ones take no blank between them."""
    text = ""
    for part in parts:
        blank = " " if text and part and not is_unspaced(text[-1]) else ""
        text += blank + part
    return text


def is_complete(sentence: str) -> bool:
    """Say whether a sentence has its closing punctuation."""
    return bool(re.search(r"[.!?‽。！？｡．؟۔।॥።][\"'”’»)\]」』）]*$", sentence))


def is_question(sentence: str) -> bool:
    """Say whether a sentence asks."""
    return bool(re.search(r"[?？؟][!！\"'”’»)\]」』）]*$", sentence))


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    if match.group() == "." and _ABBREVIATION.search(text[start : match.end()]):
        return False
    following = text[match.end() :].lstrip()[:1]
    # An ellipsis or an abbreviation unknown here goes on in lower case.
    return not (match.group()[-1] in ".…" and following.islower())
