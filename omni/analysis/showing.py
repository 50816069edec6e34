"""Why these moments, for a person to see: curves, subjects and the windows that were weighed, on one time line."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil, log

import numpy as np

from omni.analysis.candidates import Candidate, candidates
from omni.analysis.evidence.opening import opening
from omni.analysis.finding import Search, search_for
from omni.analysis.judgement import evidence_on, reason_from, score
from omni.analysis.material import Material, Window
from omni.analysis.signals import Values, varies
from omni.analysis.units import Unit
from omni.analysis.weights import WEIGHTS
from omni.contracts import Analysis, Contender, Dossier, EvidenceTimeline, EvidenceTrack, Span, Subject

CONTENDERS = 60
"""Windows told beside the chosen ones: more can't be told apart on a page."""
_SAME = 0.5
"""Intersection over union from which two windows are one moment."""
_BRISK = 5.0
"""Words a second that fill the curve: fast speech (300 words a minute)."""
_LEVELS = (-12.0, 8.0)
"""LU against the usual level that the curve of loudness spans."""
_PITCH = 6.0
"""Semitones to both sides that the curve of pitch spans."""
_RHYTHM = (10.0, 30.0)
"""Shot cuts are counted within so many seconds, and so many a minute fill the curve."""
_HOOK_SECONDS = 3
_FULL_HOOK = 2.0
"""The sum of opening signs that fills the curve: a question, a number and a contrast at once."""
_TITLE_WORDS = 3
_UNTHEMED = 0.1
"""Worth in a title of a word that the talk isn't about: where nothing else is said, it names the stretch all the same."""


def timeline_for(dossier: Dossier, analysis: Analysis) -> EvidenceTimeline:
    """Return what an analysis was, or could have been, chosen from; whoever chose, the evidence is ours."""
    search = search_for(dossier)
    weighed = _weighed(search)
    material = search.material
    return EvidenceTimeline(
        duration=dossier.source.duration,
        tracks=tuple(_tracks(material, weighed)),
        subjects=tuple(_subjects(material)),
        contenders=_contenders(analysis, weighed, material),
    )


def merit_curve(duration: float, weighed: Iterable[Candidate], material: Material) -> Values:
    """Return for each second the score (0–1) of the best window that holds it."""
    curve = np.zeros(ceil(duration))
    for candidate in sorted(weighed, key=lambda c: c.merit):
        first, last = int(candidate.span.start), ceil(candidate.span.end)
        curve[first:last] = score(candidate.merit, material.timeline.ground) / 100
    return curve


def _weighed(search: Search) -> tuple[Candidate, ...]:
    material, cutter = search.material, search.cutter
    return candidates(material, cutter, strict=True) or candidates(material, cutter, strict=False)


# ── curves ───────────────────────────────────────────────────────────────────────────────────────


def _tracks(material: Material, weighed: Sequence[Candidate]) -> Iterator[EvidenceTrack]:
    """Yield the curves of what was measured; what wasn't, or is the same all along, has none."""
    signals, seconds = material.signals, ceil(material.timeline.duration)
    low, high = _LEVELS
    loudness = (signals.loudness - low) / (high - low) if varies(signals.loudness) else signals.loudness
    pitch = signals.pitch / (2 * _PITCH) + 0.5 if varies(signals.pitch) else signals.pitch
    curves: tuple[tuple[str, str, Values], ...] = (
        ("merit", "best window here", merit_curve(material.timeline.duration, weighed, material)),
        ("salience", "what the talk is about", _of_units(material, lambda i: float(material.salience.units[i]))),
        ("hook", "strength of an opening", _hooks(material)),
        ("questions", "questions and numbers", _of_units(material, lambda i: _asks_or_counts(i, material))),
        ("pace", "words a second", _pace(material)),
        ("reactions", "laughter and applause", _reactions(material, seconds)),
        ("loudness", "loudness", loudness),
        ("pitch", "pitch against the usual one", pitch),
        ("faces", "faces", signals.faces),
        ("motion", "motion", signals.motion),
        ("shots", "shot changes", _rhythm(material.timeline.obstacles.cuts, seconds)),
    )
    for name, label, curve in curves:
        if varies(curve):
            values = tuple(round(float(v), 2) for v in np.clip(curve[:seconds], 0.0, 1.0))
            yield EvidenceTrack(name=name, label=label, values=values)


def _of_units(material: Material, value: Callable[[int], float]) -> Values:
    """Return a value of the units, each over its own seconds; nothing where there are no words."""
    curve = np.zeros(ceil(material.timeline.duration))
    for i, unit in enumerate(material.units) if material.has_words else ():
        curve[_seconds(unit)] = value(i)
    return curve


def _seconds(span: Unit | Span) -> slice:
    return slice(int(span.start), max(int(span.start) + 1, round(span.end)))


def _asks_or_counts(index: int, material: Material) -> float:
    traits = material.traits[index]
    return 1.0 if traits.asks else min(0.8, 0.4 * traits.numbers)


def _hooks(material: Material) -> Values:
    """Return how strong a clip would open here, over the three seconds in which a viewer decides."""
    curve = np.zeros(ceil(material.timeline.duration))
    for i, unit in enumerate(material.units) if material.has_words else ():
        alone = Window(i, i + 1, Span(start=unit.start, end=unit.end))
        promise = sum(WEIGHTS[s.kind].value * s.strength for s in opening(alone, material))
        begin = int(unit.start)
        curve[begin : begin + _HOOK_SECONDS] = np.maximum(curve[begin : begin + _HOOK_SECONDS], promise / _FULL_HOOK)
    return curve


def _pace(material: Material) -> Values:
    """Return the words that begin in each second, over five of them: a second alone holds chance."""
    starts = np.array([w.start for w in material.timeline.words], dtype=np.int64)
    counts = np.bincount(starts, minlength=ceil(material.timeline.duration)).astype(np.float64)
    return np.convolve(counts, np.full(5, 0.2), mode="same") / _BRISK if counts.size >= 5 else counts / _BRISK


def _reactions(material: Material, seconds: int) -> Values:
    curve = np.zeros(seconds)
    for event in material.dossier.transcript.events:
        if event.kind != "music":
            curve[_seconds(event)] = event.confidence
    return curve


def _rhythm(cuts: Sequence[float], seconds: int) -> Values:
    span, full = _RHYTHM
    times = np.array(cuts)
    middles = np.arange(seconds) + 0.5
    within = np.searchsorted(times, middles + span / 2) - np.searchsorted(times, middles - span / 2)
    return within.astype(np.float64) * (60 / span / full)


# ── subjects ─────────────────────────────────────────────────────────────────────────────────────


def _subjects(material: Material) -> Iterator[Subject]:
    """Yield the stretches between changes of subject, titled by the words that are theirs more than the others'."""
    borders = [*sorted(material.topics), len(material.units)]
    ranges = [(a, b) for a, b in pairwise(borders) if b > a]
    said = [Counter(stem for t in material.traits[a:b] for stem in t.terms) for a, b in ranges]
    spread = Counter(stem for counts in said for stem in counts)
    themes = material.salience.themes
    for (first, last), counts in zip(ranges, said, strict=True):
        own = {stem: log(1 + len(said) / spread[stem]) for stem in counts if stem in material.surface}
        worth = {stem: counts[stem] * rarity * (_UNTHEMED + themes.get(stem, 0.0)) for stem, rarity in own.items()}
        best = sorted(worth, key=lambda s: (-worth[s], s))[:_TITLE_WORDS]
        title = ", ".join(material.surface[s] for s in best)
        yield Subject(start=material.units[first].start, end=material.units[last - 1].end, title=title)


# ── windows ──────────────────────────────────────────────────────────────────────────────────────


def _contenders(analysis: Analysis, weighed: Sequence[Candidate], material: Material) -> tuple[Contender, ...]:
    chosen = [
        Contender(start=c.start, end=c.end, score=c.score, number=c.number, reason=c.reason) for c in analysis.clips
    ]
    told: list[Span] = list(chosen)
    others: list[Contender] = []
    for candidate in sorted(weighed, key=lambda c: (-c.merit, c.span.start, c.span.end)):
        if len(others) == CONTENDERS:
            break
        if all(_likeness(candidate.span, other) < _SAME for other in told):
            told.append(candidate.span)
            others.append(_contender(candidate, material))
    return tuple(sorted((*chosen, *others), key=lambda c: (c.start, c.end)))


def _contender(candidate: Candidate, material: Material) -> Contender:
    return Contender(
        start=candidate.span.start,
        end=candidate.span.end,
        score=score(candidate.merit, material.timeline.ground),
        reason=reason_from(evidence_on(candidate.window, material)),
    )


def _likeness(a: Span, b: Span) -> float:
    shared = a.overlap(b)
    return shared / (a.length + b.length - shared) if shared else 0.0
