"""Which stretches of a source an operator's words name: times, halves, the first minutes, the last ones, the introduction."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

Stretch = tuple[float, float]
"""Seconds; the end may be infinite."""

_N = r"(?<!\d)\d{1,6}(?:\.\d{1,6})?"
_UNIT = r"(?:hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])"
_CLOCK = rf"(?:\d{{1,2}}(?::\d{{2}}){{1,2}}|minutes?\s+{_N}|{_N}\s?{_UNIT}(?:\s?(?:and\s+)?{_N}\s?{_UNIT}){{0,2}})"
_SHARE = r"(?:half|third|quarter|minute|hour)\b"
_TO = r"\s*(?:\bto\b|\buntil\b|\btill\b|\band\b|-|–|—)\s*(?:the\s+)?"
_NO = r"(?:skip|avoid|exclud\w+|except(?:\s+for)?|without|not|ignor\w+|cut|omit|leave\s+out|nothing(?:\s+about)?|don'?t\s+(?:use|show))"
_LEAD = rf"(?P<no>\b{_NO}\s+(?:(?:anything|everything|all)\s+)?)?(?:\b(?P<only>only|just)\s+)?(?:\b(?:from|in|within|during)\s+)?(?:\bthe\s+)?"
_END = r"(?=\s*(?:[,;.!\n]|$|\b(?:and|or|but)\b))"
_ASKED = r"(?(no)|(?(only)|(?!)))"
"""“The intro” may be a subject; “skip the intro” and “only the intro” can't."""
_JOINT = re.compile(r"\s*(?:,|\band\b|\bor\b|,\s*and\b)?\s*")
_PARTS = {"half": 2, "third": 3, "quarter": 4}
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}
_EDGE, _EDGE_SHARE = 60.0, 0.1
"""Seconds of an introduction or a farewell, and the share of the source that they take at most: greetings and housekeeping."""
_TAKEN = "\0"
_INFINITE = float("inf")


class _Phrase(NamedTuple):
    """What stands at ``place`` of a text; ``limits`` rather than names what is wanted; ``is_gap`` names what isn't."""

    place: tuple[int, int]
    stretch: Stretch
    limits: bool
    is_gap: bool


def named_stretches(text: str, duration: float) -> tuple[tuple[Stretch, ...], str]:
    """Return what may be chosen of a source, ``()`` for all of it, and the text with line ends in place of what named it.

    Any of the ranges that are named, within all of the limits, without the gaps.
    """
    phrases, rest = _phrases(text, duration)
    if not phrases:
        return (), rest
    kept = [p.stretch for p in phrases if not p.limits and not p.is_gap] or [(0.0, _INFINITE)]
    for phrase in phrases:
        if phrase.is_gap:
            kept = [piece for one in kept for piece in _without(one, phrase.stretch)]
        elif phrase.limits:
            kept = [(max(a, phrase.stretch[0]), min(b, phrase.stretch[1])) for a, b in kept]
    possible = tuple(dict.fromkeys(one for one in kept if one[1] > one[0]))
    return possible or ((_INFINITE, _INFINITE),), rest


def _phrases(text: str, duration: float) -> tuple[Sequence[_Phrase], str]:
    """Return the phrases in the order of the text; one that only goes on with another means a gap when that one does."""
    found: list[_Phrase] = []
    for pattern, read, limits in _PATTERNS:
        found += [
            _Phrase(match.span(), read(match, duration), limits, is_gap=bool(match["no"]))
            for match in pattern.finditer(text)
        ]
        text = pattern.sub(lambda match: _TAKEN * len(match[0]), text)
    found.sort()
    for i in range(1, len(found)):
        between = text[found[i - 1].place[1] : found[i].place[0]]
        if found[i - 1].is_gap and _JOINT.fullmatch(between):
            found[i] = found[i]._replace(is_gap=True)
    return found, text.replace(_TAKEN, "\n")


def _between(match: re.Match[str], _: float) -> Stretch:
    first, last = match["a"], match["b"]
    unit = re.search(r"[a-z]", last.removeprefix("minute").strip(), re.IGNORECASE)
    if first.replace(".", "").isdigit():  # from 10 to 20 minutes
        first += unit[0] if unit else "m"
    if last.replace(".", "").isdigit():  # minutes 10 to 20
        last += "m"
    begin, end = sorted((_seconds(first), _seconds(last)))  # from 2:00 to 1:00 can only mean the minute between
    return begin, end


def _from(match: re.Match[str], _: float) -> Stretch:
    return _seconds(match["a"]), _INFINITE


def _until(match: re.Match[str], _: float) -> Stretch:
    return 0.0, _seconds(match["a"])


def _first(match: re.Match[str], duration: float) -> Stretch:
    return 0.0, _measure(match["a"], duration)


def _last(match: re.Match[str], duration: float) -> Stretch:
    return max(0.0, duration - _measure(match["a"], duration)), _INFINITE


def _middle(match: re.Match[str], duration: float) -> Stretch:
    parts = _PARTS[match["a"].lower()]
    place = {"second": 1, "middle": (parts - 1) / 2, "third": 2}[match["which"].lower()]
    return duration * place / parts, duration * (place + 1) / parts if place + 1 < parts else _INFINITE


def _opening(_: re.Match[str], duration: float) -> Stretch:
    return 0.0, min(_EDGE, _EDGE_SHARE * duration)


def _farewell(_: re.Match[str], duration: float) -> Stretch:
    return duration - min(_EDGE, _EDGE_SHARE * duration), _INFINITE


_Reader = Callable[[re.Match[str], float], Stretch]


def _pattern(body: str, read: _Reader, *, limits: bool = False) -> tuple[re.Pattern[str], _Reader, bool]:
    return re.compile(_LEAD + body, re.IGNORECASE), read, limits


_PATTERNS = (
    _pattern(rf"(?:\b(?:from|between)\s+)?(?P<a>{_CLOCK}){_TO}(?P<b>{_CLOCK}|(?<=[a-z]\s){_N}\b)", _between),
    _pattern(rf"\b(?P<a>minutes?\s+{_N}){_TO}(?P<b>{_N}\b)", _between),
    _pattern(rf"\b(?:between\s+|(?<=from\s))(?P<a>{_N}){_TO}(?!{_N}\s?s)(?P<b>{_CLOCK})", _between),
    _pattern(rf"\bfirst\s+(?P<a>{_CLOCK}|{_SHARE})", _first),
    _pattern(rf"\b(?:last|final)\s+(?P<a>{_CLOCK}|{_SHARE})", _last),
    _pattern(r"\b(?P<which>second|middle|third)\s+(?P<a>half|third|quarter)\b", _middle),
    _pattern(rf"{_ASKED}\b(?:intro(?:duction)?|opening|beginning|start|greetings?)\b{_END}", _opening),
    _pattern(rf"{_ASKED}\b(?:outro|closing|ending|end|farewell|goodbyes?)\b{_END}", _farewell),
    _pattern(rf"\b(?:after|since|starting\s+at|(?<=from\s))\s*(?P<a>{_CLOCK})(?:\s+on(?:wards?)?\b)?", _from, limits=True),
    _pattern(rf"\b(?:before|until|till|up\s+to)\s+(?P<a>{_CLOCK})", _until, limits=True),
)  # fmt: skip
"""Longer phrases first: what one has taken, the next doesn't see."""


def _without(stretch: Stretch, gap: Stretch) -> Iterator[Stretch]:
    """Yield what is left of a stretch before and after a gap."""
    yield stretch[0], min(stretch[1], gap[0])
    yield max(stretch[0], gap[1]), stretch[1]


def _measure(text: str, duration: float) -> float:
    """Return the length that a clock, a half or a minute stands for."""
    share = _PARTS.get(text.lower())
    return duration / share if share else _seconds(text)


def _seconds(text: str) -> float:
    if ":" in text:
        total = 0.0
        for part in text.split(":"):
            total = total * 60 + float(part)
        return total
    if text.lower() in {"minute", "hour"}:
        return _UNITS[text[0].lower()]
    if text[:1].isalpha():  # minute 12
        return 60 * float(text.rsplit(maxsplit=1)[-1])
    pairs = re.findall(rf"({_N})\s?([a-z])", text, re.IGNORECASE)
    return sum(float(number) * _UNITS[unit.lower()] for number, unit in pairs)
