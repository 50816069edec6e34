"""What a clip offers to write with: its sentences, weighed, and the words around it. Nothing here is invented."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from omni.contracts import Analysis, Clip
from omni.untrusted.links import foreign_pointers
from omni.writing.lengths import width
from omni.writing.phrases import Phrasebook
from omni.writing.sanitizing import cleaned, plain, sound_cues_removed, without_markup
from omni.writing.sentences import is_complete, is_question, joined, sentences
from omni.writing.wording import is_form_of, letters_of, mentions, opens_with, repeats_any, same_words, without_opening

# Widths (see lengths.width) between which a sentence can stand alone as a quote, and where it reads best.
_NARROWEST, _WIDEST = 20, 240
_BEST_WIDTH = range(40, 141)
_MOST_KEYWORDS = 3


@dataclass(frozen=True)
class Line:
    """One sentence of a clip: as it was said, and as it stands ``alone``, without "and" and "so" at its start.

    ``strength`` says how well it does that; at 0 or below it doesn't.
    """

    place: int
    """Which sentence of the clip it is, so that two can be told to follow each other."""
    said: str
    alone: str
    strength: float
    asks: bool
    leans: bool
    """It begins with a word that points to the sentence before."""


@dataclass(frozen=True)
class Material:
    """Everything that the posts of one clip may say, as plain text; ``lines`` in the order spoken."""

    title: str
    hook: str
    lines: tuple[Line, ...]
    video_title: str
    topic: str
    """``""`` when it is only a list of the keywords."""
    keywords: tuple[str, ...]
    questions: bool | None = None
    """Whether a post opens with a question of the clip; ``None``: as its platform likes."""

    @property
    def strongest(self) -> tuple[Line, ...]:
        """The lines that can stand alone, best first; the earlier of two equals first."""
        return tuple(sorted((line for line in self.lines if line.strength > 0), key=lambda line: -line.strength))


def material_of(clip: Clip, analysis: Analysis, book: Phrasebook, allowed: str) -> Material:
    """Gather a clip's material; ``allowed`` holds the addresses and handles that may stay, the operator's own."""
    lines = spoken_lines(clip.text, analysis, book, allowed)
    hook = _hook(clip, lines, allowed)
    return Material(
        title=plain(clip.title, allowed),
        hook=hook,
        lines=lines,
        video_title=plain(analysis.titles[0], allowed),
        topic=_topic(analysis, allowed),
        keywords=distinct(plain(keyword) for keyword in analysis.keywords if mentions(clip.text, keyword)),
    )


def _topic(analysis: Analysis, allowed: str) -> str:
    keywords = set(map(letters_of, analysis.keywords))
    parts = {letters_of(part) for part in re.split("[,،、;]", analysis.topic)}
    return "" if parts <= keywords else plain(analysis.topic, allowed)


def distinct(keywords: Iterable[str]) -> tuple[str, ...]:
    """Return the keywords that say something, each in its first form only (box, not boxes too)."""
    kept: list[str] = []
    for keyword in keywords:
        if any(c.isalnum() for c in keyword) and not any(is_form_of(keyword, other) for other in kept):
            kept.append(keyword)
    return tuple(kept)


def spoken_lines(text: str, analysis: Analysis, book: Phrasebook, allowed: str) -> tuple[Line, ...]:
    """Return the sentences of a spoken text, without those that point to an address or a handle, and without repeats."""
    key_sentences = tuple(plain(sentence) for sentence in analysis.key_sentences)
    lines: list[Line] = []
    found = _sentences(text)
    for place, sentence in enumerate(found):
        if foreign_pointers(sentence, allowed) or any(line.said == sentence for line in lines):
            continue
        alone = without_opening(sentence, book.connectors)
        strength = _strength(alone, key_sentences, analysis.keywords, book)
        # What is said last in a clip is its pay-off more often than not.
        strength += 0.4 if len(found) - place <= 2 else 0.0
        lines.append(Line(place, sentence, alone, strength, is_question(sentence), opens_with(alone, book.openers)))
    return tuple(lines)


def _hook(clip: Clip, lines: tuple[Line, ...], allowed: str) -> str:
    """Return the analyst's hook as far as it can be said, else the first sentence of the clip."""
    sayable = [sentence for sentence in _sentences(clip.hook) if not foreign_pointers(sentence, allowed)]
    return joined(sayable) or (lines[0].said if lines else "")


def _sentences(text: str) -> tuple[str, ...]:
    found = (cleaned(sentence) for sentence in sentences(sound_cues_removed(without_markup(text))))
    return tuple(sentence for sentence in found if any(c.isalnum() for c in sentence))


def _strength(sentence: str, key_sentences: tuple[str, ...], keywords: tuple[str, ...], book: Phrasebook) -> float:
    room = width(sentence)
    if not _NARROWEST <= room <= _WIDEST:
        return -1.0
    is_key = any(same_words(sentence, key) for key in key_sentences)
    strength = 1.0 + (0.5 if room in _BEST_WIDTH else 0.0)
    strength += 1.5 if is_key else 0.0
    strength += 0.2 if any(c.isdigit() for c in sentence) else 0.0
    strength += 0.3 if sentence.rstrip("\"'”’»」").endswith(("!", "！")) else 0.0
    strength += 0.2 * min(_MOST_KEYWORDS, sum(mentions(sentence, keyword) for keyword in keywords))
    # The analyst found that a key sentence carries the talk: it may lean a little.
    strength -= (1.0 if is_key else 2.5) if opens_with(sentence, book.openers) else 0.0
    return strength - (0.0 if is_complete(sentence) else 1.0)


def different(lines: tuple[Line, ...], said: tuple[str, ...]) -> tuple[Line, ...]:
    """Return the lines that don't repeat what was already said."""
    return tuple(line for line in lines if not repeats_any(line.said, said))
