"""One talk: our picks and those of the rivals, each as many as the talk has highlights, counted against its marks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from bench.selection.livening import Where, lively_lines
from bench.selection.performing import Performance, by_letters, dossier_of, performed
from bench.selection.rivals import at_random, first_ones, loudest_ones
from bench.selection.scoring import NOTHING, UNCUT, Tally, Wholeness, tally, wholeness
from bench.selection.scripts import Script
from bench.selection.sounding import spoken
from omni.analysis.offline import OfflineAnalyst
from omni.analysis.terms import bare
from omni.contracts import Analysis, Brief, Dossier, Footage, Precedents, Span
from omni.sourcing.ingesting import ingest
from omni.speech.listening import listen
from omni.speech.sentences import sentences
from omni.wiring import Workshop

DRAWS = 200
"""Arrangements drawn by chance for each reading of a talk."""


@dataclass(frozen=True)
class Reading:
    """One performance of a talk, and what was picked from it."""

    performance: Performance
    dossier: Dossier
    analysis: Analysis

    @property
    def picks(self) -> tuple[Span, ...]:
        """The clips, best first."""
        return tuple(Span(start=c.start, end=c.end) for c in self.analysis.clips)

    def against(self, windows: Iterable[Span]) -> Tally:
        """Count windows against the marks of the talk."""
        return tally(tuple(windows), self.performance.marked("highlight"), self.performance.marked("distractor"))


@dataclass
class Standing:
    """What readings add up to; ``chance`` holds one sum for each draw."""

    ours: Tally = NOTHING
    first: Tally = NOTHING
    loudest: Tally = NOTHING
    chance: list[Tally] = field(default_factory=lambda: [NOTHING] * DRAWS)
    whole: Wholeness = UNCUT

    def add(self, reading: Reading) -> None:
        """Count one reading for everybody."""
        picks, duration = reading.picks, reading.performance.duration
        lengths = [pick.length for pick in picks]
        levels = reading.dossier.transcript.loudness.curve
        dice = Random(f"{reading.performance.script.name} {duration:.2f}")
        self.ours += reading.against(picks)
        self.first += reading.against(first_ones(lengths, duration))
        self.loudest += reading.against(loudest_ones(lengths, duration, levels))
        self.chance = [sum_ + reading.against(at_random(lengths, duration, dice)) for sum_ in self.chance]
        self.whole += wholeness(picks, [span for _, span in reading.performance.sentences])


def wishes_for(script: Script) -> Brief:
    """Return the brief of the contest: as many clips as there are highlights, else as a user gets it."""
    return Brief(clips=sum(mark.kind == "highlight" for mark in script.marks))


def read_on_paper(script: Script, reading: int, *, unpunctuated: bool = False, lively: Where = "nowhere") -> Reading:
    """Pick from one reading of a talk, its dossier made of the text: as if everything were heard perfectly."""
    performance = performed(script, by_letters, reading)
    raised = None if lively == "nowhere" else lively_lines(script, lively)
    dossier = dossier_of(performance, wishes_for(script), raised)
    dossier = without_marks(dossier) if unpunctuated else dossier
    return Reading(performance, dossier, OfflineAnalyst().analyze(dossier))


def without_marks(dossier: Dossier) -> Dossier:
    """Return the dossier as a plain recogniser would give it: small letters, no punctuation, sentences by pauses."""
    transcript = dossier.transcript
    words = tuple(w.model_copy(update={"text": bare(w.text).lower() or w.text}) for w in transcript.words)
    plain = {"words": words, "sentences": sentences(words, transcript.language)}
    return dossier.model_copy(update={"transcript": transcript.model_copy(update=plain)})


def heard(script: Script, workshop: Workshop, lively: Where = "nowhere") -> Reading:
    """Pick from a talk as a user's job would: from sound and subtitles, through the real listening."""
    performance, path = spoken(script, lively_lines(script, lively))
    source, brief = ingest(path, workshop.prober, workshop.limits), wishes_for(script)
    transcript = listen(source, brief, workshop.ears)
    dossier = Dossier(
        source=source, transcript=transcript, footage=Footage(engine="none"), precedents=Precedents(), brief=brief
    )
    return Reading(performance, dossier, OfflineAnalyst().analyze(dossier))
