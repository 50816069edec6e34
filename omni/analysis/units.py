"""The pieces between which a clip may begin or end: sentences, breath groups, speech regions or stretches of picture."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from omni.contracts import Sentence, Span, Transcript, Word

TERMINAL = ".!?…。！？؟।"
_CLAUSE = ",;:—–、，；"
_QUOTES = "\"'”’»)]}"
_PAUSE = 0.8
"""Seconds of silence that end a sentence where nothing else does: within-sentence pauses rarely exceed 0.5–0.6 s."""


class Unit(NamedTuple):
    """``atoms[first:last]`` of the timeline (none: picture only); ``opens`` and ``closes`` tell whether sentence borders are there.

    ``leans`` tells that it can't stand first: it opens with a word that points back, or goes on with what somebody has only just begun
    to say (``goes_on``).
    """

    start: float
    end: float
    first: int
    last: int
    text: str
    opens: bool
    closes: bool
    leans: bool = False
    goes_on: bool = False


def clean_words(transcript: Transcript, duration: float) -> tuple[Word, ...]:
    """Return the words in time order, inside the source and with text: what a broken subtitle file can't promise."""
    kept = [w for w in transcript.words if w.text.strip() and w.start < duration]
    ordered = sorted(kept, key=lambda w: w.start)
    return tuple(w if w.end <= duration else Word(start=w.start, end=duration, text=w.text) for w in ordered)


def spoken_units(transcript: Transcript, words: Sequence[Word], longest: float) -> tuple[Unit, ...]:
    """Return the sentences as units; what no sentence covers is split at punctuation and pauses, what is too long at breaths."""
    sentences = transcript.sentences if tuple(words) == transcript.words else ()
    return tuple(unit for whole in _sentences(sentences, words) for unit in _split(words, whole, longest))


def region_units(regions: Sequence[Span]) -> tuple[Unit, ...]:
    """Return one unit a speech region: all that is known of speech without words."""
    closes = [b.start - a.end >= 0.5 for a, b in pairwise(regions)]
    opens = [True, *closes]
    return tuple(
        Unit(r.start, r.end, i, i + 1, "", opens[i], i == len(regions) - 1 or closes[i]) for i, r in enumerate(regions)
    )


def picture_units(duration: float, edges: Sequence[float], step: float) -> tuple[Unit, ...]:
    """Return stretches of about ``step`` seconds whose borders are shot edges where one is near."""
    borders = [0.0]
    while borders[-1] + step < duration:
        wanted = borders[-1] + step
        near = [e for e in edges if abs(e - wanted) <= step / 2 and e - borders[-1] >= step / 2]
        borders.append(min(near, key=lambda e: abs(e - wanted)) if near else wanted)
    if duration - borders[-1] > 0.5 or len(borders) == 1:
        borders.append(duration)
    else:
        borders[-1] = duration
    return tuple(Unit(a, b, 0, 0, "", opens=True, closes=True) for a, b in pairwise(borders))


def _sentences(sentences: Sequence[Sentence], words: Sequence[Word]) -> Iterator[Unit]:
    at = 0
    for sentence in sentences:
        if sentence.first < at or sentence.last <= sentence.first or sentence.last > len(words):
            continue  # overlapping or out of range: the words decide
        yield from _derived(words, at, sentence.first)
        unit = _unit(words, sentence.first, sentence.last, opens=True, closes=True)
        yield unit._replace(text=sentence.text.strip() or unit.text)
        at = sentence.last
    yield from _derived(words, at, len(words))


def _derived(words: Sequence[Word], first: int, last: int) -> Iterator[Unit]:
    begin = first
    for i in range(first, last):
        ends = ends_sentence(words[i].text)
        pause = i + 1 < last and words[i + 1].start - words[i].end >= _PAUSE
        if ends or pause or i + 1 == last:
            yield _unit(words, begin, i + 1, opens=True, closes=True)
            begin = i + 1


def ends_sentence(text: str) -> bool:
    """Tell whether a word carries the full stop, question or exclamation mark of its sentence."""
    return text.rstrip(_QUOTES)[-1:] in tuple(TERMINAL)


def _unit(words: Sequence[Word], first: int, last: int, *, opens: bool, closes: bool) -> Unit:
    inside = words[first:last]
    joint = "".join if all(len(w.text) == 1 and w.text > "\u3000" for w in inside) else " ".join
    text = joint(w.text.strip() for w in inside)
    return Unit(inside[0].start, max(w.end for w in inside), first, last, text, opens, closes)


def _split(words: Sequence[Word], unit: Unit, longest: float) -> Iterator[Unit]:
    if unit.end - unit.start <= longest or unit.last - unit.first < 2:
        yield unit
        return
    middle = _breath(words, unit)
    heard = words[middle].start - words[middle - 1].end >= _PAUSE
    yield from _split(words, _unit(words, unit.first, middle, opens=unit.opens, closes=heard), longest)
    yield from _split(words, _unit(words, middle, unit.last, opens=heard, closes=unit.closes), longest)


def _breath(words: Sequence[Word], unit: Unit) -> int:
    """Return the word before which to split: the longest pause or a clause border, rather in the middle."""
    half, length = (unit.start + unit.end) / 2, unit.end - unit.start

    def worth(i: int) -> tuple[float, int]:
        pause = min(1.0, words[i].start - words[i - 1].end)
        clause = 0.3 if words[i - 1].text.rstrip()[-1:] in tuple(_CLAUSE) else 0.0
        return pause + clause - abs(words[i].start - half) / length, -i

    every = range(unit.first + 1, unit.last)
    central = [i for i in every if abs(words[i].start - half) < 0.4 * length]
    return max(central or every, key=worth)
