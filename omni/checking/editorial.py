"""Editorial gates of TARGETS.md §2 that are decided by the plan: cuts, silence, camera, and captions."""

from fractions import Fraction
from itertools import pairwise

from omni.checking.captions import caption_checks
from omni.contracts import Check, ClipPlan, Footage, Span, Transcript, Word
from omni.framing.scoring import camera_figures

INSIDE_WORD_SECONDS = 0.04
SPEECH_STARTS_WITHIN = 0.5
TAIL = (0.2, 0.8)
DEAD_AIR_SECONDS = 1.2
CONTAINMENT = 0.97
JITTER = 0.0006
REVERSALS = 0.3


def editorial_checks(plan: ClipPlan, transcript: Transcript, footage: Footage) -> tuple[Check, ...]:
    """Return the verdicts on one plan."""
    words = [w for w in transcript.words if plan.cut.start <= (w.start + w.end) / 2 < plan.cut.end]
    return (
        _cut_in_word(plan.cut, transcript.words),
        *(_speech_edges(plan.cut, words, transcript) if words else ()),
        *_camera(plan, footage, transcript),
        *caption_checks(plan, words, footage),
    )


def _cut_in_word(cut: Span, words: tuple[Word, ...]) -> Check:
    hit = [
        w.text
        for w in words
        for edge in (cut.start, cut.end)
        if w.start + INSIDE_WORD_SECONDS < edge < w.end - INSIDE_WORD_SECONDS
    ]
    return Check(
        name="cut inside a word",
        value=", ".join(hit) or "none",
        bar="none",
        passed=not hit if words else None,
    )


def _speech_edges(cut: Span, words: list[Word], transcript: Transcript) -> tuple[Check, ...]:
    lead, tail = words[0].start - cut.start, cut.end - words[-1].end
    starts = any(abs(s.start - words[0].start) < INSIDE_WORD_SECONDS for s in transcript.sentences)
    ends = any(abs(s.end - words[-1].end) < INSIDE_WORD_SECONDS for s in transcript.sentences)
    gap = max((b.start - a.end for a, b in pairwise(words)), default=0.0)
    return (
        Check(name="starts with a sentence", value="yes" if starts else "no", bar="yes", passed=starts),
        Check(name="ends with a sentence", value="yes" if ends else "no", bar="yes", passed=ends),
        Check(
            name="speech begins",
            value=f"{lead:.2f} s",
            bar=f"<= {SPEECH_STARTS_WITHIN} s",
            passed=lead <= SPEECH_STARTS_WITHIN,
        ),
        Check(
            name="after the last word",
            value=f"{tail:.2f} s",
            bar=f"{TAIL[0]}–{TAIL[1]} s",
            passed=TAIL[0] - 0.005 <= tail <= TAIL[1] + 0.005,
        ),
        Check(
            name="longest dead air",
            value=f"{gap:.2f} s",
            bar=f"<= {DEAD_AIR_SECONDS} s",
            passed=gap <= DEAD_AIR_SECONDS,
        ),
    )


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
