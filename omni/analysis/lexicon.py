"""What a language's function words tell; for an unknown language, what word frequencies tell."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from omni.analysis.languages import ALIASES, WORDS
from omni.analysis.terms import is_unspaced, tokenize

_TRUST = 0.15
"""A language tag is believed when at least this share of the words are its function words (real talks: 0.4–0.6)."""
_GRAMMAR_SHARE = 0.35
"""In any language the few most frequent, short words make up about this share of running text (Zipf)."""


@dataclass(frozen=True)
class Lexicon:
    """The word lists of one language; all empty but ``stop`` when the language is unknown."""

    code: str | None
    stop: frozenset[str]
    link: frozenset[str] = frozenset()
    point: frozenset[str] = frozenset()
    ask: frozenset[str] = frozenset()
    aux: frozenset[str] = frozenset()
    clause: frozenset[str] = frozenset()
    turn: frozenset[str] = frozenset()
    me: frozenset[str] = frozenset()
    you: frozenset[str] = frozenset()
    strong: frozenset[str] = frozenset()
    tale: frozenset[str] = frozenset()
    count: frozenset[str] = frozenset()
    sum: frozenset[str] = frozenset()
    polite: frozenset[str] = frozenset()
    guide: frozenset[str] = frozenset()
    he: frozenset[str] = frozenset()
    det: frozenset[str] = frozenset()
    hedge: frozenset[str] = frozenset()
    sell: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    past_end: frozenset[str] = frozenset()

    def leans(self, text: str) -> bool:
        """Tell whether a sentence opens with a word that ties it to what was said before (so, but, it, this, they …)."""
        return self.opens_with(text, self.link) or self.opens_with(text, self.point)

    def asks(self, text: str) -> bool:
        """Tell whether a sentence without its mark is a question: by its first word, and by the order of the next where that tells."""
        if not self.aux or is_unspaced(text[:2]):
            return self.opens_with(text, self.ask)
        tokens = tokenize(text[:90])
        while tokens and tokens[0] in self.link and tokens[0] not in self.ask:
            tokens = tokens[1:]
        if len(tokens) < 2:
            return False
        first, second = tokens[:2]
        persons = self.me | self.you | self.he
        if first in self.aux:
            return second in persons or (first not in self.clause and second in self.det | self.point)
        if first not in self.ask:
            return False
        if second in self.aux or first in self.clause:
            return second in self.aux
        return second not in persons | self.det | self.point and not self.aux.isdisjoint(tokens[2:5])

    def opens_with(self, text: str, words: frozenset[str]) -> bool:
        """Tell whether the first word of ``text``, or its part before an apostrophe, is one of ``words``."""
        if is_unspaced(text[:2]):
            return text.startswith(tuple(sorted(words))) if words else False
        tokens = tokenize(text[:60])
        return bool(tokens) and (tokens[0] in words or tokens[0].split("'", 1)[0] in words)


def lexicon_for(language: str | None, tokens: Sequence[str]) -> Lexicon:
    """Return the lexicon of the tagged language if the words bear it out, else of the best match, else an induced one."""
    claimed = ALIASES.get(language, language) if language else None
    if claimed in WORDS and (len(tokens) < 50 or _coverage(claimed, tokens) >= _TRUST):
        return _known(claimed)
    if claimed and claimed not in WORDS:
        return Lexicon(claimed, _induced(tokens))
    best = max(WORDS, key=lambda code: (_coverage(code, tokens), code == "en"))
    return _known(best) if _coverage(best, tokens) >= 2 * _TRUST else Lexicon(None, _induced(tokens))


@cache
def _known(code: str) -> Lexicon:
    lists = {name: frozenset(words.split()) for name, words in WORDS[code].items()}
    return Lexicon(code=code, **lists)


def _coverage(code: str, tokens: Sequence[str]) -> float:
    stop = _known(code).stop
    return sum(token in stop for token in tokens) / len(tokens) if tokens else 0.0


def _induced(tokens: Iterable[str]) -> frozenset[str]:
    counts = Counter(token for token in tokens if len(token) <= 5)
    total, seen = sum(counts.values()), 0
    stop: set[str] = set()
    for token, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if n < 3 or seen > _GRAMMAR_SHARE * total:
            break
        stop.add(token)
        seen += n
    return frozenset(stop)
