"""From the analyst's clips to plans: all decisions about a Short, before any FFmpeg runs."""

from dataclasses import dataclass

from omni.captions.composing import REVISION as CAPTIONS_REVISION
from omni.captions.composing import compose_captions
from omni.captions.fontbook import FontBook
from omni.checking.editorial import editorial_checks
from omni.contracts import Analysis, Brief, ClipPlan, FileRef, Footage, Source, Span, Transcript
from omni.encoding.rates import short_rate
from omni.framing.camera import REVISION as FRAMING_REVISION
from omni.framing.camera import frame_clip

REVISION = f"{CAPTIONS_REVISION}.{FRAMING_REVISION}"
WIDTH, HEIGHT = 1080, 1920
DRAFT_WIDTH, DRAFT_HEIGHT = 540, 960
POSTER_LATEST = 8.0
"""The poster comes from the first seconds: it should show what the viewer gets next."""


@dataclass(frozen=True)
class Material:
    """What the plans are made from."""

    source: Source
    transcript: Transcript
    footage: Footage


def plan_clips(
    material: Material, analysis: Analysis, brief: Brief, *, fonts: FontBook, logo: FileRef | None = None
) -> tuple[ClipPlan, ...]:
    """Return one plan a clip, in the order of the analysis."""
    return tuple(_plan(material, number, cut, brief, fonts, logo) for number, cut in _cuts(analysis))


def _cuts(analysis: Analysis) -> list[tuple[int, Span]]:
    return [(clip.number, Span(start=clip.start, end=clip.end)) for clip in analysis.clips]


def _plan(material: Material, number: int, cut: Span, brief: Brief, fonts: FontBook, logo: FileRef | None) -> ClipPlan:
    source, transcript, footage = material.source, material.transcript, material.footage
    framing = frame_clip(cut, source, footage, width=WIDTH, height=HEIGHT) if source.video else None
    captions = compose_captions(cut, transcript, fonts=fonts, width=WIDTH, height=HEIGHT)
    if not brief.captions:
        captions = captions.model_copy(update={"script": None, "fonts": ()})
    plan = ClipPlan(
        number=number,
        cut=cut,
        framing=framing,
        captions=captions,
        width=WIDTH,
        height=HEIGHT,
        frame_rate=short_rate(source.video),
        logo=logo,
        poster_at=poster_time(cut, footage),
    )
    checked = plan.model_copy(update={"checks": editorial_checks(plan, transcript, footage)})
    return as_draft(checked) if brief.draft else checked


def as_draft(plan: ClipPlan) -> ClipPlan:
    """Return the same Short at half the size; captions and camera count in parts of the frame and stay as they are."""
    return plan.model_copy(update={"width": DRAFT_WIDTH, "height": DRAFT_HEIGHT, "draft": True})


def poster_time(cut: Span, footage: Footage) -> float:
    """Return the clip time of the largest face in the first seconds; a second in when there is none."""
    latest = min(cut.start + POSTER_LATEST, cut.end - 0.2)
    faces = [
        box
        for track in footage.tracks
        for box in track.boxes
        if cut.start + 0.2 <= box.t <= latest
    ]  # fmt: skip
    if not faces:
        return round(min(1.0, cut.length / 2), 3)
    best = max(faces, key=lambda box: (round(box.w * box.h, 4), box.score, -box.t))
    return round(best.t - cut.start, 3)
