"""From the analyst's clips to plans: all decisions about a Short, before any FFmpeg runs."""

from dataclasses import dataclass
from fractions import Fraction

from omni.analysis.revising import TITLE as CHOSEN_TITLE
from omni.captions.composing import REVISION as CAPTIONS_REVISION
from omni.captions.composing import Setting, compose_captions
from omni.captions.faces import sightings
from omni.captions.fontbook import FontBook
from omni.captions.logos import logo_place
from omni.captions.looks import Look
from omni.captions.placing import Scene
from omni.checking.editorial import editorial_checks
from omni.contracts import (
    Analysis,
    Brief,
    Clip,
    ClipPlan,
    FileRef,
    Footage,
    Framing,
    Image,
    Logo,
    Source,
    Span,
    Tighten,
    Transcript,
    Warnings,
)
from omni.encoding.fading import fades_for
from omni.encoding.rates import short_rate
from omni.framing.camera import REVISION as FRAMING_REVISION
from omni.framing.camera import frame_clip
from omni.review import Revision
from omni.speech.rewording import reworded
from omni.tightening.deciding import REVISION as TIGHTENING_REVISION
from omni.tightening.deciding import kept_pieces
from omni.tightening.remapping import footage_in, transcript_in
from omni.tightening.splice import Splice

REVISION = f"{CAPTIONS_REVISION}.{FRAMING_REVISION}.{TIGHTENING_REVISION}"
WIDTH, HEIGHT = 1080, 1920
DRAFT_WIDTH, DRAFT_HEIGHT = 540, 960
UNCHANGED = Revision()
POSTER_LATEST = 8.0
"""The poster comes from the first seconds: it should show what the viewer gets next."""


@dataclass(frozen=True)
class Material:
    """What the plans are made from."""

    source: Source
    transcript: Transcript
    footage: Footage


@dataclass(frozen=True)
class Dress:
    """What is laid over the picture: how letters look, the fonts that draw them, and the operator's sign."""

    look: Look
    fonts: FontBook
    logo: Image | None = None


def plan_clips(
    material: Material,
    analysis: Analysis,
    brief: Brief,
    *,
    dress: Dress,
    revision: Revision = UNCHANGED,
    found: tuple[Clip, ...] = (),
) -> tuple[ClipPlan, ...]:
    """Return one plan a clip, in the order of the analysis; ``revision`` words captions anew.

    ``found`` are the clips as they were before anybody changed or dropped one, if that was done: an edit of one clip
    leaves the plans of the others as they are, to the byte.
    """
    return tuple(_plan(material, clip, found or analysis.clips, brief, dress, revision) for clip in analysis.clips)


def _plan(  # all that decides a Short
    material: Material, clip: Clip, clips: tuple[Clip, ...], brief: Brief, dress: Dress, revision: Revision
) -> ClipPlan:
    """Decide what stays first; from then on everything is heard and seen in clip time."""
    source, rate = material.source, short_rate(material.source.video)
    cut = Span(start=clip.start, end=clip.end)
    pieces = kept_pieces(
        cut,
        material.transcript,
        material.footage,
        how=brief.tighten,
        frame=float(1 / Fraction(rate)),
        shortest=min(cut.length, brief.min_seconds),
    )
    splice = Splice(pieces)
    whole = Span(start=0, end=splice.length)
    transcript, footage = transcript_in(splice, material.transcript), footage_in(splice, material.footage)
    edit = revision.edit_of(clip.number)
    worded = reworded(material.transcript, edit.captions) if edit else material.transcript
    framing = frame_clip(
        whole, source, footage, speech=transcript.speech, wish=brief.layout_of(clip.number), width=WIDTH, height=HEIGHT
    )
    logo = _logo(dress, brief)
    setting = Setting(
        look=dress.look,
        scene=_scene(framing, whole, footage, logo),
        titles=_titles(clip) if brief.hook_title else (),
        width=WIDTH,
        height=HEIGHT,
    )
    plan = ClipPlan(
        number=clip.number,
        cut=cut,
        kept=pieces if len(pieces) > 1 else (),
        framing=framing,
        captions=compose_captions(whole, transcript_in(splice, worded), fonts=dress.fonts, setting=setting),
        fades=fades_for(transcript, splice.length),
        width=WIDTH,
        height=HEIGHT,
        frame_rate=rate,
        logo=logo,
        poster_at=poster_time(whole, footage),
        warnings=_untightened(brief, material.transcript),
    )
    others = [Span(start=other.start, end=other.end) for other in clips if other.number != clip.number]
    checks = editorial_checks(plan, material.transcript, material.footage, others, worded)
    checked = plan.model_copy(update={"checks": checks})
    return as_draft(checked) if brief.draft else checked


def as_draft(plan: ClipPlan) -> ClipPlan:
    """Return the same Short at half the size: what counts in pixels is halved, captions and camera scale by themselves."""
    half = DRAFT_WIDTH / WIDTH
    logo = plan.logo.model_copy(update={"place": plan.logo.place.scaled(half)}) if plan.logo else None
    size = {"width": DRAFT_WIDTH, "height": DRAFT_HEIGHT, "draft": True}
    return plan.model_copy(update={**size, "captions": plan.captions.scaled(half), "logo": logo})


def _titles(clip: Clip) -> tuple[str, ...]:
    """Return what may stand over the first seconds; without words or a model the title is the file's name and a time."""
    is_named = bool(clip.hook) or any(evidence.kind in {"model", CHOSEN_TITLE} for evidence in clip.evidence)
    return (clip.title, clip.hook) if is_named else ()


def _untightened(brief: Brief, transcript: Transcript) -> Warnings:
    """Tell what was asked for and can't be done."""
    if brief.tighten is Tighten.FILLERS and transcript.word_times != "measured":
        return ("Fillers stayed in, for the times of the words are not measured; pauses were shortened.",)
    return ()


def _logo(dress: Dress, brief: Brief) -> Logo | None:
    image = dress.logo
    if image is None:
        return None
    place = logo_place(image, brief, dress.look.area, width=WIDTH, height=HEIGHT)
    return Logo(file=FileRef(path=image.path, sha256=image.sha256, size_bytes=image.size_bytes), place=place)


def _scene(framing: Framing | None, cut: Span, footage: Footage, logo: Logo | None) -> Scene:
    return Scene(
        faces=sightings(framing, cut, footage, width=WIDTH, height=HEIGHT),
        logo=logo.place if logo else None,
        cuts=tuple(segment.start for segment in framing.segments[1:]) if framing else (),
    )


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
