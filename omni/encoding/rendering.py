"""render: one plan becomes one checked Short, with at most one repair."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from omni.captions.sidecars import to_srt, to_vtt
from omni.checking.files import (
    LOUDNESS_LUFS,
    TRUE_PEAK_DBTP,
    failures,
    file_checks,
    is_usable,
)
from omni.contracts import Check, ClipPlan, FileRef, Short, Source, Span
from omni.ports import Encoding, Inspection, Media, Progress, Stillness

REVISION = 5
"""Bump when the same plan should give other bytes: codec settings, sound chain, graph."""
LOUDEST_GAIN_DB = 24.0
"""More would only raise the noise of a near-silent source."""
GAIN_ROUNDS = 3


@dataclass(frozen=True)
class _Take:
    """One encoded attempt and its verdicts."""

    gain_db: float
    encoding: Encoding
    inspection: Inspection
    checks: tuple[Check, ...]


def render_short(
    source: Source, plan: ClipPlan, folder: Path, *, media: Media, on_progress: Progress | None = None
) -> Short:
    """Encode, check and describe one Short in ``folder``; a failed gate gets one repair, kept only when better."""
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    video = folder / "short.mp4"
    take = _shoot(source, plan, video, settle_gain(source, plan, media), media, on_progress)
    if repaired_gain := repair(take):
        second = folder / "repair.mp4"
        retake = _shoot(source, plan, second, repaired_gain, media, None)
        if failures(retake.checks) < failures(take.checks):
            take = retake
            second.replace(video)
        second.unlink(missing_ok=True)
    media.poster(video, plan.poster_at, folder / "poster.jpg")
    checks = (*plan.checks, *take.checks)
    return Short(
        number=plan.number,
        cut=plan.cut,
        video=_reference(video),
        poster=_reference(folder / "poster.jpg"),
        srt=_written(folder / "captions.srt", to_srt(plan.captions.cues)),
        vtt=_written(folder / "captions.vtt", to_vtt(plan.captions.cues)),
        duration=round(take.inspection.video_duration, 3),
        layout=_layout(plan),
        encoder=take.encoding.encoder,
        draft=plan.draft,
        checks=checks,
        usable=is_usable(checks),
        warnings=(*plan.captions.warnings, *take.encoding.warnings, *_marked(plan.number, checks)),
    )


def is_intact(short: Short) -> bool:
    """Whether every file of a Short is still there with the bytes that were checked."""
    return all(ref.path.is_file() and _reference(ref.path) == ref for ref in short.files)


def settle_gain(source: Source, plan: ClipPlan, media: Media) -> float:
    """Return the gain in dB that brings the cut to −14 LUFS through the limiter; 0 for silence.

    The limiter takes some of the gain back, so the level is measured behind it until it settles.
    """
    if source.audio is None:
        return 0.0
    gain = 0.0
    for _ in range(GAIN_ROUNDS):
        heard = media.loudness(source.path, audio_index=source.audio.index, span=plan.cut, gain_db=gain).integrated_lufs
        if heard is None:
            return 0.0
        if abs(heard - LOUDNESS_LUFS) <= 0.2:
            break
        gain = min(LOUDEST_GAIN_DB, gain + LOUDNESS_LUFS - heard)
    return round(gain, 2)


def repair(take: _Take) -> float | None:
    """Return the gain of a second take when its loudness or peak failed, or ``None`` when nothing can be mended."""
    failed = {check.name for check in take.checks if check.passed is False}
    level, peak = take.inspection.integrated_lufs, take.inspection.true_peak_dbtp
    if "true peak" in failed and peak is not None:
        return round(take.gain_db - (peak - TRUE_PEAK_DBTP) - 0.3, 2)
    if "loudness" in failed and level is not None:
        mended = round(min(LOUDEST_GAIN_DB, take.gain_db + LOUDNESS_LUFS - level), 2)
        return mended if mended != take.gain_db else None
    return None


def _shoot(
    source: Source, plan: ClipPlan, target: Path, gain_db: float, media: Media, on_progress: Progress | None
) -> _Take:
    encoding = media.render(source, plan, target, gain_db=gain_db, on_progress=on_progress)
    inspection = media.inspect(target)
    extent = media.caption_extent(plan)
    own = _own_stillness(source, plan, inspection.stillness, media)
    return _Take(gain_db, encoding, inspection, file_checks(inspection, plan, extent, own))


def _own_stillness(source: Source, plan: ClipPlan, found: Stillness, media: Media) -> Stillness:
    """Return what is still in the source itself; looked for only where the Short is still somewhere."""
    if source.video is None:  # a plain ground under a sound wave may stand still
        return Stillness(frozen=(Span(start=0, end=plan.cut.length),))
    if not found.black and not found.frozen:
        return Stillness()
    return media.stillness(source, plan.cut)


def _layout(plan: ClipPlan) -> str:
    if plan.framing is None:
        return "ground"
    return "+".join(dict.fromkeys(segment.layout for segment in plan.framing.segments))


def _marked(number: int, checks: tuple[Check, ...]) -> tuple[str, ...]:
    return tuple(f"Short {number}: {c.name} is {c.value}, the bar is {c.bar}." for c in checks if c.passed is False)


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
