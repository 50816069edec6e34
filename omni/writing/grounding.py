"""Does a post say only what its evidence says? Numbers, names, quotations, web addresses and handles are compared."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from omni.untrusted.links import handles, links
from omni.writing.wording import letters_of

# 1,000 and 1.000 and 1'000 and 1 000 are one number; what follows a last separator with other than three digits is a fraction.
_NUMBER = re.compile(r"\d+(?:[.,٫٬'’]\d+|[ \u00a0\u202f]\d{3}(?!\d))*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,٬'’ \u00a0\u202f]\d{3})+")
_TOKEN = re.compile(r"[^\W\d_](?:[\w’'.-]*[^\W_])?")
_QUOTATION = re.compile('“([^”\n]*)”|„([^“”\n]*)[“”]|«([^»\n]*)»|「([^」\n]*)」|『([^』\n]*)』|"([^"\n]*)"')
_GAP = re.compile(r"\[?(?:…|\.\.\.)\]?")
# After these a capital letter says nothing.
_SENTENCE_START = re.compile(r"(?:^|[.!?:…‽。！？؟۔।॥：\n•→←▶|–—]|[\"“„«‘(\[])\s*[\"“„«‘(\[]*$")
# … except after a title that is written with a full stop.
_TITLE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|Sr|Sra|Mme|Hr)\.\s*$")
# German writes every noun with a capital; there only two capitals in a row look like a name.
_NOUNS_WITH_CAPITALS = frozenset({"de", "lb", "deu", "ger", "ltz"})
_POLITE = frozenset({"Sie", "Ihr", "Ihre", "Ihren", "Ihrem", "Ihrer", "Ihres", "Ihnen"})
"""German pronouns with a capital: "damit Sie Wasser sparen" names nobody."""


def ungrounded(post_text: str, evidence_text: str, language: str | None = None) -> tuple[str, ...]:
    """Return what ``post_text`` claims and ``evidence_text`` doesn't hold, in the order found by kind, without repeats.

    Checked are numbers in digits (1,000 = 1000 = 1 000; ten isn't 10), capitalised words inside a sentence (not in scripts
    without capitals; ``language`` tells German apart), quotations, web addresses, and @handles. A name at the start of a
    sentence, or in a headline whose words all have capitals, can't be told from another word and passes.
    """
    evidence = _evidence(evidence_text)
    found = (
        *_numbers_missing(post_text, evidence),
        *_names_missing(post_text, evidence, language),
        *_quotations_missing(post_text, evidence),
        *_pointers_missing(post_text, evidence),
    )
    return tuple(dict.fromkeys(found))


def without_quotations(text: str) -> str:
    """Return ``text`` without what stands in quotation marks."""
    return _QUOTATION.sub(" ", text)


@dataclass(frozen=True)
class _Evidence:
    """What a text holds that can be claimed; all in folded case."""

    numbers: frozenset[str]
    words: frozenset[str]
    letters: str
    pointers: frozenset[str]


@lru_cache(maxsize=32)  # the same evidence is held against every sentence of a clip's posts
def _evidence(text: str) -> _Evidence:
    return _Evidence(
        numbers=frozenset(reading for _, readings in _numbers(text) for reading in readings),
        words=frozenset(token.casefold() for token in _tokens(text)),
        letters=letters_of(text),
        pointers=frozenset(pointer.casefold() for pointer in (*links(text), *handles(text))),
    )


def _numbers_missing(text: str, evidence: _Evidence) -> Iterator[str]:
    for number, readings in _numbers(text):
        whole, *parts = readings
        if whole not in evidence.numbers and not (parts and evidence.numbers.issuperset(parts)):
            yield number


def _numbers(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each number as written, with its value; one grouped by blanks may be several, so its parts follow."""
    for match in _NUMBER.finditer(_in_ascii_digits(text)):
        number = match.group()
        parts = re.split(r"[ \u00a0\u202f]", number)
        values = tuple(_value(part) for part in parts) if len(parts) > 1 else ()
        yield number, (_value(number), *values)


def _value(number: str) -> str:
    if _GROUPED.fullmatch(number):
        return re.sub(r"\D", "", number)
    head, separator, fraction = (
        (m.group(1), ".", m.group(2)) if (m := re.fullmatch(r"(.*\d)[.,٫](\d+)", number)) else (number, "", "")
    )
    plain_head = re.sub(r"\D", "", head) if _GROUPED.fullmatch(head) else re.sub(r"[,٫٬'’ \u00a0\u202f]", ".", head)
    return f"{plain_head}{separator}{fraction}"


def _in_ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _names_missing(text: str, evidence: _Evidence, language: str | None) -> Iterator[str]:
    pairs_only = (language or "").casefold() in _NOUNS_WITH_CAPITALS
    for line in text.split("\n"):
        if _is_headline(line):
            continue
        names = [(m, _bare(m.group())) for m in _TOKEN.finditer(line) if _is_name(line, m)]
        names = [(m, name) for m, name in names if not (pairs_only and name in _POLITE)]
        for match, name in names:
            beside = any(0 < m.start() - match.end() <= 1 or 0 < match.start() - m.end() <= 1 for m, _ in names)
            if name.casefold() not in evidence.words and (beside or not pairs_only):
                yield name


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        yield _bare(match.group())
        # The halves of Jean-Luc and the word within don't count as said too.
        yield from (part for part in re.split(r"[-.’']", match.group()) if part)


def _bare(token: str) -> str:
    return re.sub(r"['’]s?$", "", token).rstrip(".-")


def _is_name(line: str, match: re.Match[str]) -> bool:
    token = match.group()
    if not token[0].isupper() and not token[0].istitle():
        return False
    if token in {"I", "I'm", "I've", "I'd", "I'll", "I’m", "I’ve", "I’d", "I’ll"}:
        return False
    before = line[: match.start()]
    return not before.endswith(("#", "@", "＃", "＠")) and (
        not _SENTENCE_START.search(before) or bool(_TITLE.search(before))
    )


def _is_headline(line: str) -> bool:
    """Say whether every longer word of a line has a capital, so that capitals tell nothing."""
    words = [token for token in re.findall(r"[^\W\d_]{4,}", line) if token.lower() != token.upper()]
    return len(words) >= 3 and all(word[0].isupper() for word in words)


def _quotations_missing(text: str, evidence: _Evidence) -> Iterator[str]:
    for match in _QUOTATION.finditer(text):
        quotation = next((group for group in match.groups() if group is not None), "")
        place = 0
        for piece in map(letters_of, _GAP.split(quotation)):
            place = evidence.letters.find(piece, place)
            if place < 0:
                yield quotation
                break
            place += len(piece)


def _pointers_missing(text: str, evidence: _Evidence) -> Iterator[str]:
    yield from (pointer for pointer in (*links(text), *handles(text)) if pointer.casefold() not in evidence.pointers)
