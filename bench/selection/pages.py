"""A page a talk: what was picked, beside what was marked by hand, with the evidence below it."""

from pathlib import Path

from bench.selection.contest import Reading
from omni.analysis.showing import timeline_for
from omni.packaging.charting import Marked
from omni.packaging.evidencing import evidence_page


def write_page(reading: Reading, folder: Path) -> Path:
    """Write ``folder/NAME.html``."""
    script = reading.performance.script
    marks = [
        Marked(
            start=reading.performance.spans[mark.first].start,
            end=reading.performance.spans[mark.last - 1].end,
            title=mark.name,
            wanted=mark.kind == "highlight",
        )
        for mark in script.marks
    ]
    timeline = timeline_for(reading.dossier, reading.analysis)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{script.name}.html"
    target.write_text(evidence_page(f"{script.title} ({script.genre})", timeline, marks), encoding="utf-8")
    return target
