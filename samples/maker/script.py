"""The text of the talk: ``talk.txt`` read as sentences, pauses and sounds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SENTENCE_PAUSE = 0.42
"""Seconds; a speaker's breath between two sentences."""

SECTION_PAUSE = 1.25
"""Seconds; an empty line of the text."""


@dataclass(frozen=True)
class Line:
    """One line of the talk: a sentence, or a sound of the audience; ``section`` counts the paragraphs from 0."""

    kind: Literal["sentence", "laughter", "applause"]
    text: str
    section: int


@dataclass(frozen=True)
class Highlight:
    """Sentences ``first``…``last`` (inclusive) that stand alone as a Short, and why."""

    first: int
    last: int
    title: str
    why: str


def read_script(path: Path) -> tuple[Line, ...]:
    """Return the lines of the talk, in order; ``[laughter]`` and ``[applause]`` are sounds."""
    lines: list[Line] = []
    for section, paragraph in enumerate(path.read_text(encoding="utf-8").strip().split("\n\n")):
        for text in paragraph.splitlines():
            if text == "[laughter]":
                lines.append(Line("laughter", text, section))
            elif text == "[applause]":
                lines.append(Line("applause", text, section))
            else:
                lines.append(Line("sentence", text, section))
    return tuple(lines)


HIGHLIGHTS = (
    (
        "What is the most",
        "to think of a box?",
        "The most important machine",
        "opens with a question, a contrast and a riddle",
    ),
    (
        "In 1954 a ship",
        "you can carry home.",
        "194,000 pieces by hand",
        "numbers, a contrast of sea and harbour, a joke that gets a laugh",
    ),
    (
        "In 1937 a man",
        "nineteen years to answer it.",
        "Nineteen years for one answer",
        "a small story that ends in a turn",
    ),
    (
        "In April 1956",
        "thirty-six times cheaper!",
        "Thirty-six times cheaper",
        "figures that grow to a punch line, then applause",
    ),
    ("When I was nine", "ask them who paid.", "Ask who paid", "a personal story with a quotation and a moral"),
    (
        "So why did the box win?",
        "changed the world.",
        "Why the box won",
        "question and answer, ends on a strong parallel",
    ),
    ("Today one ship", "Thank you.", "Look again at the boring things", "the conclusion, then applause"),
)
"""First words, last words, title and reason of each moment that an editor would cut out."""

CONNECTING = (
    "Let me say",
    "I have four",
    "That brings me",
    "As I mentioned",
    "Now, part three",
    "There is a lot",
    "I will skip",
)
"""First words of the deliberately dull sentences."""


def highlights(sentences: tuple[str, ...]) -> tuple[Highlight, ...]:
    """Return the highlights as sentence indexes; raises ``StopIteration`` when the text no longer has one."""
    found: list[Highlight] = []
    for head, tail, title, why in HIGHLIGHTS:
        first = next(i for i, s in enumerate(sentences) if s.startswith(head))
        last = next(i for i, s in enumerate(sentences) if i >= first and s.endswith(tail))
        found.append(Highlight(first, last, title, why))
    return tuple(found)
