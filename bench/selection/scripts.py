"""A written talk: lines to be said, laughter and applause, and the stretches that were marked by hand.

A head of ``key: value`` lines, a blank line, then one sentence a line. ``== highlight: NAME`` or ``== distractor: NAME`` opens a marked
stretch, ``==`` closes it. ``[laughter 3]`` and ``[applause 4]`` are heard for so many seconds, ``loud`` and ``normal`` change the voice's level,
``X:`` before a sentence names the speaker, a blank line ends a paragraph.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

TALKS = Path(__file__).parents[1] / "talks"

Part = Literal["tuning", "held-out"]

_EVENT = re.compile(r"\[(laughter|applause) (\d+(?:\.\d+)?)\]")
_SPEAKER = re.compile(r"([A-Z]): ")


@dataclass(frozen=True)
class Said:
    """One sentence; ``closes`` when a paragraph ends with it."""

    text: str
    speaker: str
    loud: bool
    closes: bool = False


@dataclass(frozen=True)
class Reaction:
    """What the room does."""

    kind: Literal["laughter", "applause"]
    seconds: float


Line = Said | Reaction


@dataclass(frozen=True)
class Mark:
    """``lines[first:last]`` of a script."""

    kind: Literal["highlight", "distractor"]
    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Script:
    """``voices`` maps a speaker's letter to a voice of espeak-ng; ``part`` says whether weights may be tuned on it."""

    name: str
    title: str
    genre: str
    language: str
    voices: dict[str, str]
    part: Part
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]


def scripts() -> tuple[Script, ...]:
    """Return the talks of the bench by name."""
    return tuple(read_script(path) for path in sorted(TALKS.glob("*.txt")))


def read_script(path: Path) -> Script:
    """Read one talk; raises ValueError when a stretch is opened or closed wrongly."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    part: Part = "tuning" if facts["set"] == "tuning" else "held-out"
    lines, marks = _read(body, path.name)
    voices = dict(pair.split("=", 1) for pair in facts["voices"].split(", "))
    return Script(path.stem, facts["title"], facts["genre"], facts["language"], voices, part, lines, marks)


def _read(body: str, name: str) -> tuple[tuple[Line, ...], tuple[Mark, ...]]:
    lines: list[Line] = []
    marks: list[Mark] = []
    opened: tuple[Literal["highlight", "distractor"], str, int] | None = None
    loud = False
    for number, raw in enumerate(body.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("=="):
            if opened and line != "==":
                msg = f"{name}: line {number} of the body opens a stretch inside another"
                raise ValueError(msg)
            if opened:
                marks.append(Mark(*opened, len(lines)))
                opened = None
            else:
                kind, _, label = line.removeprefix("==").strip().partition(": ")
                opened = ("highlight" if kind == "highlight" else "distractor", label, len(lines))
        elif line in ("loud", "normal"):
            loud = line == "loud"
        elif not line:
            _close_paragraph(lines)
        elif event := _EVENT.fullmatch(line):
            kind = "laughter" if event[1] == "laughter" else "applause"
            lines.append(Reaction(kind, float(event[2])))
        else:
            lines.append(_said(line, lines, loud=loud))
    return tuple(lines), tuple(marks)


def _said(line: str, before: list[Line], *, loud: bool) -> Said:
    named = _SPEAKER.match(line)
    last = next((said.speaker for said in reversed(before) if isinstance(said, Said)), "A")
    return Said(line[named.end() :] if named else line, named[1] if named else last, loud)


def _close_paragraph(lines: list[Line]) -> None:
    if lines and isinstance(lines[-1], Said):
        lines[-1] = replace(lines[-1], closes=True)
