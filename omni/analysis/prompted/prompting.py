"""What the model is asked: measured facts, the operator's wishes, and the recording's own words as data."""

from collections.abc import Iterator, Sequence
from importlib import resources

from omni.analysis.choice import Count
from omni.analysis.finding import Search
from omni.analysis.material import Material
from omni.analysis.prompted.answers import schema
from omni.analysis.prompted.parts import Part, share_of, units_in
from omni.contracts import Precedent, Span
from omni.ports.model import Attachment, Question
from omni.timecode import clock
from omni.untrusted.fencing import fenced, flat

INSTRUCTIONS = (resources.files("omni.analysis.prompted") / "instructions.txt").read_text("utf-8")
"""Ours alone: nothing of a video, a brief or a memory is ever added."""
_PRECEDENTS, _PRECEDENT = 5, 200
"""Examples given, and characters of each."""
_USED = 40
"""Used moments that are named; the rest is refused all the same."""
_NAME = 200
"""Characters of the file's name."""
_FAULTS, _FAULT = 20, 200
"""Faults told in a second question, and characters of each."""


def question(part: Part, search: Search, attachment: Attachment, faults: Sequence[str] = ()) -> Question:
    """Return what is asked about one part; with ``faults``, once more."""
    return Question(
        role="analyst",
        instructions=INSTRUCTIONS,
        prompt="\n\n".join(_blocks(part, search, faults)),
        answer=schema(spoken=search.material.has_words),
        attachment=attachment,
    )


def _blocks(part: Part, search: Search, faults: Sequence[str]) -> Iterator[str]:
    material = search.material
    dossier = material.dossier
    yield _facts(part, search, share_of(search.count, part.of))
    if material.has_words:
        yield fenced("transcript", "\n".join(_lines(part, material)))
    yield fenced("name", flat(dossier.source.title, _NAME))
    nearest = dossier.precedents.nearest[:_PRECEDENTS]
    if nearest:
        yield "Examples of what was made of other recordings; they may be bad ones:"
        yield fenced("examples", "\n".join(_example(precedent) for precedent in nearest))
    if dossier.precedents.lessons:
        yield "What the studio's own figures taught; of two moments that are about as good, prefer the one that has what did better:"
        taught = (f"- {flat(lesson.because, _PRECEDENT)}" for lesson in dossier.precedents.lessons)
        yield fenced("learned", "\n".join(taught))
    if dossier.brief.directives.strip():
        yield from _wishes(part, dossier.brief.directives)
    if faults:
        yield "You have answered this before, and these faults were found. Answer again, whole, without them:"
        yield "\n".join(f"- {flat(fault, _FAULT)}" for fault in faults[:_FAULTS])


def _example(precedent: Precedent) -> str:
    came = precedent.reception.text if precedent.reception else ""
    told = f"- {flat(precedent.title, _PRECEDENT)}: {flat(precedent.text, _PRECEDENT)}"
    return f"{told} (what came of it: {flat(came, _PRECEDENT)})" if came else told


def _facts(part: Part, search: Search, count: Count) -> str:
    cutter, brief = search.cutter, search.material.dossier.brief
    language = brief.posts_language or search.material.dossier.transcript.language
    lines = [f"This recording lasts {clock(part.length)} ({part.length:.1f} seconds); it was measured."]
    if part.of > 1:
        lines.append(f"It is part {part.number} of {part.of} of a longer one; its times begin at 0:00.")
    lines += [
        f"Find at least {count.fewest} and at most {count.most} clips, best first.",
        f"Each lasts {cutter.shortest:.0f} to {cutter.longest:.0f} seconds.",
        f"Titles, topic and keywords are in the language {language or 'that is spoken'}.",
    ]
    used = search.material.dossier.precedents.barred(brief)
    named = [span for span in used if span.overlap(part.span)][:_USED]
    if named:
        lines.append("Already used, don't choose: " + ", ".join(_stretch(span, part) for span in named) + ".")
    return "\n".join(lines)


def _stretch(span: Span, part: Part) -> str:
    start, end = max(0.0, part.relative(span.start)), min(part.length, part.relative(span.end))
    return f"{clock(start)}–{clock(end)}"


def _lines(part: Part, material: Material) -> Iterator[str]:
    """Yield each unit of speech with its word numbers, of the whole source, and its time in this part."""
    for unit in units_in(part.span, material.units):
        time = clock(part.relative(unit.start))
        yield f"{unit.first}-{unit.last - 1} [{time}] {flat(unit.text)}"


def _wishes(part: Part, directives: str) -> Iterator[str]:
    """Yield the operator's words; the contract caps their length."""
    yield (
        "The operator's wishes:"
        if part.of == 1
        else (
            f"The operator's wishes (times in them count from the start of the longer recording, in which this part begins at "
            f"{clock(part.span.start)}):"
        )
    )
    yield fenced("operator", flat(directives))
