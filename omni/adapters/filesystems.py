"""A place that fsspec can open by its URL, with keys for paths and this project's errors for everybody's."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import uuid4

from omni.errors import OmniError, StoredFileMissing, StoreUnavailable
from omni.ports.storage import Stored

_PART = 8 << 20
"""Part of a multipart upload: S3 takes 10 000 of them, so 80 GB."""
_TRIES = 2
"""botocore's tries of a request, and s3fs's of those: a server that never answers costs four timeouts."""
_LEFTOVER = re.compile(r"(^|/)\.[0-9a-f]{32}\.part$")
_USER = re.compile(r"(?<=//)[^/\s]+@")
_S3 = frozenset({"s3", "s3a"})
_FOLDERS = frozenset({"file", "local"})


class Upload:
    """One file on its way: an object store shows it when it is closed, elsewhere it waits under another name."""

    def __init__(self, place: "Filesystem", key: str) -> None:
        self._place = place
        self._key = key
        self._way = key if place.is_object_store else beside(key)
        with place.translated():
            self._file: Any = place.files.open(place.path(self._way), "wb", block_size=_PART)

    def write(self, chunk: bytes, /) -> None:
        """Append a piece; on an object store every 8 MiB leave this machine."""
        with self._place.translated():
            self._file.write(chunk)

    def commit(self) -> None:
        """Give the file its name."""
        with self._place.translated():
            self._file.close()
            if self._way != self._key:
                self._place.files.mv(self._place.path(self._way), self._place.path(self._key))

    def abort(self) -> None:
        """Leave nothing behind as far as that can be done: whatever ended the upload is what is told."""
        if self._place.is_object_store:
            self._file.closed = True  # so that collecting it doesn't finish the upload
            with suppress(Exception):
                self._file.discard()
            return
        with suppress(Exception):
            self._file.close()
        with suppress(Exception):
            self._place.files.rm_file(self._place.path(self._way))


class Filesystem:
    """Opened when it is first used, so that nothing of fsspec is loaded where no store is set."""

    def __init__(self, url: str, *, connect_seconds: float, read_seconds: float) -> None:
        self._url = url
        self._seconds = connect_seconds, read_seconds
        self.where = without_secrets(url)

    def read(self, key: str, start: int, end: int | None, piece: int) -> Iterator[bytes]:
        """Open now and return [start, end) in pieces of so many bytes; a file replaced meanwhile fails on S3."""
        with self.translated(key):
            file: Any = self.files.open(self.path(key), "rb", block_size=piece, cache_type="none")
            size = int(getattr(file, "size", None) or self.files.info(self.path(key))["size"])  # SFTP files know none
        return self._pieces(file, key, range(start, size if end is None else min(end, size), piece))

    def stat(self, key: str) -> Stored | None:
        """Return what is known of a file, or ``None`` where there is none."""
        try:
            with self.translated(key):
                info: dict[str, Any] = self.files.info(self.path(key))
        except StoredFileMissing:
            return None
        return _stored(info) if info["type"] == "file" else None

    def found(self, prefix: str) -> dict[str, Stored]:
        """Return every file below a folder by its key, leftovers of killed uploads too."""
        root = self.path("")
        with self.translated():
            infos: dict[str, dict[str, Any]] = self.files.find(self.path(prefix), detail=True)
        return {name.removeprefix(root): _stored(info) for name, info in sorted(infos.items())}

    def copy(self, names: tuple[str, str]) -> None:
        """Copy inside the place: from the first key to the second."""
        origin, target = names
        way = target if self.is_object_store else beside(target)
        with self.translated(origin):
            self.files.cp_file(self.path(origin), self.path(way))
            if way != target:
                self.files.mv(self.path(way), self.path(target))

    def remove(self, key: str) -> None:
        """Remove a file; fine when it isn't there."""
        with suppress(StoredFileMissing), self.translated(key):
            self.files.rm_file(self.path(key))

    def prune(self, prefix: str) -> None:
        """Remove the empty folders of a removed prefix, where folders are real ones."""
        if self._protocol in _FOLDERS:
            with self.translated(), suppress(FileNotFoundError):
                self.files.rm(self.path(prefix), recursive=True)

    def path(self, key: str) -> str:
        """Return what fsspec calls a key."""
        return f"{self._root.rstrip('/')}/{key}"

    @property
    def is_object_store(self) -> bool:
        """Whether a file appears only when it is closed: so it is in fsspec's asynchronous ones (S3, GCS, Azure)."""
        return bool(self.files.async_impl)

    @property
    def files(self) -> Any:
        """The filesystem itself."""
        return self._opened[0]

    @property
    def _root(self) -> str:
        return self._opened[1]

    @property
    def _protocol(self) -> str:
        return self._url.partition("://")[0] if "://" in self._url else ""

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        if not self._protocol:
            raise StoreUnavailable(where=self.where, reason="it isn't a URL such as s3://bucket/prefix")
        if self._protocol in _S3 and "@" in urlsplit(self._url).netloc:
            reason = "a URL of S3 holds no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            raise StoreUnavailable(where=self.where, reason=reason)
        with self.translated():
            fsspec: Any = import_module("fsspec.core")  # 0.1 s, and most machines have no store
            opened: tuple[Any, str] = fsspec.url_to_fs(self._url, **self._options)
            if self._protocol in _S3:
                opened[0].retries = _TRIES
        return opened

    @property
    def _options(self) -> dict[str, Any]:
        if self._protocol in _FOLDERS:
            return {"auto_mkdir": True}
        if self._protocol not in _S3:
            return {}
        connect, read = self._seconds
        retries = {"mode": "standard", "total_max_attempts": _TRIES}
        return {
            "skip_instance_cache": True,
            "use_listings_cache": False,  # another machine writes there
            "config_kwargs": {"connect_timeout": connect, "read_timeout": read, "retries": retries},
        }

    def _pieces(self, file: Any, key: str, starts: range) -> Generator[bytes]:
        try:
            for start in starts:
                wanted = min(starts.step, starts.stop - start)
                with self.translated(key):
                    file.seek(start)
                    piece = bytes(file.read(wanted))
                if len(piece) != wanted:
                    raise StoreUnavailable(where=self.where, reason=f"{key} gave {len(piece)} bytes, not {wanted}")
                yield piece
        finally:
            file.close()

    @contextmanager
    def translated(self, key: str | None = None) -> Generator[None]:
        """Turn what any filesystem raises into StoreUnavailable; a missing ``key`` into StoredFileMissing."""
        try:
            yield
        except OmniError:
            raise
        except Exception as error:  # every filesystem of fsspec brings errors of its own
            if key is not None and isinstance(error, FileNotFoundError) and not _is_bucket(error):
                raise StoredFileMissing(where=self.where, key=key) from error
            raise StoreUnavailable(where=self.where, reason=_reason(error)) from error


def beside(key: str) -> str:
    """Return a fresh name for an unfinished file in the same folder."""
    folder, slash, _ = key.rpartition("/")
    return f"{folder}{slash}.{uuid4().hex}.part"


def is_leftover(key: str) -> bool:
    """Whether a key is an unfinished file, perhaps of a process that was killed."""
    return _LEFTOVER.search(key) is not None


def without_secrets(url: str) -> str:
    """Return a URL without password, query and fragment."""
    try:
        parts: SplitResult = urlsplit(url)
    except ValueError:
        return "OMNI_STORE"
    user, at, host = parts.netloc.rpartition("@")
    place = host if ":" in user else f"{user}{at}{host}"  # abfs://container@account holds no secret
    return parts._replace(netloc=place, query="", fragment="").geturl().rstrip("/")


def _is_bucket(error: FileNotFoundError) -> bool:
    return type(error.__cause__).__name__ == "NoSuchBucket"  # botocore makes the class when it is raised


def _reason(error: Exception) -> str:
    """Say what happened in one line, without the user part of an address."""
    said = _USER.sub("", " ".join(str(error).split()))[:300]
    return f"{type(error).__name__}: {said}".rstrip(": .")


def _stored(info: dict[str, Any]) -> Stored:
    moment = info.get("LastModified") or info.get("mtime") or info.get("created")
    if isinstance(moment, int | float):
        moment = datetime.fromtimestamp(moment, UTC)
    etag = str(info.get("ETag") or "").strip('"')
    return Stored(
        size_bytes=int(info["size"]),
        etag=etag or None,
        modified_at=moment if isinstance(moment, datetime) else None,
    )
