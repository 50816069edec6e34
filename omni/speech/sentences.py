"""Words to sentences."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from omni.contracts import Sentence, Word
from omni.languages import Language, languages
from omni.speech.seams import CLAUSE, has_pauses, taken_apart
from omni.speech.tokens import joined

PAUSE = 1.0
"""A silence of this length ends a sentence that nothing continues."""
BREATH = 0.3
"""Where a mark was forgotten, this ends a sentence before a capital that only a beginning explains."""
LONG_PAUSE = 2.0
"""Even a comma doesn't bridge this."""
LONGEST = 25
"""Words of a sentence where the text has no punctuation: ten seconds of speech."""
LONGEST_PUNCTUATED = 60
# Written speech ends a sentence every 10 to 20 words; with fewer marks than one in 40 they can't be relied on.
_MARKS_PER_WORD = 1 / 40

_CLOSING = "\"'”’»)]」』）›"
_STRONG = "!?。！？؟।॥…‽"
_DOTTED = re.compile(r"^(?:[^\W\d_]\.)+[^\W\d_]?\.?$")
_ALWAYS_CAPITAL = frozenset({"i", "i'm", "i've", "i'd", "i'll", "sie", "ihr"})
# An ordinal is written with a point in these: "am 3. Mai".
_POINT_ORDINALS = {"de", "pl", "tr", "cs", "da", "no", "fi", "hu"}


def sentences(words: Sequence[Word], language: str | None, turns: Collection[int] = ()) -> tuple[Sentence, ...]:
    """Return the sentences in order; together they cover all words. ``turns`` are the words with which another speaker begins.

    A sentence ends at its mark, at a long pause, with its speaker's turn and, where marks are missing, at the best seams.
    """
    if not words:
        return ()
    known = languages().get(language or "")
    cased = any(word.text[:1].islower() for word in words) and any(word.text[:1].isupper() for word in words)
    ends = [_ends(a, b, language, known, cased=cased) for a, b in pairwise(words)]
    marked = sum(word.text.rstrip(_CLOSING).endswith((".", *_STRONG)) for word in words)
    limit = LONGEST_PUNCTUATED if marked >= len(words) * _MARKS_PER_WORD else LONGEST
    starts = frozenset(turns)
    borders = [0, *(i + 1 for i, end in enumerate(ends) if end or i + 1 in starts), len(words)]
    marks_tell, paused = limit == LONGEST_PUNCTUATED, has_pauses(words)
    parts = [
        part
        for first, last in pairwise(borders)
        for part in _parts(words, first, last, known, limit, whole=marks_tell and last - first <= limit, paused=paused)
    ]
    return tuple(_sentence(words, first, last) for first, last in parts)


def _sentence(words: Sequence[Word], first: int, last: int) -> Sentence:
    own = words[first:last]
    text = joined([word.text for word in own])
    return Sentence(start=own[0].start, end=own[-1].end, first=first, last=last, text=text)


def _ends(word: Word, following: Word, language: str | None, known: Language | None, *, cased: bool) -> bool:
    """Tell whether a sentence ends between two words."""
    pause = following.start - word.end
    bare = word.text.rstrip(_CLOSING)
    goes_on = cased and following.text.lstrip("\"'“„«‘(").strip()[:1].islower()
    if pause >= LONG_PAUSE:
        return True
    if bare.endswith(("…", "...")):
        return not goes_on and (cased or pause >= PAUSE / 2)
    if bare.endswith(tuple(_STRONG)):
        return not (goes_on and bare != word.text)
    if bare.endswith("."):
        return not goes_on and not _is_abbreviation(bare, following.text, language, known)
    anew = cased and pause >= BREATH and _begins_anew(following.text, known)
    return (pause >= PAUSE or anew) and not goes_on and not bare.endswith(CLAUSE)


def _begins_anew(text: str, known: Language | None) -> bool:
    """Tell whether a word has its capital from a sentence that begins: it opens sentences, and is no name and no polite address."""
    lower = text.lower().replace("’", "'").strip(".,;:!?\"“”„«»'")
    return text[:1].isupper() and known is not None and lower in known.openers and lower not in _ALWAYS_CAPITAL


def _is_abbreviation(text: str, following: str, language: str | None, known: Language | None) -> bool:
    """Tell whether the point belongs to the word rather than to the sentence."""
    core = text.lstrip("\"'“„«‘(").rstrip(".").lower()
    if core.isdigit():
        return language in _POINT_ORDINALS and len(core) <= 2
    if core in (known.titles if known else _any_title()):
        return True
    if known and core in known.counted:
        return following[:1].isdigit()
    if (known and core in known.closers) or _DOTTED.match(text.lstrip("\"'“„«‘(")):
        # "in the U.S. The plan": a function word with a capital begins a sentence, a name doesn't.
        return known is None or following.strip("\"'“”„«»‘’,.!?").lower() not in known.common
    return False


def _any_title() -> frozenset[str]:
    return frozenset[str]().union(*(language.titles for language in languages().values()))


def _parts(
    words: Sequence[Word], first: int, last: int, known: Language | None, limit: int, *, whole: bool, paused: bool
) -> Iterator[tuple[int, int]]:
    """Yield a run as it is, or taken apart where its marks don't tell sentences."""
    ends = [last] if whole else [first + end for end in taken_apart(words[first:last], known, limit, paused=paused)]
    yield from pairwise((first, *ends))
