"""Sentences in words without marks: F1 of their borders against the written ones, talks of ``bench/talks``.

``python -m bench.borders [--json FILE]``: once with pauses and breaths drawn at random, as a speaker makes them, once without any pause,
as word times that were spread over lines have none. The end of a talk isn't counted: it can't be missed.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from bench.figures import at_least, report
from bench.selection.performing import by_letters, performed, spread
from bench.selection.scoring import Counts
from bench.selection.scripts import Script, scripts
from omni.analysis.terms import bare
from omni.contracts import Word
from omni.speech.sentences import sentences

READINGS = 3
_BREATH, _BREATHS = 0.1, (0.15, 0.2, 0.3, 0.4)
"""Share of the words inside a sentence before which a speaker breathes or searches, and the seconds of it."""


@dataclass(frozen=True)
class Borders(Counts):
    """Borders that are written, that were found, and that are both."""

    written: int = 0
    found: int = 0
    right: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.written + self.found) if self.written + self.found else 0.0


def main() -> None:
    """Take apart, compare and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.borders", description=__doc__)
    parser.add_argument("--json")
    parser.parse_args()
    kinds = {"with pauses": True, "without pauses": False}
    rows = {(script.language, script.part, kind): Borders() for script in scripts() for kind in kinds}
    for script in scripts():
        for kind, paused in kinds.items():
            rows[script.language, script.part, kind] += compared(script, paused=paused)
    for (language, part, kind), borders in sorted(rows.items()):
        print(
            f"{language:<4}{part:<10}{kind:<16}{borders.f1:.2f}  ({borders.right} of {borders.written}, {borders.found} found)"
        )
    report([at_least(f"borders {kind}: F1", _all(rows, kind).f1, least) for kind, least in LEAST.items()])


LEAST = {"with pauses": 0.73, "without pauses": 0.33}
"""A little less than what was reached on 2026-11-26: 0.752 and 0.339."""


def _all(rows: dict[tuple[str, str, str], Borders], kind: str) -> Borders:
    return _sum(borders for (_, _, of), borders in rows.items() if of == kind)


def _sum(parts: Iterable[Borders]) -> Borders:
    total = Borders()
    for part in parts:
        total += part
    return total


def compared(script: Script, *, paused: bool) -> Borders:
    """Return how the borders found in a talk compare with the written ones."""
    readings = range(READINGS) if paused else range(1)
    return _sum(_of_one(_said(script, reading, paused=paused), script.language) for reading in readings)


def _said(script: Script, reading: int, *, paused: bool) -> list[list[Word]]:
    """Return the words of each sentence, in small letters and without marks."""
    rows = [spread(said.text, span) for said, span in performed(script, by_letters, reading).sentences]
    plain = [[w.model_copy(update={"text": bare(w.text).lower() or w.text}) for w in row] for row in rows]
    dice = Random(f"{script.name} {reading} breaths")
    at, last, told = 0.0, 0.0, list[list[Word]]()
    for row in plain:
        moved: list[Word] = []
        for word in row:
            if paused:
                searched = dice.choice(_BREATHS) if moved and dice.random() < _BREATH else 0.0
                at += word.start - last + searched
            moved.append(Word(start=at, end=at + word.length, text=word.text))
            at, last = moved[-1].end, word.end
        told.append(moved)
    return told


def _of_one(rows: Sequence[Sequence[Word]], language: str) -> Borders:
    words = [word for row in rows for word in row]
    ends, written = 0, set[int]()
    for row in rows[:-1]:
        ends += len(row)
        written.add(ends)
    found = {s.last for s in sentences(words, language)[:-1]}
    return Borders(len(written), len(found), len(written & found))


if __name__ == "__main__":
    main()
