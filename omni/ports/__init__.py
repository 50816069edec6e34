"""What the craft needs from the outside, as protocols; the adapters of the same names fulfil them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import AwareDatetime, Field, JsonValue

from omni.contracts import (
    Analysis,
    AudioStream,
    Brief,
    Campaign,
    ClipPlan,
    Contract,
    Dossier,
    FaceBox,
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
from omni.ports.media import CaptionExtent, ChannelLevels, Encoding, Inspection, Lettered, Mix, SheetLayout, Stillness

Progress = Callable[[float], None]
"""Called with the done fraction, 0–1, never going back."""

Samples = NDArray[np.float32]
"""Mono sound, −1…1, shape (n,)."""

Picture = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""


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

    def loudness(self, path: Path, *, audio_index: int) -> Loudness:
        """Measure EBU R128 loudness and true peak of a track."""
        ...

    def channel_levels(self, source: Source, span: Span) -> ChannelLevels | None:
        """Measure the two sides of a stretch of the chosen track; ``None`` where it isn't stereo."""
        ...

    def rehearse(self, source: Source, plan: ClipPlan, mix: Mix) -> Loudness:
        """Measure how a Short would sound with a mix, without encoding it."""
        ...

    def proxy(self, source: Source, span: Span, target: Path, *, on_progress: Progress | None = None) -> None:
        """Write a small copy of a span for a model to look at: its t = 0 is the span's start, picture and sound begin there.

        MP4; the short side has 360 pixels at most, 2 frames a second, mono sound; a source without picture gives sound only.
        """
        ...

    def subtitles(self, source: Source, stream: SubtitleStream) -> str:
        """Return an embedded text track as SRT."""
        ...

    def render(
        self, source: Source, plan: ClipPlan, target: Path, *, mix: Mix, on_progress: Progress | None = None
    ) -> Encoding:
        """Encode one Short in one pass; ``target`` appears only when it is complete.

        Where an encoder of the graphics card fails, libx264 takes its place.
        """
        ...

    def messenger_copy(self, video: Path, seconds: float, target: Path) -> None:
        """Write a Short once more at 720×1280, with the same sound, small enough for messengers: under 45 MB at 90 s."""
        ...

    def poster(self, video: Path, at: float, target: Path) -> None:
        """Write the frame at ``at`` seconds as JPEG."""
        ...

    def strip(self, video: Path, seconds: float, layout: SheetLayout, target: Path) -> None:
        """Write frames of a Short side by side as PNG, with the safe area drawn."""
        ...

    def contact_sheet(self, strips: Sequence[Path], words: Lettered, layout: SheetLayout, target: Path) -> None:
        """Write strips one above the other as PNG, with words at their left."""
        ...

    def preview(self, picture: Path, width: int, target: Path) -> None:
        """Write a PNG as a small JPEG of this width."""
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


class PitchDetector(Protocol):
    """How high voices are."""

    @property
    def hop_seconds(self) -> float:
        """Seconds that one pitch stands for."""
        ...

    def begin(self) -> "PitchStream":
        """Begin with a new sound."""
        ...


class PitchStream(Protocol):
    """One 16 kHz sound, heard block by block; all pitches together are those of the whole."""

    def push(self, block: Samples) -> NDArray[np.float32]:
        """Return the next pitches in Hz, 0 where no voice has one; the last few wait for the next block."""
        ...

    def finish(self) -> NDArray[np.float32]:
        """Return the pitches that are left."""
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
        """Return topic, titles and clips; raises :class:`omni.errors.NothingToClip`, or ModelError."""
        ...


class Copywriter(Protocol):
    """Writes strategy and posts."""

    @property
    def engine(self) -> str:
        """Name, model and revision, for cache keys and results."""
        ...

    def write(self, analysis: Analysis, precedents: Precedents, brief: Brief) -> Campaign:
        """Return a strategy, and a post for each clip and platform of the brief; raises ModelError."""
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
    payload: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """What only its kind carries (docs/memory.md)."""
    created_at: AwareDatetime | None = None
    """When it was first kept, and when last; set by the memory where they are empty."""
    updated_at: AwareDatetime | None = None


class Holdings(Contract):
    """What a memory keeps, and how."""

    engine: str
    where: str
    """The place, without secrets."""
    collection: str = ""
    alias: str = ""
    """By which name the collection is spoken to: its own until the first write of this version."""
    vectors: tuple[str, ...] = ()
    """Embedders that made meanings of what is kept, as the collection names them."""
    counts: dict[str, dict[str, int]] = Field(default_factory=dict[str, dict[str, int]])
    """Records of each kind, by workspace."""
    without_meaning: int = 0
    """Strategies and clips that the embedder in use knows nothing of yet: they are found by their words."""
    most: int | None = None
    """Records up to which the place is quick enough beside a job."""

    @property
    def kept(self) -> int:
        """Records of all kinds and workspaces."""
        return sum(count for kinds in self.counts.values() for count in kinds.values())

    @property
    def is_outgrown(self) -> bool:
        """Tell whether the memory should move to a server."""
        return self.most is not None and self.kept > self.most


class Memory(Protocol):
    """What was made before."""

    @property
    def engine(self) -> str:
        """Where the memory is and which embedder it uses."""
        ...

    def keep(self, records: Sequence[MemoryRecord], *, by_meaning: bool = True) -> Warnings:
        """Store records, replacing those of the same id, and return what is to be told of it.

        Those kept without their meaning are found by their words. Raises RecordsRefused, or ModelError where it asks.
        """
        ...

    def search(
        self,
        workspace: str,
        question: str,
        *,
        limit: int,
        kinds: Sequence[str] = ("strategy", "clip"),
        except_strategies: Collection[str] = (),
        by_meaning: bool = True,
    ) -> tuple[Precedent, ...]:
        """Return what is nearest in meaning and words, best first (dense and BM25, fused by rank); strategies may be left out.

        Posts, where they are asked for, are found by their words. ``by_meaning=False`` asks no embedder. Raises ModelError when that one fails.
        """
        ...

    def of_source(self, workspace: str, source_sha256: str) -> tuple[Precedent, ...]:
        """Return every clip kept of one source."""
        ...

    def records(self, workspace: str | None = None, *kinds: str) -> Iterator[MemoryRecord]:
        """Yield what is kept, of one workspace or of all, of some kinds or of every: for learning and for export."""
        ...

    def forget(self, ids: Sequence[str]) -> None:
        """Delete these records, as far as they are kept, and leave nothing readable of them."""
        ...

    def reindex(self, on_progress: Progress | None = None) -> int:
        """Give the meaning that the embedder in use makes of it to all that lacks it, and return how much that was.

        Others read and keep meanwhile. What is done stays done: called again, it goes on. Raises ModelError.
        """
        ...

    def holdings(self) -> Holdings:
        """Count what is kept."""
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
