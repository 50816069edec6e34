"""Where the memory lives, who may open it when, and how its errors read."""

import json
import logging
import os
import sqlite3
import threading
import warnings
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from filelock import FileLock, Timeout
from qdrant_client import QdrantClient
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from omni.adapters.qdrant.collection import LOCAL_INDEXES, SERVER_INDEXES
from omni.adapters.qdrant.requests import LaidOut, Requests
from omni.adapters.qdrant.rows import DAMAGES, Rows, damaged
from omni.adapters.qdrant.store import Store
from omni.errors import MemoryLocked, MemoryUnavailable, RecordsRefused

_SERVER_SECONDS = 10
"""Time-out of one request; an upsert of a job's dozen points takes milliseconds."""

_POLL_SECONDS = 0.02
"""Between two tries for the file lock; a turn lasts about as long."""

_PATIENT_SECONDS = 3.0
"""After so long somebody should know why nothing happens."""

_NOT_TAKEN = {400, 413, 422}
"""What a server answers to points that it will never take: they break its rules or its limits."""

_log = logging.getLogger(__name__)


class Home(Protocol):
    """A place that can be opened."""

    @property
    def name(self) -> str:
        """Kind of place, for ``engine``."""
        ...

    @property
    def where(self) -> str:
        """The place itself, for messages; without secrets."""
        ...

    def exists(self) -> bool:
        """Tell, without opening it, whether something may be kept here."""
        ...

    def stamp(self) -> str | None:
        """Name the state of what is kept: another one as soon as it may have changed; ``None`` where others may write unseen."""
        ...

    def open(self) -> AbstractContextManager[Store]:
        """Own the place for the length of the block."""
        ...

    def changes(self) -> None:
        """Give what is kept another stamp; called by the owner, before it changes anything."""
        ...

    def scrub(self) -> None:
        """Leave nothing readable of what was deleted; called by the owner."""
        ...


class Ram:
    """One client for the life of the object; threads take turns, for the local Qdrant isn't thread-safe."""

    name = where = "ram"

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._client = QdrantClient(":memory:")
        self._changes = 0

    def exists(self) -> bool:
        return True

    def stamp(self) -> str | None:
        return str(self._changes)

    def changes(self) -> None:
        self._changes += 1

    def scrub(self) -> None:
        """There is no disk."""

    @contextmanager
    def open(self) -> Generator[Store]:
        with self._turn:
            yield LaidOut(self._client, LOCAL_INDEXES)


class Disk:
    """A folder with one owner at a time: threads and processes take turns at its file lock.

    Nothing outlives a turn, so neither a fork nor a kill leaves a lock or a stale copy of the points behind. Beside Qdrant's
    files lie the lock, who holds it (for those who wait), and the stamp.
    """

    name = "disk"

    def __init__(self, folder: Path, lock_seconds: float) -> None:
        self.where = str(folder)
        self._folder = folder
        self._meta = folder / "meta.json"  # Qdrant's list of collections, its first file
        self._owner = folder / "owner.pid"
        self._stamp = folder / "stamp"
        self._lock_seconds = lock_seconds

    def exists(self) -> bool:
        return self._meta.exists()

    def stamp(self) -> str | None:
        try:
            return self._stamp.read_text(encoding="ascii")
        except FileNotFoundError:
            return ""

    def changes(self) -> None:
        self._stamp.write_text(uuid4().hex, encoding="ascii")

    @contextmanager
    def open(self) -> Generator[Store]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(self._folder / "owner.lock", poll_interval=_POLL_SECONDS)
        self._acquire(lock)
        try:
            self._owner.write_text(str(os.getpid()), encoding="ascii")
            with self._rows() as rows:
                yield rows
        finally:
            lock.release()

    def scrub(self) -> None:
        for database in self._folder.glob("collection/*/storage.sqlite"):
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("VACUUM")  # a deleted row stays readable in the file until its page is used again

    def _acquire(self, lock: FileLock) -> None:
        """Wait for the turn; after some seconds say for whom."""
        quiet = min(_PATIENT_SECONDS, self._lock_seconds)
        try:
            lock.acquire(timeout=quiet)
        except Timeout:
            if quiet < self._lock_seconds:
                _log.warning(
                    "%s holds the memory at %s; waiting for at most %.0f s",
                    self._holder(),
                    self.where,
                    self._lock_seconds,
                )
            try:
                lock.acquire(timeout=self._lock_seconds - quiet)
            except Timeout as error:
                raise self._locked() from error

    def _holder(self) -> str:
        try:
            return f"Process {int(self._owner.read_text(encoding='ascii'))}"
        except (OSError, ValueError):
            return "Another process"

    def _rows(self) -> AbstractContextManager[Rows]:
        try:
            return closing(Rows(self._folder, self._load))
        except RuntimeError as error:  # "already accessed": an owner that doesn't know our lock
            raise self._locked() from error

    def _load(self) -> QdrantClient:
        """Open the folder by Qdrant's own client, which reads all of it: where the collection is to be made or changed."""
        if self._meta.exists() and self._meta.stat().st_size == 0:
            self._meta.unlink()  # Qdrant was killed while it wrote the very first one: nothing is stored yet
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # above 20 000 points it warns of what it does itself
                return QdrantClient(path=self.where)
        except DAMAGES as error:
            raise damaged(self.where, error) from error

    def _locked(self) -> MemoryLocked:
        return MemoryLocked(path=self.where, seconds=self._lock_seconds, holder=self._holder())


class Server:
    """A Qdrant server; one client a turn, so that neither a fork nor an idle connection can break it."""

    name = "server"

    def __init__(self, url: str, api_key: str | None) -> None:
        self._url = url
        self._key = (api_key or "").strip()  # a secret that comes from a file ends in a line break
        self.where = _without_secrets(url)

    def exists(self) -> bool:
        return True

    def stamp(self) -> str | None:
        return None

    def changes(self) -> None:
        """Nobody lays out what a server keeps."""

    def scrub(self) -> None:
        """Leave it to the server's optimizer, which does it in its own time."""

    @contextmanager
    def open(self) -> Generator[Store]:
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
            yield Requests(client, SERVER_INDEXES)


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


@contextmanager
def refusals(home: Home) -> Generator[None]:
    """Turn what is said of points that will never be taken into RecordsRefused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the local Qdrant's, at every point above 20 000
            yield
    except UnexpectedResponse as error:
        if error.status_code not in _NOT_TAKEN:
            raise
        raise RecordsRefused(where=home.where, reason=_reason(error)) from None
    except ValueError as error:
        raise RecordsRefused(where=home.where, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    """Say what happened in one line; the status line of a server, never the body, which may repeat the request."""
    if isinstance(error, UnexpectedResponse):
        hint = "; check QDRANT_API_KEY" if error.status_code in {401, 403} else ""
        return f"HTTP {error.status_code} {error.reason_phrase}{hint}"
    cause = error.source if isinstance(error, ResponseHandlingException) else error
    return f"{type(cause).__name__}: {str(cause).partition(chr(10))[0][:200]}"
