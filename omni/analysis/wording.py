"""What a chosen window is told as: a clip with its title, hook, score, reason and evidence, all quoted or measured."""

from collections.abc import Iterable

from omni.analysis.candidates import Candidate
from omni.analysis.judgement import evidence_on, reason_from, score
from omni.analysis.material import Material
from omni.analysis.phrases import clip_title, headline, key_phrases
from omni.contracts import Clip
from omni.timecode import clock


def clip_of(number: int, candidate: Candidate, material: Material, taken: Iterable[str]) -> Clip:
    """Return a window as a clip; ``taken`` are the titles of the clips before it."""
    window = candidate.window
    evidence = evidence_on(window, material)
    title = clip_title(window.first, window.last, material, taken)
    source = headline(material.dossier.source.title, material.timeline.lexicon)
    return Clip(
        start=window.span.start,
        end=window.span.end,
        number=number,
        title=title or headline(f"{source}, {clock(window.span.start)}".lstrip(", "), material.timeline.lexicon),
        hook=material.units[window.first].text,
        text=material.text_of(window),
        score=score(candidate.merit, material.timeline.ground),
        reason=reason_from(evidence),
        evidence=evidence,
    )


def topic_of(material: Material) -> str:
    """Return the three weightiest phrases of the talk, else the source's own title."""
    named = ", ".join(key_phrases(material)[:3])
    return named or headline(material.dossier.source.title, material.timeline.lexicon) or "Untitled"
