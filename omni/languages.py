"""Which language a text is in, told by its script and its most common words."""

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# First and last code point of each script that tells languages apart (Unicode block tables).
_SCRIPTS = (
    ("latin", 0x0041, 0x024F),
    ("greek", 0x0370, 0x03FF),
    ("cyrillic", 0x0400, 0x04FF),
    ("hebrew", 0x0590, 0x05FF),
    ("arabic", 0x0600, 0x06FF),
    ("devanagari", 0x0900, 0x097F),
    ("thai", 0x0E00, 0x0E7F),
    ("kana", 0x3040, 0x30FF),
    ("han", 0x3400, 0x9FFF),
    ("hangul", 0xAC00, 0xD7AF),
)
# ISO 639-2 codes as containers write them, both bibliographic and terminological.
_THREE_LETTERS = {
    "eng": "en", "spa": "es", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "ita": "it", "por": "pt",
    "dut": "nl", "nld": "nl", "pol": "pl", "tur": "tr", "rus": "ru", "ukr": "uk", "ara": "ar", "heb": "he",
    "hin": "hi", "chi": "zh", "zho": "zh", "jpn": "ja", "kor": "ko", "swe": "sv", "dan": "da", "nor": "no",
    "fin": "fi", "cze": "cs", "ces": "cs", "gre": "el", "ell": "el", "hun": "hu", "rum": "ro", "ron": "ro",
    "tha": "th", "vie": "vi", "ind": "id",
}  # fmt: skip
_NOT_A_LANGUAGE = {"und", "mul", "zxx", "mis"}
_CODE = re.compile(r"^([a-zA-Z]{2,3})(?:[-_][a-zA-Z0-9]{2,8})*$")

# In running speech one word in three is among these; a tenth with a clear lead is sure enough, less is a guess.
_MIN_SHARE = 0.1
_MIN_LEAD = 1.3
_MIN_WORDS = 8


@dataclass(frozen=True)
class Language:
    """What is known of a language; see ``languages.toml``."""

    script: str
    common: frozenset[str]
    letters: frozenset[str]
    titles: frozenset[str]
    counted: frozenset[str]
    closers: frozenset[str]
    openers: frozenset[str]
    danglers: frozenset[str]
    enders: frozenset[str]


@cache
def languages() -> dict[str, Language]:
    """Return the known languages by their ISO 639-1 code."""
    data = tomllib.loads(files("omni").joinpath("languages.toml").read_text(encoding="utf-8"))
    return {
        code: Language(
            script=entry.get("script", "latin"),
            common=frozenset(entry["common"].split()),
            letters=frozenset(entry.get("letters", "")),
            titles=frozenset(entry["titles"].split()),
            counted=frozenset(entry["counted"].split()),
            closers=frozenset(entry["closers"].split()),
            openers=frozenset(entry.get("openers", "").split()),
            danglers=frozenset(entry.get("danglers", "").split()),
            enders=frozenset(entry.get("enders", "").split()),
        )
        for code, entry in data.items()
    }


def guessed(words: Sequence[str]) -> str | None:
    """Return the ISO 639-1 code of the language of these words, or ``None`` when it isn't clear."""
    counts = Counter(script for word in words for c in word if (script := _script(c)))
    if not counts:
        return None
    if counts["kana"] > 0.05 * counts.total():
        return "ja"  # Japanese mixes kana into Han; Chinese has none
    script = max(counts, key=lambda name: (counts[name], name))
    candidates = {code: language for code, language in languages().items() if language.script == script}
    if len(candidates) == 1:
        return next(iter(candidates))
    return _by_words([_bare(word) for word in words], candidates)


def script_of(text: str) -> str | None:
    """Return the script of most of a text's letters, ``None`` without letters that tell; kana and Han are both Han."""
    counts = Counter("han" if script == "kana" else script for c in text if (script := _script(c)))
    return max(counts, key=lambda name: (counts[name], name)) if counts else None


def commonness(words: Sequence[str], language: str | None) -> float:
    """Return the share of words that are among a language's most common ones; 0 for an unknown language."""
    known = languages().get(language or "")
    return sum(_bare(word) in known.common for word in words) / len(words) if known and words else 0.0


def language_code(tag: str | None) -> str | None:
    """Return the code of a container's or file name's language tag (``eng``, ``pt-BR``); ``None`` for none or ``und``."""
    match = _CODE.match(tag or "")
    if match is None:
        return None
    code = match.group(1).lower()
    return None if code in _NOT_A_LANGUAGE else _THREE_LETTERS.get(code, code)


def suffix_language(stem: str) -> str | None:
    """Return the language in a file's stem, ``talk.en`` or ``talk.pt-BR``; only of languages that are known.

    >>> suffix_language("talk.en"), suffix_language("my.holiday")
    ('en', None)
    """
    _, dot, suffix = stem.rpartition(".")
    code = language_code(suffix) if dot else None
    return code if code in languages() or code in _THREE_LETTERS.values() else None


def _by_words(words: Sequence[str], candidates: dict[str, Language]) -> str | None:
    if len(words) < _MIN_WORDS:
        return None
    letters = Counter(c for word in words for c in word)
    scores = {
        code: sum(word in language.common for word in words) / len(words)
        + sum(letters[c] for c in language.letters) / max(1, letters.total()) * 5
        for code, language in candidates.items()
    }
    if not scores:
        return None
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    code, score = ranked[0]
    return code if score >= _MIN_SHARE and score >= _MIN_LEAD * second else None


def _bare(word: str) -> str:
    return word.casefold().replace("’", "'").strip(".,;:!?…\"“”„«»()[]—–-' ")


def _script(char: str) -> str | None:
    if not char.isalpha():
        return None
    code = ord(char)
    return next((name for name, first, last in _SCRIPTS if first <= code <= last), None)
