"""A ``Media`` that encodes nothing, with the bad days of a real one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from omni.contracts import ClipPlan, Loudness, Source, Span, SubtitleStream
from omni.errors import MediaToolFailed
from omni.ports import Picture, Progress, Samples
from omni.ports.media import CaptionExtent, ChannelLevels, Encoding, Inspection, Lettered, Mix, SheetLayout, Stillness

GOOD = Inspection(
    container="mov,mp4,m4a,3gp,3g2,mj2", video_codec="h264", profile="High", pixel_format="yuv420p", width=1080,
    height=1920, sample_aspect="1:1", fps=30.0, colour=("bt709", "bt709", "bt709"), full_range=False, rotation=0, video_start=0.0,
    video_duration=20.0, frame_steps=(1 / 30, 1 / 30), audio_codec="aac", audio_profile="LC", sample_rate=48000, channels=2, audio_start=0.0, audio_duration=20.0,
    keyframe_gap=2.0, edit_lists=0, faststart=True, size_bytes=5_000_000, audio_index=1, integrated_lufs=-14.0, true_peak_dbtp=-1.5,
    stillness=Stillness(),
)  # fmt: skip


class FakeMedia:
    """Renders a line of text. ``level`` is the source's loudness; ``takes`` are the inspections of successive encodes."""

    def __init__(
        self,
        *,
        level: float | None = -24.0,
        takes: tuple[Inspection, ...] = (GOOD,),
        crashes: int = 0,
        still: Stillness | None = None,
        channels: ChannelLevels | None = None,
        sheet_crashes: bool = False,
    ) -> None:
        self.level = level
        self.takes = list(takes)
        self.crashes = crashes
        self.still = still or Stillness()
        self.channels = channels
        self.sheet_crashes = sheet_crashes
        self.drawn: list[str] = []
        self.mixes: list[Mix] = []

    @property
    def gains(self) -> list[float]:
        return [mix.gain_db for mix in self.mixes]

    def identity(self) -> str:
        return "fake 1"

    def frames(self, source: Source, *, width: int, height: int, fps: float) -> Iterator[Picture]:
        for _ in range(int(source.duration * fps)):
            yield np.zeros((height, width, 3), np.uint8)

    def sound(self, source: Source, *, rate: int, block_seconds: float) -> Iterator[Samples]:
        yield np.zeros(int(rate * source.duration), np.float32)

    def loudness(self, path: Path, *, audio_index: int) -> Loudness:
        return self._heard(0.0)

    def rehearse(self, source: Source, plan: ClipPlan, mix: Mix) -> Loudness:
        return self._heard(mix.gain_db)

    def _heard(self, gain_db: float) -> Loudness:
        heard = None if self.level is None else self.level + gain_db
        return Loudness(integrated_lufs=heard, true_peak_dbtp=None if heard is None else heard + 10)

    def channel_levels(self, source: Source, span: Span) -> ChannelLevels | None:
        return self.channels

    def proxy(self, source: Source, span: Span, target: Path, *, on_progress: Progress | None = None) -> None:
        target.write_text(f"{source.sha256} {span.start} {span.end}")

    def subtitles(self, source: Source, stream: SubtitleStream) -> str:
        return ""

    def render(
        self, source: Source, plan: ClipPlan, target: Path, *, mix: Mix, on_progress: Progress | None = None
    ) -> Encoding:
        self.mixes.append(mix)
        if self.crashes:
            self.crashes -= 1
            raise MediaToolFailed(doing=f"rendering Short {plan.number}", returncode=-11, tail="it crashed")
        target.write_text(f"{plan.digest()} {mix.gain_db}")
        return Encoding(encoder="fake")

    def messenger_copy(self, video: Path, seconds: float, target: Path) -> None:
        target.write_text(f"small {video.read_text()}")

    def poster(self, video: Path, at: float, target: Path) -> None:
        target.write_text(f"poster {at}")

    def strip(self, video: Path, seconds: float, layout: SheetLayout, target: Path) -> None:
        self.drawn.append("strip")
        target.write_text(f"{layout.frames} frames of {video.name}")

    def contact_sheet(self, strips: Sequence[Path], words: Lettered, layout: SheetLayout, target: Path) -> None:
        self.drawn.append("sheet")
        if self.sheet_crashes:
            raise MediaToolFailed(doing=f"drawing {target.name}", returncode=1, tail="it crashed")
        target.write_text(words.script)

    def preview(self, picture: Path, width: int, target: Path) -> None:
        self.drawn.append("preview")
        target.write_text("small")

    def inspect(self, path: Path) -> Inspection:
        return self.takes.pop(0) if len(self.takes) > 1 else self.takes[0]

    def stillness(self, source: Source, span: Span) -> Stillness:
        return self.still

    def caption_extent(self, plan: ClipPlan) -> CaptionExtent:
        return CaptionExtent(x0=200, y0=900, x1=800, y1=1100)
