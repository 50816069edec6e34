"""The file as it was probed, and the streams in it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from omni.contracts.base import Contract, FileRef, Sha256, Warnings


class VideoStream(Contract):
    """The picture as a viewer sees it: ``width`` × ``height`` after rotation and pixel aspect, in pixels."""

    index: int
    codec: str
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    coded_width: Annotated[int, Field(gt=0)]
    coded_height: Annotated[int, Field(gt=0)]
    rotation: Literal[0, 90, 180, 270] = 0
    """Degrees clockwise that a player turns the coded picture."""
    sample_aspect: str = "1:1"
    fps: Annotated[float, Field(gt=0)]
    frame_rate: str
    """The rate as a fraction, ``30000/1001``."""
    variable_rate: bool = False
    pixel_format: str = "yuv420p"
    bit_depth: int = 8
    full_range: bool = False
    interlaced: bool = False
    hdr: Literal["pq", "hlg"] | None = None
    matrix: str | None = None
    primaries: str | None = None
    transfer: str | None = None
    timecode: str | None = Field(default=None, pattern=r"^\d\d:[0-5]\d:[0-5]\d[:;]\d\d$")
    """What the camera's clock said at the first frame; with ``;`` it counts drop-frame."""


class AudioStream(Contract):
    """The one audio track in use."""

    index: int
    codec: str
    sample_rate: int
    channels: int
    language: str | None = None
    title: str | None = None


class SubtitleStream(Contract):
    """A text subtitle track inside the source."""

    index: int
    codec: str
    language: str | None = None


class Source(Contract):
    """A probed input file. ``duration`` is what can really be decoded, not what a header claims."""

    path: Path
    sha256: Sha256
    size_bytes: int
    container: str
    duration: Annotated[float, Field(gt=0)]
    video: VideoStream | None
    audio: AudioStream | None
    audio_tracks: int = 0
    subtitles: tuple[SubtitleStream, ...] = ()
    sidecar: FileRef | None = None
    """Subtitles found beside the file: same stem, .srt, .vtt or .ass."""
    title: str
    """The file's stem in readable form; untrusted text."""
    warnings: Warnings = ()
