"""Where the memory lives, who may open it when, and how its errors read."""

import json
import logging
import pickle
import sqlite3
import threading
import warnings
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from qdrant_client import QdrantClient
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from omni.adapters.qdrant.collection import LOCAL_INDEXES, SERVER_INDEXES, Indexes
from omni.errors import MemoryLocked, MemoryUnavailable

_SERVER_SECONDS = 10
"""Time-out of one request; an upsert of a job's dozen points takes milliseconds."""

_POLL_SECONDS = 0.02
"""Between two tries for the file lock; a turn lasts about as long."""

_log = logging.getLogger(__name__)


class Home(Protocol):
    """A place that a client can be opened on."""

    @property
    def name(self) -> str:
        """Kind of place, for ``engine``."""
        ...

    @property
    def where(self) -> str:
        """The place itself, for messages; without secrets."""
        ...

    @property
    def indexes(self) -> Indexes:
        """Payload indexes that are of use here."""
        ...

    def exists(self) -> bool:
        """Tell, without opening it, whether something may be kept here."""
        ...

    def open(self) -> AbstractContextManager[QdrantClient]:
        """Own the place for the length of the block."""
        ...


class Ram:
    """One client for the life of the object; threads take turns, for the local Qdrant isn't thread-safe."""

    name = where = "ram"
    indexes = LOCAL_INDEXES

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._client = QdrantClient(":memory:")

    def exists(self) -> bool:
        return True

    @contextmanager
    def open(self) -> Generator[QdrantClient]:
        with self._turn:
            yield self._client


class Disk:
    """A folder with one owner at a time: threads and processes take turns at its file lock.

    Nothing outlives a turn, so neither a fork nor a kill leaves a lock or a stale copy of the points behind.
    """

    name = "disk"
    indexes = LOCAL_INDEXES

    def __init__(self, folder: Path, lock_seconds: float) -> None:
        self.where = str(folder)
        self._folder = folder
        self._meta = folder / "meta.json"  # Qdrant's list of collections, its first file
        self._lock_seconds = lock_seconds

    def exists(self) -> bool:
        return self._meta.exists()

    @contextmanager
    def open(self) -> Generator[QdrantClient]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(self._folder / "owner.lock", timeout=self._lock_seconds, poll_interval=_POLL_SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            raise self._locked() from error
        try:
            with self._load() as client:
                yield client
        finally:
            lock.release()

    def _load(self) -> AbstractContextManager[QdrantClient]:
        if self._meta.exists() and self._meta.stat().st_size == 0:
            self._meta.unlink()  # Qdrant was killed while it wrote the very first one: nothing is stored yet
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always", UserWarning)  # above 20 000 points it warns: told, and never fatal
                client = QdrantClient(path=self.where)
        except RuntimeError as error:  # "already accessed": an owner that doesn't know our lock
            raise self._locked() from error
        except (ValueError, LookupError, TypeError, AttributeError, ImportError, EOFError, pickle.PickleError) as error:
            reason = f"its files are damaged ({type(error).__name__}: {error}); move the folder away"
            raise MemoryUnavailable(where=self.where, reason=reason) from error
        for warning in caught:
            _log.warning("%s", warning.message)
        return closing(client)

    def _locked(self) -> MemoryLocked:
        return MemoryLocked(path=self.where, seconds=self._lock_seconds)


class Server:
    """A Qdrant server; one client a turn, so that neither a fork nor an idle connection can break it."""

    name = "server"
    indexes = SERVER_INDEXES

    def __init__(self, url: str, api_key: str | None) -> None:
        self._url = url
        self._key = (api_key or "").strip()  # a secret that comes from a file ends in a line break
        self.where = _without_secrets(url)

    def exists(self) -> bool:
        return True

    @contextmanager
    def open(self) -> Generator[QdrantClient]:
        if not (self._key.isascii() and self._key.isprintable()):  # else the HTTP library's error would quote it
            raise MemoryUnavailable(where=self.where, reason="QDRANT_API_KEY holds characters that no header can carry")
        # The key as a header is the same request as ``api_key=`` without its warning about http on a private network.
        headers = {"api-key": self._key} if self._key else {}
        try:
            client = QdrantClient(url=self._url, headers=headers, timeout=_SERVER_SECONDS, check_compatibility=False)
        except ValueError:
            reason = "QDRANT_URL is not an http or https address"
            raise MemoryUnavailable(where=self.where, reason=reason) from None  # the original quotes the URL
        with closing(client):
            yield client


def _without_secrets(url: str) -> str:
    """Return scheme, host and path of a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "QDRANT_URL"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


@contextmanager
def translated(home: Home) -> Generator[None]:
    """Turn every error of client, network, database and file system into MemoryUnavailable."""
    try:
        yield
    except (ApiException, QdrantException) as error:
        # None: theirs quote the answer, and an answer may repeat the key that was sent
        raise MemoryUnavailable(where=home.where, reason=_reason(error)) from None
    except (json.JSONDecodeError, sqlite3.Error, OSError) as error:
        raise MemoryUnavailable(where=home.where, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    """Say what happened in one line; the status line of a server, never the body, which may repeat the request."""
    if isinstance(error, UnexpectedResponse):
        hint = "; check QDRANT_API_KEY" if error.status_code in {401, 403} else ""
        return f"HTTP {error.status_code} {error.reason_phrase}{hint}"
    cause = error.source if isinstance(error, ResponseHandlingException) else error
    return f"{type(cause).__name__}: {str(cause).partition(chr(10))[0][:200]}"
