"""What the craft needs of an object store."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from omni.contracts import Contract, FileRef


class Stored(Contract):
    """A file in the store; ``etag`` (without quotes) changes with its bytes, where the store has one."""

    size_bytes: int
    etag: str | None = None
    modified_at: datetime | None = None


class Sink(Protocol):
    """Takes a file piece by piece."""

    def write(self, chunk: bytes, /) -> object:
        """Append a piece; raises StoreUnavailable."""
        ...


class Storage(Protocol):
    """Files that every machine sees. Keys are relative paths (``uploads/4f2/talk.mp4``); a folder is a key's beginning.

    Raises StoreUnavailable, StoreKeyRefused for a key that leaves the store, StoredFileMissing where nothing is read.
    """

    @property
    def where(self) -> str:
        """Address of the store, without credentials."""
        ...

    def publish(self, folder: Path, name: str) -> str:
        """Make ``jobs/<name>`` equal to a delivered folder, its manifest last; return its URL.

        Sent again, nothing that is there is sent; the manifest is away while other files change.
        """
        ...

    def fetch(self, key: str, target: Path, *, sha256: str | None = None) -> FileRef:
        """Copy a file to this machine, complete or not at all; nothing is fetched when ``target`` has that digest."""
        ...

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Open a file now and yield its bytes [start, end) in pieces of a few MiB, all of one version of the file."""
        ...

    def stat(self, key: str) -> Stored | None:
        """Return what is known of a file, or ``None`` where there is none."""
        ...

    def writing(self, key: str) -> AbstractContextManager[Sink]:
        """Write a file piece by piece; it appears when the block ends, and never when the block fails."""
        ...

    def put(self, key: str, chunks: Iterable[bytes]) -> Stored:
        """Write a file from pieces; it appears when it is complete."""
        ...

    def delete(self, prefix: str) -> None:
        """Remove a file, or a folder with its manifest first; fine when it isn't there."""
        ...

    def list(self, prefix: str) -> dict[str, Stored]:
        """Return the files of a folder by their keys, in order."""
        ...
