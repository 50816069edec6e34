"""What an operator's free text can mean without a model: times, questions, subjects to find and to avoid."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from omni.analysis.terms import Terms

_CLOCK = r"(\d{1,2}(?::\d{2}){1,2}|\d+(?:\.\d+)?\s?(?:minutes?|mins?|m|seconds?|secs?|s|hours?|h)\b)"
_BETWEEN = re.compile(rf"(?:\b(?:from|between)\s+)?{_CLOCK}\s*(?:to|until|till|and|-|–|—)\s*{_CLOCK}", re.IGNORECASE)
_AFTER = re.compile(rf"\b(?:after|from|since|starting at)\s+{_CLOCK}(?:\s+on(?:wards?)?\b)?", re.IGNORECASE)
_BEFORE = re.compile(rf"\b(?:before|until|till|up to)\s+{_CLOCK}", re.IGNORECASE)
_FIRST = re.compile(rf"\b(?:the\s+)?first\s+{_CLOCK}", re.IGNORECASE)
_QUESTIONS = re.compile(r"\b(?:only|just)\s+(?:the\s+)?questions?\b|\bquestions?\s+only\b", re.IGNORECASE)
_FIND = re.compile(
    r"^(?:topics?|keywords?|themes?|subjects?|find|focus(?:\s+on)?|about|look\s+for|more)\b\s*:?", re.IGNORECASE
)
_SHUN = re.compile(
    r"^(?:avoid|skip|exclude|without|not?|no\s+more|nothing\s+about|don'?t\s+(?:use|show))\b\s*:?", re.IGNORECASE
)
_CLAUSES = re.compile(r"[\n;,.!]+(?!\d)")
_ASKING = frozenset(("find", "look", "show", "use", "clips", "clip", "moments", "moment", "parts", "part", "please"))
"""Words of an order, not of its subject."""
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}


@dataclass(frozen=True)
class Wishes:
    """What was understood. ``within`` are seconds; ``wanted`` and ``shunned`` are stems of the talk."""

    within: tuple[tuple[float, float], ...] = ()
    questions: bool = False
    wanted: frozenset[str] = frozenset()
    shunned: frozenset[str] = frozenset()
    unused: tuple[str, ...] = field(default=())
    """Clauses that nothing could be done with."""

    def allows(self, start: float, end: float) -> bool:
        """Tell whether a clip lies within the asked times (half a second of lead-in or tail may lie outside)."""
        return not self.within or any(low - 0.5 <= start and end <= high + 0.5 for low, high in self.within)


def wishes_of(directives: str, known: frozenset[str], stems_of: Callable[[str], Terms]) -> Wishes:
    """Return what the directives ask for; ``known`` are the stems of the talk, which alone can be found or avoided."""
    within, rest = _times(directives)
    questions = bool(_QUESTIONS.search(rest))
    wanted: set[str] = set()
    shunned: set[str] = set()
    unused: list[str] = []
    for clause in filter(None, (c.strip(" \t-–•:\"'") for c in _CLAUSES.split(_QUESTIONS.sub("\n", rest)))):
        shun = _SHUN.match(clause)
        subject = _FIND.sub("", _SHUN.sub("", clause)).strip()
        found = {s for s in stems_of(subject) if s in known and s not in _ASKING}
        (shunned if shun else wanted).update(found)
        if not found and len(subject) > 2:
            unused.append(clause)
    return Wishes(within, questions, frozenset(wanted - shunned), frozenset(shunned), tuple(unused))


def narrows(directives: str) -> bool:
    """Tell whether directives leave only a part of a source to choose from."""
    wishes = wishes_of(directives, frozenset(), lambda _: ())
    return bool(wishes.within) or wishes.questions


def _times(text: str) -> tuple[tuple[tuple[float, float], ...], str]:
    """Return the asked ranges and the text without them: any of the ranges, and after and before whatever else is said."""
    ranges = [(_seconds(m[1]), _seconds(m[2])) for m in _BETWEEN.finditer(text)]
    rest = _BETWEEN.sub("\n", text)
    floor, ceiling = 0.0, float("inf")
    for match in _FIRST.finditer(rest):
        ceiling = min(ceiling, _seconds(match[1]))
    rest = _FIRST.sub("\n", rest)
    for match in _AFTER.finditer(rest):
        floor = max(floor, _seconds(match[1]))
    rest = _AFTER.sub("\n", rest)
    for match in _BEFORE.finditer(rest):
        ceiling = min(ceiling, _seconds(match[1]))
    rest = _BEFORE.sub("\n", rest)
    if not ranges and floor == 0 and ceiling == float("inf"):
        return (), rest
    bounded = ((max(low, floor), min(high, ceiling)) for low, high in ranges or [(0.0, float("inf"))])
    return tuple(bounded), rest


def _seconds(text: str) -> float:
    if ":" in text:
        total = 0.0
        for part in text.split(":"):
            total = total * 60 + float(part)
        return total
    number = re.match(r"[\d.]+", text)
    unit = text.lstrip("0123456789. ")[:1].lower()
    return float(number[0]) * _UNITS.get(unit, 1.0) if number else 0.0
