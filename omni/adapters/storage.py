"""Files that every machine sees, on S3 or on any other filesystem that fsspec knows by a URL."""

import errno
import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from omni.adapters.filesystems import Filesystem, Upload, is_leftover
from omni.contracts import FileRef
from omni.errors import DiskFull, StoreUnavailable
from omni.packaging.publishing import (
    COMMIT_MARK,
    INDEX,
    Content,
    Publication,
    checked,
    contents_of,
    index_text,
    plan,
    read_index,
    unlike,
)
from omni.ports.storage import Sink, Stored

_CHUNK = 1 << 20
_PIECE = 4 << 20
"""One range request a piece: large enough to hide its latency, small enough for many readers at a time."""
_GULP = 32 << 20
"""The same where one reader wants the whole file."""
_AT_A_TIME = 4
"""Files at a time of a publication; each of them holds up to two parts (16 MiB) in memory."""

T = TypeVar("T")


class Store:
    """Fulfils the port ``Storage``; nothing is loaded or asked before the first call, and no call waits for ever."""

    def __init__(self, url: str, *, connect_seconds: float = 5, read_seconds: float = 30) -> None:
        self._place = Filesystem(url, connect_seconds=connect_seconds, read_seconds=read_seconds)

    @property
    def where(self) -> str:
        return self._place.where

    def publish(self, folder: Path, name: str) -> str:
        prefix = checked(f"jobs/{name}")
        wanted = contents_of(folder)
        if COMMIT_MARK not in wanted:
            msg = f"{folder} has no {COMMIT_MARK}: it isn't a delivered folder"
            raise ValueError(msg)
        todo = plan(wanted, self._index(prefix), self._sizes(prefix))
        if todo is not None:
            self._carry_out(todo, folder, prefix)
            self._commit(wanted, folder, prefix)
        return f"{self.where}/{prefix}"

    def fetch(self, key: str, target: Path, *, sha256: str | None = None) -> FileRef:
        if sha256 is not None and target.is_file():
            known = _reference(target)
            if known.sha256 == sha256:
                return known
        part = target.with_name(f".{uuid4().hex}.part")
        try:
            fetched = self._fetched(key, part, sha256)
            part.replace(target)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise DiskFull(path=target) from error
            raise
        finally:
            part.unlink(missing_ok=True)
        return fetched.model_copy(update={"path": target})

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        return self._place.read(checked(key), start, end, _PIECE)

    def stat(self, key: str) -> Stored | None:
        return self._place.stat(checked(key))

    @contextmanager
    def writing(self, key: str) -> Generator[Sink]:
        upload = Upload(self._place, checked(key))
        try:
            yield upload
            upload.commit()
        except BaseException:  # a cancelled run is ended by a TerminationSignal, which is not an Exception
            upload.abort()
            raise

    def put(self, key: str, chunks: Iterable[bytes]) -> Stored:
        with self.writing(key) as sink:
            for chunk in chunks:
                sink.write(chunk)
        stored = self.stat(key)
        if stored is None:
            raise StoreUnavailable(where=self.where, reason=f"{key} was written and isn't there")
        return stored

    def delete(self, prefix: str) -> None:
        keys = tuple(self._place.found(checked(prefix)))
        marks = tuple(key for key in keys if key.rpartition("/")[2] == COMMIT_MARK)
        _each(self._place.remove, marks)
        _each(self._place.remove, tuple(key for key in keys if key not in marks))
        self._place.prune(prefix)

    def list(self, prefix: str) -> dict[str, Stored]:
        found = self._place.found(checked(prefix))
        return {k: s for k, s in found.items() if not is_leftover(k) and k.rpartition("/")[2] != INDEX}

    def _index(self, prefix: str) -> dict[str, Content]:
        key = f"{prefix}/{INDEX}"
        return read_index(b"".join(self.read(key))) if self.stat(key) else {}

    def _sizes(self, prefix: str) -> dict[str, int]:
        """Return the sizes of all that is in a folder, leftovers too, so that they are cleared."""
        return {k.removeprefix(f"{prefix}/"): s.size_bytes for k, s in self._place.found(prefix).items()}

    def _carry_out(self, todo: Publication, folder: Path, prefix: str) -> None:
        """Take the manifest away, then make every other file what it should be."""
        for mark in (COMMIT_MARK, INDEX):
            self._place.remove(f"{prefix}/{mark}")
        _each(lambda name: self._place.remove(f"{prefix}/{name}"), todo.delete)
        _each(lambda name: self._send(folder / name, f"{prefix}/{name}"), todo.send)
        _each(lambda pair: self._place.copy((f"{prefix}/{pair[0]}", f"{prefix}/{pair[1]}")), todo.copy)

    def _commit(self, wanted: dict[str, Content], folder: Path, prefix: str) -> None:
        """Look at what arrived, and put the manifest there only when it is all."""
        files = {name: content for name, content in wanted.items() if name != COMMIT_MARK}
        self._verify(files, prefix)
        self.put(f"{prefix}/{INDEX}", [index_text(wanted).encode()])
        self._send(folder / COMMIT_MARK, f"{prefix}/{COMMIT_MARK}")
        self._verify(wanted, prefix)

    def _verify(self, wanted: dict[str, Content], prefix: str) -> None:
        if wrong := unlike(wanted, self._sizes(prefix)):
            reason = f"{len(wrong)} files of {prefix} did not arrive whole: {', '.join(wrong[:3])}"
            raise StoreUnavailable(where=self.where, reason=reason)

    def _send(self, file: Path, key: str) -> None:
        with file.open("rb") as data, self.writing(key) as sink:
            for piece in iter(lambda: data.read(_CHUNK), b""):
                sink.write(piece)

    def _fetched(self, key: str, part: Path, sha256: str | None) -> FileRef:
        pieces = self._place.read(checked(key), 0, None, _GULP)
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        fetched = _reference(part)
        if sha256 not in {None, fetched.sha256}:
            raise StoreUnavailable(where=self.where, reason=f"{key} has not the sha256 that it was uploaded with")
        return fetched


def _each(work: Callable[[T], None], things: tuple[T, ...]) -> None:
    """Do all of it a few at a time; after the first failure nothing more is begun."""
    pool = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="store")
    try:
        for _ in pool.map(work, things):
            pass
    finally:
        pool.shutdown(cancel_futures=True)


def _reference(path: Path) -> FileRef:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileRef(path=path, sha256=digest, size_bytes=path.stat().st_size)
