"""What of an answer is believed: each proposed clip is placed, cut by the one cut engine, and held against brief and memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from omni.analysis.candidates import Candidate, is_asked, is_unused
from omni.analysis.finding import Search
from omni.analysis.judgement import merit_for, merit_of
from omni.analysis.material import Material, Window
from omni.analysis.prompted.answers import Answer, AnswerUnreadable, ProposedClip, read_answer
from omni.analysis.prompted.parts import Part, share_of, units_in
from omni.analysis.prompted.placing import Misplaced, is_clocked, names_words, said_at, seen_at
from omni.analysis.prompted.quoting import Passage
from omni.contracts import Span

_ORDINARY = 50.0
"""Score of a clip that comes without one."""
_LONG, _SHORT = 1.5, 0.33
"""Times the longest and the shortest clip: within, a rough window is stretched or cut; beyond, another moment is meant."""
_SLACK = 1.0
"""Seconds by which a clip may end behind the start of the next one's words: its tail."""
_TOUCH = 0.1
"""Seconds by which a cut may reach into a sentence: overlapping words are cut in their middle."""
_ALIKE = 0.5
"""Temporal IoU from which two windows are one moment."""


@dataclass(frozen=True)
class Proposal(Candidate):
    """A cut window that a model proposed: its ``score``, and what it said of it, not yet believed."""

    score: float
    said: ProposedClip


@dataclass(frozen=True)
class Vetted:
    """What is left of an answer; ``faults`` are told to the model, ``short`` says whether it should be asked again."""

    answer: Answer
    proposals: tuple[Proposal, ...]
    faults: tuple[str, ...]
    short: bool


def vetted(text: str, part: Part, search: Search) -> Vetted:
    """Return what of an answer about ``part`` can be used; nothing is raised, whatever the text is."""
    try:
        answer = read_answer(text)
    except AnswerUnreadable as error:
        return Vetted(Answer(), (), (str(error),), short=True)
    faults = list(answer.misshapen)
    kept: list[Proposal] = []
    place = _Placer(answer, part, search)
    for clip in answer.clips:
        try:
            kept.append(_apart(_cut(clip, place(clip), search, kept), kept))
        except Misplaced as why:
            faults.append(f"Clip {clip.number} {why}.")
    dropped, fewest = len(faults), share_of(search.count, part.of).fewest
    if len(kept) < fewest:
        faults.append(f"Only {len(kept)} clips could be used; at least {fewest} are needed.")
    return Vetted(answer, tuple(kept), tuple(faults), short=len(kept) < fewest or dropped > len(kept))


def joined(again: Vetted, before: Vetted) -> Vetted:
    """Return a second answer with what only the first one had."""
    only = (p for p in before.proposals if all(_likeness(p.span, q.span) < _ALIKE for q in again.proposals))
    return Vetted(again.answer, (*again.proposals, *only), again.faults or before.faults, short=again.short)


class _Placer:
    """Turns what a clip says of its place into a rough span of the source."""

    def __init__(self, answer: Answer, part: Part, search: Search) -> None:
        self._part, self._words = part, search.material.timeline.words
        self._clocked = is_clocked(answer.clips, part)
        units = units_in(part.span, search.material.units) if search.material.has_words else ()
        self._passage = Passage(self._words, units[0].first, units[-1].last) if units else None

    def __call__(self, clip: ProposedClip) -> Span:
        if self._passage and names_words(clip):
            return said_at(clip, self._words, self._passage)
        return seen_at(clip, self._part, clocked=self._clocked)


def _cut(clip: ProposedClip, rough: Span, search: Search, kept: Sequence[Proposal]) -> Proposal:
    """Return the clip as it will be cut; raises Misplaced."""
    material, cutter = search.material, search.cutter
    bounds = f"{cutter.shortest:.0f}–{cutter.longest:.0f} seconds"
    if not _SHORT * cutter.shortest <= rough.length <= _LONG * cutter.longest:
        msg = f"lasts {rough.length:.0f} seconds; a clip lasts {bounds}"
        raise Misplaced(msg)
    floor = max((p.span.end for p in kept if p.span.end <= rough.start + _SLACK), default=0.0)
    span = cutter.cut(rough, floor)
    window = material.window_of(span) if span else None
    if window is None or not _is_whole(window, material):
        msg = f"can't be cut to {bounds} of whole sentences; choose another moment"
        raise Misplaced(msg)
    objection = _objection(window, material)
    if objection:
        raise Misplaced(objection)
    score = _ORDINARY if clip.score is None else clip.score
    # The model has watched, the craft has measured: half each decides which clips go together.
    merit = (merit_for(score, material.timeline.ground) + merit_of(window, material)) / 2
    return Proposal(window, merit, round(score, 1), clip)


def _is_whole(window: Window, material: Material) -> bool:
    """Tell whether the cut holds its units whole: one that was placed in a silence may reach into speech."""
    units = material.units[window.first : window.last]
    torn = units[0].start < window.span.start - _TOUCH or units[-1].end > window.span.end + _TOUCH
    return not (torn and material.has_words)


def _objection(window: Window, material: Material) -> str:
    """Return what brief and memory have against a window, ``""`` for nothing."""
    used = material.dossier.precedents.barred(material.dossier.brief)
    if not is_unused(window.span, used):
        return "was already used; choose another moment"
    if not is_asked(window, material):
        return "isn't what the operator asked for; choose another moment"
    return ""


def _apart(proposal: Proposal, kept: Sequence[Proposal]) -> Proposal:
    """Return a proposal that overlaps none of the ones before it; raises Misplaced."""
    other = next((p for p in kept if proposal.span.overlap(p.span)), None)
    if other is None:
        return proposal
    is_same = _likeness(proposal.span, other.span) >= _ALIKE
    msg = f"{'is the same moment as' if is_same else 'overlaps'} clip {other.said.number}"
    raise Misplaced(msg)


def _likeness(a: Span, b: Span) -> float:
    shared = a.overlap(b)
    return shared / (a.length + b.length - shared) if shared else 0.0
