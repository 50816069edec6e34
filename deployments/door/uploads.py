"""Files that come through the door: streamed to disk or store, measured and fingerprinted on the way."""

import asyncio
import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import IO, Protocol, TypeVar
from uuid import uuid4

from starlette.requests import ClientDisconnect

from deployments.errors import TooLarge, UploadUnusable
from deployments.schemas import Upload
from omni.errors import DiskFull, OmniError, StoredFileMissing, StoreUnavailable, UploadNotFound
from omni.ports.storage import Storage
from omni.settings import Settings

NOTE = "upload.json"
LONGEST_NAME_BYTES = 200
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

T = TypeVar("T")


class Sink(Protocol):
    """Where the bytes go."""

    def write(self, chunk: bytes, /) -> object:
        """Take a piece."""
        ...


class Uploads:
    """The uploads of this door; each lies in a folder of its own, under a name that this module chose."""

    def __init__(self, settings: Settings, storage: Storage | None) -> None:
        self._settings = settings
        self._storage = storage
        self._name = lru_cache(maxsize=4096)(self.name_of)

    async def receive(self, name: str, owner: str, chunks: AsyncIterator[bytes], declared: int | None) -> Upload:
        """Keep a body as a file; complete, or not there at all.

        Raises TooLarge, UploadUnusable for an empty or broken-off body, DiskFull, StoreUnavailable.
        """
        limit = self._settings.max_upload_bytes
        if declared is not None and declared > limit:
            raise TooLarge(limit=limit)
        upload_id = f"up_{uuid4().hex}"
        safe = safe_name(name)
        digest, size = hashlib.sha256(), 0
        try:
            async with _in_thread(self._writing(upload_id, safe)) as sink:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(limit=limit)
                    digest.update(chunk)
                    await asyncio.to_thread(sink.write, chunk)
                if size == 0 or (declared is not None and size != declared):
                    raise UploadUnusable(reason="it is empty" if size == 0 else f"it broke off after {size} bytes")
                received = Upload(
                    upload_id=upload_id,
                    name=safe,
                    size_bytes=size,
                    sha256=digest.hexdigest(),
                    expires_at=datetime.now(UTC) + timedelta(days=self._settings.upload_days),
                )
                await asyncio.to_thread(self._note, received, owner)
        except ClientDisconnect as error:
            raise UploadUnusable(reason=f"it broke off after {size} bytes") from error
        except OSError as error:
            if error.errno in NO_SPACE:
                raise DiskFull(path="the upload") from error
            raise StoreUnavailable(where="OMNI_HOME/uploads", reason=error.strerror or type(error).__name__) from error
        return received

    def owner_of(self, upload_id: str) -> str:
        """Return who sent an upload; raises UploadNotFound."""
        return self._noted(upload_id, "owner")

    def name_of(self, upload_id: str) -> str:
        """Return the name of an uploaded file; raises UploadNotFound."""
        return self._noted(upload_id, "name")

    def named(self, video: str) -> str | None:
        """Return the name of the file that a job calls ``upload:ID``; None for other videos, and once the upload is gone."""
        if not video.startswith("upload:"):
            return None
        try:
            return self._name(video.removeprefix("upload:"))
        except OmniError:
            return None

    def sha256_of(self, upload_id: str) -> str:
        """Return the digest of an uploaded file; raises UploadNotFound."""
        return self._noted(upload_id, "sha256")

    def _noted(self, upload_id: str, what: str) -> str:
        try:
            if self._storage is None:
                text = (self._settings.uploads / upload_id / NOTE).read_bytes()
            else:
                text = b"".join(self._storage.read(f"uploads/{upload_id}/{NOTE}"))
            return str(json.loads(text)[what])
        except (StoredFileMissing, OSError, ValueError, KeyError, TypeError) as error:
            raise UploadNotFound(upload=upload_id) from error

    @contextmanager
    def _writing(self, upload_id: str, name: str) -> Generator[Sink]:
        if self._storage is not None:
            with self._storage.writing(f"uploads/{upload_id}/{name}") as sink:
                yield sink
            return
        part = self._settings.uploads / f".{upload_id}.part"
        part.mkdir(parents=True)
        try:
            with (part / name).open("xb") as file:
                yield file
                _settle(file)
            part.rename(self._settings.uploads / upload_id)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _note(self, upload: Upload, owner: str) -> None:
        text = json.dumps({"owner": owner, **upload.model_dump(mode="json")})
        if self._storage is not None:
            self._storage.put(f"uploads/{upload.upload_id}/{NOTE}", [text.encode()])
        else:
            (self._settings.uploads / f".{upload.upload_id}.part" / NOTE).write_text(text, encoding="utf-8")


def safe_name(name: str) -> str:
    """Return a file name without any path, control character or trick; the ending stays."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    room = LONGEST_NAME_BYTES - len(ending.encode()) - 1
    if not dot or room < 1:
        stem, ending, dot, room = kept, "", "", LONGEST_NAME_BYTES
    short = stem.encode()[:room].decode(errors="ignore")
    named = f"{short}{dot}{ending}"
    return named if short and named != NOTE and not named.startswith("-") else f"video-{named or 'file'}"


def prune(settings: Settings, in_use: frozenset[str]) -> int:
    """Delete uploads on this machine that are past their days and that no job uses; return how many."""
    before = time.time() - settings.upload_days * 86400
    gone = 0
    for folder in settings.uploads.glob("*up_*"):
        if folder.name.strip(".").removesuffix(".part") not in in_use and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


@asynccontextmanager
async def _in_thread(manager: AbstractContextManager[T]) -> AsyncGenerator[T]:
    """Enter and leave in a thread: what settles gigabytes on a disk or in a store must not stop the other requests."""
    entered = await asyncio.to_thread(manager.__enter__)
    try:
        yield entered
    except BaseException as error:
        await asyncio.shield(asyncio.to_thread(manager.__exit__, type(error), error, error.__traceback__))
        raise
    await asyncio.to_thread(manager.__exit__, None, None, None)


def _settle(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
