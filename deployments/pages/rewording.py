"""Captions as lines that a person can change, and what they changed as wordings of the transcript; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pydantic import BaseModel

from omni.review import Wording


class Words(BaseModel):
    """What was said, as ``transcript.json`` has it: ``words`` are (start, end, text) in source seconds."""

    words: tuple[tuple[float, float, str], ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Line:
    """``words[first:last]`` as one text field; ``text`` is how it reads now."""

    first: int
    last: int
    start: float
    text: str

    @property
    def name(self) -> str:
        """Name of its field."""
        return f"caption-{self.first}-{self.last}"


def lines(told: Words, start: float, end: float, wordings: Sequence[Wording] = ()) -> list[Line]:
    """Return the sentences that a clip shows, cut to the clip; those that a wording joins are one line."""
    spans: list[tuple[int, int]] = []
    for first, last in told.sentences:
        inside = [i for i in range(first, min(last, len(told.words))) if _is_heard(told, i, start, end)]
        if inside:
            spans.append((inside[0], inside[-1] + 1))
    return [Line(a, b, told.words[a][0], _text(told, a, b, wordings)) for a, b in _joined(spans, wordings)]


def reworded(told: Words, first: int, last: int, text: str) -> list[Wording]:
    """Return the wordings that make ``words[first:last]`` read like a text: as few words as can be are touched."""
    before, after = [word for _, _, word in told.words[first:last]], text.split()
    if before == after:
        return []
    if not after:
        return [Wording(first=first, last=last, text="")]
    changes = [
        change for change in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes() if change[0] != "equal"
    ]
    return [
        Wording(first=first + a, last=first + b, text=" ".join(after[c:d])) for a, b, c, d in _anchored(changes, before)
    ]


def kept(wordings: Sequence[Wording], shown: Sequence[tuple[int, int]]) -> list[Wording]:
    """Return the earlier wordings that no shown line speaks for."""
    return [one for one in wordings if not any(one.first < last and first < one.last for first, last in shown)]


def _is_heard(told: Words, number: int, start: float, end: float) -> bool:
    middle = (told.words[number][0] + told.words[number][1]) / 2
    return start <= middle < end


def _joined(spans: Sequence[tuple[int, int]], wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Yield the spans, those together that one wording reaches across."""
    held: tuple[int, int] | None = None
    for span in spans:
        if held and any(one.first < held[1] and span[0] < one.last for one in wordings):
            held = held[0], span[1]
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


def _text(told: Words, first: int, last: int, wordings: Sequence[Wording]) -> str:
    said, number = list[str](), first
    while number < last:
        change = next((one for one in wordings if one.first <= number < one.last), None)
        said.append(change.text if change else told.words[number][2])
        number = change.last if change else number + 1
    return " ".join(part for part in said if part)


def _anchored(
    changes: Sequence[tuple[str, int, int, int, int]], before: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield changes as (first, last of the old, first, last of the new) that all replace a word: added ones lean on one.

    What is added leans on the word before it, at the very beginning on the word after; changes that meet are one.
    """
    held: tuple[int, int, int, int] | None = None
    for _, *change in changes:
        a, b, c, d = _leaning(*change)
        if held and a <= held[1]:
            held = held[0], max(held[1], b), held[2], max(held[3], d)
            continue
        if held:
            yield held
        held = a, min(b, len(before)), c, d
    if held:
        yield held


def _leaning(a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    """Return a change that replaces at least one word."""
    if a < b:
        return a, b, c, d
    return (a - 1, b, c - 1, d) if a > 0 else (a, b + 1, c, d + 1)
