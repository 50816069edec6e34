"""Containers through PyAV: what a source really holds, and what an encoded file really is. Nothing needs ffprobe."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.error import FFmpegError
from av.video.frame import VideoFrame

from omni.adapters import boxes
from omni.adapters.guards import FORMATS, MAX_PIXELS
from omni.contracts import AudioStream, SubtitleStream, VideoStream
from omni.errors import SourceTooLarge, SourceTruncated, SourceUnreadable
from omni.ports import AudioTrack, EncodedFile, Probe
from omni.roots import open_admitted

MAX_STREAMS = 64
TEXT_SUBTITLES = frozenset({"subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text"})
OPEN_SECONDS = 20.0
LISTEN_SECONDS = 60.0

# Code points of ITU-T H.273, as FFmpeg names them.
MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 9: "bt2020nc", 10: "bt2020c"}
PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "smpte432"}
TRANSFERS = {1: "bt709", 6: "smpte170m", 13: "iec61966-2-1", 14: "bt2020-10", 16: "smpte2084", 18: "arib-std-b67"}
FULL_RANGE = 2


class ContainerProber:
    """The port ``Prober`` on PyAV."""

    def __init__(self, *, max_pixels: int = MAX_PIXELS, roots: tuple[Path, ...] = ()) -> None:
        """Refuse larger frames, and files outside ``roots`` (when there are any) at the moment they are opened."""
        self._max_pixels = max_pixels
        self._roots = roots

    def probe(self, path: Path) -> Probe:
        file = _File(path, self._max_pixels, self._roots)
        with _opened(file) as container:
            if len(container.streams) > MAX_STREAMS:
                raise SourceTooLarge(path=path, what=f"{len(container.streams)} streams, {MAX_STREAMS} are accepted")
            origin = (container.start_time or 0) / av.time_base
            pictures = [s for s in container.streams.video if not _is_cover(s)]
            for picture in pictures:
                _refuse_flood(file, picture)
            times = _scan(container, origin)
            seen = [_picture(file, s, times[s.index]) for s in pictures if times[s.index].count]
            audible = [s for s in container.streams.audio if times[s.index].count]
            with_choice = len(audible) > 1
            tracks = [_track(file, s, measure=with_choice) for s in audible]
            return Probe(
                container=container.format.name,
                header_duration=container.duration / av.time_base if container.duration else None,
                pictures=tuple(p for p in seen if p),
                tracks=tuple(t for t in tracks if t),
                subtitles=tuple(
                    SubtitleStream(index=s.index, codec=s.codec_context.name, language=_language(s))
                    for s in container.streams.subtitles
                    if s.codec_context and s.codec_context.name in TEXT_SUBTITLES
                ),
                picture_end=max((times[s.index].end for s in pictures[:1]), default=0.0),
                sound_end=max((times[s.index].end for s in audible), default=0.0),
            )


def encoded_file(path: Path) -> EncodedFile:
    """Open a file of ours and read its streams and packets; raises SourceUnreadable when it has no picture."""
    with _opened(_File(path)) as container:
        if not container.streams.video:
            raise SourceUnreadable(path=path, reason="no picture")
        video, audio = container.streams.video[0], next(iter(container.streams.audio), None)
        times = _scan(container, 0.0)
        context = video.codec_context
        sound = times[audio.index] if audio else None
        return EncodedFile(
            container=container.format.name,
            video_codec=context.name,
            profile=str(video.profile),
            pixel_format=str(context.pix_fmt),
            width=context.width,
            height=context.height,
            sample_aspect=_aspect(video),
            fps=float(video.average_rate or 0),
            colour=(
                PRIMARIES.get(int(context.color_primaries)),
                TRANSFERS.get(int(context.color_trc)),
                MATRICES.get(int(context.colorspace)),
            ),
            rotation=_first_frame_rotation(path),
            video_start=times[video.index].start,
            video_duration=times[video.index].end - times[video.index].start,
            audio_codec=audio.codec_context.name if audio else None,
            sample_rate=audio.codec_context.sample_rate if audio else None,
            channels=audio.codec_context.channels if audio else None,
            audio_start=sound.start if sound else None,
            audio_duration=sound.end - sound.start if sound else None,
            keyframe_gap=times[video.index].keyframe_gap,
            edit_lists=boxes.count_edit_lists(path),
            faststart=boxes.index_is_first(path),
            size_bytes=path.stat().st_size,
            audio_index=audio.index if audio else None,
        )


# ── opening ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _File:
    """What to open, and under which guards."""

    path: Path
    max_pixels: int = MAX_PIXELS
    roots: tuple[Path, ...] = ()


@contextmanager
def _opened(file: _File) -> Generator[Any]:
    """Open a file by descriptor under the guards; foreign errors are translated."""
    descriptor = open_admitted(file.path, file.roots)
    name = f"/dev/fd/{descriptor}"
    try:
        with av.open(
            f"file:{name}",
            options={"protocol_whitelist": "file", "format_whitelist": FORMATS, "max_pixels": str(file.max_pixels)},
            metadata_errors="replace",
            timeout=(OPEN_SECONDS, OPEN_SECONDS),
        ) as container:
            yield container
    except FFmpegError as error:
        reason = (error.strerror or str(error)).lower()
        if _looks_cut_off(Path(name)):
            raise SourceTruncated(path=file.path, reason=reason) from error
        raise SourceUnreadable(path=file.path, reason=reason) from error
    finally:
        os.close(descriptor)


def _looks_cut_off(path: Path) -> bool:
    """Tell an MP4 that begins well and has no index, or a Matroska header with nothing behind it."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return b"moov" not in boxes.top_level(path)
    return head[:4] == b"\x1a\x45\xdf\xa3"


def _refuse_flood(file: _File, stream: Any) -> None:
    context = stream.codec_context
    if context.width * context.height > file.max_pixels:
        what = f"{context.width}×{context.height} pixels, {file.max_pixels} are accepted"
        raise SourceTooLarge(path=file.path, what=what)


# ── packets ──────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Times:
    """What the packets of one stream say, in seconds."""

    start: float = 0.0
    end: float = 0.0
    count: int = 0
    keyframe_gap: float = 0.0
    steps: tuple[float, ...] = ()


def _scan(container: Any, origin: float) -> dict[int, _Times]:
    """Demux everything: headers lie about durations and rates, packets do not."""
    starts: dict[int, list[float]] = {s.index: [] for s in container.streams}
    ends = dict.fromkeys(starts, 0.0)
    keys: dict[int, list[float]] = {index: [] for index in starts}
    try:
        for packet in container.demux():
            at = packet.pts if packet.pts is not None else packet.dts
            if at is None or packet.size == 0:
                continue
            index, start = packet.stream.index, float(at * packet.time_base) - origin
            starts[index].append(start)
            ends[index] = max(ends[index], start + float((packet.duration or 0) * packet.time_base))
            if packet.is_keyframe:
                keys[index].append(start)
    except FFmpegError:  # damaged or cut off further on: what was read so far is what can be used
        pass
    return {index: _times(sorted(found), ends[index], keys[index]) for index, found in starts.items()}


def _times(starts: list[float], end: float, keys: list[float]) -> _Times:
    if not starts:
        return _Times()
    steps = tuple(b - a for a, b in pairwise(starts) if b > a)
    last = starts[-1] + (median(steps) if steps else 0.0)
    gaps = [b - a for a, b in zip(keys, [*keys[1:], starts[-1]], strict=True)]
    return _Times(starts[0], max(end, last), len(starts), max(gaps, default=0.0), steps)


# ── streams ──────────────────────────────────────────────────────────────────────────────────────


def _is_cover(stream: Any) -> bool:
    return "attached_pic" in str(stream.disposition) or (
        stream.codec_context.name in {"png", "mjpeg", "bmp", "webp"} and (stream.frames == 1)
    )


def _picture(file: _File, stream: Any, times: _Times) -> VideoStream | None:
    frame = _first_frame(file, stream.index)
    if not isinstance(frame, VideoFrame):
        return None
    rotation = _clockwise(frame)
    aspect = Fraction(stream.sample_aspect_ratio or 1) or Fraction(1)
    width, height = round(frame.width * aspect), frame.height
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
    )


def _rate(stream: Any, times: _Times) -> tuple[Fraction, bool]:
    """Return the rate off the packets, and whether it varies: more than 1 % of steps are a third off the usual one."""
    guess = Fraction(stream.average_rate or stream.guessed_rate or 25)
    if len(times.steps) < 2:
        return guess.limit_denominator(1001), False
    usual = median(times.steps)
    odd = sum(abs(step - usual) > usual / 3 for step in times.steps)
    variable = odd > max(1, len(times.steps) // 100)
    measured = Fraction(len(times.steps) / sum(times.steps))
    if abs(float(guess) - float(measured)) > 0.02 * float(measured):  # the header's rate is not the real one
        guess = measured
    return guess.limit_denominator(1001), variable


def _track(file: _File, stream: Any, *, measure: bool) -> AudioTrack | None:
    context = stream.codec_context
    if context is None or not context.sample_rate:
        return None
    facts = AudioStream(
        index=stream.index,
        codec=context.name,
        sample_rate=context.sample_rate,
        channels=context.channels,
        language=_language(stream),
        title=stream.metadata.get("title"),
    )
    return AudioTrack(
        **facts.model_dump(),
        is_default="default" in str(stream.disposition),
        peak_dbfs=_peak(file, stream.index) if measure else None,
    )


def _first_frame(file: _File, index: int) -> VideoFrame | None:
    with _opened(file) as container:
        try:
            return next((f for f in container.decode(container.streams[index]) if isinstance(f, VideoFrame)), None)
        except FFmpegError:
            return None


def _first_frame_rotation(path: Path) -> int:
    frame = _first_frame(_File(path), 0)
    return _clockwise(frame) if frame else 0


def _clockwise(frame: VideoFrame) -> int:
    """Return the quarter turns that a player makes, in degrees; the display matrix counts the other way."""
    return round(-frame.rotation / 90) * 90 % 360


def _peak(file: _File, index: int) -> float:
    """Return the peak of the first minute of a track in dBFS; −120 for digital silence."""
    peak = 1e-6
    with _opened(file) as container:
        stream = container.streams[index]
        try:
            for frame in container.decode(stream):
                if not isinstance(frame, AudioFrame) or (frame.time or 0.0) > LISTEN_SECONDS:
                    break
                samples = frame.to_ndarray()
                scale = 1.0 if samples.dtype.kind == "f" else float(2 ** (8 * samples.dtype.itemsize - 1))
                peak = max(peak, float(np.abs(samples.astype(np.float64)).max(initial=0.0)) / scale)
        except FFmpegError:
            pass
    return float(20 * np.log10(peak))


def _language(stream: Any) -> str | None:
    found = stream.metadata.get("language", "und")
    return None if found in ("und", "", "zxx", "mis") else found


def _aspect(stream: Any) -> str:
    aspect = Fraction(stream.sample_aspect_ratio or 1) or Fraction(1)
    return f"{aspect.numerator}:{aspect.denominator}"
