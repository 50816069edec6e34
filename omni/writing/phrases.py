"""The few words that the writer adds of its own, in the language of the source."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from pydantic import Field

from omni.contracts import Contract


class PostPhrases(Contract):
    """Labels in posts; ``{}`` stands for what is labelled. ``""`` leaves the label out."""

    clip: str
    topic: str
    in_this_clip: str
    key_points: str


class StrategyPhrases(Contract):
    """Headings and sentences of the strategy; the names in braces are filled in by :mod:`omni.writing.strategy`."""

    strategy: str
    about: str
    title_ideas: str
    audience: str
    interested: str
    questions: str
    angle: str
    clips: str
    total: str
    time: str
    score: str
    hook: str
    reason: str
    no_words: str
    seconds: str
    order: str
    best_first: str
    cadence: str
    platforms: str
    length_limits: str
    too_long: str
    too_short: str
    over_best: str
    music: str
    all_fit: str
    checked: str
    measure: str
    hashtags: str
    key_quotes: str
    before: str
    nothing_before: str
    new_here: str
    used: str
    learned: str


class Phrasebook(Contract):
    """One language: its labels, its quotation marks, and how its sentences lean on the one before."""

    language: str | None
    aliases: tuple[str, ...] = ()
    right_to_left: bool = False
    colon: str
    """Between a label and what it labels."""
    separator: str
    """Between the items of a list."""
    quotes: tuple[str, str, str, str]
    """Opening and closing, then the pair inside a quotation."""
    connectors: tuple[str, ...] = Field(
        default=(), description="In folded case: can be left out at a sentence's start."
    )
    openers: tuple[str, ...] = Field(default=(), description="In folded case: lean on the sentence before.")
    posts: PostPhrases
    strategy: StrategyPhrases

    @property
    def bullet(self) -> str:
        """The arrow before a point, in reading direction."""
        return "←" if self.right_to_left else "→"

    def quoted(self, text: str) -> str:
        """Return ``text`` in quotation marks, its own double marks turned into inner ones."""
        opening, closing, inner_opening, inner_closing = self.quotes
        closings = "”»」“" if "„" in text else "”»」"  # “ opens, except after a „
        marks = dict.fromkeys("„«「“", inner_opening) | dict.fromkeys(closings, inner_closing)
        text = "".join(marks.get(character, character) for character in text)
        while '"' in text:
            text = text.replace('"', inner_opening, 1).replace('"', inner_closing, 1)
        # French marks carry a blank on their inner side, which its inner marks don't.
        text = text.replace(f"{inner_opening}\u00a0", inner_opening).replace(f"{inner_opening} ", inner_opening)
        text = text.replace(f"\u00a0{inner_closing}", inner_closing).replace(f" {inner_closing}", inner_closing)
        return f"{opening}{text}{closing}"


_WORDLESS = PostPhrases(clip="▶", topic="▶ {}", in_this_clip="▶ {}", key_points="")
_LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "pl", "ru", "uk", "ar", "he", "hi", "zh", "ja", "ko", "tr")


def languages() -> tuple[str, ...]:
    """Return the languages that have a phrase table, as ISO 639-1 codes."""
    return _LANGUAGES


def phrasebook(language: str | None) -> Phrasebook:
    """Return the phrases of a language code (``fr``, ``fra``, ``fr-CA``).

    For a language without a table the posts get no words at all, only marks; the strategy, which is for the operator, is
    labelled in English.
    """
    code = (language or "").casefold().replace("_", "-").split("-")[0]
    found = _by_code().get(code)
    if found is not None:
        return found
    return _by_code()["en"].model_copy(
        update={"language": None, "aliases": (), "connectors": (), "openers": (), "posts": _WORDLESS}
    )


@cache
def _by_code() -> dict[str, Phrasebook]:
    books = [_read(language) for language in _LANGUAGES]
    return {code: book for book in books for code in (book.language or "", *book.aliases)}


def _read(language: str) -> Phrasebook:
    path = resources.files("omni.writing") / "phrases" / f"{language}.toml"
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return Phrasebook.model_validate({"language": language, **table})
