"""Settings of a machine: environment variables and ``.env``; nothing is read at import time."""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One field a setting; the variable is ``OMNI_`` and the field's name unless an alias says otherwise."""

    model_config = SettingsConfigDict(env_prefix="OMNI_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(default_factory=lambda: user_data_path("omni-operator"))
    """Memory, work files, models and Prefect's own database live below it."""
    output: Path = Path("output")
    ffmpeg: Path | None = None
    """A binary to use instead of the system's or the bundled one."""
    fonts: tuple[Path, ...] = ()
    """Folders with more caption fonts."""
    render_workers: int = Field(default=2, ge=1, le=64)
    """FFmpeg processes at a time; two were best on two cores (FACTS.md)."""
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

    @property
    def work(self) -> Path:
        """Finished clips by content: what makes a second run free."""
        return self.home / "work"

    @property
    def models(self) -> Path:
        """Speech models that were fetched."""
        return self.home / "models"

    @property
    def memory(self) -> Path:
        """Qdrant's folder when there is no server."""
        return self.home / "memory"
