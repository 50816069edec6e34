"""What the words of one unit do: ask, count, contrast, address, tell, claim, greet, hedge, sell."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from omni.analysis.lexicon import Lexicon
from omni.analysis.terms import Terms, bare, has_digits, is_unspaced, stem, tokenize

_ANNOUNCEMENT = 22
"""Words: a longer sentence has content of its own."""
_VERB = 5
"""Letters."""
_QUESTION_MARKS = ("?", "？", "؟")


class Traits(NamedTuple):
    """Counts are numbers of words; ``terms`` are the content stems."""

    words: int
    terms: Terms
    asks: bool
    numbers: int
    turns: bool
    me: int
    you: int
    strong: int
    tale: int
    sums: bool
    polite: int
    he: int
    happened: int
    hedges: int
    sells: int


def traits_of(text: str, lexicon: Lexicon, *, punctuated: bool) -> Traits:
    """Return the traits of a text; without punctuation in the talk, a question is known by its first words."""
    tokens = tokenize(text)
    numbers, me = sum(has_digits(t) or t in lexicon.count for t in tokens), _count(text, tokens, lexicon.me)
    return Traits(
        words=len(tokens),
        terms=content_stems(tokens, lexicon),
        asks=text.rstrip("\"'”’») ").endswith(_QUESTION_MARKS) or (not punctuated and lexicon.asks(text)),
        numbers=numbers,
        turns=_holds(text, tokens[1:], lexicon.turn),
        me=me,
        you=_count(text, tokens, lexicon.you),
        strong=_count(text, tokens, lexicon.strong),
        tale=_count(text, tokens, lexicon.tale) + sum(_is_year(t) for t in tokens),
        sums=_holds(text, tokens[:4], lexicon.sum),
        polite=_count(text, tokens, lexicon.polite) + _guides(tokens, numbers, me, lexicon),
        he=_count(text, tokens, lexicon.he),
        happened=_count(text, tokens, lexicon.past)
        + _ended([t for t in tokens if t not in lexicon.past], lexicon.past_end),
        hedges=_count(text, tokens, lexicon.hedge),
        sells=_count(text, tokens, lexicon.sell),
    )


def content_stems(tokens: Sequence[str], lexicon: Lexicon) -> Terms:
    """Return the stems of the tokens that carry meaning."""
    return tuple(stem(t) for t in tokens if len(t) > 1 and t not in lexicon.stop and not has_digits(t))


def surfaces(words: Iterable[str], lexicon: Lexicon) -> dict[str, str]:
    """Return each content stem in the form in which it is most often said; ties go to the lower case, then the shorter form."""
    forms: dict[str, Counter[str]] = {}
    for word in words:
        tokens = tokenize(word)
        plain = bare(word)
        for token in tokens:
            spoken = plain if len(tokens) == 1 and plain.casefold() == token else token
            for term in content_stems((token,), lexicon):
                forms.setdefault(term, Counter())[spoken] += 1
    return {s: min(counts, key=lambda t: (-counts[t], t != t.lower(), len(t), t)) for s, counts in forms.items()}


def things(units: Iterable[str], lexicon: Lexicon) -> dict[str, float]:
    """Return for each content stem how often it follows a determiner, 0–1; empty for a language without known determiners."""
    seen: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for text in units if lexicon.det else ():
        before = ""
        for token in tokenize(text):
            for term in content_stems((token,), lexicon):
                seen[term] += 1
                named[term] += before in lexicon.det or has_digits(before)
            before = token
    return {term: named[term] / n for term, n in seen.items()}


def _guides(tokens: Sequence[str], numbers: int, me: int, lexicon: Lexicon) -> bool:
    """Tell whether a speaker announces the talk's own parts ("I have four parts", "that brings me to the second part")."""
    signposts = sum(t in lexicon.guide for t in tokens)
    return bool(me) and signposts >= 1 and signposts + numbers >= 2 and len(tokens) <= _ANNOUNCEMENT


def _ended(tokens: Sequence[str], endings: frozenset[str]) -> int:
    """Return how many longer words end like a verb of the past; short ones end so by chance (red, bed)."""
    last = tuple(sorted(endings))
    return sum(len(t) >= _VERB and t.endswith(last) for t in tokens) if last else 0


def _is_year(token: str) -> bool:
    return len(token) == 4 and token.isdigit() and 1500 <= int(token) <= 2035


def _count(text: str, tokens: Sequence[str], words: frozenset[str]) -> int:
    if is_unspaced(text[:2]):
        return sum(text.count(word) for word in words)
    return sum(t in words for t in tokens)


def _holds(text: str, tokens: Sequence[str], words: frozenset[str]) -> bool:
    return _count(text, tokens, words) > 0
