"""A transcriber that says what it is told, or nothing at all."""

from omni.contracts import Word
from omni.errors import EngineUnavailable
from omni.ports import Progress, Samples


class FakeTranscriber:
    """Fulfils the port ``Transcriber``. ``says`` is said once a second of every recording; ``breaks`` on the first one."""

    engine = "fake-whisper:tiny"

    def __init__(self, *says: str, reason: str | None = None, breaks: bool = False, language: str = "en") -> None:
        self._says = says
        self._reason = reason
        self._breaks = breaks
        self._language = language
        self.heard: list[tuple[float, str | None]] = []

    @property
    def is_here(self) -> bool:
        return self.unavailable() is None

    def unavailable(self) -> str | None:
        return self._reason

    def transcribe(
        self, sound: Samples, language: str | None, on_progress: Progress | None = None
    ) -> tuple[tuple[Word, ...], str | None]:
        if self._breaks:
            raise EngineUnavailable(engine=self.engine, role="transcriber", reason="the download broke off")
        self.heard.append((len(sound) / 16_000, language))
        if on_progress:
            on_progress(0.5)
            on_progress(1.0)
        words = tuple(Word(start=i, end=i + 0.5, text=text) for i, text in enumerate(self._says))
        return words, self._language if words else None
