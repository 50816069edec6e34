"""One stream of an opened container: what it says of itself, and what its first frames show."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from omni.adapters.opening import File
from omni.adapters.packets import READING_ENDED, Times
from omni.contracts import AudioStream, VideoStream
from omni.ports import AudioTrack

LISTEN_SECONDS = 60.0
CHANNELS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 24})
"""FFmpeg knows where the speakers of so many stand, and so how to mix them down."""
LOWEST_RATE, HIGHEST_RATE = 1_000, 768_000
"""Hz of anything that was recorded; others can't be resampled."""
LONGEST_NAME = 200
"""Characters of a title or language; the rest of a longer one is nothing that anybody reads."""

# Code points of ITU-T H.273, as FFmpeg names them.
MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 9: "bt2020nc", 10: "bt2020c"}
PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "smpte432"}
TRANSFERS = {1: "bt709", 6: "smpte170m", 13: "iec61966-2-1", 14: "bt2020-10", 16: "smpte2084", 18: "arib-std-b67"}
FULL_RANGE = 2

DROPPING = frozenset({Fraction(30000, 1001), Fraction(60000, 1001)})
"""Rates whose clock may leave out frame numbers (SMPTE 12M)."""
_SLOWEST = Fraction(1, 1001)
"""A frame every quarter of an hour: what is slower counts as this."""
_MOST_STRETCHED = 16
"""Times that a pixel may be wider than high or the other way round; what says more is damaged, and is shown square."""


def is_cover(stream: Any) -> bool:
    """Whether a picture stream is a still that accompanies a sound."""
    return "attached_pic" in str(stream.disposition) or (
        stream.codec_context.name in {"png", "mjpeg", "bmp", "webp"} and (stream.frames == 1)
    )


def picture_facts(file: File, stream: Any, times: Times) -> VideoStream | None:
    """Return what a viewer sees of a picture stream; ``None`` when no frame of it can be decoded."""
    frame = first_frame(file, stream.index)
    if frame is None:
        return None
    rotation = clockwise(frame)
    aspect = aspect_of(stream)
    width, height = max(1, round(frame.width * aspect)), frame.height
    if rotation in (90, 270):
        width, height = height, width
    rate, variable = _rate(stream, times)
    context = stream.codec_context
    transfer = int(context.color_trc)
    return VideoStream(
        index=stream.index,
        codec=context.name,
        width=width,
        height=height,
        coded_width=frame.width,
        coded_height=frame.height,
        rotation=rotation,  # type: ignore[arg-type]  # rounded to a quarter turn above
        sample_aspect=f"{aspect.numerator}:{aspect.denominator}",
        fps=float(rate),
        frame_rate=f"{rate.numerator}/{rate.denominator}" if rate.denominator > 1 else str(rate.numerator),
        variable_rate=variable,
        pixel_format=frame.format.name,
        bit_depth=frame.format.components[0].bits,
        full_range=int(context.color_range) == FULL_RANGE or frame.format.name.startswith("yuvj"),
        interlaced=bool(frame.interlaced_frame),
        hdr={16: "pq", 18: "hlg"}.get(transfer),  # type: ignore[arg-type]  # the two values of the literal
        matrix=MATRICES.get(int(context.colorspace)),
        primaries=PRIMARIES.get(int(context.color_primaries)),
        transfer=TRANSFERS.get(transfer),
        timecode=timecode_of(stream, rate),
    )


def track_facts(file: File, stream: Any, *, measure: bool) -> AudioTrack | None:
    """Return what there is to hear in a sound stream; ``None`` when it can't be mixed down or resampled."""
    context = stream.codec_context
    if context.channels not in CHANNELS or not LOWEST_RATE <= context.sample_rate <= HIGHEST_RATE:
        return None
    facts = AudioStream(
        index=stream.index,
        codec=context.name,
        sample_rate=context.sample_rate,
        channels=context.channels,
        language=language(stream),
        title=(stream.metadata.get("title") or "")[:LONGEST_NAME] or None,
    )
    return AudioTrack(
        **facts.model_dump(),
        is_default="default" in str(stream.disposition),
        peak_dbfs=_peak(file, stream.index) if measure else None,
    )


def first_frame(file: File, index: int) -> VideoFrame | None:
    """Return the first frame of a stream that can be decoded."""
    with file.opened() as container:
        stream = container.streams[index]
        # a frame may be larger than the header says: the decoder has to refuse it before it makes room
        stream.codec_context.options = {"max_pixels": str(file.max_pixels)}
        try:
            return next((f for f in container.decode(stream) if isinstance(f, VideoFrame)), None)
        except MemoryError:
            raise
        except READING_ENDED:
            return None


def clockwise(frame: VideoFrame) -> int:
    """Return the quarter turns that a player makes, in degrees; the display matrix counts the other way."""
    return round(-frame.rotation / 90) * 90 % 360


def language(stream: Any) -> str | None:
    """Return the language that a stream says it is in."""
    found = stream.metadata.get("language", "und")
    return None if found in ("und", "", "zxx", "mis") else found[:LONGEST_NAME]


def timecode_of(stream: Any, rate: Fraction) -> str | None:
    """Return what the camera's clock said at the first frame, where the clock can count this rate."""
    told = str(stream.metadata.get("timecode") or stream.container.metadata.get("timecode") or "")
    found = re.fullmatch(r"[0-2]\d:[0-5]\d:[0-5]\d([:;])(\d\d)", told, re.ASCII)
    if found is None or int(found[2]) >= round(rate):
        return None
    return told if found[1] == ":" or rate in DROPPING else None


def aspect_of(stream: Any) -> Fraction:
    """Return the shape of a pixel."""
    aspect = Fraction(stream.sample_aspect_ratio or 1)
    return aspect if Fraction(1, _MOST_STRETCHED) <= aspect <= _MOST_STRETCHED else Fraction(1)


def _rate(stream: Any, times: Times) -> tuple[Fraction, bool]:
    """Return the rate off the packets, and whether it varies: more than 1 % of steps are a third off the usual one."""
    guess = Fraction(stream.average_rate or stream.guessed_rate or 25)
    if times.steps.size < 2:
        return _rounded(guess), False
    usual = float(np.median(times.steps))
    odd = int((np.abs(times.steps - usual) > usual / 3).sum())
    variable = odd > max(1, times.steps.size // 100)
    measured = Fraction(float(times.steps.size / times.steps.sum()))
    if abs(float(guess) - float(measured)) > 0.02 * float(measured):  # the header's rate is not the real one
        guess = measured
    return _rounded(guess), variable


def _rounded(rate: Fraction) -> Fraction:
    return max(_SLOWEST, rate.limit_denominator(1001))


def _peak(file: File, index: int) -> float:
    """Return the peak of the first minute of a track in dBFS; −120 for digital silence."""
    peak = 1e-6
    with file.opened() as container:
        stream = container.streams[index]
        try:
            for frame in container.decode(stream):
                if not isinstance(frame, AudioFrame) or (frame.time or 0.0) > LISTEN_SECONDS:
                    break
                samples = frame.to_ndarray()
                scale = 1.0 if samples.dtype.kind == "f" else float(2 ** (8 * samples.dtype.itemsize - 1))
                peak = max(peak, float(np.abs(samples.astype(np.float64)).max(initial=0.0)) / scale)
        except MemoryError:
            raise
        except READING_ENDED:
            pass
    return float(20 * np.log10(peak))
