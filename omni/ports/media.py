"""What the craft and FFmpeg hand each other: what is measured on media, and how sound and sheets are to be made."""

from pathlib import Path
from typing import Literal

from omni.contracts import Contract, Span, Warnings

Channels = Literal["all", "left", "right"]
"""Which channels of stereo sound are heard."""


class CaptionExtent(Contract):
    """Bounding box of what a caption script draws, in pixels of the Short; all zero when it draws nothing."""

    x0: int
    y0: int
    x1: int
    y1: int


class Encoding(Contract):
    """How a Short was encoded: by which encoder, and what went wrong on the way to it."""

    encoder: str
    warnings: Warnings = ()


class Stillness(Contract):
    """Stretches in which a picture is black, or doesn't change, in seconds of what was looked at."""

    black: tuple[Span, ...] = ()
    frozen: tuple[Span, ...] = ()


class EncodedFile(Contract):
    """What the streams and packets of an encoded file say, without decoding it. Starts and lengths in seconds."""

    container: str
    video_codec: str
    profile: str
    pixel_format: str
    width: int
    height: int
    sample_aspect: str
    fps: float
    colour: tuple[str | None, str | None, str | None]
    """Primaries, transfer, matrix."""
    full_range: bool
    rotation: int
    video_start: float
    video_duration: float
    frame_steps: tuple[float, float]
    """Shortest and longest time from one frame to the next."""
    audio_codec: str | None
    audio_profile: str | None
    sample_rate: int | None
    channels: int | None
    audio_start: float | None
    audio_duration: float | None
    keyframe_gap: float
    edit_lists: int
    faststart: bool
    size_bytes: int
    audio_index: int | None


class Inspection(EncodedFile):
    """What an encoded file really is: opened again, decoded and measured."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    stillness: Stillness


class Mix(Contract):
    """How the sound of one Short is made, settled by measuring its cut."""

    gain_db: float = 0.0
    ceiling_dbfs: float = -2.0
    """Where the limiter holds the peaks between samples; the encoder overshoots it by about 1 dB."""
    channels: Channels = "all"
    """Which channel is heard on both sides; ``all`` is stereo as it is, or what more channels fold down to."""


class ChannelLevels(Contract):
    """Level of a stretch of stereo sound in dBFS (RMS), of each side and of both added as one loudspeaker adds them."""

    left: float
    right: float
    middle: float


class SheetLayout(Contract):
    """Measures of a contact sheet in pixels: a panel of words, then the frames of one Short, row by row."""

    frames: int
    """Frames of each Short."""
    frame_width: int
    frame_height: int
    safe_area: tuple[int, int, int, int]
    """Left, top, right, bottom on the small frame."""
    panel_width: int
    gap: int
    ground: str
    """Colour as ``0xRRGGBB``."""

    @property
    def row_width(self) -> int:
        """Width of the frames of one Short."""
        return self.frames * self.frame_width + (self.frames + 1) * self.gap

    @property
    def row_height(self) -> int:
        """Height of one Short's row."""
        return self.frame_height + 2 * self.gap


class Lettered(Contract):
    """Words to be drawn over a picture: a complete ASS file and the fonts that it names."""

    script: str
    fonts: tuple[Path, ...]
