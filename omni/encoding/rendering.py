"""render: one plan becomes one checked Short, with at most one repair."""

import hashlib
from itertools import pairwise
from pathlib import Path

from omni.captions.sidecars import to_srt, to_vtt
from omni.checking.files import file_checks, is_usable
from omni.checking.telling import told
from omni.checking.verdicts import is_strictly_better
from omni.contracts import Check, ClipPlan, FileRef, LayoutSpan, Short, Source, Span
from omni.encoding.mixing import Take, repaired, settle_mix
from omni.ports import Media, Progress
from omni.ports.media import Mix, Stillness
from omni.tightening.splice import Splice

REVISION = 7
"""Bump when the same plan should give other bytes: codec settings, sound chain, graph."""

LARGEST_FOR_MESSENGERS = 45_000_000
"""Bytes; Telegram takes 50 MB from a bot, its form and the poster included (core.telegram.org/bots/api, checked 2026-11)."""


def render_short(
    source: Source, plan: ClipPlan, folder: Path, *, media: Media, on_progress: Progress | None = None
) -> Short:
    """Encode, check and describe one Short in ``folder``; a failed gate gets one repair, kept only when strictly better."""
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    video = folder / "short.mp4"
    take = _shoot(source, plan, video, settle_mix(source, plan, media), media, on_progress)
    if mix := repaired(source, plan, media, take):
        second = folder / "repair.mp4"
        retake = _shoot(source, plan, second, mix, media, None)
        if is_strictly_better(retake.checks, take.checks):
            take = retake
            second.replace(video)
        second.unlink(missing_ok=True)
    media.poster(video, plan.poster_at, folder / "poster.jpg")
    checks = (*plan.checks, *take.checks)
    return Short(
        number=plan.number,
        cut=plan.cut,
        kept=plan.kept,
        video=_reference(video),
        poster=_reference(folder / "poster.jpg"),
        srt=_written(folder / "captions.srt", to_srt(plan.captions.cues)),
        vtt=_written(folder / "captions.vtt", to_vtt(plan.captions.cues)),
        small=_small(video, plan, media),
        duration=round(take.inspection.video_duration, 3),
        layout="+".join(dict.fromkeys(span.layout for span in layouts_of(plan))),
        layouts=layouts_of(plan),
        encoder=take.encoding.encoder,
        draft=plan.draft,
        checks=checks,
        usable=is_usable(checks),
        warnings=(
            *plan.warnings,
            *_framing_warnings(plan),
            *plan.captions.warnings,
            *take.encoding.warnings,
            *_marked(plan.number, checks),
        ),
    )


def layouts_of(plan: ClipPlan) -> tuple[LayoutSpan, ...]:
    """Return what is on screen when: neighbouring segments of one layout are one stretch."""
    if plan.framing is None:
        return (LayoutSpan(start=0, end=plan.length, layout="ground"),)
    segments = plan.framing.segments
    starts = [n for n, segment in enumerate(segments) if n == 0 or segment.layout != segments[n - 1].layout]
    return tuple(
        LayoutSpan(
            start=round(segments[first].start, 3), end=round(segments[after - 1].end, 3), layout=segments[first].layout
        )
        for first, after in pairwise([*starts, len(segments)])
    )


def is_intact(short: Short) -> bool:
    """Whether every file of a Short is still there with the bytes that were checked."""
    return all(ref.path.is_file() and _reference(ref.path) == ref for ref in short.files)


def _shoot(source: Source, plan: ClipPlan, target: Path, mix: Mix, media: Media, on_progress: Progress | None) -> Take:
    encoding = media.render(source, plan, target, mix=mix, on_progress=on_progress)
    inspection = media.inspect(target)
    extent = media.caption_extent(plan)
    own = _own_stillness(source, plan, inspection.stillness, media)
    return Take(mix, encoding, inspection, file_checks(inspection, plan, extent, own))


def _small(video: Path, plan: ClipPlan, media: Media) -> FileRef | None:
    """Return a copy for messengers of a Short that is too large for them."""
    if video.stat().st_size <= LARGEST_FOR_MESSENGERS:
        return None
    target = video.with_name("small.mp4")
    media.messenger_copy(video, plan.length, target)
    return _reference(target)


def _own_stillness(source: Source, plan: ClipPlan, found: Stillness, media: Media) -> Stillness:
    """Return what is still in the source itself; looked for only where the Short is still somewhere."""
    if source.video is None:  # a plain ground under a sound wave may stand still
        return Stillness(frozen=(Span(start=0, end=plan.length),))
    if not found.black and not found.frozen:
        return Stillness()
    own = media.stillness(source, plan.cut)
    return Stillness(black=_as_shown(own.black, plan), frozen=_as_shown(own.frozen, plan))


def _as_shown(still: tuple[Span, ...], plan: ClipPlan) -> tuple[Span, ...]:
    """Return stretches of the cut, counted from its start, in clip time."""
    splice, start = Splice(plan.pieces), plan.cut.start
    shown = (splice.shown(Span(start=start + span.start, end=start + span.end)) for span in still)
    return tuple(span for span in shown if span is not None)


def _framing_warnings(plan: ClipPlan) -> tuple[str, ...]:
    return tuple(f"Short {plan.number}: {warning}" for warning in plan.framing.warnings) if plan.framing else ()


def _marked(number: int, checks: tuple[Check, ...]) -> tuple[str, ...]:
    return tuple(f"Short {number}: {told(c)}." for c in checks if c.passed is False)


def _sweep(folder: Path) -> None:
    """Remove what a killed process left half written."""
    for left in folder.glob(".*.part"):
        left.unlink(missing_ok=True)


def _written(path: Path, text: str) -> FileRef:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return _reference(path)


def _reference(path: Path) -> FileRef:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileRef(path=path, sha256=digest, size_bytes=path.stat().st_size)
