"""Where words without marks are best taken apart into sentences: at pauses, before words that open one, never after one that dangles.

Measured as F1 of the borders against the written ones, marks and capitals taken away (pauses only → this): the talk in samples, whose
pauses are heard, 0.84 → 0.94; fifteen written talks in four languages with pauses drawn at random, 0.55 → 0.65.
"""

from collections.abc import Sequence
from itertools import pairwise

from omni.contracts import Word
from omni.languages import Language
from omni.speech.tokens import is_unspaced

CLAUSE = (",", ";", ":", "，", "、", "；", "：", "،", "–", "—")
_LONGEST_PAUSE = 1.2
"""Seconds beyond which a longer pause says no more."""
_OPENER, _DANGLER, _ENDER, _CAPITAL, _COMMA = 0.15, -0.8, 0.3, 0.5, 0.3
"""What a sign is worth in seconds of pause."""
_BORDER = 0.4
"""Seconds of pause that a sentence's end must be worth."""
_USUAL = (5, 14)
"""Words of most sentences that are said."""
_SHORT, _LONG = 0.06, 0.02
"""What each word fewer or more costs."""


_HEARD_PAUSE = 0.12
"""Seconds: less is a consonant."""
_PAUSES_PER_SEAM = 1 / 40
"""A talk whose words have fewer pauses has none: its times were spread over the words."""
_SAID, _SAID_OPENER, _SAID_DANGLER, _SAID_AFTER_OPENER, _SAID_LETTER = -1.58, 1.75, -2.07, -0.83, -0.11
"""Where there are no pauses: log-odds of a border from the words alone (any seam; before an opener; after a dangler; after an opener;
for each letter of the word after it), fitted by logistic regression on the nine talks to tune on, 0.75 added so that there are as many
borders as sentences. Their oddities of length are five times those of seconds."""
_BY_WORDS = 5.0


def has_pauses(words: Sequence[Word]) -> bool:
    """Tell whether word times hold the pauses of a speaker."""
    heard = sum(b.start - a.end >= _HEARD_PAUSE for a, b in pairwise(words))
    return heard >= _PAUSES_PER_SEAM * (len(words) - 1)


def taken_apart(words: Sequence[Word], language: Language | None, limit: int, *, paused: bool = True) -> list[int]:
    """Return the exclusive ends of the sentences, none longer than ``limit`` words: the best by dynamic programming.

    ``paused``: whether the words have pauses between them to go by. Where neither pauses nor the language are known, length decides.
    """
    worths = _worths(words, language) if paused or language is None else _odds(words, language)
    scale = 1.0 if paused or language is None else _BY_WORDS
    worth = [0.0, *worths, 0.0]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        options = (
            (best[first][0] + worth[end] - scale * _oddity(end - first), first)
            for first in range(max(0, end - limit), end)
        )
        best.append(max(options))
    ends = [len(words)]
    while best[ends[-1]][1]:
        ends.append(best[ends[-1]][1])
    return ends[::-1]


def _oddity(length: int) -> float:
    short, long = _USUAL
    return _SHORT * max(0, short - length) + _LONG * max(0, length - long)


def _worths(words: Sequence[Word], language: Language | None) -> list[float]:
    """Return for each seam between two words how much more speaks for a sentence's end than against it."""
    lower = {word.text for word in words if word.text.islower()}
    return [_worth(a, b, language, lower) - _BORDER for a, b in pairwise(words)]


def _odds(words: Sequence[Word], language: Language) -> list[float]:
    return [_odd(a.text, b.text, language) for a, b in pairwise(words)]


def _odd(before: str, after: str, language: Language) -> float:
    odds = _SAID + _SAID_LETTER * min(len(_bare(after)), 10)
    odds += _SAID_OPENER * _is_opener(after, language) + _SAID_AFTER_OPENER * _is_opener(before, language)
    return odds + _SAID_DANGLER * (_bare(before) in language.danglers)


def _worth(before: Word, after: Word, language: Language | None, lower: set[str]) -> float:
    worth = min(_LONGEST_PAUSE, max(0.0, after.start - before.end))
    worth += _COMMA * before.text.endswith(CLAUSE)
    worth += _CAPITAL * (after.text[:1].isupper() and after.text.lower() in lower)
    if language:
        worth += _OPENER * _is_opener(after.text, language)
        worth += _DANGLER * (_bare(before.text) in language.danglers)
        worth += _ENDER * _bare(before.text).endswith(tuple(language.enders))
    return worth


def _is_opener(text: str, language: Language) -> bool:
    bare = _bare(text)
    return bare in language.openers or (is_unspaced(text) and bare.startswith(tuple(language.openers)))


def _bare(text: str) -> str:
    return text.lower().replace("’", "'").strip(".,;:!?…\"“”„«»()[]—–-' ")
