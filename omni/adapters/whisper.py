"""faster-whisper (CTranslate2, int8 on the CPU), its model from a folder, the hub's cache, or the hub."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omni.contracts import Word
from omni.errors import EngineUnavailable
from omni.ports import Progress, Samples
from omni.speech.loops import Heard, spoken

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_RATE = 16_000
_ASK_AGAIN_SECONDS = 60.0
_WEIGHTS = "model.bin"
_REFUSED = 400
_PROBE_SECONDS = 4.0
"""A hub that is reachable answers in well under a second."""


class WhisperTranscriber:
    """Whisper's words with their times. ``folder`` keeps fetched models; ``fetch_seconds`` 0 never fetches."""

    def __init__(self, model: str, folder: Path, fetch_seconds: float) -> None:
        self._model = model
        self._folder = folder
        self._fetch_seconds = fetch_seconds
        self._loaded: Any = None
        self._asked: tuple[float, bool] | None = None

    @property
    def engine(self) -> str:
        return f"faster-whisper:{Path(self._model).name}"

    @property
    def is_here(self) -> bool:
        return _local(self._model, self._folder) is not None

    def unavailable(self) -> str | None:
        if self.is_here:
            return None
        if not _is_known(self._model):
            return self._reason("no such model is known")
        if self._fetch_seconds <= 0:
            return self._reason("fetching is switched off")
        if not self._hub_is_near():
            return self._reason("the model hub can't be reached")
        return None

    def transcribe(
        self, sound: Samples, language: str | None, on_progress: Progress | None = None
    ) -> tuple[tuple[Word, ...], str | None]:
        model: Any = self._loaded or self._load()
        self._loaded = model
        segments, info = model.transcribe(
            sound,
            language=language if language in model.supported_languages else None,
            word_timestamps=True,
            vad_filter=True,
            # Otherwise one wrong word is repeated to the end of the talk.
            condition_on_previous_text=False,
        )
        seconds = max(len(sound) / _RATE, 1e-3)
        heard: list[Heard] = []
        for segment in segments:
            heard.append(_heard(segment))
            if on_progress is not None:
                on_progress(min(1.0, segment.end / seconds))
        return spoken(heard), info.language

    def _hub_is_near(self) -> bool:
        """Ask the hub, at most once a minute: a job asks for its cache key and again for its words."""
        if self._asked is None or time.monotonic() - self._asked[0] > _ASK_AGAIN_SECONDS:
            near = _within(min(_PROBE_SECONDS, self._fetch_seconds), _hub_answers)
            self._asked = time.monotonic(), near
        return self._asked[1]

    def _load(self) -> "WhisperModel":
        from faster_whisper import WhisperModel  # noqa: PLC0415 - 0.6 s, and most sources bring subtitles

        path = _local(self._model, self._folder) or self._fetched()
        try:
            return WhisperModel(str(path), device="cpu", compute_type="int8")
        except (RuntimeError, ValueError) as error:
            why = f"the files in {path} are damaged; delete them and run again"
            raise self._failure(why) from error

    def _fetched(self) -> Path:
        """Fetch the model, giving up when nothing has arrived for ``fetch_seconds``."""
        fetch = _Fetch(self._model, self._folder)
        ended = fetch.wait(self._fetch_seconds)
        path = _local(self._model, self._folder) if ended else None
        if path is None:
            why = (
                f"fetching it failed: {fetch.failure}"
                if ended
                else f"the hub sent nothing for {self._fetch_seconds:.0f} s"
            )
            raise self._failure(why)
        return path

    def _failure(self, why: str) -> EngineUnavailable:
        return EngineUnavailable(engine=self.engine, role="transcriber", reason=self._reason(why))

    def _reason(self, why: str) -> str:
        return (
            f"no speech model ({self._model}: {why}); put a .srt file with the same name beside the source, "
            "or run once with a network connection"
        )


class _Fetch:
    """A download in a daemon thread: a hub that hangs holds neither the job nor the process."""

    def __init__(self, model: str, folder: Path) -> None:
        self.failure = "incomplete"
        self._model = model
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._thread = threading.Thread(target=self._run, daemon=True, name="fetch-speech-model")
        self._thread.start()

    def wait(self, patience: float) -> bool:
        """Return true when the download ended, false when its files didn't grow for ``patience`` seconds."""
        size, since = -1, time.monotonic()
        while self._thread.is_alive():
            self._thread.join(0.2)
            if (now := _bytes_in(self._folder)) != size:
                size, since = now, time.monotonic()
            elif time.monotonic() - since > patience:
                return False
        return True

    def _run(self) -> None:
        from faster_whisper.utils import download_model  # noqa: PLC0415

        try:
            download_model(self._model, cache_dir=str(self._folder))
        except Exception as error:  # noqa: BLE001 - told to the waiting side, which raises our own
            self.failure = type(error).__name__
            logging.getLogger(__name__).info("fetching the speech model %s failed: %s", self._model, error)


def _local(model: str, folder: Path) -> Path | None:
    """Return the folder of a complete model: a path, a folder below ours, or a cache of the hub's client."""
    from faster_whisper.utils import download_model  # noqa: PLC0415 - only when words are needed

    for place in (Path(model), folder / model):
        if (place / _WEIGHTS).is_file():
            return place
    for cache in (str(folder), None) if _is_known(model) else ():
        try:
            place = Path(str(download_model(model, local_files_only=True, cache_dir=cache)))  # pyright: ignore[reportUnknownArgumentType]
        except (OSError, ValueError):  # the client's "not in the cache" is both
            continue
        if (place / _WEIGHTS).is_file():
            return place
    return None


def _is_known(model: str) -> bool:
    """Tell whether the hub's client can look for a model: a short name of faster-whisper's, or ``owner/name``."""
    from faster_whisper import available_models  # noqa: PLC0415

    return model in available_models() or (model.count("/") == 1 and not model.startswith((".", "/")))


def _hub_answers() -> bool:
    """Ask the hub for its front page; through its client, so that proxy and mirror settings count."""
    from huggingface_hub import constants, get_session  # noqa: PLC0415

    session: Any = get_session()
    try:
        return session.head(constants.ENDPOINT, timeout=_PROBE_SECONDS).status_code < _REFUSED
    except Exception:  # noqa: BLE001 - whatever the client's transport raises, the hub did not answer
        return False


def _within(seconds: float, question: Callable[[], bool]) -> bool:
    """Ask in a thread of its own: looking up a host name can't be given a time-out."""
    answers: list[bool] = []

    def ask() -> None:
        answers.append(question())

    thread = threading.Thread(target=ask, daemon=True, name="probe-model-hub")
    thread.start()
    thread.join(seconds)
    return answers == [True]


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:  # the client renames its files while they are counted
            continue
    return total


def _heard(segment: Any) -> Heard:
    words = tuple(
        Word(start=max(0.0, word.start), end=max(0.0, word.start, word.end), text=word.word.strip())
        for word in segment.words or ()
    )
    return Heard(words, segment.no_speech_prob, segment.compression_ratio, segment.avg_logprob)
