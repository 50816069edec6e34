"""The picture graph of a Short: frame rate, layout, colour, captions, logo."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

import ffmpeg

from omni.adapters.ffmpeg.colour import resized
from omni.adapters.ffmpeg.encoders import tagged
from omni.adapters.ffmpeg.inputs import picture, sound, upright_size
from omni.adapters.ffmpeg.paths import camera_path, kept_frames, piecewise_linear
from omni.adapters.ffmpeg.sounds import from_start, spliced
from omni.contracts import ClipPlan, Framing, Segment, Source, VideoStream

CROP_MARGIN = 4
"""Source pixels that the coarse crop is wider than the fine one: room for the sub-pixel remainder."""
GROUND, WAVE = "0x243049", "0x7fd1ff"
"""An audio source's ground (well above video black) and the colour of its wave."""


def short_picture(stream: ffmpeg.Stream, source: Source, plan: ClipPlan) -> ffmpeg.Stream:
    """Return the finished picture of a Short, ``plan.width`` × ``plan.height``, constant rate, BT.709."""
    if source.video is None or plan.framing is None:
        return _audiogram(stream, source, plan)
    even = picture(stream, source).filter("fps", fps=plan.frame_rate, start_time=0)
    return _framed(_spliced(even, plan), source.video, plan, plan.framing)


def small_picture(stream: ffmpeg.Stream, source: Source, video: VideoStream, side: int, fps: float) -> ffmpeg.Stream:
    """Return the picture with a short side of ``side`` pixels at most, upright, in square pixels, from t = 0."""
    scale = min(1.0, side / min(video.width, video.height))
    # Rounded to the nearest, a frame would show what comes up to half a frame's time later: 0.25 s at 2 frames a second.
    even = picture(stream, source).filter("fps", fps=f"{fps:.6f}", start_time=0, round="up")
    width, height = _even(video.width * scale, 2), _even(video.height * scale, 2)
    return resized(even, video, width, height, flags="bilinear").filter("setsar", sar="1")


def dressed(base: ffmpeg.Stream, plan: ClipPlan, logo: ffmpeg.Stream | None) -> ffmpeg.Stream:
    """Lay captions and logo over a finished picture; the script and fonts stand in the working folder."""
    if plan.captions.script is not None:
        base = base.filter("ass", filename="captions.ass", fontsdir="fonts")
    if logo is not None and plan.logo is not None:
        place = plan.logo.place
        scaled = logo.filter("scale", w=place.width, h=place.height, flags="area")
        base = ffmpeg.overlay(base, scaled, x=place.left, y=place.top)
    return tagged(base.filter("format", pix_fmts="yuv420p"))


def _spliced(even: ffmpeg.Stream, plan: ClipPlan) -> ffmpeg.Stream:
    """Leave out the frames between the pieces of a tightened cut and close the gaps."""
    if len(plan.pieces) == 1:
        return even
    kept = even.filter("select", expr=kept_frames(plan.pieces, Fraction(plan.frame_rate)))
    return kept.filter("setpts", expr=f"N/(({plan.frame_rate})*TB)")


def _audiogram(stream: ffmpeg.Stream, source: Source, plan: ClipPlan) -> ffmpeg.Stream:
    """Show the sound's wave on a plain ground: what a source without a picture looks like."""
    size = f"{plan.width}x{plan.height}"
    ground = ffmpeg.input(f"color=c={GROUND}:s={size}:r={plan.frame_rate}:d={plan.length:.3f}", f="lavfi").video
    wave = (
        spliced(from_start(sound(stream, source).filter("aformat", channel_layouts="mono")), plan)
        .filter("dynaudnorm", framelen=200, gausssize=5)
        .filter(
            "showwaves",
            s=f"{plan.width * 4 // 5}x{plan.height // 5}",
            mode="cline",
            draw="full",
            scale="sqrt",
            rate=plan.frame_rate,
            colors=WAVE,
        )
    )
    return ffmpeg.overlay(ground, wave, x="(W-w)/2", y=f"{round(plan.height * 0.3)}")


def _framed(stream: ffmpeg.Stream, video: VideoStream, plan: ClipPlan, framing: Framing) -> ffmpeg.Stream:
    """Render each run of one layout by its own branch and join them on the frame grid."""
    rate = Fraction(plan.frame_rate)
    runs = [tuple(run) for _, run in groupby(framing.segments, key=lambda s: (s.layout, s.scale))]
    if len(runs) == 1:
        return _branch(stream, video, plan, framing, runs[0], 0.0)
    split = stream.filter_multi_output("split", len(runs))
    branches: list[ffmpeg.Stream] = []
    for number, run in enumerate(runs):
        first = round(run[0].start * rate)
        window = {"start_frame": first}
        if number < len(runs) - 1:
            window["end_frame"] = round(run[-1].end * rate)
        cut = split.stream(number).filter("trim", **window).filter("setpts", expr="PTS-STARTPTS")
        branches.append(_branch(cut, video, plan, framing, run, float(first / rate)))
    return ffmpeg.concat(*branches, n=len(branches), v=1, a=0)


def _branch(
    stream: ffmpeg.Stream, video: VideoStream, plan: ClipPlan, framing: Framing, run: tuple[Segment, ...], offset: float
) -> ffmpeg.Stream:
    rate, size, first = Fraction(plan.frame_rate), framing.crop_of(run[0]), run[0]
    if first.layout == "follow":
        return _moving(stream, video, camera_path(run, offset, rate), size, (plan.width, plan.height))
    if first.layout == "split":
        half = plan.width, plan.height // 2
        split = stream.filter_multi_output("split", 2)
        halves = [
            _moving(split.stream(number), video, camera_path(run, offset, rate, lower=lower), size, half)
            for number, lower in enumerate((False, True))
        ]
        return ffmpeg.filter(halves, "vstack", inputs=2)
    return _fit(stream, video, plan)


def _moving(
    stream: ffmpeg.Stream,
    video: VideoStream,
    keys: Sequence[tuple[float, float, float]],
    crop: tuple[float, float],
    size: tuple[int, int],
) -> ffmpeg.Stream:
    """Crop in two steps: whole pixels before the enlargement, the remainder after it, so that the camera glides."""
    frame_w, frame_h = upright_size(video)
    (crop_w, crop_h), (width, height) = (crop[0] * frame_w, crop[1] * frame_h), size
    wide_w, wide_h = _wider(crop_w, frame_w), _wider(crop_h, frame_h)
    scaled_w, scaled_h = _even(wide_w * width / crop_w, width), _even(wide_h * height / crop_h, height)
    scale_x, scale_y = scaled_w / wide_w, scaled_h / wide_h
    left = piecewise_linear([(t, x * frame_w - crop_w / 2) for t, x, _ in keys])
    top = piecewise_linear([(t, y * frame_h - crop_h / 2) for t, _, y in keys])
    limit_x, limit_y = frame_w - wide_w, frame_h - wide_h
    whole = stream.filter("crop", w=wide_w, h=wide_h, x=_coarse(left, limit_x), y=_coarse(top, limit_y))
    scaled = resized(whole, video, scaled_w, scaled_h, flags="bicubic")
    return scaled.filter(
        "crop",
        w=width,
        h=height,
        x=_remainder(left, limit_x, scale_x),
        y=_remainder(top, limit_y, scale_y),
        exact=1,
    ).filter("setsar", sar="1")


def _wider(size: float, limit: int) -> int:
    return min(limit, int(size) // 2 * 2 + CROP_MARGIN)


def _coarse(position: str, limit: int) -> str:
    return f"clip(floor(({position})/2)*2,0,{max(0, limit // 2 * 2)})"


def _remainder(position: str, limit: int, scale: float) -> str:
    # the position is kept in a register: written twice, long paths of a split passed the 128 KB of an argument
    return f"0*st(0,{position})+(ld(0)-{_coarse('ld(0)', limit)})*{scale:.6f}"


def _fit(stream: ffmpeg.Stream, video: VideoStream, plan: ClipPlan) -> ffmpeg.Stream:
    """Show the whole frame on a blurred enlargement of itself."""
    split = stream.filter_multi_output("split", 2)
    small_w, small_h = plan.width // 4 // 2 * 2, plan.height // 4 // 2 * 2
    fit = min(plan.width / video.width, plan.height / video.height)
    cover = max(small_w / video.width, small_h / video.height)
    ground = (
        resized(
            split.stream(0),
            video,
            _even(video.width * cover, small_w),
            _even(video.height * cover, small_h),
            flags="bilinear",
        )
        .filter("crop", w=small_w, h=small_h)
        .filter("gblur", sigma=12)
        .filter("eq", brightness=-0.08)
        .filter("scale", w=plan.width, h=plan.height, flags="bilinear")
        .filter("setsar", sar="1")
    )
    front = resized(
        split.stream(1), video, _even(video.width * fit, 2), _even(video.height * fit, 2), flags="bicubic"
    ).filter("setsar", sar="1")
    return ffmpeg.overlay(ground, front, x="(W-w)/2", y="(H-h)/2").filter("setsar", sar="1")


def _even(size: float, least: int) -> int:
    return max(least, round(size / 2) * 2)
