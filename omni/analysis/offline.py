"""The analyst that needs no key and no model: evidence from words, sound and picture, weighed by one table."""

from omni.analysis.candidates import Candidate, candidates, is_asked, is_unused, windows
from omni.analysis.choice import Count, choose, count_for
from omni.analysis.cuts import SHORTEST_CLIP, Cutter, cutter_for
from omni.analysis.judgement import evidence_on, merit_of, reason_from, score
from omni.analysis.material import Material, Window, material_of
from omni.analysis.phrases import clip_title, headline, key_phrases, key_sentences, talk_titles
from omni.analysis.remarks import remarks_on
from omni.contracts import Analysis, Clip, Dossier, Span
from omni.errors import NothingToClip
from omni.timecode import clock

REVISION = 1
"""Bump when the same dossier would be analysed differently: it is part of the cache key."""


class OfflineAnalyst:
    """Fulfils the port ``Analyst``: pure and deterministic, two hours of talk in a few seconds."""

    @property
    def engine(self) -> str:
        return f"offline/{REVISION}"

    def analyze(self, dossier: Dossier) -> Analysis:
        cutter = cutter_for(dossier)
        material = material_of(dossier, cutter.timeline)
        count = count_for(dossier.brief.clips, dossier.source.duration)
        found = _found(material, cutter, count)
        clips = _clips(found, material)
        title = headline(dossier.source.title, material.timeline.lexicon) or "Untitled"
        phrases = key_phrases(material)
        return Analysis(
            topic=", ".join(phrases[:3]) or title,
            titles=talk_titles(material),
            keywords=phrases,
            key_sentences=key_sentences(material),
            clips=clips,
            language=dossier.transcript.language or material.timeline.lexicon.code,
            engine=self.engine,
            warnings=remarks_on(clips, material, count),
        )


def _found(material: Material, cutter: Cutter, count: Count) -> tuple[Candidate, ...]:
    """Return the chosen windows; raises :class:`NothingToClip` with what stands in the way."""
    brief, duration = material.dossier.brief, material.timeline.duration
    if duration < SHORTEST_CLIP:
        raise _nothing(material, f"it lasts {duration:.1f} s, and a Short needs {SHORTEST_CLIP:.0f} s")
    if duration < brief.min_seconds:
        return (_whole(material, cutter),)
    chosen = choose(candidates(material, cutter, strict=True), count, material)
    if len(chosen) < count.fewest and material.timeline.guarded:
        loose = choose(candidates(material, cutter, strict=False), count, material)
        chosen = loose if len(loose) > len(chosen) else chosen
    if not chosen:
        shorter = Cutter(material.timeline, shortest=SHORTEST_CLIP, longest=brief.max_seconds)
        brief_ones = candidates(material, shorter, strict=False)
        longest = max((c.span.length for c in brief_ones), default=0.0)
        chosen = choose([c for c in brief_ones if c.span.length >= 0.8 * longest], count, material)
    return chosen or (_whole(material, cutter),)


def _whole(material: Material, cutter: Cutter) -> Candidate:
    """Return all that is said as one window, else the whole source."""
    units, brief = material.units, material.dossier.brief
    spoken = cutter.trim(0, len(units), strict=False) if units else None
    source = Span(start=0.0, end=material.timeline.duration)
    for span in (spoken, source):
        if span and SHORTEST_CLIP <= span.length <= brief.max_seconds:
            window = Window(0, len(units), span)
            used = () if brief.repeat else material.dossier.precedents.used
            if not is_unused(span, used) or not is_asked(window, material):
                break
            return Candidate(window, merit_of(window, material))
    raise _nothing(material, _obstacle(material, cutter))


def _obstacle(material: Material, cutter: Cutter) -> str:
    dossier, wishes = material.dossier, material.wishes
    possible = list(windows(material, cutter, strict=False))
    if wishes.within and all(low >= dossier.source.duration for low, _ in wishes.within):
        return f"the directives ask for a time after its end at {clock(dossier.source.duration)}"
    if any(is_asked(w, material) for w in possible) or (dossier.precedents.used and not possible):
        return "its moments were already used by earlier briefs; set `repeat` to propose them again"
    if possible:
        return "no whole sentence of the asked length lies within what the directives allow; widen them"
    low, high = dossier.brief.min_seconds, dossier.brief.max_seconds
    return f"no stretch of {low:.0f}–{high:.0f} s begins and ends between two words"


def _nothing(material: Material, reason: str) -> NothingToClip:
    return NothingToClip(path=str(material.dossier.source.path), reason=reason)


def _clips(found: tuple[Candidate, ...], material: Material) -> tuple[Clip, ...]:
    ranked = sorted(found, key=lambda c: (-c.merit, c.span.start))
    clips: list[Clip] = []
    for number, candidate in enumerate(ranked, start=1):
        clips.append(_clip(number, candidate, material, [c.title for c in clips]))
    return tuple(clips)


def _clip(number: int, candidate: Candidate, material: Material, taken: list[str]) -> Clip:
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
