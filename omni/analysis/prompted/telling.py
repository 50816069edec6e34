"""What a model writes about a clip or a talk: kept when it is plain and grounded, else worded without it.

The rules need no list of tricks. A text that points somewhere, holds markup or repeats our instructions is refused. A number must be
said in what it is about. Half of a title's words must be said in its clip; what is about the whole talk must use words that recur in
it, since an order that somebody smuggled in is said at one place. What remains possible is that a clip's title quotes the clip.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from omni.analysis.evidence.sign import shortened
from omni.analysis.material import Material, Window
from omni.analysis.phrases import clip_title, headline, key_phrases, talk_titles
from omni.analysis.prompted.answers import Answer
from omni.analysis.prompted.prompting import INSTRUCTIONS
from omni.analysis.prompted.quoting import letters_of
from omni.analysis.terms import has_digits, tokenize
from omni.analysis.traits import content_stems
from omni.analysis.wording import topic_of
from omni.untrusted.invisibles import without_unseen
from omni.untrusted.links import foreign_pointers

_TOPIC, _KEYWORD, _REASON, _HOOK = 100, 40, 240, 200
"""Characters."""
_KEYWORDS, _FEWEST_KEYWORDS = 10, 3
_TITLES, _FEWEST_TITLES = 5, 3
_SHARE = 0.5
"""Share of a title's content words that must be said: the rest are the model's own, which make it a title."""
_APART = 20.0
"""Seconds between two places: an order that is repeated is repeated at once, a theme comes back."""
_ECHO = 6
"""Words in a row that a title shares with our instructions only when it copies them."""
_MARKUP = re.compile(r"</?[a-zA-Z!][^>]*>|<\||\]\(|```|\{\\|\[/?INST|[{}]|#[^\W\d_]")
_LEAD = re.compile(r"^this clip\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Ground:
    """What a text may rest on: stems and numbers; empty stems where nothing is said."""

    stems: frozenset[str]
    numbers: frozenset[str]


def title_for(text: str, window: Window, material: Material, taken: Sequence[str]) -> str:
    """Return a model's title for a clip, else the strongest sentence of the clip; none of ``taken``."""
    title = headline(plain(text, material), material.timeline.lexicon)
    if title and title not in taken and _is_grounded(title, _said_in(window, material), material):
        return title
    return clip_title(window.first, window.last, material, taken)


def hook_for(text: str, window: Window, material: Material) -> str:
    """Return what is said first, as the transcript has it: the sentences that a model's hook touches, else the first one."""
    units = material.units[window.first : window.last]
    said = list(accumulate((u.text for u in units), lambda before, text: f"{before} {text}"))
    wished = letters_of(text)
    hook = next((run for run in said if letters_of(run).startswith(wished)), units[0].text)
    return hook if len(hook) <= _HOOK else units[0].text


def reason_for(text: str, window: Window, material: Material) -> str:
    """Return a model's reason as a clause that completes "this clip …", ``""`` for one that can't be told."""
    reason = _LEAD.sub("", plain(text, material)).rstrip(". ")
    numbers = _numbers(reason) <= _said_in(window, material).numbers
    return shortened(reason[:1].lower() + reason[1:], _REASON) if numbers else ""


def topic_for(answers: Iterable[Answer], material: Material) -> str:
    """Return the first topic that recurs in the talk, else its weightiest phrases."""
    ground = _recurring(material)
    topics = (shortened(plain(answer.topic, material), _TOPIC) for answer in answers)
    return next((t for t in topics if t and _is_grounded(t, ground, material)), "") or topic_of(material)


def titles_for(answers: Iterable[Answer], material: Material) -> tuple[str, ...]:
    """Return three to five titles for the whole: the model's as far as they hold, then quoted ones."""
    ground, lexicon = _recurring(material), material.timeline.lexicon
    told = (headline(plain(text, material), lexicon) for answer in answers for text in answer.titles)
    kept = list(dict.fromkeys(t for t in told if t and _is_grounded(t, ground, material)))[:_TITLES]
    spare = [t for t in talk_titles(material) if t not in kept]
    return (*kept, *spare[: max(0, _FEWEST_TITLES - len(kept))])


def keywords_for(answers: Iterable[Answer], material: Material) -> tuple[str, ...]:
    """Return the model's keywords as far as each of their words recurs in the talk, else the weightiest phrases."""
    ground = _recurring(material)
    told = (shortened(plain(text, material), _KEYWORD) for answer in answers for text in answer.keywords)
    kept = {t.casefold(): t for t in told if t and _is_grounded(t, ground, material, share=1.0)}
    return tuple(kept.values())[:_KEYWORDS] if len(kept) >= _FEWEST_KEYWORDS else key_phrases(material)


def plain(text: str, material: Material) -> str:
    """Return a model's text as one line of seen characters; ``""`` when it points somewhere, is markup or repeats our instructions."""
    line = " ".join(without_unseen(text).split())
    if foreign_pointers(line, material.dossier.brief.directives) or _MARKUP.search(line) or _echoes(line):
        return ""
    return line


def _echoes(text: str) -> bool:
    return not _shingles(text).isdisjoint(_own_shingles())


@cache
def _own_shingles() -> frozenset[tuple[str, ...]]:
    return _shingles(INSTRUCTIONS)


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    tokens = tokenize(text)
    return frozenset(tokens[i : i + _ECHO] for i in range(len(tokens) - _ECHO + 1))


def _is_grounded(text: str, ground: Ground, material: Material, share: float = _SHARE) -> bool:
    if not _numbers(text) <= ground.numbers:
        return False
    if not material.has_words or _is_translated(material):
        return True
    stems = content_stems(tokenize(text), material.timeline.lexicon)
    return bool(stems) and sum(stem in ground.stems for stem in stems) >= share * len(stems)


def _is_translated(material: Material) -> bool:
    """Tell whether the model was asked to write in another language than is spoken: then its words can't be compared."""
    asked = material.dossier.brief.posts_language
    return asked is not None and asked != (material.dossier.transcript.language or material.timeline.lexicon.code)


def _said_in(window: Window, material: Material) -> Ground:
    return Ground(material.stems_of(window), _numbers(material.text_of(window)))


def _recurring(material: Material) -> Ground:
    """Return what is said at two places of the talk that lie apart."""
    units = material.units
    stems = _spread((unit.start, traits.terms) for unit, traits in zip(units, material.traits, strict=True))
    return Ground(stems, _spread((unit.start, _numbers(unit.text)) for unit in units))


def _spread(said: Iterable[tuple[float, Iterable[str]]]) -> frozenset[str]:
    first: dict[str, float] = {}
    found: set[str] = set()
    for time, terms in said:
        found.update(term for term in terms if time - first.setdefault(term, time) >= _APART)
    return frozenset(found)


def _numbers(text: str) -> frozenset[str]:
    return frozenset(token for token in tokenize(text) if has_digits(token))
