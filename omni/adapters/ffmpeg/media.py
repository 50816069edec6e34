"""The port ``Media`` on FFmpeg: each method builds a graph and hands it to the runner."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

import os
import shutil
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np

from omni.adapters import container
from omni.adapters.ffmpeg import encoders, inputs, picture, sounds
from omni.adapters.ffmpeg.binary import Binary
from omni.adapters.ffmpeg.encoders import Choice
from omni.adapters.ffmpeg.measures import LoudnessLog, StillnessLog
from omni.adapters.ffmpeg.runner import Runner
from omni.contracts import ClipPlan, Loudness, Source, Span, SubtitleStream
from omni.encoding.parallelism import Shares
from omni.errors import MediaToolFailed, MediaToolTimedOut
from omni.ports import CaptionExtent, Encoding, Inspection, Picture, Progress, Samples, Stillness
from omni.speech.subtitles import MAX_BYTES

AUDIO_CODEC: dict[str, Any] = {"c:a": "aac", "b:a": "160k", "ar": 48000, "ac": 2, "flags:a": "+bitexact"}
LIBX264 = Choice(encoders.SOFTWARE)
SUBTITLE_BYTES = MAX_BYTES + 2**20
"""A track that is longer than the reader of subtitles takes isn't written to its end."""
FROZEN_NOISE = "-60dB"
"""freezedetect's own default."""
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

    def loudness(
        self, path: Path, *, audio_index: int, span: Span | None = None, gain_db: float | None = None
    ) -> Loudness:
        return self._loudness(path, self._roots, audio_index, span, gain_db)

    def _loudness(
        self, path: Path, roots: tuple[Path, ...], audio_index: int, span: Span | None, gain_db: float | None
    ) -> Loudness:
        with inputs.opened(path, roots) as descriptor:
            window = {"ss": f"{span.start:.3f}", "t": f"{span.length:.3f}"} if span else {}
            track = inputs.guarded_input(descriptor, vn=None, **window)[str(audio_index)]
            if gain_db is not None:
                track = sounds.levelled(track, gain_db, measured=True)
            graph = ffmpeg.output(track.filter("ebur128", peak="true", framelog="info"), "-", f="null")
            log = LoudnessLog()
            seconds = span.length if span else os.fstat(descriptor).st_size / 4000
            self._runner.run(
                graph, doing=f"measuring the loudness of {path.name}", media_seconds=seconds,
                inputs=[descriptor], on_line=log.read,
            )  # fmt: skip
            return log.result()

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
        self, source: Source, plan: ClipPlan, target: Path, *, gain_db: float, on_progress: Progress | None = None
    ) -> Encoding:
        asked = (self._encoder.warning,) if self._encoder.warning else ()
        with self._slots, ExitStack() as stack:
            descriptor = stack.enter_context(inputs.opened(source.path, self._roots))
            folder = stack.enter_context(_dressing_room(plan))
            part = stack.enter_context(self._runner.completed(target))
            logo = stack.enter_context(inputs.opened(plan.logo.path, self._roots)) if plan.logo else None

            def encode(encoder: str) -> None:
                self._runner.run(
                    self._short(source, plan, encoder, gain_db, part, descriptor, logo),
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
        gain_db: float,
        part: Path,
        descriptor: int,
        logo: int | None,
    ) -> ffmpeg.Output:
        cut = {"ss": f"{plan.cut.start:.3f}", "t": f"{plan.cut.length:.3f}"}
        stream = inputs.guarded_input(descriptor, threads=self._threads, **cut)
        logo_stream = inputs.guarded_input(logo, formats="png_pipe").video if logo is not None else None
        track = inputs.sound(stream, source) if source.audio else None
        shown = picture.dressed(picture.short_picture(stream, source, plan), plan, logo_stream)
        taken, codec = encoders.encoded(shown, encoder, threads=self._threads, draft=plan.draft)
        rate = 1 / inputs.frame_seconds(plan.frame_rate)
        return ffmpeg.output(
            taken,
            sounds.short_sound(track, plan, gain_db),
            f"file:{part.absolute()}",
            t=f"{plan.cut.length:.3f}",
            g=int(2 * rate),  # a closed GOP of at most two seconds
            r=plan.frame_rate,
            **codec,
            **AUDIO_CODEC,
            **encoders.container_arguments(),
        )

    def poster(self, video: Path, at: float, target: Path) -> None:
        with inputs.opened(video) as descriptor, self._runner.completed(target) as part:
            frame = inputs.guarded_input(descriptor, ss=f"{at:.3f}").video
            graph = ffmpeg.output(
                frame, f"file:{part.absolute()}", f="image2", vframes=1, update=1, pix_fmt="yuvj420p",
                **{"c:v": "mjpeg", "q:v": 3, "flags:v": "+bitexact", "map_metadata": -1},
            )  # fmt: skip
            self._runner.run(graph, doing=f"taking a frame of {video.name}", media_seconds=1, inputs=[descriptor])

    def inspect(self, path: Path) -> Inspection:
        facts = container.encoded_file(path)
        with inputs.opened(path) as descriptor:
            shown = inputs.guarded_input(descriptor).video
            stillness = self._stillness(shown, descriptor, facts.video_duration, FROZEN_NOISE)
        loudness = None
        if facts.audio_index is not None:
            loudness = self._loudness(path, (), facts.audio_index, None, None)
        return Inspection(
            **facts.model_dump(),
            integrated_lufs=loudness.integrated_lufs if loudness else None,
            true_peak_dbtp=loudness.true_peak_dbtp if loudness else None,
            stillness=stillness,
        )

    def stillness(self, source: Source, span: Span) -> Stillness:
        with inputs.opened(source.path, self._roots) as descriptor:
            stream = inputs.guarded_input(descriptor, ss=f"{span.start:.3f}", t=f"{span.length:.3f}")
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
        """Draw the script on black, five frames a second, and bound every pixel that is not black."""
        if plan.captions.script is None or not plan.captions.cues:
            return CaptionExtent(x0=0, y0=0, x1=0, y1=0)
        scale = 2  # half size is exact to two pixels and four times cheaper
        width, height = plan.width // scale, plan.height // scale
        rate = 5
        with _dressing_room(plan) as folder:
            ground = ffmpeg.input(f"color=c=black:s={width}x{height}:r={rate}:d={plan.cut.length:.3f}", f="lavfi")
            drawn = ground.video.filter("ass", filename="captions.ass", fontsdir="fonts")
            graph = ffmpeg.output(drawn, "pipe:1", f="rawvideo", pix_fmt="gray")
            brightest = np.zeros((height, width), np.uint8)
            for chunk in self._runner.stream(
                graph, doing="drawing the captions", media_seconds=plan.cut.length, chunk_bytes=width * height,
                folder=folder,
            ):  # fmt: skip
                if len(chunk) == width * height:
                    np.maximum(brightest, np.frombuffer(chunk, np.uint8).reshape(height, width), out=brightest)
        rows, columns = np.nonzero(brightest > 40)  # 16 is video black; soft shadow edges do not count
        if rows.size == 0:
            return CaptionExtent(x0=0, y0=0, x1=0, y1=0)
        return CaptionExtent(
            x0=int(columns.min()) * scale,
            y0=int(rows.min()) * scale,
            x1=(int(columns.max()) + 1) * scale,
            y1=(int(rows.max()) + 1) * scale,
        )


@contextmanager
def _dressing_room(plan: ClipPlan) -> Generator[Path]:
    """Give a private folder with the caption script and its fonts under plain names, so that no path enters a filter."""
    with tempfile.TemporaryDirectory(prefix="omni-") as name:
        folder = Path(name)
        (folder / "fonts").mkdir()
        for number, font in enumerate(plan.captions.fonts):
            shutil.copy(font, folder / "fonts" / f"{number}{font.suffix}")
        if plan.captions.script is not None:
            (folder / "captions.ass").write_text(plan.captions.script, encoding="utf-8")
        yield folder
