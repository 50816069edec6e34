"""Editorial gates of TARGETS.md §2 that are decided by the plan: cuts, silence, captions, camera.

A gate that can't be measured, for want of words, speech or a picture, is told all the same, without a verdict.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from omni.checking.captions import caption_checks
from omni.contracts import Check, ClipPlan, Footage, Span, Transcript
from omni.framing.scoring import camera_figures
from omni.tightening.remapping import footage_in, transcript_in
from omni.tightening.splice import Splice

INSIDE_WORD_SECONDS = 0.04
SPEECH_STARTS_WITHIN = 0.5
TAIL = (0.2, 0.8)
DEAD_AIR_SECONDS = 1.2
CONTAINMENT = 0.97
JITTER = 0.0006
REVERSALS = 0.3
SLIVER_FRAMES = 5
OVERLAP = 0.1
CAMERA_GATES = "face inside the crop", "camera jitter", "camera reversals", "camera jumps"
CAPTION_GATES = "caption reading speed, p95", "caption lines", "caption timing"


def editorial_checks(
    plan: ClipPlan,
    transcript: Transcript,
    footage: Footage,
    others: Sequence[Span] = (),
    worded: Transcript | None = None,
) -> tuple[Check, ...]:
    """Return the verdicts on one plan; ``transcript`` and ``footage`` are the source's, ``others`` the job's other cuts.

    ``worded`` is what the captions say, where that isn't what was said.
    What is left of a tightened cut is judged: all but the cuts and their sentences in clip time.
    """
    splice = Splice(plan.pieces)
    shown = plan.model_copy(update={"cut": Span(start=0, end=splice.length), "kept": ()})
    told, seen = transcript_in(splice, transcript), footage_in(splice, footage)
    captioned = told if worded is None or worded is transcript else transcript_in(splice, worded)
    return (
        _cuts_in_words(plan.pieces, transcript),
        *_sentence_edges(plan.cut, transcript),
        *_silences(told, splice.length),
        _slivers(shown, splice.joins, seen),
        *(_camera(shown, seen, told) or _unmeasured("no picture", *CAMERA_GATES)),
        *(caption_checks(shown, list(captioned.words), seen) or _unmeasured("no captions", *CAPTION_GATES)),
        _overlap(plan.cut, others),
    )


def _cuts_in_words(pieces: tuple[Span, ...], transcript: Transcript) -> Check:
    edges = [edge for piece in pieces for edge in (piece.start, piece.end)]
    hit = [
        word.text
        for word in transcript.words
        for edge in edges
        if word.start + INSIDE_WORD_SECONDS < edge < word.end - INSIDE_WORD_SECONDS
    ]
    value = ", ".join(hit) or "none" if transcript.words else "no words"
    return Check(name="cut inside a word", value=value, bar="none", passed=not hit if transcript.words else None)


def _sentence_edges(cut: Span, transcript: Transcript) -> tuple[Check, ...]:
    words = [word for word in transcript.words if cut.start <= (word.start + word.end) / 2 < cut.end]
    names = "starts with a sentence", "ends with a sentence"
    if not words or not transcript.sentences:
        return _unmeasured("no words", *names)
    starts = any(abs(s.start - words[0].start) < INSIDE_WORD_SECONDS for s in transcript.sentences)
    ends = any(abs(s.end - words[-1].end) < INSIDE_WORD_SECONDS for s in transcript.sentences)
    return tuple(
        Check(name=name, value="yes" if holds else "no", bar="yes", passed=holds)
        for name, holds in zip(names, (starts, ends), strict=True)
    )


def _silences(told: Transcript, length: float) -> tuple[Check, ...]:
    """Measure on the words; without them dead air is what the voice detector leaves, and its edges are too soft to judge."""
    edges, dead_air = ("speech begins", "after the last word"), "longest dead air"
    spoken: Sequence[Span] = told.words or told.speech
    if not spoken:
        return _unmeasured("no speech", *edges, dead_air)
    gap = max((b.start - a.end for a, b in pairwise(spoken)), default=0.0)
    silence = Check(name=dead_air, value=f"{gap:.2f} s", bar=f"<= {DEAD_AIR_SECONDS} s", passed=gap <= DEAD_AIR_SECONDS)
    if not told.words:
        return (*_unmeasured("no words", *edges), silence)
    lead, tail = spoken[0].start, length - spoken[-1].end
    return (
        Check(
            name=edges[0],
            value=f"{lead:.2f} s",
            bar=f"<= {SPEECH_STARTS_WITHIN} s",
            passed=lead <= SPEECH_STARTS_WITHIN,
        ),
        Check(
            name=edges[1],
            value=f"{tail:.2f} s",
            bar=f"{TAIL[0]}–{TAIL[1]} s",
            passed=TAIL[0] - 0.005 <= tail <= TAIL[1] + 0.005,
        ),
        silence,
    )


def _slivers(plan: ClipPlan, joins: Sequence[float], seen: Footage) -> Check:
    """Look for a shot of a few frames between a cut of ours and one of the source."""
    name = "shortest shot at an edge"
    if plan.framing is None:
        return _unmeasured("no picture", name)[0]
    rate = float(Fraction(plan.frame_rate))
    ours = (0.0, *joins, plan.length)
    frames = [round(abs(a - shot.start) * rate) for a in ours for shot in seen.shots]
    least = min((count for count in frames if count), default=round(plan.length * rate))
    return Check(name=name, value=f"{least} frames", bar=f">= {SLIVER_FRAMES} frames", passed=least >= SLIVER_FRAMES)


def _camera(plan: ClipPlan, footage: Footage, transcript: Transcript) -> tuple[Check, ...]:
    if plan.framing is None:
        return ()
    rate = float(Fraction(plan.frame_rate))
    figures = camera_figures(plan.framing, plan.cut, footage, rate, transcript.speech)
    kept = figures.containment
    return (
        Check(
            name="face inside the crop",
            value="no face" if kept is None else f"{kept:.1%}",
            bar=f">= {CONTAINMENT:.0%}",
            passed=None if kept is None else kept >= CONTAINMENT,
        ),
        Check(name="camera jitter", value=f"{figures.jitter:.5f}", bar=f"<= {JITTER}", passed=figures.jitter <= JITTER),
        Check(
            name="camera reversals",
            value=f"{figures.reversals_per_s:.2f} /s",
            bar=f"<= {REVERSALS} /s",
            passed=figures.reversals_per_s <= REVERSALS,
        ),
        Check(name="camera jumps", value=str(figures.jumps), bar="0 except on a cut", passed=figures.jumps == 0),
    )


def _overlap(cut: Span, others: Sequence[Span]) -> Check:
    most = max((cut.overlap(other) / (cut.length + other.length - cut.overlap(other)) for other in others), default=0.0)
    return Check(
        name="overlap with another Short", value=f"{most:.0%}", bar=f"<= {OVERLAP:.0%}", passed=most <= OVERLAP
    )


def _unmeasured(why: str, *names: str) -> tuple[Check, ...]:
    return tuple(Check(name=name, value=why, bar="not measured", passed=None) for name in names)
