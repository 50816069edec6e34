"""Settings → the adapters in use: the one place where ports meet adapters. Tests replace what ``wire`` returns."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache

from omni.adapters.centerface import CenterFaceDetector
from omni.adapters.container import ContainerProber
from omni.adapters.ffmpeg import Binary, FFmpegMedia, Runner, find_binary
from omni.adapters.silero import SileroDetector
from omni.adapters.whisper import WhisperTranscriber
from omni.analysis.offline import OfflineAnalyst
from omni.captions.fontbook import FontBook
from omni.contracts import Brief, Engine
from omni.errors import EngineUnavailable
from omni.memory.hashing import HashingEmbedder
from omni.ports import Analyst, Copywriter, Embedder, FaceDetector, Media, Memory, Prober, SpeechDetector, Transcriber
from omni.settings import Settings
from omni.sourcing.ingesting import Limits, logo_reference
from omni.writing.offline import OfflineCopywriter


@dataclass(frozen=True)
class Workshop:
    """Every outside thing a job needs, each built when it is first used and kept for the process."""

    settings: Settings

    @cached_property
    def binary(self) -> Binary:
        """The FFmpeg in use; raises MediaToolMissing."""
        return find_binary(self.settings.ffmpeg)

    @cached_property
    def runner(self) -> Runner:
        """The one runner of FFmpeg processes in this process."""
        return Runner(self.binary.path, timeout_factor=self.settings.media_timeout_factor)

    @cached_property
    def media(self) -> Media:
        """Decoding and encoding."""
        encoders = self.settings.render_workers
        return FFmpegMedia(
            self.binary, self.runner, encoders=encoders, threads=max(1, (os.cpu_count() or 1) // encoders)
        )

    @cached_property
    def prober(self) -> Prober:
        """Opening containers."""
        return ContainerProber(max_pixels=self.settings.max_pixels)

    @property
    def limits(self) -> Limits:
        """What a source may be."""
        return Limits(max_seconds=self.settings.max_source_seconds, max_bytes=self.settings.max_source_bytes)

    @cached_property
    def speech(self) -> SpeechDetector:
        """Voice activity."""
        return SileroDetector()

    @cached_property
    def transcriber(self) -> Transcriber:
        """Words where no subtitles are."""
        settings = self.settings
        return WhisperTranscriber(settings.whisper_model, settings.models, settings.whisper_fetch_seconds)

    @cached_property
    def faces(self) -> FaceDetector:
        """Faces."""
        return CenterFaceDetector()

    @cached_property
    def fonts(self) -> FontBook:
        """Caption fonts: bundled, the operator's, the system's."""
        return FontBook.scan(self.settings.fonts)

    @cached_property
    def embedder(self) -> Embedder:
        """The vector space of the memory."""
        return HashingEmbedder()

    @cached_property
    def memory(self) -> Memory:
        """A Qdrant server where one is set, else a folder."""
        from omni.adapters.qdrant import QdrantMemory  # noqa: PLC0415  # 1.2 s, which `omni --help` needn't pay

        settings = self.settings
        if settings.qdrant_url:
            key = settings.qdrant_api_key.get_secret_value() if settings.qdrant_api_key else None
            return QdrantMemory.on_server(settings.qdrant_url, key, self.embedder)
        return QdrantMemory.on_disk(settings.memory, self.embedder, settings.memory_lock_seconds)

    def require(self, brief: Brief) -> None:
        """Raise BriefUnusable or EngineUnavailable for a brief that can't be followed here, before any work is done."""
        logo_reference(brief.logo)
        self.analyst(brief)
        self.copywriter(brief)

    def analyst(self, brief: Brief) -> Analyst:
        """Return who finds the moments; raises EngineUnavailable for one that was asked for and isn't there."""
        _refuse(brief.analyst, "analyst")
        return OfflineAnalyst()

    def copywriter(self, brief: Brief) -> Copywriter:
        """Return who writes; raises EngineUnavailable for one that was asked for and isn't there."""
        _refuse(brief.copywriter, "copywriter")
        return OfflineCopywriter()

    @contextmanager
    def guard(self) -> Generator[None]:
        """Whatever ends the block early, a signal too, also ends every child process and lets no new one start."""
        self.runner.resume()
        try:
            yield
        except BaseException:  # a cancelled run is ended by a TerminationSignal, which is not an Exception
            self.runner.abort()
            raise


@lru_cache(maxsize=1)
def wire() -> Workshop:
    """Return the workshop of this process."""
    return Workshop(Settings())


def _refuse(engine: Engine, role: str) -> None:
    if engine is Engine.GEMINI:
        raise EngineUnavailable(engine=engine.value, role=role, reason="this version has no Gemini engine yet")
