"""What a chosen window is told as: a clip with its title, hook, score, reason and evidence, all quoted or measured."""

from collections.abc import Iterable, Sequence

from omni.analysis.candidates import Candidate
from omni.analysis.judgement import evidence_on, reason_from, score
from omni.analysis.material import Material
from omni.analysis.phrases import clip_title, headline, key_phrases
from omni.contracts import Clip
from omni.timecode import clock


def best_first(chosen: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return windows by falling merit."""
    return tuple(sorted(chosen, key=lambda c: (-c.merit, c.span.start)))


def clips_of(ranked: Sequence[Candidate], material: Material) -> tuple[Clip, ...]:
    """Return windows as clips, numbered as they come; no two have one title."""
    clips: list[Clip] = []
    for number, candidate in enumerate(ranked, start=1):
        clips.append(clip_of(number, candidate, material, [c.title for c in clips]))
    return tuple(clips)


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
