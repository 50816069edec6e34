"""The port ``Media`` on FFmpeg: each method builds a graph and hands it to the runner."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

import os
import shutil
import tempfile
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np

from omni.adapters import container
from omni.adapters.ffmpeg import encoders, inputs, picture, sheets, sounds
from omni.adapters.ffmpeg.binary import Binary
from omni.adapters.ffmpeg.encoders import Choice
from omni.adapters.ffmpeg.measures import LevelLog, LoudnessLog, StillnessLog
from omni.adapters.ffmpeg.runner import Runner
from omni.contracts import ClipPlan, Loudness, Source, Span, SubtitleStream
from omni.encoding.parallelism import Shares
from omni.errors import MediaToolFailed, MediaToolTimedOut
from omni.ports import Picture, Progress, Samples
from omni.ports.media import CaptionExtent, ChannelLevels, Encoding, Inspection, Lettered, Mix, SheetLayout, Stillness
from omni.speech.subtitles import MAX_BYTES

AUDIO_CODEC: dict[str, Any] = {"c:a": "aac", "b:a": "160k", "ar": 48000, "ac": 2, "flags:a": "+bitexact"}
JPEG: dict[str, Any] = {"c:v": "mjpeg", "q:v": 3, "pix_fmt": "yuvj420p", "flags:v": "+bitexact"}
PNG: dict[str, Any] = {"c:v": "png", "pix_fmt": "rgb24", "flags:v": "+bitexact"}
PROXY_FPS, PROXY_SIDE, PROXY_SOUND = 2, 360, "32k"
"""A model looks at one frame a second at most 768 pixels wide, and hears 16 kHz mono (Gemini's documentation)."""
PROXY_CODEC: dict[str, Any] = {
    "c:v": "libx264", "preset": "veryfast", "crf": 30, "pix_fmt": "yuv420p", "g": 20 * PROXY_FPS,
    "c:a": "aac", "b:a": PROXY_SOUND, "ar": 16000, "ac": 1, "fflags": "+bitexact", "flags:v": "+bitexact",
    "flags:a": "+bitexact", "map_metadata": -1, "map_chapters": -1, "f": "mp4", "movflags": "+faststart",
}  # fmt: skip

LIBX264 = Choice(encoders.SOFTWARE)
SUBTITLE_BYTES = MAX_BYTES + 2**20
"""A track that is longer than the reader of subtitles takes isn't written to its end."""
FROZEN_NOISE = "-60dB"
"""freezedetect's own default."""
GREY = "0x808080"
DRAWN = 24
"""A pixel that is this far from the ground was drawn on; soft edges of a shadow are nearer."""
SOURCE_FROZEN_NOISE = "-50dB"
"""Encoding removes faint noise: what stands still in a Short may flicker that much in its source."""


class FFmpegMedia:
    """Everything that decodes or writes media."""

    def __init__(
        self, binary: Binary, runner: Runner, *, shares: Shares, encoder: Choice = LIBX264, roots: tuple[Path, ...] = ()
    ) -> None:
        """Encode as many Shorts at a time, each with as many threads, as ``shares`` says.

        Sources and logos must lie below one of ``roots``, when there are any, at the moment they are opened.
        """
        self._binary = binary
        self._runner = runner
        self._encoder = encoder
        self._threads = shares.threads
        self._roots = roots
        self._slots = threading.Semaphore(shares.processes)

    def identity(self) -> str:
        return f"ffmpeg {self._binary.version} {self._encoder.name}"

    def frames(self, source: Source, *, width: int, height: int, fps: float) -> Iterator[Picture]:
        with inputs.opened(source.path, self._roots) as descriptor:
            # the loop filter is invisible at this size and costs a third of the decoding (FACTS.md)
            stream = inputs.guarded_input(descriptor, skip_loop_filter="all")
            small = (
                picture.picture(stream, source)
                .filter("fps", fps=f"{fps:.6f}", start_time=0)
                .filter("scale", w=width, h=height, flags="fast_bilinear")
            )
            graph = ffmpeg.output(small, "pipe:1", f="rawvideo", pix_fmt="rgb24")
            size = width * height * 3
            chunks = self._runner.stream(
                graph, doing=f"reading the picture of {source.path.name}", media_seconds=source.duration,
                chunk_bytes=size, inputs=[descriptor],
            )  # fmt: skip
            for chunk in chunks:
                if len(chunk) == size:
                    yield np.frombuffer(chunk, np.uint8).reshape(height, width, 3)

    def sound(self, source: Source, *, rate: int, block_seconds: float) -> Iterator[Samples]:
        with inputs.opened(source.path, self._roots) as descriptor:
            track = inputs.sound(inputs.guarded_input(descriptor, vn=None), source).filter(
                "aresample", sample_rate=rate, **{"async": 1, "first_pts": 0}
            )
            graph = ffmpeg.output(track, "pipe:1", f="f32le", ac=1, ar=rate)
            chunks = self._runner.stream(
                graph, doing=f"reading the sound of {source.path.name}", media_seconds=source.duration,
                chunk_bytes=int(rate * block_seconds) * 4, inputs=[descriptor],
            )  # fmt: skip
            for chunk in chunks:
                yield np.frombuffer(chunk[: len(chunk) // 4 * 4], np.float32)

    def loudness(self, path: Path, *, audio_index: int) -> Loudness:
        return self._loudness(path, self._roots, audio_index)

    def _loudness(self, path: Path, roots: tuple[Path, ...], audio_index: int) -> Loudness:
        with inputs.opened(path, roots) as descriptor:
            track = inputs.guarded_input(descriptor, vn=None)[str(audio_index)]
            return self._heard(track, descriptor, path, os.fstat(descriptor).st_size / 4000)

    def rehearse(self, source: Source, plan: ClipPlan, mix: Mix) -> Loudness:
        with inputs.opened(source.path, self._roots) as descriptor:
            track = inputs.sound(inputs.guarded_input(descriptor, vn=None, **_window(plan.cut)), source)
            return self._heard(
                sounds.levelled(track, plan, mix, measured=True), descriptor, source.path, plan.cut.length
            )

    def _heard(self, track: ffmpeg.Stream, descriptor: int, path: Path, seconds: float) -> Loudness:
        log = LoudnessLog()
        self._runner.run(
            ffmpeg.output(track.filter("ebur128", peak="true", framelog="info"), "-", f="null"),
            doing=f"measuring the loudness of {path.name}", media_seconds=seconds, inputs=[descriptor], on_line=log.read,
        )  # fmt: skip
        return log.result()

    def channel_levels(self, source: Source, span: Span) -> ChannelLevels | None:
        if source.audio is None or source.audio.channels != 2:
            return None
        log = LevelLog()
        with inputs.opened(source.path, self._roots) as descriptor:
            track = inputs.sound(inputs.guarded_input(descriptor, vn=None, **_window(span)), source)
            told = sounds.sides(track).filter("astats", measure_overall="none", measure_perchannel="RMS_level")
            self._runner.run(
                ffmpeg.output(told, "-", f="null"), doing=f"measuring the channels of {source.path.name}",
                media_seconds=span.length, inputs=[descriptor], on_line=log.read,
            )  # fmt: skip
        if len(log.levels) != 3:  # nothing was decoded
            return None
        left, right, middle = log.levels
        return ChannelLevels(left=left, right=right, middle=middle)

    def proxy(self, source: Source, span: Span, target: Path, *, on_progress: Progress | None = None) -> None:
        with inputs.opened(source.path, self._roots) as descriptor, self._runner.completed(target) as part:
            window = {"ss": f"{span.start:.3f}", "t": f"{span.length:.3f}"}
            stream = inputs.guarded_input(descriptor, skip_loop_filter="all", **window)
            tracks: list[ffmpeg.Stream] = []
            if source.video:
                tracks.append(picture.small_picture(stream, source, source.video, PROXY_SIDE, PROXY_FPS))
            if source.audio:
                tracks.append(sounds.small_sound(inputs.sound(stream, source), span.length))
            graph = ffmpeg.output(*tracks, f"file:{part.absolute()}", t=f"{span.length:.3f}", **PROXY_CODEC)
            self._runner.run(
                graph, doing=f"making a small copy of {source.path.name}", media_seconds=span.length,
                inputs=[descriptor], on_progress=on_progress,
            )  # fmt: skip

    def subtitles(self, source: Source, stream: SubtitleStream) -> str:
        with (
            inputs.opened(source.path, self._roots) as descriptor,
            tempfile.TemporaryDirectory(prefix="omni-") as folder,
        ):
            target = Path(folder) / "track.srt"
            track = inputs.guarded_input(descriptor)[str(stream.index)]
            self._runner.run(
                ffmpeg.output(track, "file:track.srt", f="srt", fs=SUBTITLE_BYTES), doing=f"reading the subtitles of {source.path.name}",
                media_seconds=source.duration, inputs=[descriptor], folder=Path(folder),
            )  # fmt: skip
            return target.read_text(encoding="utf-8", errors="replace")

    def render(
        self, source: Source, plan: ClipPlan, target: Path, *, mix: Mix, on_progress: Progress | None = None
    ) -> Encoding:
        asked = (self._encoder.warning,) if self._encoder.warning else ()
        with self._slots, ExitStack() as stack:
            descriptor = stack.enter_context(inputs.opened(source.path, self._roots))
            folder = stack.enter_context(_dressing_room(plan.captions.script, plan.captions.fonts))
            part = stack.enter_context(self._runner.completed(target))
            logo = stack.enter_context(inputs.opened(plan.logo.file.path, self._roots)) if plan.logo else None

            def encode(encoder: str) -> None:
                self._runner.run(
                    self._short(source, plan, encoder, mix, part, descriptor, logo),
                    doing=f"rendering Short {plan.number}", media_seconds=plan.cut.length,
                    inputs=[d for d in (descriptor, logo) if d is not None], folder=folder, on_progress=on_progress,
                )  # fmt: skip

            name = self._encoder.name
            try:
                encode(name)
            except (MediaToolFailed, MediaToolTimedOut) as error:
                if name == encoders.SOFTWARE:
                    raise
                encode(encoders.SOFTWARE)
                failed = f"Short {plan.number}: {name} failed, {encoders.SOFTWARE} was used instead. {error.cause}"
                return Encoding(encoder=encoders.SOFTWARE, warnings=(*asked, failed))
        return Encoding(encoder=name, warnings=asked)

    def _short(
        self,
        source: Source,
        plan: ClipPlan,
        encoder: str,
        mix: Mix,
        part: Path,
        descriptor: int,
        logo: int | None,
    ) -> ffmpeg.Output:
        stream = inputs.guarded_input(descriptor, threads=self._threads, **_window(plan.cut))
        logo_stream = inputs.guarded_input(logo, formats="png_pipe").video if logo is not None else None
        track = inputs.sound(stream, source) if source.audio else None
        shown = picture.dressed(picture.short_picture(stream, source, plan), plan, logo_stream)
        taken, codec = encoders.encoded(shown, encoder, threads=self._threads, draft=plan.draft)
        rate = 1 / inputs.frame_seconds(plan.frame_rate)
        return ffmpeg.output(
            taken,
            sounds.short_sound(track, plan, mix),
            f"file:{part.absolute()}",
            t=f"{plan.length:.3f}",
            g=int(2 * rate),  # a closed GOP of at most two seconds
            r=plan.frame_rate,
            **codec,
            **AUDIO_CODEC,
            **encoders.container_arguments(),
        )

    def messenger_copy(self, video: Path, seconds: float, target: Path) -> None:
        width, height = encoders.MESSENGER_SIZE
        codec = {"c:v": encoders.SOFTWARE, **encoders.MESSENGER, **encoders.X264, **encoders.COLOUR, "c:a": "copy"}
        with self._slots, inputs.opened(video) as descriptor, self._runner.completed(target) as part:
            stream = inputs.guarded_input(descriptor, threads=self._threads)
            small = encoders.tagged(stream.video.filter("scale", w=width, h=height, flags="bicubic"))
            graph = ffmpeg.output(
                small, stream.audio, f"file:{part.absolute()}", threads=self._threads, **codec, **encoders.container_arguments()
            )  # fmt: skip
            self._runner.run(
                graph, doing=f"making a copy of {video.name} for messengers", media_seconds=seconds, inputs=[descriptor]
            )

    def poster(self, video: Path, at: float, target: Path) -> None:
        with inputs.opened(video) as descriptor:
            self._draw(inputs.guarded_input(descriptor, ss=f"{at:.3f}").video, target, JPEG, [descriptor])

    def strip(self, video: Path, seconds: float, layout: SheetLayout, target: Path) -> None:
        with inputs.opened(video) as descriptor:
            shown = inputs.guarded_input(descriptor, skip_frame="nokey").video
            self._draw(sheets.strip(shown, seconds, layout), target, PNG, [descriptor])

    def contact_sheet(self, strips: Sequence[Path], words: Lettered, layout: SheetLayout, target: Path) -> None:
        with ExitStack() as stack:
            descriptors = [stack.enter_context(inputs.opened(path)) for path in strips]
            folder = stack.enter_context(_dressing_room(words.script, words.fonts))
            rows = [inputs.guarded_input(descriptor, formats="png_pipe").video for descriptor in descriptors]
            self._draw(sheets.sheet(rows, layout), target, PNG, descriptors, folder)

    def preview(self, picture: Path, width: int, target: Path) -> None:
        with inputs.opened(picture) as descriptor:
            whole = inputs.guarded_input(descriptor, formats="png_pipe").video
            self._draw(whole.filter("scale", w=f"min(iw,{width})", h=-2, flags="area"), target, JPEG, [descriptor])

    def _draw(
        self,
        shown: ffmpeg.Stream,
        target: Path,
        codec: dict[str, Any],
        descriptors: list[int],
        folder: Path | None = None,
    ) -> None:
        with self._runner.completed(target) as part:
            graph = ffmpeg.output(
                shown, f"file:{part.absolute()}", f="image2", vframes=1, update=1, map_metadata=-1, **codec
            )
            self._runner.run(
                graph, doing=f"drawing {target.name}", media_seconds=1, inputs=descriptors, folder=folder
            )  # fmt: skip

    def inspect(self, path: Path) -> Inspection:
        facts = container.encoded_file(path)
        with inputs.opened(path) as descriptor:
            shown = inputs.guarded_input(descriptor).video
            stillness = self._stillness(shown, descriptor, facts.video_duration, FROZEN_NOISE)
        loudness = None
        if facts.audio_index is not None:
            loudness = self._loudness(path, (), facts.audio_index)
        return Inspection(
            **facts.model_dump(),
            integrated_lufs=loudness.integrated_lufs if loudness else None,
            true_peak_dbtp=loudness.true_peak_dbtp if loudness else None,
            stillness=stillness,
        )

    def stillness(self, source: Source, span: Span) -> Stillness:
        with inputs.opened(source.path, self._roots) as descriptor:
            stream = inputs.guarded_input(descriptor, **_window(span))
            return self._stillness(picture.picture(stream, source), descriptor, span.length, SOURCE_FROZEN_NOISE)

    def _stillness(self, shown: ffmpeg.Stream, descriptor: int, seconds: float, noise: str) -> Stillness:
        log = StillnessLog()
        looked_at = shown.filter("blackdetect", d=0.1, pix_th=0.1).filter("freezedetect", n=noise, d=1)
        self._runner.run(
            ffmpeg.output(looked_at, "-", f="null"), doing="looking for black and frozen frames",
            media_seconds=seconds, inputs=[descriptor], on_line=log.read,
        )  # fmt: skip
        log.finish(seconds)
        return Stillness(black=tuple(log.black), frozen=tuple(log.frozen))

    def caption_extent(self, plan: ClipPlan) -> CaptionExtent:
        """Draw the script on grey, five frames a second, and bound every pixel that is not grey any more.

        On black, a dark box or edge would be invisible to the measurement.
        """
        if plan.captions.script is None:
            return CaptionExtent(x0=0, y0=0, x1=0, y1=0)
        scale = 2  # half size is exact to two pixels and four times cheaper
        width, height = plan.width // scale, plan.height // scale
        rate = 5
        with _dressing_room(plan.captions.script, plan.captions.fonts) as folder:
            ground = ffmpeg.input(f"color=c={GREY}:s={width}x{height}:r={rate}:d={plan.length:.3f}", f="lavfi")
            drawn = ground.video.filter("ass", filename="captions.ass", fontsdir="fonts")
            graph = ffmpeg.output(drawn, "pipe:1", f="rawvideo", pix_fmt="gray")
            furthest = np.zeros((height, width), np.uint8)
            for chunk in self._runner.stream(
                graph, doing="drawing the captions", media_seconds=plan.length, chunk_bytes=width * height,
                folder=folder,
            ):  # fmt: skip
                if len(chunk) == width * height:
                    shown = np.frombuffer(chunk, np.uint8).reshape(height, width).astype(np.int16)
                    # the ground's corner is never drawn on: text stays inside the safe area, or is measured to its sides
                    np.maximum(furthest, np.abs(shown - shown[0, 0]).astype(np.uint8), out=furthest)
        rows, columns = np.nonzero(furthest > DRAWN)
        if rows.size == 0:
            return CaptionExtent(x0=0, y0=0, x1=0, y1=0)
        return CaptionExtent(
            x0=int(columns.min()) * scale,
            y0=int(rows.min()) * scale,
            x1=(int(columns.max()) + 1) * scale,
            y1=(int(rows.max()) + 1) * scale,
        )


def _window(span: Span) -> dict[str, str]:
    """Return the input options that read a span: accurate, because everything is decoded."""
    return {"ss": f"{span.start:.3f}", "t": f"{span.length:.3f}"}


@contextmanager
def _dressing_room(script: str | None, fonts: tuple[Path, ...]) -> Generator[Path]:
    """Give a private folder with a script and its fonts under plain names, so that no path enters a filter."""
    with tempfile.TemporaryDirectory(prefix="omni-") as name:
        folder = Path(name)
        (folder / "fonts").mkdir()
        for number, font in enumerate(fonts):
            shutil.copy(font, folder / "fonts" / f"{number}{font.suffix}")
        if script is not None:
            (folder / "captions.ass").write_text(script, encoding="utf-8")
        yield folder
