"""Which lines of a talk are spoken with a raised voice, so that pitch can be told from a guess at the marks."""

from random import Random
from typing import Literal, get_args

from bench.selection.scripts import Mark, Said, Script

Where = Literal["nowhere", "highlights", "distractors", "either"]
"""``either`` draws half of the highlights and half of the distractors: the voice then says nothing about the marks."""
WHERE: tuple[Where, ...] = get_args(Where)

_CHANCE = 0.5
_LINES = 0.7
"""Share of the sentences of a lively stretch that are raised: nobody shouts all the time."""


def lively_lines(script: Script, where: Where) -> frozenset[int]:
    """Return the numbers of the lines that are spoken with emphasis; the same talk is always lively at the same places."""
    dice = Random(f"{script.name} lively")
    lines: set[int] = set()
    for mark in script.marks:
        coin, raised = dice.random() < _CHANCE, [n for n in range(mark.first, mark.last) if dice.random() < _LINES]
        if _is_lively(mark, where, coin=coin):
            lines.update(n for n in raised if isinstance(script.lines[n], Said))
    return frozenset(lines)


def _is_lively(mark: Mark, where: Where, *, coin: bool) -> bool:
    return coin if where == "either" else where == f"{mark.kind}s"
