"""What an operator's free text can mean without a model: times, questions, subjects to find and to avoid.

The orders are English, as in ``topic: …``, or told in English first (:mod:`omni.analysis.orders`); the subjects are in the language of
the talk.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from omni.analysis.orders import in_english
from omni.analysis.stretches import Stretch, named_stretches
from omni.analysis.terms import Terms, is_unspaced, stem, tokenize

_Q = r"(?:q\s?(?:&|and)\s?a|questions?(?:\s+and\s+answers?)?)"
_QUESTIONS = re.compile(
    rf"\b(?:only|just)\s+(?:the\s+)?(?:(?:clips?|moments?|parts?)\s+(?:with|of|that\s+\w+)\s+(?:an?\s+)?)?{_Q}(?!\w)|\b{_Q}\s+only\b",
    re.IGNORECASE,
)
_NO = r"avoid(?:ing)?|skip(?:ping)?|exclud(?:e|ing)|except(?:\s+for)?|without|leav(?:e|ing)\s+out|omit|ignore|less|nothing|not?|don'?t|do\s+not|never|no\s+more"
_MORE = r"(?:not|don'?t|do\s+not)\s+(?:only|just|merely)\b"
"""Rules nothing out."""
_SHUN = re.compile(
    rf"^(?!{_MORE})(?:{_NO})\b(?:\s+(?:anything|everything|mention\w*|use|show|include|talk\w*))?(?:\s+(?:about|on|of|where))?\b\s*:?",
    re.IGNORECASE,
)
_FIND = re.compile(
    rf"^(?:{_MORE}|only|just|please|i\s+want|give\s+me)?\s*(?:(?:topics?|keywords?|themes?|subjects?)\b\s*:?|"
    r"(?:find|focus|look|search|prefer|show|include|pick|choose|use|more|anything|everything)\b\s*:?)?\s*(?:(?:on|about|for)\b\s*:?)?",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    rf"(?P<strong>[\n;.!。；！।]+(?!\d)|\bbut\b(?=\s+(?:{_NO}|only|more)\b))|,(?!\d)|[，、،]|\band\b(?=\s+(?:{_NO})\b)"
    rf"|(?=\b(?:without|except|excluding|avoiding|skipping|leaving\s+out)\b)",
    re.IGNORECASE,
)
_ORDER = frozenset(
    stem(word)
    for word in tokenize(
        "find look show use pick choose give want prefer search include clip short moment part please only just also and or but then "
        "with from about anything everything something where when speaker speaks talks says most best interesting good great two three four five six seven eight nine ten"
    )
)
"""Words of an order, not of its subject."""
_LENGTH = re.compile(
    r"(?:^|(?<=[,;\n]))(?![^,;\n]*\d:\d)(?=[^,;\n]*\d)[^,;\n]*?(?:"
    r"\b(?:long(?:er)?|shorter|each|lengths?|at\s+(?:most|least)|under|maximum|max|minimum|no\s+more\s+than)\b"
    r"|\b(?:clips?|shorts?|videos?)\s+(?:of|between)\b|\d\s?-?(?:s|sec\w*|min\w*)?[\s-]+(?:clips?|shorts?|videos?)\b)"
    r"[^,;\n]*?(?=\babout\b|[,;\n]|$)",
    re.IGNORECASE,
)
"""How long or how many the clips should be, which the brief has numbers for: no time in the source, and no subject."""
_NOT_ONLY = re.compile(
    rf"\b{_MORE}[^,;\n]*?(?:\d|\b(?:{_Q}|first|last|half|third|quarter)(?!\w))[^,;\n]*", re.IGNORECASE
)
"""Neither these times or questions alone, nor all but these: which others, isn't said."""
_A_TIME = re.compile(
    r"\d:\d|\b(?:at|around|near|from|to|until|till|after|before|between|since|within|during|in)\s+(?:minutes?\s+)?\d+(?:\.\d+)?"
    r"\s?(?:s|min|sec|second|minute|hour)s?\b",
    re.IGNORECASE,
)
"""A clause that still holds one was about times that weren't understood: what it asks for is no subject. “The 5 minute rule” is one."""
_NAMING = re.compile(
    r"^(?:please\s+|i\s+want\s+|give\s+me\s+)?(?:only|find|focus|search|look\s+for|topics?|keywords?|themes?|subjects?)\b|\babout\b",
    re.IGNORECASE,
)
"""How a subject is named."""
_MANNER = re.compile(r"(?:keep|make|be|let|start|end|cut)\b", re.IGNORECASE)
"""How the clips should be, where it follows a list of subjects."""
_MARKS = " \t\n-–•:\"'“”"
_SHORTEST = 4
"""Letters that two forms of a word must share: price and pricing, Preis and Preise."""


@dataclass(frozen=True)
class Wishes:
    """What was understood. ``within`` are seconds; ``wanted`` and ``shunned`` are stems of the talk."""

    within: tuple[Stretch, ...] = ()
    questions: bool = False
    wanted: frozenset[str] = frozenset()
    shunned: frozenset[str] = frozenset()
    unused: tuple[str, ...] = field(default=())
    """Clauses that nothing could be done with."""
    torn: frozenset[str] = frozenset()
    """Stems that were asked for and to be avoided: they are avoided."""
    named: frozenset[str] = frozenset()
    """Those of ``wanted`` that were named as a subject, rather than left over from an order that wasn't understood."""

    def allows(self, start: float, end: float) -> bool:
        """Tell whether a clip lies within the asked times (half a second of lead-in or tail may lie outside)."""
        return not self.within or any(low - 0.5 <= start and end <= high + 0.5 for low, high in self.within)


class _Clause(NamedTuple):
    """One order: where it stands, its words, its subject, and whether that is to be avoided; ``is_named`` after a colon."""

    place: tuple[int, int]
    text: str
    subject: str
    shuns: bool
    is_named: bool
    names: bool
    """Whether it says that its subject is to be found."""


def wishes_of(
    directives: str,
    duration: float,
    known: frozenset[str],
    stems_of: Callable[[str], Terms],
    language: str | None = None,
) -> Wishes:
    """Return what the directives ask for; ``known`` are the stems of the talk, which alone can be found or avoided.

    ``language`` is the talk's: in it orders may be written too.
    """
    orders = in_english(directives, language)
    untold = [match.span() for pattern in (_LENGTH, _NOT_ONLY) for match in pattern.finditer(orders.text)]
    within, rest = _stretches(orders.text, duration)
    wanted, shunned, named = set[str](), set[str](), set[str]()
    for clause in _clauses(_blanked(_QUESTIONS, rest)):
        astray = bool(_A_TIME.search(clause.text)) and not clause.is_named
        if astray and not clause.shuns:
            untold.append(clause.place)
            continue
        stems = [s for s in stems_of(clause.subject) if clause.is_named or s not in _ORDER]
        said = {form for asked in stems for form in _forms(asked, known)}
        (shunned if clause.shuns else wanted).update(said)
        named |= said if clause.names else set()
        if astray or (not said and any(len(s) > 2 or is_unspaced(s) for s in stems)):
            untold.append(clause.place)
    return Wishes(
        within,
        bool(_QUESTIONS.search(rest)),
        frozenset(wanted - shunned),
        frozenset(shunned),
        tuple(_as_written(directives, *orders.source(*place)) for place in sorted(untold)),
        frozenset(wanted & shunned),
        frozenset(named - shunned),
    )


def narrows(directives: str, duration: float, language: str | None = None) -> bool:
    """Tell whether directives leave only a part of a source to choose from."""
    wishes = wishes_of(directives, duration, frozenset(), lambda _: (), language)
    return bool(wishes.within) or wishes.questions


def names(directives: str, language: str | None = None) -> bool:
    """Tell whether directives name a subject to find, which goes before all others."""
    _, rest = _stretches(in_english(directives, language).text, 0.0)
    subjects = [
        c.subject
        for c in _clauses(_blanked(_QUESTIONS, rest))
        if c.names and (c.is_named or not _A_TIME.search(c.text))
    ]
    words = [word for subject in subjects for word in tokenize(subject)]
    return any(stem(word) not in _ORDER and (len(word) > 3 or is_unspaced(word)) for word in words)


def _stretches(orders: str, duration: float) -> tuple[tuple[Stretch, ...], str]:
    return named_stretches(_blanked(_NOT_ONLY, _blanked(_LENGTH, orders)), duration)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """Return a text of the same length, with line ends for what a pattern matches."""
    return pattern.sub(lambda match: "\n" * len(match[0]), text)


def _as_written(directives: str, start: int, end: int) -> str:
    return " ".join(directives[start:end].split())


def _clauses(text: str) -> Iterator[_Clause]:
    """Yield the orders of a text; what follows a comma is avoided like what stands before it, unless it says otherwise."""
    shuns, lists, at = False, False, 0
    for match in (*_CLAUSES.finditer(text), None):
        raw = text[at : match.start() if match else len(text)]
        written = raw.strip(_MARKS)
        begin = at + len(raw) - len(raw.lstrip(_MARKS))
        no = _SHUN.match(written)
        head = (no or _FIND.match(written) or [""])[0]
        shuns = bool(no) or (shuns and not head.strip())
        lists = not shuns and (
            head.rstrip().endswith(":") or (lists and not head.strip() and not _MANNER.match(written))
        )
        if written:
            place = begin, begin + len(written)
            names = not shuns and (lists or bool(_NAMING.search(written)))
            yield _Clause(place, written, written[len(head) :], shuns, head.rstrip().endswith(":"), names)
        if match:
            strong = bool(match["strong"])
            at, shuns, lists = match.end(), shuns and not strong, lists and not strong


def _forms(asked: str, known: frozenset[str]) -> frozenset[str]:
    """Return the stems of the talk that are forms of an asked one: itself, else longer and shorter ones, else with or without “al-”."""
    if asked in known:
        return frozenset({asked})
    root = asked.removesuffix("e")
    longer = {k for k in known if len(root) >= _SHORTEST and k.startswith(root)}
    shorter = {k for k in known if len(k) >= _SHORTEST and asked.startswith(k)}
    return frozenset(longer | shorter or {asked.removeprefix("ال"), stem(f"ال{asked}")} & known)
