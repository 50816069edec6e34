"""The picture graph of a Short: frame rate, layout, colour, captions, logo."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

from fractions import Fraction
from itertools import groupby

import ffmpeg

from omni.adapters.ffmpeg.colour import resized
from omni.adapters.ffmpeg.encoders import tagged
from omni.adapters.ffmpeg.inputs import picture, sound, upright_size
from omni.adapters.ffmpeg.paths import camera_path, piecewise_linear
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
    return _framed(even, source.video, plan, plan.framing)


def dressed(base: ffmpeg.Stream, plan: ClipPlan, logo: ffmpeg.Stream | None) -> ffmpeg.Stream:
    """Lay captions and logo over a finished picture; the script and fonts stand in the working folder."""
    if plan.captions.script is not None:
        base = base.filter("ass", filename="captions.ass", fontsdir="fonts")
    if logo is not None:
        # the logo keeps to the top left of the organic safe area (TARGETS.md §1), a sixth of the width
        scaled = logo.filter("scale", w=round(plan.width / 6 / 2) * 2, h=-2)
        base = ffmpeg.overlay(base, scaled, x=round(plan.width * 65 / 1080), y=round(plan.height * 220 / 1920))
    return tagged(base.filter("format", pix_fmts="yuv420p"))


def _audiogram(stream: ffmpeg.Stream, source: Source, plan: ClipPlan) -> ffmpeg.Stream:
    """Show the sound's wave on a plain ground: what a source without a picture looks like."""
    size = f"{plan.width}x{plan.height}"
    ground = ffmpeg.input(f"color=c={GROUND}:s={size}:r={plan.frame_rate}:d={plan.cut.length:.3f}", f="lavfi").video
    wave = (
        sound(stream, source)
        .filter("aresample", sample_rate=48000)
        .filter("aformat", channel_layouts="mono")
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
    runs = [(layout, tuple(run)) for layout, run in groupby(framing.segments, key=lambda s: s.layout)]
    if len(runs) == 1:
        return _branch(stream, video, plan, framing, runs[0][1], 0.0)
    split = stream.filter_multi_output("split", len(runs))
    branches: list[ffmpeg.Stream] = []
    for number, (_, run) in enumerate(runs):
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
    if run[0].layout == "follow":
        return _follow(stream, video, plan, framing, run, offset)
    return _fit(stream, video, plan)


def _follow(
    stream: ffmpeg.Stream, video: VideoStream, plan: ClipPlan, framing: Framing, run: tuple[Segment, ...], offset: float
) -> ffmpeg.Stream:
    """Crop in two steps: whole pixels before the enlargement, the remainder after it, so that the camera glides."""
    frame_w, frame_h = upright_size(video)
    crop_w, crop_h = framing.crop_w * frame_w, framing.crop_h * frame_h
    wide_w, wide_h = _wider(crop_w, frame_w), _wider(crop_h, frame_h)
    scaled_w, scaled_h = (
        _even(wide_w * plan.width / crop_w, plan.width),
        _even(wide_h * plan.height / crop_h, plan.height),
    )
    scale_x, scale_y = scaled_w / wide_w, scaled_h / wide_h
    keys = camera_path(run, offset, Fraction(plan.frame_rate))
    left = piecewise_linear([(t, x * frame_w - crop_w / 2) for t, x, _ in keys])
    top = piecewise_linear([(t, y * frame_h - crop_h / 2) for t, _, y in keys])
    coarse_x, coarse_y = _coarse(left, frame_w - wide_w), _coarse(top, frame_h - wide_h)
    whole = stream.filter("crop", w=wide_w, h=wide_h, x=coarse_x, y=coarse_y)
    scaled = resized(whole, video, scaled_w, scaled_h, flags="bicubic")
    return scaled.filter(
        "crop",
        w=plan.width,
        h=plan.height,
        x=f"({left}-{coarse_x})*{scale_x:.6f}",
        y=f"({top}-{coarse_y})*{scale_y:.6f}",
        exact=1,
    ).filter("setsar", sar="1")


def _wider(size: float, limit: int) -> int:
    return min(limit, int(size) // 2 * 2 + CROP_MARGIN)


def _coarse(position: str, limit: int) -> str:
    return f"clip(floor(({position})/2)*2,0,{max(0, limit // 2 * 2)})"


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
