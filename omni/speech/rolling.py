"""Captions that repeat what they showed before, or lie over each other, brought into one row in time."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from omni.speech.markup import Line
from omni.speech.tokens import Token

# Cues that repeat this share of their neighbours are a roll-up caption (YouTube's own repeat all of them), not a
# dialogue in which somebody says the same twice.
_ROLLING_SHARE = 0.3
_MIN_REPEATS = 3
# Roll-up captions follow each other without a pause; a line that comes back after one was said again.
_CONTIGUOUS = 0.5


def unrolled(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with every word once, in time order and without overlap."""
    distinct = _without_copies(lines)
    repeats = [0, *(_repeat(a, b) for a, b in pairwise(distinct))]
    rolling = sum(count > 0 for count in repeats) >= max(_MIN_REPEATS, _ROLLING_SHARE * len(distinct))
    if rolling:
        rolled = [0, *(_rolled_on(a, b) for a, b in pairwise(distinct))]
        repeats = [max(counts) for counts in zip(repeats, rolled, strict=True)]
        pairs = zip(distinct, repeats, strict=True)
        distinct = [_without_first(line, count) for line, count in pairs if count < len(line.tokens)]
    return _in_a_row(distinct)


def _without_copies(lines: Sequence[Line]) -> list[Line]:
    """Drop lines that say the same at the same time: the layers of an ASS effect."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.start, line.end)):
        texts = _normalised(line.tokens)
        same = (k for k in kept[-4:] if _normalised(k.tokens) == texts)
        if not any(min(k.end, line.end) - max(k.start, line.start) > 0.5 * (line.end - line.start) for k in same):
            kept.append(line)
    return kept


def _repeat(before: Line, line: Line) -> int:
    """Return how many words at the head of ``line`` stood at the tail of ``before``, in whole rows of either."""
    if line.start - before.end > _CONTIGUOUS:
        return 0
    tail, head = _normalised(before.tokens), _normalised(line.tokens)
    borders = {len(tail), *accumulate(len(row) for row in line.rows)}
    for count in range(min(len(tail), len(head)), 0, -1):
        if count in borders and tail[-count:] == head[:count]:
            return count
    return 0


def _rolled_on(before: Line, line: Line) -> int:
    """Return the words of a first row that was the last one before: a roll-up caption keeps it above the new one over a pause."""
    first, last = (_normalised(row) for row in (line.rows[0], before.rows[-1]))
    return len(first) if len(line.rows) > 1 and first == last else 0


def _without_first(line: Line, count: int) -> Line:
    fresh = line.tokens[count:]
    return replace(line, rows=(fresh,)) if count else line


def _in_a_row(lines: Sequence[Line]) -> tuple[Line, ...]:
    """End each line where the next begins; lines that begin together become one."""
    row: list[Line] = []
    for line in lines:
        if row and line.start < row[-1].end:
            before = row.pop()
            if line.start - before.start < 0.3 * (before.end - before.start):
                line = Line(before.start, max(before.end, line.end), before.rows + line.rows)  # noqa: PLW2901
            else:
                row.append(replace(before, end=line.start))
        row.append(line)
    return tuple(row)


def _normalised(words: Sequence[Token]) -> list[str]:
    return ["".join(c for c in word.text.casefold() if c.isalnum()) for word in words]
