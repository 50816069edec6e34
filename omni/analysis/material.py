"""Everything the evidence reads, prepared once for one dossier."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import ceil
from statistics import median

from omni.analysis.directives import Wishes, wishes_of
from omni.analysis.edges import merged
from omni.analysis.salience import Salience, weigh
from omni.analysis.signals import Signals, signals_of
from omni.analysis.terms import tokenize
from omni.analysis.timeline import Timeline
from omni.analysis.topics import topic_starts
from omni.analysis.traits import Traits, content_stems, surfaces, things, traits_of
from omni.analysis.units import TERMINAL, Unit
from omni.contracts import Dossier, SoundEvent, Span

_HOOK = 3.0
"""Seconds: most viewers who leave a Short leave within these."""
_HOLE = 1.2
"""Seconds: the longest dead air a talking clip may have (TARGETS §2)."""

_AUDIBLE = -8.0
"""LU against the usual level above which a pause isn't empty: the noise of a quiet room lies 15 LU and more below speech."""


@dataclass(frozen=True)
class Window:
    """A candidate: ``units[first:last]`` and the span they are cut to."""

    first: int
    last: int
    span: Span


@dataclass(frozen=True)
class Material:
    """One dossier, measured. Sequences ``traits`` and ``salience.units`` run along ``timeline.units``."""

    dossier: Dossier
    timeline: Timeline
    signals: Signals
    traits: tuple[Traits, ...]
    salience: Salience
    topics: frozenset[int]
    """Indices of the units that begin a new subject."""
    wishes: Wishes
    holes: tuple[Span, ...]
    """Dead air: nothing said, no applause, laughter or music, longer than the bar."""

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units of the timeline."""
        return self.timeline.units

    @property
    def has_words(self) -> bool:
        """Whether the units are sentences."""
        return self.timeline.ground == "words"

    @cached_property
    def pace(self) -> float:
        """Typical words a second, pauses included; 0 without words."""
        lengths = [(t.words, u.end - u.start) for t, u in zip(self.traits, self.units, strict=True)]
        rates = [words / seconds for words, seconds in lengths if seconds > 1 and words > 2]
        return median(rates) if rates else 0.0

    @cached_property
    def _words_before(self) -> list[int]:
        return list(accumulate((t.words for t in self.traits), initial=0))

    @cached_property
    def _salience_before(self) -> list[float]:
        weighed = (float(s) * t.words for s, t in zip(self.salience.units, self.traits, strict=True))
        return list(accumulate(weighed, initial=0.0))

    @cached_property
    def surface(self) -> dict[str, str]:
        """Each content stem as it is most often said."""
        return surfaces((w.text for w in self.timeline.words), self.timeline.lexicon)

    @cached_property
    def subjects(self) -> dict[str, frozenset[str]]:
        """The content stems of each subject that outcomes taught about."""
        taught = (lesson.value for lesson in self.dossier.precedents.lessons if lesson.kind == "topic")
        return {value: frozenset(content_stems(tokenize(value), self.timeline.lexicon)) for value in taught}

    def words_in(self, window: Window) -> int:
        """Return how many words are said in a window."""
        return self._words_before[window.last] - self._words_before[window.first]

    def salience_of(self, window: Window) -> float:
        """Return the mean salience of a window's words, 0–1."""
        words = self.words_in(window)
        return (self._salience_before[window.last] - self._salience_before[window.first]) / words if words else 0.0

    def inside(self, window: Window) -> tuple[Traits, ...]:
        """Return the traits of a window's units."""
        return self.traits[window.first : window.last]

    @cached_property
    def hooks(self) -> tuple[Traits, ...]:
        """The traits of what is said within three seconds of each unit's start."""
        return tuple(self._hook(unit) for unit in self.units)

    def _hook(self, unit: Unit) -> Traits:
        words = self.timeline.words
        last = bisect_left(words, unit.start + _HOOK, lo=unit.first, key=lambda w: w.start)
        text = " ".join(w.text for w in words[unit.first : last])
        return traits_of(text, self.timeline.lexicon, punctuated=True)

    def stems_of(self, window: Window) -> frozenset[str]:
        """Return the content stems of a window."""
        return frozenset(stem for t in self.inside(window) for stem in t.terms)

    def text_of(self, window: Window) -> str:
        """Return what is said in a window."""
        return " ".join(u.text for u in self.units[window.first : window.last] if u.text)

    def window_of(self, span: Span) -> Window | None:
        """Return the window of a cut span: the units whose middle lies in it; ``None`` when there are none."""
        inside = [i for i, u in enumerate(self.units) if span.start <= (u.start + u.end) / 2 < span.end]
        return Window(inside[0], inside[-1] + 1, span) if inside else None

    def longest_hole(self, span: Span) -> float:
        """Return the longest dead air within a span, 0.0 when all is within the bar."""
        i = bisect_left(self.holes, span.start, key=lambda h: h.end)
        longest = 0.0
        while i < len(self.holes) and self.holes[i].start < span.end:
            longest = max(longest, span.overlap(self.holes[i]))
            i += 1
        return longest if longest > _HOLE else 0.0

    def events_in(self, span: Span, *kinds: str) -> list[SoundEvent]:
        """Return the sound events of some kinds that begin within a span."""
        return [e for e in self.dossier.transcript.events if e.kind in kinds and span.start <= e.start < span.end]


def material_of(dossier: Dossier, timeline: Timeline) -> Material:
    """Measure one dossier."""
    texts = [u.text for u in timeline.units]
    punctuated = sum(t.rstrip("\"'”’»)")[-1:] in tuple(TERMINAL) for t in texts) >= 0.3 * len(texts)
    traits = tuple(traits_of(t, timeline.lexicon, punctuated=punctuated) for t in texts)
    terms = [t.terms for t in traits]
    known = frozenset(s for unit in terms for s in unit)
    signals = signals_of(dossier)
    return Material(
        dossier=dossier,
        timeline=timeline,
        signals=signals,
        traits=traits,
        salience=weigh([() if t.polite else t.terms for t in traits], things(texts, timeline.lexicon)),
        topics=topic_starts(timeline.units, terms) if timeline.ground == "words" else frozenset(),
        wishes=wishes_of(
            dossier.brief.directives,
            timeline.duration,
            known,
            lambda text: content_stems(tokenize(text), timeline.lexicon),
            dossier.transcript.language or dossier.brief.language,
        ),
        holes=_holes(dossier, timeline, signals),
    )


def _holes(dossier: Dossier, timeline: Timeline, signals: Signals) -> tuple[Span, ...]:
    """Return the stretches where nothing is heard that a talk needs; estimated words don't count against measured silence."""
    if timeline.ground == "picture":
        return ()
    speech = timeline.obstacles.speech
    voices = speech if timeline.guarded else (*speech, *timeline.atoms)
    heard = merged((*voices, *dossier.transcript.events))
    gaps = zip((0.0, *(s.end for s in heard)), (*(s.start for s in heard), timeline.duration), strict=True)
    holes = (Span(start=a, end=b) for a, b in gaps if b - a > _HOLE)
    return tuple(hole for hole in holes if not _sounds(hole, signals))


def _sounds(hole: Span, signals: Signals) -> bool:
    """Tell whether something as loud as the talk fills a hole: applause or music that nobody has named."""
    inner = signals.loudness[ceil(hole.start) : int(hole.end)]
    return bool(inner.size) and float(inner.mean()) > _AUDIBLE
