"""Where a memory can live, and the folder: who may open it when. Nothing here imports Qdrant's client before it is needed."""

import json
import logging
import os
import sqlite3
import warnings
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from filelock import FileLock, Timeout

from omni.adapters.qdrant.rows import DAMAGES, META, Rows, Taken, damaged
from omni.adapters.qdrant.store import Refused, Store
from omni.errors import MemoryLocked, MemoryUnavailable, RecordsRefused

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

_POLL_SECONDS = 0.02
"""Between two tries for the file lock; a turn lasts about as long."""

_PATIENT_SECONDS = 3.0
"""After so long somebody should know why nothing happens."""

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

    @property
    def most(self) -> int | None:
        """Records up to which it is quick enough beside a job; ``None`` where Qdrant itself serves them."""
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

    def equip(self) -> None:
        """Load what changing needs; called before the turn is taken, for others wait while it lasts."""
        ...

    def changes(self) -> None:
        """Give what is kept another stamp; called by the owner, before it changes anything."""
        ...

    def scrub(self) -> None:
        """Leave nothing readable of what was deleted; called by the owner."""
        ...

    def translated(self) -> AbstractContextManager[None]:
        """Turn every error of client, network, database and file system into MemoryUnavailable."""
        ...


class Disk:
    """A folder with one owner at a time: threads and processes take turns at its file lock.

    Nothing outlives a turn, so neither a fork nor a kill leaves a lock or a stale copy of the points behind. Beside Qdrant's
    files lie the lock, who holds it (for those who wait), and the stamp.
    """

    name = "disk"
    most = 50_000
    """Whoever reads anew needs half a second of the processor for 10 000 (docs/memory.md)."""

    def __init__(self, folder: Path, lock_seconds: float) -> None:
        self.where = str(folder)
        self._folder = folder
        self._meta = folder / META
        self._owner = folder / "owner.pid"
        self._stamp = folder / "stamp"
        self._lock_seconds = lock_seconds

    def exists(self) -> bool:
        return self._meta.exists()

    def stamp(self) -> str | None:
        try:
            return self._stamp.read_text(encoding="ascii") or None  # empty: a full disk kept a writer from telling more
        except FileNotFoundError:
            return ""

    def equip(self) -> None:
        import_module("qdrant_client.models")  # rows are pickled as its points

    def changes(self) -> None:
        coming = self._stamp.with_suffix(".new")
        coming.write_text(uuid4().hex, encoding="ascii")
        coming.replace(self._stamp)  # one or the other, also on a full disk: no two states have the same stamp

    @contextmanager
    def open(self) -> Generator[Store]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(self._folder / "owner.lock", poll_interval=_POLL_SECONDS)
        self._acquire(lock)
        try:
            self._owner.write_text(str(os.getpid()), encoding="ascii")
            with closing(Rows(self._folder, self._load)) as rows:
                yield rows
        except Taken as error:
            raise MemoryLocked(path=self.where, seconds=0, holder="Another Qdrant client") from error
        finally:
            lock.release()

    def scrub(self) -> None:
        for database in self._folder.glob("collection/*/storage.sqlite"):
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("VACUUM")  # a deleted row stays readable in the file until its page is used again

    @contextmanager
    def translated(self) -> Generator[None]:
        try:
            yield
        except (json.JSONDecodeError, sqlite3.Error, OSError) as error:
            reason = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
            raise MemoryUnavailable(where=self.where, reason=reason) from error

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
                raise MemoryLocked(path=self.where, seconds=self._lock_seconds, holder=self._holder()) from error

    def _holder(self) -> str:
        try:
            return f"Process {int(self._owner.read_text(encoding='ascii'))}"
        except (OSError, ValueError):
            return "Another process"

    def _load(self) -> "QdrantClient":
        """Open the folder by Qdrant's own client, which reads all of it: where the collection is to be made or changed."""
        from qdrant_client import QdrantClient  # noqa: PLC0415  # 2 s of processor time, which who only reads needn't pay

        if self._meta.exists() and self._meta.stat().st_size == 0:
            self._meta.unlink()  # Qdrant was killed while it wrote the very first one: nothing is stored yet
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # above 20 000 points it warns of what it does itself
                return QdrantClient(path=self.where)
        except RuntimeError as error:  # "already accessed": it took its turn between two of ours
            raise Taken from error
        except DAMAGES as error:
            raise damaged(self.where, error) from error


@contextmanager
def refusals(home: Home) -> Generator[None]:
    """Turn what a store says of points that it will never take into RecordsRefused."""
    try:
        yield
    except Refused as error:
        raise RecordsRefused(where=home.where, reason=str(error)) from (None if error.__suppress_context__ else error)
