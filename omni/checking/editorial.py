"""Editorial gates of TARGETS.md §2 that are decided by the plan: cuts, silence, shots, camera, captions.

A gate that can't be measured, for want of words, faces or a picture, is told all the same, without a verdict.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from omni.checking.captioning import caption_checks
from omni.contracts import Check, ClipPlan, Footage, Framing, Segment, Span, Transcript
from omni.framing.scoring import camera_figures, centre_at
from omni.tightening.remapping import footage_in, transcript_in
from omni.tightening.splice import Splice

INSIDE_WORD_SECONDS = 0.04
SPEECH_STARTS_WITHIN = 0.5
TAIL = (0.2, 0.8)
DEAD_AIR_SECONDS = 1.2
CONTAINMENT = 0.97
JITTER = 0.0006
REVERSALS = 0.3
JUMP = 0.01
"""Part of the frame by which the crop may differ between two frames inside a shot; the fastest camera moves 0.013 at 30/s."""
SLIVER_FRAMES = 5
OVERLAP = 0.1


def editorial_checks(
    plan: ClipPlan, transcript: Transcript, footage: Footage, others: Sequence[Span] = ()
) -> tuple[Check, ...]:
    """Return the verdicts on one plan; ``transcript`` and ``footage`` are the source's, ``others`` the job's other cuts."""
    splice = Splice(plan.pieces)
    told, seen = transcript_in(splice, transcript), footage_in(splice, footage)
    return (
        _cuts_in_words(plan.pieces, transcript),
        *_sentence_edges(plan.cut, transcript),
        *_silences(splice.length, told),
        _slivers(plan, splice, seen),
        *_camera(plan, splice, seen),
        *caption_checks(plan.captions, told),
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
    if not transcript.words:
        return _unmeasured("cut inside a word", "none", "no words")
    return Check(name="cut inside a word", value=", ".join(hit) or "none", bar="none", passed=not hit)


def _sentence_edges(cut: Span, transcript: Transcript) -> tuple[Check, ...]:
    words = [word for word in transcript.words if cut.start <= (word.start + word.end) / 2 < cut.end]
    names = "starts with a sentence", "ends with a sentence"
    if not words or not transcript.sentences:
        return tuple(_unmeasured(name, "yes", "no words") for name in names)
    starts = any(abs(s.start - words[0].start) < INSIDE_WORD_SECONDS for s in transcript.sentences)
    ends = any(abs(s.end - words[-1].end) < INSIDE_WORD_SECONDS for s in transcript.sentences)
    return tuple(
        Check(name=name, value="yes" if holds else "no", bar="yes", passed=holds)
        for name, holds in zip(names, (starts, ends), strict=True)
    )


def _silences(length: float, told: Transcript) -> tuple[Check, ...]:
    """Measure on the words; without them dead air is what the voice detector leaves."""
    names = "speech begins", "after the last word", "longest dead air"
    bars = f"<= {SPEECH_STARTS_WITHIN} s", f"{TAIL[0]}–{TAIL[1]} s", f"<= {DEAD_AIR_SECONDS} s"
    spoken = told.words or told.speech
    if not spoken:
        return tuple(_unmeasured(name, bar, "no speech") for name, bar in zip(names, bars, strict=True))
    gap = max((b.start - a.end for a, b in pairwise(spoken)), default=0.0)
    dead_air = Check(name=names[2], value=f"{gap:.2f} s", bar=bars[2], passed=gap <= DEAD_AIR_SECONDS)
    if not told.words:
        return (*(_unmeasured(name, bar, "no words") for name, bar in zip(names[:2], bars[:2], strict=True)), dead_air)
    lead, tail = spoken[0].start, length - spoken[-1].end
    return (
        Check(name=names[0], value=f"{lead:.2f} s", bar=bars[0], passed=lead <= SPEECH_STARTS_WITHIN),
        Check(
            name=names[1], value=f"{tail:.2f} s", bar=bars[1], passed=TAIL[0] - 0.005 <= tail <= TAIL[1] + 0.005
        ),
        dead_air,
    )  # fmt: skip


def _slivers(plan: ClipPlan, splice: Splice, seen: Footage) -> Check:
    """Look for a shot of a few frames between a cut of ours and a cut of the source."""
    name, bar = "shortest shot at an edge", f">= {SLIVER_FRAMES} frames"
    if plan.framing is None:
        return _unmeasured(name, bar, "no picture")
    rate = float(Fraction(plan.frame_rate))
    ours = (0.0, *splice.joins, splice.length)
    theirs = [shot.start for shot in seen.shots]
    frames = [round(abs(a - b) * rate) for a in ours for b in theirs]
    least = min((distance for distance in frames if distance), default=round(splice.length * rate))
    return Check(name=name, value=f"{least} frames", bar=bar, passed=least >= SLIVER_FRAMES)


def _camera(plan: ClipPlan, splice: Splice, seen: Footage) -> tuple[Check, ...]:
    bars = f">= {CONTAINMENT:.0%}", f"<= {JITTER}", f"<= {REVERSALS} /s", "none but on a cut"
    names = "face inside the crop", "camera jitter", "camera reversals", "camera jumps"
    if plan.framing is None:
        return tuple(_unmeasured(name, bar, "no picture") for name, bar in zip(names, bars, strict=True))
    figures = camera_figures(plan.framing, Span(start=0, end=splice.length), seen, fps=float(Fraction(plan.frame_rate)))
    kept, jumps = figures.containment, _jumps(plan.framing, splice, seen)
    return (
        Check(
            name=names[0],
            value="no face" if kept is None else f"{kept:.1%}",
            bar=bars[0],
            passed=None if kept is None else kept >= CONTAINMENT,
        ),
        Check(name=names[1], value=f"{figures.jitter:.5f}", bar=bars[1], passed=figures.jitter <= JITTER),
        Check(
            name=names[2],
            value=f"{figures.reversals_per_s:.2f} /s",
            bar=bars[2],
            passed=figures.reversals_per_s <= REVERSALS,
        ),
        Check(
            name=names[3],
            value=", ".join(f"{t:.2f} s" for t in jumps) or "none",
            bar=bars[3],
            passed=not jumps,
        ),
    )


def _jumps(framing: Framing, splice: Splice, seen: Footage) -> list[float]:
    """Return when the crop jumps where neither the source nor we cut."""
    cuts = [*(shot.start for shot in seen.shots), *splice.joins]
    return [
        before.end
        for before, after in pairwise(framing.segments)
        if _moves(before, after) and all(abs(before.end - cut) > INSIDE_WORD_SECONDS for cut in cuts)
    ]


def _moves(before: Segment, after: Segment) -> bool:
    if not before.path or not after.path:
        return before.layout != after.layout
    return any(
        abs(a - b) > JUMP for a, b in zip(centre_at(before, before.end), centre_at(after, after.start), strict=True)
    )


def _overlap(cut: Span, others: Sequence[Span]) -> Check:
    most = max((cut.overlap(other) / (cut.length + other.length - cut.overlap(other)) for other in others), default=0.0)
    return Check(
        name="overlap with another Short", value=f"{most:.0%}", bar=f"<= {OVERLAP:.0%}", passed=most <= OVERLAP
    )


def _unmeasured(name: str, bar: str, why: str) -> Check:
    return Check(name=name, value=why, bar=bar, passed=None)
