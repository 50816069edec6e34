"""The commonest orders of an operator who doesn't write English, told in English: times, what to avoid, `topic:`, only questions.

Only orders are translated, never their subjects; what isn't known stays as it was written. Left unread, “nichts über Kräne” or “sin
grúas” would ask for the very thing they rule out.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from omni.analysis.tongues import CLOCK, Tongue, tongue_of

_AT = r"(?:(?<=[\n,;.:!，。、；])|^)\s*"
"""Where a clause begins."""
_WORD = r"(?![^\W\d_])"
"""The end of a word, where a blank needn't follow: Chinese and Japanese have none."""
_ENDS = r"(?:(?<=[一-鿿])|(?![^\W\d_]))"
_NUMBER = r"(?=\d+ (?:hour|minute|second))"

_Rule = tuple[re.Pattern[str], str]


class Told(NamedTuple):
    """Orders in English; ``places`` has for each character from where to where its source stands in the text as written."""

    text: str
    places: tuple[tuple[int, int], ...]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return where what stands at ``start`` to ``end`` was written."""
        return self.places[start][0], self.places[end - 1][1]

    def part(self, start: int, end: int) -> "Told":
        return Told(self.text[start:end], self.places[start:end])

    def sub(self, rule: _Rule) -> "Told":
        """Return the text with every match of a rule replaced."""
        pattern, told = rule
        text, places, at = "", list[tuple[int, int]](), 0
        for match in pattern.finditer(self.text):
            english = match.expand(told)
            text += self.text[at : match.start()] + english
            places += self.places[at : match.start()]
            if english and match[0]:
                places += [self.source(*match.span())] * len(english)
            at = match.end()
        return Told(text + self.text[at:], (*places, *self.places[at:]))


def in_english(text: str, talk: str | None = None) -> Told:
    """Return the text with the orders that are known told in English; untouched when it isn't clearly in another language.

    ``talk`` is the language of the talk, which decides where few words are written. The subjects of a ``topic:`` are left alone.
    """
    tongue = tongue_of(text, talk)
    told = Told(text, tuple((i, i + 1) for i in range(len(text))))
    if tongue is None:
        return told
    topic, *orders = _rules(tongue)
    told = told.sub(topic)
    at, pieces = 0, list[Told]()
    for listed in _listed(tongue).finditer(told.text):
        pieces += [_translated(told.part(at, listed.start()), orders), told.part(*listed.span())]
        at = listed.end()
    pieces.append(_translated(told.part(at, len(told.text)), orders))
    return Told("".join(p.text for p in pieces), tuple(place for p in pieces for place in p.places))


def _translated(told: Told, rules: Sequence[_Rule]) -> Told:
    for rule in rules:
        told = told.sub(rule)
    return told


@cache
def _listed(tongue: Tongue) -> re.Pattern[str]:
    """Return the pattern of a list of subjects, up to what is no subject: a time, “only …”, or what is to be avoided."""
    no = rf"(?:{tongue.no}|{tongue.without}){_ENDS}"
    clause = rf"[,，、،]\s*(?:(?:{tongue.but}|{tongue.and_})\s*)?(?:{no}|(?:{tongue.only}){_ENDS}|[^,，、،\n;.!]*(?:\d|{tongue.lacking}))"
    inner = rf"\s+(?:(?:{tongue.but}|{tongue.and_})\s+{no}|(?:{tongue.without}){_ENDS})"
    return _pattern(
        rf"{_AT}(?:topics?|keywords?|themes?|subjects?)\s*:\s*(?:(?!{clause}|(?<![\s:]){inner})[^\n;.!。；！])*"
    )


@cache
def _rules(tongue: Tongue) -> tuple[_Rule, ...]:
    """Return what is replaced by what, in this order: `topic:`, then times, since their joints are short words."""
    t = tongue
    article = rf"(?:(?:{t.article})\s+)?"
    about = rf"(?:\s*(?:{t.about}){_WORD}|\s*\bd['’])?"
    no, without = rf"(?:{t.no}){_ENDS}", rf"(?:{t.without}){_ENDS}"
    rules = (
        (rf"{_AT}(?:{t.topic})\s*[:：]", "topic: "),
        (rf"(?<=\d)\s?(?:{t.hours}){_WORD}\.?", " hours"),
        (rf"(?<=\d)\s?(?:{t.minutes}){_WORD}\.?", " minutes"),
        (rf"(?<=\d)\s?(?:{t.seconds}){_WORD}\.?", " seconds"),
        (rf"(?<!\w){article}(?:{t.first})\s*{_NUMBER}", "first "),
        (rf"(?<!\w){article}(?:{t.last})\s*{_NUMBER}", "last "),
        (rf"(?<!\w){article}(\d+)\s+(?:{t.first})\s+(?:{t.minutes}){_WORD}", r"first \1 minutes"),
        (rf"(?<!\w){article}(\d+)\s+(?:{t.last})\s+(?:{t.minutes}){_WORD}", r"last \1 minutes"),
        (
            rf"(?:(?<!\w)(?:{t.start})\s*)?{article}(?<![\d:])({CLOCK})\s*(?:{t.to})\s*{article}({CLOCK})",
            r"from \1 to \2",
        ),
        (rf"(?<!\w)(?:{t.after})\s+{article}(?={CLOCK})", "after "),
        (rf"(?<!\w)(?:{t.before})\s+{article}(?={CLOCK})", "before "),
        (rf"(?:{t.start})?\s*({CLOCK})\s*(?:以后|之后|以後|开始|以降|から)", r"after \1"),
        (rf"(?<!\w)(?:{t.no})\s+(?:{t.only}){_WORD}", "not only"),
        (rf"(?<!\w)(?<!not )(?:{t.only})\s*(?:\w{{2,4}}\s+)?(?:{t.questions}){_WORD}", "only questions"),
        (rf"(?<!\w)(?:{t.questions})\s*(?:{t.only}|だけ|のみ){_WORD}", "only questions"),
        (rf"(?<!\w)(?:{t.but})\s*{no}{about}", "but nothing about "),
        (rf"(?<=\s)(?:{t.and_})\s+{no}{about}", "and nothing about "),
        (rf"{_AT}{no}{about}(?!\s*:)", " nothing about "),
        (rf"{_AT}(?:{t.no}|{t.without})\s*[:：]", "avoid: "),
        (rf"(?:(?<=\s)|{_AT}){without}{about}(?=\s*\w)(?!\s+(?:and|or)\b)", " without "),
        (rf"{_AT}([^\n,;.!，。、；]{{1,60}}?)\s*(?:{t.lacking}){_WORD}", r" nothing about \1"),
    )
    return tuple((_pattern(pattern), told) for pattern, told in rules)


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(body, re.IGNORECASE)
