"""Words of timed lines into the speech that is heard."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import floor

from omni.contracts import Span, Word
from omni.speech.alignment import Passage, Times, aligned
from omni.speech.cepstra import Cepstra
from omni.speech.markup import Line
from omni.speech.tokens import Token
from omni.speech.weights import weight

REACH = 0.3
"""Seconds by which speech may begin before its line or end after it."""
_MIN_PAUSE = 0.15
"""Shorter silences also occur inside words (stops), so a word may lie over them."""
_MIN_SPEECH = 0.08
_MIN_WORD = 0.02
"""Half a frame of video: what is left of a word between two lines that claim the same moment."""
_BLUR = 0.05
_FASTEST = 0.07
"""Seconds a syllable in the fastest speech; a line with less speech than this was not heard well."""
_SLOWEST = 0.6
"""Seconds a syllable; a subtitle that stands longer than its words take is not stretched beyond this."""

Stretch = tuple[float, float]


def placed(lines: Sequence[Line], speech: Sequence[Span], cepstra: Cepstra, duration: float) -> tuple[Word, ...]:
    """Return every word with estimated times: in order, apart, inside the source and the speech near its line.

    ``lines`` are in order and don't overlap. Words with inline times keep them; the others share the speech of their
    line by their length, and are then aligned with their sounds.
    """
    untold = [line for line in lines if not _is_timed(line)]
    windows = dict(zip(lines, _windows(lines, speech), strict=True))
    guesses = [_passage(line, *windows[line], speech) for line in untold]
    found = dict(zip(untold, aligned(guesses, speech, cepstra), strict=True))
    texts = [token.text for line in lines for token in line.tokens]
    times = [pair for line in lines for pair in found.get(line) or _as_told(line)]
    return tuple(
        Word(start=start, end=end, text=text) for text, (start, end) in zip(texts, _apart(times, duration), strict=True)
    )


def _apart(times: Sequence[Stretch], duration: float) -> list[Stretch]:
    """End each word where the next begins; none is shorter than :data:`_MIN_WORD`, none reaches beyond the end."""
    apart: list[Stretch] = []
    for start, end in times:
        if apart and start < apart[-1][1]:
            before = apart[-1][0]
            apart[-1] = (before, max(before + _MIN_WORD, start))
        first = max(start, apart[-1][1] if apart else 0.0)
        apart.append((first, max(end, first + _MIN_WORD)))
    return [(round(start, 3), round(end, 3)) for start, end in _before(duration, apart)]


def _before(duration: float, apart: Sequence[Stretch]) -> list[Stretch]:
    """Move what lies beyond the end towards the start, as little as it takes."""
    moved = list(apart)
    limit = floor(1000 * duration) / 1000
    for i in range(len(moved) - 1, -1, -1):
        if moved[i][1] <= limit:
            break
        moved[i] = (max(0.0, min(moved[i][0], limit - _MIN_WORD)), limit)
        limit = moved[i][0]
    return moved


def _passage(line: Line, first: float, last: float, speech: Sequence[Span]) -> Passage:
    stretches = _stretches(line, first, last, speech)
    return Passage(
        words=tuple(token.text for token in line.tokens),
        guess=_shared_out(line.tokens, stretches),
        # The detector is exact to a tenth of a second; beyond it applause would pass for a long "s".
        start=max(0.0, stretches[0][0] - _BLUR),
        end=stretches[-1][1] + _BLUR,
    )


def has_own_times(lines: Sequence[Line]) -> bool:
    """Tell whether most words come with inline times."""
    timed = sum(len(line.tokens) for line in lines if _is_timed(line))
    return timed > 0.8 * sum(len(line.tokens) for line in lines)


def _is_timed(line: Line) -> bool:
    # The first word of a cue carries no mark: it begins with the cue.
    marks = [token.at is not None for token in line.tokens]
    return any(marks) and all(marks[1:])


def _windows(lines: Sequence[Line], speech: Sequence[Span]) -> list[Stretch]:
    """Return where the speech of each line may lie: its own time and :data:`REACH`, up to the borders between lines."""
    borders = [_border(a, b, speech) for a, b in pairwise(lines)]
    windows: list[Stretch] = []
    for i, line in enumerate(lines):
        first = borders[i - 1] if i else 0.0
        last = borders[i] if i < len(borders) else line.end + REACH
        windows.append((max(first, line.start - REACH), min(last, line.end + REACH)))
    return windows


def _border(before: Line, after: Line, speech: Sequence[Span]) -> float:
    """Return where one line's speech ends and the next one's begins: the longest pause near, else the later line's start."""
    first = max(before.end - REACH, (before.start + before.end) / 2)
    last = min(after.start + REACH, (after.start + after.end) / 2)
    pauses = [(a, b) for a, b in _gaps(first, last, speech) if b - a >= 0.03]
    if not pauses:
        return min(max(after.start, first), last)
    start, end = max(pauses, key=lambda pause: (pause[1] - pause[0], -abs(pause[1] - after.start)))
    return (start + end) / 2


def _gaps(first: float, last: float, speech: Sequence[Span]) -> list[Stretch]:
    inside = [(span.start, span.end) for span in _near(first, last, speech)]
    edges = [first, *(t for pair in inside for t in pair), last]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _near(first: float, last: float, speech: Sequence[Span]) -> Sequence[Span]:
    """Return the regions that overlap [first, last], found by bisection: a long source has thousands."""
    return speech[
        bisect_right(speech, first, key=lambda span: span.end) : bisect_left(speech, last, key=lambda span: span.start)
    ]


def _stretches(line: Line, first: float, last: float, speech: Sequence[Span]) -> list[Stretch]:
    """Return the speech of a line, pauses left out; the line's own time where too little speech was heard."""
    heard: list[Stretch] = []
    for span in _near(first, last, speech):
        start, end = max(span.start, first), min(span.end, last)
        if end - start < _MIN_SPEECH:
            continue
        if heard and start - heard[-1][1] < _MIN_PAUSE:
            heard[-1] = (heard[-1][0], end)
        else:
            heard.append((start, end))
    needed = sum(weight(token.text) for token in line.tokens)
    if sum(end - start for start, end in heard) < needed * _FASTEST:
        end = min(line.end, line.start + needed * _SLOWEST)
        return [(line.start, end)]
    return heard


def _shared_out(words: Sequence[Token], stretches: Sequence[Stretch]) -> Times:
    """Give each stretch a run of words, and each word its share of the stretch."""
    stretches = _at_most(len(words), stretches)
    weights = [weight(word.text) for word in words]
    found: list[tuple[float, float]] = []
    ends = _runs(words, weights, stretches)
    for (start, end), (first, last) in zip(stretches, pairwise([0, *ends]), strict=True):
        rate = min((end - start) / sum(weights[first:last]), _SLOWEST)
        at = start
        for share in weights[first:last]:
            found.append((at, at + rate * share))
            at += rate * share
    return tuple(found)


def _at_most(count: int, stretches: Sequence[Stretch]) -> list[Stretch]:
    """Close the shortest pauses until there is a word for every stretch."""
    left = list(stretches)
    while len(left) > count:
        i = min(range(1, len(left)), key=lambda i: left[i][0] - left[i - 1][1])
        left[i - 1 : i + 1] = [(left[i - 1][0], left[i][1])]
    return left


def _runs(words: Sequence[Token], weights: Sequence[float], stretches: Sequence[Stretch]) -> list[int]:
    """Return the exclusive last word of each stretch, by dynamic programming.

    The cost of a stretch is how far its words' natural length is from its own; a pause inside a phrase costs extra.
    """
    rate = sum(end - start for start, end in stretches) / sum(weights)
    sums = [0.0]
    for share in weights:
        sums.append(sums[-1] + share)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for i, (start, end) in enumerate(stretches):
        left = len(stretches) - i - 1
        row: dict[int, tuple[float, int]] = {}
        for last in range(i + 1, len(words) - left + 1) if left else [len(words)]:
            seam = 0.0 if last == len(words) else _seam_cost(words[last - 1].text)
            row[last] = min(
                (cost + seam + _mismatch(end - start, rate * (sums[last] - sums[first])), first)
                for first, (cost, _) in best[-1].items()
                if first < last
            )
        best.append(row)
    ends = [len(words)]
    for row in reversed(best[2:]):
        ends.append(row[ends[-1]][1])
    return ends[::-1]


def _seam_cost(text: str) -> float:
    # People pause at punctuation; a pause elsewhere costs as much as a run one standard deviation off.
    return 0.0 if weight(text + ".") == weight(text) else 1.0


def _mismatch(length: float, expected: float) -> float:
    # Natural word lengths scatter by a quarter, and speech regions are exact to about 0.1 s.
    return ((length - expected) / (0.1 + 0.25 * length)) ** 2


def _as_told(line: Line) -> Times:
    """Words with inline times: each lasts until the next, but not longer than it takes to say."""
    starts = [line.start if token.at is None else token.at for token in line.tokens]
    ends = [*starts[1:], line.end]
    return tuple(
        (start, min(end, start + max(0.2, weight(token.text) * _SLOWEST)))
        for token, start, end in zip(line.tokens, starts, ends, strict=True)
    )
