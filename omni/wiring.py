"""Settings → the adapters in use: the one place where ports meet adapters. Tests replace what ``wire`` returns."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path

from pydantic import SecretStr

from omni.adapters.centerface import CenterFaceDetector
from omni.adapters.container import ContainerProber
from omni.adapters.cores import usable_cores
from omni.adapters.ffmpeg import Binary, FFmpegMedia, Runner, find_binary
from omni.adapters.ffmpeg.encoders import Choice, choose, trial_failure
from omni.adapters.minilm import MiniLmEmbedder, model_folder
from omni.adapters.otio import OtioTimelines
from omni.adapters.silero import SileroDetector
from omni.adapters.storage import Store
from omni.adapters.swift import SwiftPitch
from omni.adapters.web import fetch, post
from omni.adapters.whisper import WhisperTranscriber
from omni.analysis.offline import OfflineAnalyst
from omni.analysis.prompted.analyst import ModelAnalyst
from omni.captions.fontbook import FontBook
from omni.captions.looks import Look, look_of
from omni.contracts import Brief, Engine, Estimate, Image, Source
from omni.encoding.parallelism import shares_of
from omni.errors import BriefUnusable, EngineUnavailable, SourceError
from omni.memory.hashing import HashingEmbedder
from omni.memory.outbox import Outbox
from omni.notices.signing import secret_of
from omni.ports import (
    Analyst,
    Copywriter,
    FaceDetector,
    Media,
    Memory,
    Messenger,
    PitchDetector,
    Prober,
    SpeechDetector,
    Transcriber,
)
from omni.ports.editing import Timelines
from omni.ports.model import Embedder, LanguageModel
from omni.ports.storage import Storage
from omni.roots import admitted
from omni.settings import Settings
from omni.sourcing.fetching import SourceRules
from omni.sourcing.ingesting import Limits, logo_reference
from omni.sourcing.uploading import bring
from omni.speech.listening import Ears
from omni.spending.account import Account
from omni.spending.estimating import Footing, Models, estimate
from omni.spending.prices import Prices
from omni.writing.limits import text_area
from omni.writing.offline import OfflineCopywriter
from omni.writing.prompted.copywriter import ModelCopywriter

WEBHOOK_SECONDS = 20.0
"""A receiver has this long to take a webhook; Standard Webhooks asks for 15 to 30 s."""


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
        shares = shares_of(usable_cores(), self.settings.render_workers)
        return FFmpegMedia(self.binary, self.runner, shares=shares, encoder=self.encoder, roots=self._readable)

    @cached_property
    def encoder(self) -> Choice:
        """What encodes the Shorts: tried once a process."""
        return choose(self.settings.encoder, self.binary.encoders, lambda name: trial_failure(name, self.runner))

    @cached_property
    def prober(self) -> Prober:
        """Opening containers."""
        return ContainerProber(max_pixels=self.settings.max_pixels, roots=self._readable)

    @property
    def limits(self) -> Limits:
        """What a source may be."""
        settings = self.settings
        return Limits(settings.max_source_seconds, settings.max_source_bytes, roots=self._readable)

    @property
    def source_rules(self) -> SourceRules:
        """Where sources may come from."""
        settings = self.settings
        fetcher = self._fetch if settings.url_sources else None
        bringer = partial(bring, storage=self.storage, uploads=settings.uploads) if self.storage else None
        return SourceRules(settings.media_roots, settings.uploads, settings.downloads, fetcher, bringer)

    @property
    def messenger(self) -> Messenger:
        """Who carries webhooks."""
        return partial(post, reach=self.settings.webhook_reach, timeout=WEBHOOK_SECONDS)

    @cached_property
    def webhook_secret(self) -> str:
        """What webhooks are signed with; raises WebhookSecretUnusable."""
        return secret_of(self.settings.webhook_secret, self.settings.home)

    @cached_property
    def pitch(self) -> PitchDetector:
        """How high voices are."""
        return SwiftPitch()

    @cached_property
    def speech(self) -> SpeechDetector:
        """Voice activity."""
        return SileroDetector()

    @cached_property
    def transcriber(self) -> Transcriber:
        """Words where no subtitles are."""
        settings = self.settings
        return WhisperTranscriber(settings.whisper_model, settings.models, settings.whisper_fetch_seconds)

    @property
    def ears(self) -> Ears:
        """All that listening needs."""
        return Ears(self.media, self.speech, self.pitch, self.transcriber)

    @cached_property
    def faces(self) -> FaceDetector:
        """Faces."""
        return CenterFaceDetector()

    @cached_property
    def fonts(self) -> FontBook:
        """Caption fonts: bundled, the operator's, the system's."""
        return FontBook.scan(self.settings.fonts)

    @cached_property
    def account(self) -> Account:
        """What the job that runs in this process spends."""
        return Account(Prices(self.settings.prices))

    @cached_property
    def model(self) -> LanguageModel:
        """The language model; raises EngineUnavailable without a key."""
        from omni.adapters.gemini import GeminiModel  # noqa: PLC0415  # 0.4 s, which an offline job needn't pay

        settings = self.settings
        return GeminiModel(
            self._key("language model"), settings.gemini_model, self.account, base_url=settings.gemini_base_url,
            thinking=settings.gemini_thinking, timeout_seconds=settings.gemini_timeout_seconds,
        )  # fmt: skip

    @cached_property
    def embedder(self) -> Embedder:
        """The vector space of the memory; raises EngineUnavailable for one that was asked for and isn't there."""
        settings = self.settings
        if settings.embedding == "gemini":
            from omni.adapters.gemini import GeminiEmbedder  # noqa: PLC0415

            return GeminiEmbedder(
                self._key("embedder"), settings.gemini_embedding_model, self.account,
                base_url=settings.gemini_base_url, timeout_seconds=settings.gemini_timeout_seconds,
            )  # fmt: skip
        if settings.embedding == "minilm":
            model_folder()
            return MiniLmEmbedder()
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

    @cached_property
    def timelines(self) -> Timelines:
        """Files for editing programs."""
        return OtioTimelines()

    @property
    def places(self) -> tuple[Path, ...]:
        """Folders whose names mean nothing to who made the source: what was sent or fetched lies there."""
        return (self.settings.uploads.absolute(), self.settings.downloads.absolute())

    @cached_property
    def outbox(self) -> Outbox:
        """What waits for a memory out of reach."""
        return Outbox(self.settings.outbox, self.settings.memory_lock_seconds)

    @cached_property
    def storage(self) -> Storage | None:
        """The object store, where one is set."""
        return Store(self.settings.store) if self.settings.store else None

    def require(self, brief: Brief) -> None:
        """Raise BriefUnusable or EngineUnavailable for a brief that can't be followed here, before any work is done."""
        self.logo(brief)
        self.look(brief)
        self.analyst(brief)
        self.copywriter(brief)
        if self.settings.embedding == "minilm":
            model_folder()

    def look(self, brief: Brief) -> Look:
        """Return how the brief's Shorts are lettered; raises BriefUnusable for an unknown font or an unreadable colour."""
        return look_of(brief, text_area(brief), self.fonts)

    def logo(self, brief: Brief) -> Image | None:
        """Return the brief's logo; raises BriefUnusable when it is no PNG file below the media roots."""
        if brief.logo is None:
            return None
        try:
            return logo_reference(admitted(brief.logo, self.settings.media_roots))
        except SourceError as error:
            raise BriefUnusable(field="logo", reason=f"there is no file at {error.facts['path']}") from None

    def analyst(self, brief: Brief) -> Analyst:
        """Return who finds the moments; raises EngineUnavailable for one that was asked for and isn't there."""
        if self.models(brief).analyst:
            return ModelAnalyst(self.model, self.media, self.settings.work)
        return OfflineAnalyst()

    def copywriter(self, brief: Brief) -> Copywriter:
        """Return who writes; raises EngineUnavailable for one that was asked for and isn't there."""
        if self.models(brief).copywriter:
            return ModelCopywriter(self.model)
        return OfflineCopywriter()

    def models(self, brief: Brief) -> Models:
        """Return the model that answers in each role; raises EngineUnavailable for one that was asked for and isn't there."""
        settings = self.settings
        return Models(
            analyst=self._chosen(brief.analyst, "analyst", settings.gemini_model),
            copywriter=self._chosen(brief.copywriter, "copywriter", settings.gemini_model),
            embedder=self._chosen(settings.embedder, "embedder", settings.gemini_embedding_model),
            thinking=settings.gemini_thinking,
        )

    def budget(self, brief: Brief) -> float | None:
        """Return the most that a job may spend, in US dollars; ``None``: no limit."""
        return self.settings.budget_usd if brief.budget_usd is None else brief.budget_usd

    def estimate(self, source: Source, brief: Brief) -> Estimate:
        """Return what a job will probably cost."""
        footing = Footing(source.duration, source.video is not None, self.models(brief))
        return estimate(footing, brief, self.budget(brief), Prices(self.settings.prices))

    def _chosen(self, wanted: str, role: str, model: str) -> str | None:
        """Return ``model`` where Gemini answers: with a key, unless another engine was asked for."""
        if wanted == Engine.GEMINI:
            self._key(role)
        has_key = self.settings.gemini_api_key is not None
        return model if has_key and wanted in (Engine.AUTO, Engine.GEMINI) else None

    def _key(self, role: str) -> SecretStr:
        key = self.settings.gemini_api_key
        if key is None:
            raise EngineUnavailable(engine=Engine.GEMINI.value, role=role, reason="GEMINI_API_KEY is not set")
        return key

    @property
    def _readable(self) -> tuple[Path, ...]:
        """Folders that sources lie in, ours included, whenever FFmpeg opens one; empty: any."""
        settings = self.settings
        return (*settings.media_roots, settings.uploads, settings.downloads) if settings.media_roots else ()

    def _fetch(self, url: str, target: Path) -> str | None:
        settings = self.settings
        return fetch(
            url,
            target,
            settings.source_reach,
            max_bytes=settings.max_source_bytes,
            max_seconds=settings.url_max_seconds,
        ).filename

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
