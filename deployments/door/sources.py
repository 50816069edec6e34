"""The source of a job as the door can show it: a file below the media roots, or an upload."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from mimetypes import guess_type
from pathlib import Path
from typing import BinaryIO

from deployments.door.errors import SourceNotShown
from deployments.door.shelf import CHUNK, Listed, Shelved
from deployments.door.uploads import NOTE
from omni.errors import SourceNotFound, StoredFileMissing
from omni.ports.storage import Storage
from omni.roots import admitted, open_admitted
from omni.settings import Settings

UPLOAD = re.compile(r"upload:(up_[0-9a-f]{32})")
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
MOVED = "the file isn't where this API can read it any more, or it has changed"


class Sources:
    """Finds and reads what jobs were made from. Only what a job has opened as a video, and only while it is the same."""

    def __init__(self, settings: Settings, storage: Storage | None) -> None:
        self._settings = settings
        self._storage = storage

    def find(self, video: str, known: Listed) -> Shelved:
        """Return the source that a job was asked for as ``video`` and found to be ``known``; raises SourceNotShown."""
        kind = guess_type(known.path)[0] or ""
        if not kind.startswith(("video/", "audio/")):
            raise SourceNotShown(reason="its name has no ending that a browser plays")
        if ADDRESS.match(video):
            raise SourceNotShown(reason="it was fetched from an address, and this API keeps no copy")
        upload = UPLOAD.fullmatch(video)
        found = self._upload(upload[1]) if upload else self._below_roots(video)
        if found.size_bytes != known.size_bytes:
            raise SourceNotShown(reason=MOVED)
        return replace(found, name=known.path, sha256=known.sha256)

    def read(self, file: Shelved, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes [start, end) of what was found; raises SourceNotShown when it is another file by now."""
        if file.key is not None:
            assert self._storage is not None  # noqa: S101  # only a store gives keys
            yield from self._storage.read(file.key, start, end)
            return
        assert file.path is not None  # noqa: S101  # what has no key has a path
        with self._opened(file.path) as opened:
            if _version(os.fstat(opened.fileno())) != file.version:
                raise SourceNotShown(reason=MOVED)
            opened.seek(start)
            while start < end and (piece := opened.read(min(CHUNK, end - start))):
                start += len(piece)
                yield piece

    def _opened(self, path: Path) -> BinaryIO:
        try:
            return os.fdopen(open_admitted(path, (*self._settings.media_roots, self._settings.uploads)), "rb")
        except (SourceNotFound, OSError) as error:
            raise SourceNotShown(reason=MOVED) from error

    def _below_roots(self, video: str) -> Shelved:
        roots = self._settings.media_roots
        if not roots:
            raise SourceNotShown(reason="this API has no media roots")
        try:
            return _on_disk(Path(video), roots)
        except (SourceNotFound, OSError) as error:
            raise SourceNotShown(reason=MOVED) from error

    def _upload(self, upload: str) -> Shelved:
        try:
            if self._storage is not None:
                note = json.loads(b"".join(self._storage.read(f"uploads/{upload}/{NOTE}")))
                name, size = str(note["name"]), int(note["size_bytes"])
                return Shelved(name, size, None, key=f"uploads/{upload}/{name}")
            folder = self._settings.uploads / upload
            note = json.loads((folder / NOTE).read_bytes())
            return _on_disk(folder / str(note["name"]), (folder,))
        except (StoredFileMissing, SourceNotFound, OSError, ValueError, KeyError, TypeError) as error:
            raise SourceNotShown(reason="the upload is no longer kept") from error


def _on_disk(path: Path, roots: Sequence[Path]) -> Shelved:
    real = admitted(path, roots)
    with os.fdopen(open_admitted(real, roots), "rb") as file:
        stat = os.fstat(file.fileno())
    return Shelved(real.name, stat.st_size, None, path=real, changed_ns=stat.st_mtime_ns, version=_version(stat))


def _version(stat: os.stat_result) -> str:
    """Return what tells a file from another one in its place, and from itself once it was written to."""
    looks = f"{stat.st_dev}:{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}"
    return hashlib.sha256(looks.encode()).hexdigest()[:32]
