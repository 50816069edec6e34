"""Gates on the encoded file: the master of TARGETS.md §1, opened again and measured."""

from fractions import Fraction

from omni.contracts import Area, Check, ClipPlan, Span
from omni.ports.media import CaptionExtent, Inspection, Stillness

LOUDNESS_LUFS, LOUDNESS_TOLERANCE = -14.0, 1.0
TRUE_PEAK_DBTP = -1.0
SHORTEST, LONGEST = 3.0, 90.0
LARGEST_BYTES = 300 * 1000**2
KEYFRAME_GAP = 2.0
START_TOLERANCE = 0.001
HIGHEST_MBIT_S = 8.0
STEADY_SECONDS = 0.0015
"""A container that counts in milliseconds rounds a distance by less."""
AAC_FRAME = 1024 / 48_000

UNFIT = frozenset({"streams", "picture", "duration", "starts", "black frames", "frozen frames"})
"""Gates without which a file can't be posted; the others are marked and left to a person."""


def file_checks(inspection: Inspection, plan: ClipPlan, extent: CaptionExtent, source: Stillness) -> tuple[Check, ...]:
    """Return the verdicts on one encoded Short; ``source`` is what is still in the cut itself, in clip time."""
    return (
        _streams(inspection),
        _picture(inspection, plan),
        _steadiness(inspection, plan),
        _colour(inspection),
        _duration(inspection, plan),
        _starts(inspection, plan),
        _keyframes(inspection, plan),
        _container(inspection),
        _size(inspection),
        _bitrate(inspection),
        *_loudness(inspection),
        _stillness("black frames", inspection.stillness.black, source.black),
        _stillness("frozen frames", inspection.stillness.frozen, source.frozen),
        *(_captions(extent, plan) if plan.captions.script else ()),
    )


def is_usable(checks: tuple[Check, ...]) -> bool:
    """Whether no gate failed that makes a file unfit to post."""
    return not any(check.passed is False and check.name in UNFIT for check in checks)


def _streams(seen: Inspection) -> Check:
    value = f"{seen.video_codec} {seen.profile} {seen.pixel_format}, {seen.audio_codec} {seen.audio_profile} {seen.sample_rate} Hz × {seen.channels}"
    right = (seen.video_codec, seen.profile, seen.pixel_format) == ("h264", "High", "yuv420p") and (
        seen.audio_codec, seen.audio_profile, seen.sample_rate, seen.channels,
    ) == ("aac", "LC", 48000, 2)  # fmt: skip
    return Check(name="streams", value=value, bar="h264 High yuv420p, aac LC 48000 Hz × 2", passed=right)


def _picture(seen: Inspection, plan: ClipPlan) -> Check:
    rate = float(Fraction(plan.frame_rate))
    value = f"{seen.width}×{seen.height}, SAR {seen.sample_aspect}, {seen.fps:.3f} fps, rotation {seen.rotation}°"
    right = (seen.width, seen.height, seen.sample_aspect, seen.rotation) == (plan.width, plan.height, "1:1", 0)
    return Check(
        name="picture",
        value=value,
        bar=f"{plan.width}×{plan.height}, SAR 1:1, {rate:.3f} fps, rotation 0°",
        passed=right and abs(seen.fps - rate) < 0.01,
    )


def _steadiness(seen: Inspection, plan: ClipPlan) -> Check:
    frame = 1 / float(Fraction(plan.frame_rate))
    shortest, longest = seen.frame_steps
    return Check(
        name="constant rate",
        value=f"{shortest * 1000:.1f}–{longest * 1000:.1f} ms from frame to frame",
        bar=f"{frame * 1000:.1f} ms",
        passed=frame - shortest <= STEADY_SECONDS and longest - frame <= STEADY_SECONDS,
    )


def _colour(seen: Inspection) -> Check:
    return Check(
        name="colour tags",
        value=f"{' '.join(tag or 'untagged' for tag in seen.colour)}, {'full' if seen.full_range else 'limited'} range",
        bar="bt709 bt709 bt709, limited range",
        passed=seen.colour == ("bt709", "bt709", "bt709") and not seen.full_range,
    )


def _duration(seen: Inspection, plan: ClipPlan) -> Check:
    frame = 1 / float(Fraction(plan.frame_rate))
    off = abs(seen.video_duration - plan.length)
    return Check(
        name="duration",
        value=f"{seen.video_duration:.3f} s",
        bar=f"{plan.length:.3f} s ± 2 frames, {SHORTEST:.0f}–{LONGEST:.0f} s",
        passed=off <= 2 * frame and SHORTEST - frame <= seen.video_duration <= LONGEST + frame,
    )


def _starts(seen: Inspection, plan: ClipPlan) -> Check:
    frame = 1 / float(Fraction(plan.frame_rate))
    audio_start, audio_length = seen.audio_start or 0.0, seen.audio_duration or 0.0
    drift = abs(audio_length - seen.video_duration)
    return Check(
        name="starts",
        value=f"picture {seen.video_start:.3f} s, sound {audio_start:.3f} s, lengths differ by {drift * 1000:.0f} ms",
        bar="0 s, 0 s, <= 1 frame and 1 AAC frame",
        passed=abs(seen.video_start) <= START_TOLERANCE
        and abs(audio_start) <= START_TOLERANCE
        and drift <= frame + 2 * AAC_FRAME,
    )


def _keyframes(seen: Inspection, plan: ClipPlan) -> Check:
    frame = 1 / float(Fraction(plan.frame_rate))
    return Check(
        name="keyframe gap",
        value=f"{seen.keyframe_gap:.2f} s",
        bar=f"<= {KEYFRAME_GAP:.0f} s",
        passed=seen.keyframe_gap <= KEYFRAME_GAP + frame,
    )


def _container(seen: Inspection) -> Check:
    return Check(
        name="container",
        value=f"{seen.edit_lists} edit lists, index {'first' if seen.faststart else 'last'}",
        bar="0 edit lists, index first",
        passed=seen.edit_lists == 0 and seen.faststart,
    )


def _size(seen: Inspection) -> Check:
    return Check(
        name="file size",
        value=f"{seen.size_bytes / 1e6:.1f} MB",
        bar=f"<= {LARGEST_BYTES / 1e6:.0f} MB",
        passed=seen.size_bytes <= LARGEST_BYTES,
    )


def _bitrate(seen: Inspection) -> Check:
    rate = seen.size_bytes * 8 / 1e6 / max(seen.video_duration, 0.001)
    return Check(
        name="bit rate",
        value=f"{rate:.1f} Mbit/s",
        bar=f"<= {HIGHEST_MBIT_S:.0f} Mbit/s",
        passed=rate <= HIGHEST_MBIT_S,
    )


def _loudness(seen: Inspection) -> tuple[Check, Check]:
    level, peak = seen.integrated_lufs, seen.true_peak_dbtp
    return (
        Check(
            name="loudness",
            value="silent" if level is None else f"{level:.1f} LUFS",
            bar=f"{LOUDNESS_LUFS:.0f} ± {LOUDNESS_TOLERANCE:.0f} LUFS",
            passed=None if level is None else abs(level - LOUDNESS_LUFS) <= LOUDNESS_TOLERANCE,
        ),
        Check(
            name="true peak",
            value="silent" if peak is None else f"{peak:.1f} dBTP",
            bar=f"<= {TRUE_PEAK_DBTP:.0f} dBTP",
            passed=None if peak is None else peak <= TRUE_PEAK_DBTP,
        ),
    )


def _stillness(name: str, found: tuple[Span, ...], expected: tuple[Span, ...]) -> Check:
    """Black or frozen stretches count only where the source itself is not."""
    own = [span for span in found if span.length - sum(span.overlap(e) for e in expected) > 0.5 * span.length]
    return Check(
        name=name,
        value=", ".join(f"{s.start:.1f}–{s.end:.1f} s" for s in own) or "none",
        bar="none that the source doesn't have",
        passed=not own,
    )


def _captions(extent: CaptionExtent, plan: ClipPlan) -> tuple[Check, ...]:
    area = plan.captions.area or Area(left=0, top=0, right=plan.width, bottom=plan.height)
    drew = extent.x1 > extent.x0
    inside = extent.x0 >= area.left and extent.y0 >= area.top and extent.x1 <= area.right and extent.y1 <= area.bottom
    return (
        Check(
            name="captions in the safe area",
            value=f"x {extent.x0}–{extent.x1}, y {extent.y0}–{extent.y1}" if drew else "nothing was drawn",
            bar=f"x {area.left}–{area.right}, y {area.top}–{area.bottom}",
            passed=drew and inside,
        ),
    )
