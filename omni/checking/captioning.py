"""Gates of TARGETS.md §2 on captions: in time with the words, and slow and short enough to be read."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from statistics import median

from omni.contracts import Captions, Check, Cue, Transcript

READING_SPEED = 20.0
LINE_CHARACTERS = 24
LINES = 2
OFF_MEDIAN, OFF_P95 = 0.05, 0.125
"""Seconds between a word and its caption."""
ENOUGH_MATCHED = 0.5
"""Part of the words that must be found in the captions for their times to be compared."""


def caption_checks(captions: Captions, told: Transcript) -> tuple[Check, ...]:
    """Return the verdicts on the captions of a clip; ``told`` is its transcript in clip time."""
    names = "caption timing", "caption reading speed, p95", "caption lines"
    bars = (
        f"median <= {OFF_MEDIAN * 1000:.0f} ms, p95 <= {OFF_P95 * 1000:.0f} ms",
        f"<= {READING_SPEED:.0f}",
        f"<= {LINES} × {LINE_CHARACTERS}",
    )
    if not captions.cues:
        return tuple(Check(name=n, value="no captions", bar=b, passed=None) for n, b in zip(names, bars, strict=True))
    fast = p95([_characters(cue) / max(cue.length, 0.001) for cue in captions.cues])
    widest = max(len(line) for cue in captions.cues for line in cue.text.split("\n"))
    rows = max(len(cue.lines) for cue in captions.cues)
    return (
        _timing(captions, told, names[0], bars[0]),
        Check(name=names[1], value=f"{fast:.1f} characters/s", bar=bars[1], passed=fast <= READING_SPEED),
        Check(
            name=names[2],
            value=f"{rows} × {widest} characters",
            bar=bars[2],
            passed=rows <= LINES and widest <= LINE_CHARACTERS,
        ),
    )


def _timing(captions: Captions, told: Transcript, name: str, bar: str) -> Check:
    if told.word_times != "measured":
        return Check(name=name, value="the word times are estimates", bar=bar, passed=None)
    shown = [moment for cue in captions.cues for moment in _moments(cue)]
    spoken = [(_bare(word.text), word.start) for word in told.words]
    matcher = SequenceMatcher(None, [text for text, _ in shown], [text for text, _ in spoken], autojunk=False)
    off = [
        abs(shown[block.a + i][1] - spoken[block.b + i][1])
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    ]
    if len(off) < max(1, ENOUGH_MATCHED * len(spoken)):
        return Check(name=name, value="the captions are divided otherwise than the words", bar=bar, passed=None)
    middle, worst = median(off), p95(off)
    return Check(
        name=name,
        value=f"median {middle * 1000:.0f} ms, p95 {worst * 1000:.0f} ms",
        bar=bar,
        passed=middle <= OFF_MEDIAN and worst <= OFF_P95,
    )


def p95(values: Sequence[float]) -> float:
    """Return the value that one in twenty exceeds."""
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def _moments(cue: Cue) -> list[tuple[str, float]]:
    """Return each word and when it lights up: the first one when the caption comes."""
    words = [word for line in cue.lines for word in line]
    return [(_bare(word.text), word.start if number else cue.start) for number, word in enumerate(words)]


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _characters(cue: Cue) -> int:
    return len(cue.text.replace("\n", " "))
