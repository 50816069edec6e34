"""What the craft needs from the outside, as protocols; the adapters of the same names fulfil them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from omni.contracts import (
    Analysis,
    AudioStream,
    Brief,
    Campaign,
    ClipPlan,
    Contract,
    Dossier,
    FaceBox,
    FileRef,
    Loudness,
    Precedent,
    Precedents,
    Source,
    Span,
    SubtitleStream,
    VideoStream,
    Warnings,
    Word,
)

Progress = Callable[[float], None]
"""Called with the done fraction, 0–1, never going back."""

Samples = NDArray[np.float32]
"""Mono sound, −1…1, shape (n,)."""

Picture = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""


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
    rotation: int
    video_start: float
    video_duration: float
    audio_codec: str | None
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


class AudioTrack(AudioStream):
    """An audio track as found; ``peak_dbfs`` of its first minute is measured only where there is a choice."""

    is_default: bool
    peak_dbfs: float | None


class Probe(Contract):
    """What a container really holds: streams that decode, and times read off its packets."""

    container: str
    header_duration: float | None
    pictures: tuple[VideoStream, ...]
    """Moving pictures; cover images are left out."""
    tracks: tuple[AudioTrack, ...]
    subtitles: tuple[SubtitleStream, ...]
    picture_end: float
    """When the last frame of the first picture ends; 0 without one. Times count from the container's start."""
    sound_end: float


class Prober(Protocol):
    """Opens a container without trusting it."""

    def probe(self, path: Path) -> Probe:
        """Read all packets; raises SourceUnreadable or SourceTruncated."""
        ...


class Media(Protocol):
    """FFmpeg and the container library: everything that opens, decodes or writes media."""

    def identity(self) -> str:
        """Name and version of the binary in use, and its encoder: part of the render cache key."""
        ...

    def frames(self, source: Source, *, width: int, height: int, fps: float) -> Iterator[Picture]:
        """Yield every frame at a constant rate from t = 0, frame ``i`` being at ``i / fps``; streamed, display-oriented."""
        ...

    def sound(self, source: Source, *, rate: int, block_seconds: float) -> Iterator[Samples]:
        """Yield the chosen track as mono blocks of ``block_seconds`` (the last may be shorter), from t = 0."""
        ...

    def loudness(
        self, path: Path, *, audio_index: int, span: Span | None = None, gain_db: float | None = None
    ) -> Loudness:
        """Measure EBU R128 loudness and true peak of a track or a span of it; with ``gain_db``, as a Short would sound."""
        ...

    def subtitles(self, source: Source, stream: SubtitleStream) -> str:
        """Return an embedded text track as SRT."""
        ...

    def render(
        self, source: Source, plan: ClipPlan, target: Path, *, gain_db: float, on_progress: Progress | None = None
    ) -> Encoding:
        """Encode one Short in one pass; ``target`` appears only when it is complete.

        Where an encoder of the graphics card fails, libx264 takes its place.
        """
        ...

    def poster(self, video: Path, at: float, target: Path) -> None:
        """Write the frame at ``at`` seconds as JPEG."""
        ...

    def inspect(self, path: Path) -> Inspection:
        """Open an encoded file again and measure it."""
        ...

    def stillness(self, source: Source, span: Span) -> Stillness:
        """Look for black and frozen stretches in a span of a source, a little less strictly than in a Short."""
        ...

    def caption_extent(self, plan: ClipPlan) -> CaptionExtent:
        """Draw the caption script on nothing and return where it drew."""
        ...


class SpeechDetector(Protocol):
    """Voice activity detection."""

    def probabilities(self, blocks: Iterator[Samples]) -> NDArray[np.float32]:
        """Return one speech probability per ``hop_seconds`` for a 16 kHz stream."""
        ...

    @property
    def hop_seconds(self) -> float:
        """Seconds that one probability stands for."""
        ...


class Transcriber(Protocol):
    """Speech to words."""

    @property
    def engine(self) -> str:
        """Name and model, for cache keys and results."""
        ...

    @property
    def is_here(self) -> bool:
        """Whether the model is on this machine; looks at files only."""
        ...

    def unavailable(self) -> str | None:
        """Return why no words can be had (for a warning), or ``None`` when the model is here or can be fetched."""
        ...

    def transcribe(
        self, sound: Samples, language: str | None, on_progress: Progress | None = None
    ) -> tuple[tuple[Word, ...], str | None]:
        """Return the words of a 16 kHz recording, and the language."""
        ...


class FaceDetector(Protocol):
    """Faces in one picture."""

    @property
    def engine(self) -> str:
        """Name of the model, for results."""
        ...

    def detect(self, picture: Picture, t: float) -> tuple[FaceBox, ...]:
        """Return the faces, best first."""
        ...


class Analyst(Protocol):
    """Finds the moments."""

    @property
    def engine(self) -> str:
        """Name, model and revision, for cache keys and results."""
        ...

    def analyze(self, dossier: Dossier) -> Analysis:
        """Return topic, titles and clips; raises :class:`omni.errors.NothingToClip`."""
        ...


class Copywriter(Protocol):
    """Writes strategy and posts."""

    @property
    def engine(self) -> str:
        """Name, model and revision, for cache keys and results."""
        ...

    def write(self, analysis: Analysis, precedents: Precedents, brief: Brief) -> Campaign:
        """Return a strategy, and a post for each clip and platform of the brief."""
        ...


class Embedder(Protocol):
    """Text to vectors."""

    @property
    def name(self) -> str:
        """Identity of the vector space; vectors of different names are never compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one unit vector a text."""
        ...


class MemoryRecord(Contract):
    """One thing to keep. ``id`` is a uuid5, so that keeping it again changes nothing."""

    id: str
    workspace: str
    kind: str
    strategy_id: str
    source_sha256: str
    source_title: str
    title: str
    text: str
    span: Span | None = None
    payload: dict[str, str | float | int | None] = Field(default_factory=dict[str, str | float | int | None])


class Memory(Protocol):
    """What was made before."""

    @property
    def engine(self) -> str:
        """Where the memory is and which embedder it uses."""
        ...

    def keep(self, records: Sequence[MemoryRecord]) -> None:
        """Store records, replacing those of the same id."""
        ...

    def search(
        self, workspace: str, question: str, *, limit: int, except_strategy: str | None = None
    ) -> tuple[Precedent, ...]:
        """Return what is nearest in meaning, best first (dense and BM25, fused by rank); one strategy may be left out."""
        ...

    def of_source(self, workspace: str, source_sha256: str) -> tuple[Precedent, ...]:
        """Return every clip kept of one source."""
        ...


class Stored(Contract):
    """A file in the store; ``etag`` (without quotes) changes with its bytes, where the store has one."""

    size_bytes: int
    etag: str | None = None
    modified_at: datetime | None = None


class Sink(Protocol):
    """Takes a file piece by piece."""

    def write(self, chunk: bytes, /) -> object:
        """Append a piece; raises StoreUnavailable."""
        ...


class Storage(Protocol):
    """Files that every machine sees. Keys are relative paths (``uploads/4f2/talk.mp4``); a folder is a key's beginning.

    Raises StoreUnavailable, StoreKeyRefused for a key that leaves the store, StoredFileMissing where nothing is read.
    """

    @property
    def where(self) -> str:
        """Address of the store, without credentials."""
        ...

    def publish(self, folder: Path, name: str) -> str:
        """Make ``jobs/<name>`` equal to a delivered folder, its manifest last; return its URL.

        Sent again, nothing that is there is sent; the manifest is away while other files change.
        """
        ...

    def fetch(self, key: str, target: Path, *, sha256: str | None = None) -> FileRef:
        """Copy a file to this machine, complete or not at all; nothing is fetched when ``target`` has that digest."""
        ...

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Open a file now and yield its bytes [start, end) in pieces of a few MiB, all of one version of the file."""
        ...

    def stat(self, key: str) -> Stored | None:
        """Return what is known of a file, or ``None`` where there is none."""
        ...

    def writing(self, key: str) -> AbstractContextManager[Sink]:
        """Write a file piece by piece; it appears when the block ends, and never when the block fails."""
        ...

    def put(self, key: str, chunks: Iterable[bytes]) -> Stored:
        """Write a file from pieces; it appears when it is complete."""
        ...

    def delete(self, prefix: str) -> None:
        """Remove a file, or a folder with its manifest first; fine when it isn't there."""
        ...

    def list(self, prefix: str) -> dict[str, Stored]:
        """Return the files of a folder by their keys, in order."""
        ...


class Answer(Protocol):
    """What a receiver said."""

    @property
    def status(self) -> int:
        """HTTP status."""
        ...

    @property
    def retry_after(self) -> float | None:
        """Seconds for which it asks to be left alone."""
        ...


class Messenger(Protocol):
    """Sends to addresses that users name."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send once, without following redirects; raises AddressRefused or AddressUnreachable."""
        ...
