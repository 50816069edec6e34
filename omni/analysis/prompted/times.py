"""Times as models write them, read as seconds; what could mean two things is refused."""

import re
from typing import Literal, NamedTuple

Style = Literal["clock", "seconds", "number"]
"""``1:15``, ``75s``, ``75``."""

OVERSHOOT = 2.0
"""Seconds beyond the end that are a slip of the pen: a model sees about one frame a second (FACTS.md)."""

_MOST = 1e6
"""Seconds: no recording lasts eleven days."""
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
_SECONDS = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(?:s|sec|secs|seconds?)\.?", re.ASCII | re.IGNORECASE)
_MINUTES = re.compile(r"(\d{1,3}):([0-5]\d(?:\.\d{1,6})?)", re.ASCII)
_HOURS = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d(?:\.\d{1,6})?)", re.ASCII)


class Reading(NamedTuple):
    """A time and how it was written."""

    seconds: float
    style: Style


def read_time(value: object, length: float) -> Reading | None:
    """Return a time within a recording of ``length`` seconds as it was probably meant; ``None`` for what is no time (``01:60``).

    >>> read_time("1:15", 600), read_time("75s", 600).seconds, read_time("01:60", 600)
    (Reading(seconds=75.0, style='clock'), 75.0, None)
    """
    if isinstance(value, str):
        return _written(value.strip().replace(",", "."), length)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MOST:
        return None
    return Reading(float(value), "number")


def clamped(seconds: float, length: float) -> float | None:
    """Return a time within a recording; ``None`` when it lies more than a slip beyond the end."""
    return min(seconds, length) if seconds <= length + OVERSHOOT else None


def _written(text: str, length: float) -> Reading | None:
    if _NUMBER.fullmatch(text):
        return Reading(float(text), "number")
    if match := _SECONDS.fullmatch(text):
        return Reading(float(match[1]), "seconds")
    if match := _MINUTES.fullmatch(text):
        return Reading(60 * int(match[1]) + float(match[2]), "clock")
    if match := _HOURS.fullmatch(text):
        return Reading(_hours(int(match[1]), int(match[2]), float(match[3]), length), "clock")
    return None


def _hours(first: int, second: int, third: float, length: float) -> float:
    """Read ``01:15:00`` as 1 min 15 s where an hour and a quarter would be beyond the end: minutes written as hours."""
    whole, shifted = 3600 * first + 60 * second + third, 60.0 * first + second
    return shifted if third == 0 and whole > length + OVERSHOOT >= shifted else whole
