"""What jobs delivered, as the door reads it: from the output folder, or from the store where one is set."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Protocol

from pydantic import BaseModel

from deployments.errors import FileNotDelivered
from omni.contracts import Check, Evidence, Post, Production
from omni.errors import SourceNotFound, StoredFileMissing
from omni.ports.storage import Storage
from omni.roots import admitted
from omni.settings import Settings

MANIFEST = "manifest.json"
CHUNK = 1 << 18


class Listed(BaseModel):
    """One file of the manifest; ``path`` is relative to it."""

    path: str
    sha256: str
    size_bytes: int


class ListedSource(BaseModel):
    """What the door needs of the source of a manifest; ``file`` is its name without a path."""

    file: str
    sha256: str
    size_bytes: int
    duration: float = 0.0
    title: str = ""

    @property
    def file_entry(self) -> Listed:
        """The file as others of the manifest are listed."""
        return Listed(path=self.file, sha256=self.sha256, size_bytes=self.size_bytes)


class ListedShort(BaseModel):
    """What the door needs of a Short of the manifest."""

    number: int
    title: str
    start: float
    end: float
    usable: bool
    files: dict[str, Listed]
    hook: str = ""
    duration: float = 0.0
    score: float | None = None
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    layout: str = ""
    draft: bool = False
    checks: tuple[Check, ...] = ()
    warnings: tuple[str, ...] = ()


class Manifest(BaseModel):
    """What the door needs of a manifest; anything else in it is left alone."""

    shorts: tuple[ListedShort, ...]
    source: ListedSource | None = None
    topic: str = ""
    language: str | None = None
    posts: tuple[Post, ...] = ()
    contact_sheet: Listed | None = None
    transcript: Listed | None = None
    evidence: Listed | None = None
    evidence_page: Listed | None = None
    edit: tuple[Listed, ...] = ()

    @property
    def files(self) -> Iterator[Listed]:
        """Every file that it names."""
        yield from (file for short in self.shorts for file in short.files.values())
        beside = (self.contact_sheet, self.transcript, self.evidence, self.evidence_page)
        yield from (file for file in beside if file)
        yield from self.edit


@dataclass(frozen=True)
class Shelved:
    """One delivered file; ``path`` where it lies on this machine, ``key`` where it lies in the store.

    ``version`` stands in for the digest of a file that isn't ours, and so may be another by the next request.
    """

    name: str
    size_bytes: int
    sha256: str | None
    path: Path | None = None
    key: str | None = None
    changed_ns: int = 0
    version: str | None = None

    @property
    def etag(self) -> str:
        """Strong where the manifest knows the digest, else weak."""
        looks = f"{self.name}:{self.size_bytes}:{self.changed_ns}"
        strong = self.version or self.sha256
        return f'"{strong}"' if strong else f'W/"{hashlib.sha256(looks.encode()).hexdigest()[:32]}"'


class Shelf(Protocol):
    """Where the door finds the files of a completed job."""

    def lacking(self, result: Production) -> str | None:
        """Return the name of a delivered file that isn't there or has another size; None when all is well."""
        ...

    def files(self, result: Production) -> dict[str, Shelved]:
        """Return every file of a job by its name."""
        ...

    def shorts(self, result: Production) -> tuple[ListedShort, ...]:
        """Return the Shorts as the manifest has them; none when it isn't there."""
        ...

    def manifest(self, result: Production) -> Manifest | None:
        """Return the whole manifest; None when it isn't there."""
        ...

    def read(self, file: Shelved, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes [start, end) of a file."""
        ...

    def remove(self, result: Production) -> None:
        """Delete the files of a job."""
        ...


def find(shelf: Shelf, result: Production, name: str) -> Shelved:
    """Return one file of a job; raises FileNotDelivered."""
    found = shelf.files(result).get(name)
    if found is None:
        raise FileNotDelivered(name=name[:200])
    return found


class FolderShelf:
    """The output folder of this machine, or a volume that all machines mount."""

    def __init__(self, settings: Settings) -> None:
        self._output = settings.output.absolute()

    def lacking(self, result: Production) -> str | None:
        manifest = self.manifest(result)
        if manifest is None:
            return MANIFEST
        return next((f.path for f in manifest.files if not _has_size(result.output_dir / f.path, f.size_bytes)), None)

    def files(self, result: Production) -> dict[str, Shelved]:
        if not self._is_ours(result.output_dir):
            return {}
        digests = _digests(self.manifest(result))
        found: dict[str, Shelved] = {}
        for name, entry in _walk(result.output_dir):
            with suppress(OSError):  # gone meanwhile
                stat = entry.stat(follow_symlinks=False)
                path, size, changed = Path(entry.path), stat.st_size, stat.st_mtime_ns
                found[name] = Shelved(name, size, digests.get(name), path=path, changed_ns=changed)
        return found

    def shorts(self, result: Production) -> tuple[ListedShort, ...]:
        manifest = self.manifest(result)
        return manifest.shorts if manifest else ()

    def read(self, file: Shelved, start: int, end: int) -> Iterator[bytes]:
        assert file.path is not None  # noqa: S101  # made by files() above
        with file.path.open("rb") as opened:
            opened.seek(start)
            while start < end and (piece := opened.read(min(CHUNK, end - start))):
                start += len(piece)
                yield piece

    def remove(self, result: Production) -> None:
        if self._is_ours(result.output_dir):
            shutil.rmtree(result.output_dir)

    def manifest(self, result: Production) -> Manifest | None:
        try:
            path = admitted(result.output_dir / MANIFEST, (self._output,))
            return _parsed(path, path.stat().st_mtime_ns)
        except (SourceNotFound, OSError, ValueError):
            return None

    def _is_ours(self, folder: Path) -> bool:
        """Whether this is a job's folder: never the output folder itself, nor one that is reached in a roundabout way."""
        if ".." in folder.parts or folder.is_symlink() or not folder.is_dir():
            return False
        return folder.resolve().parent == self._output.resolve()


class StoreShelf:
    """An object store."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def lacking(self, result: Production) -> str | None:
        manifest, kept = self.manifest(result), self._listed(result)
        if manifest is None:
            return MANIFEST
        return next((f.path for f in manifest.files if kept.get(f.path, (-1, ""))[0] != f.size_bytes), None)

    def files(self, result: Production) -> dict[str, Shelved]:
        digests = _digests(self.manifest(result))
        return {n: Shelved(n, size, digests.get(n), key=key) for n, (size, key) in self._listed(result).items()}

    def shorts(self, result: Production) -> tuple[ListedShort, ...]:
        manifest = self.manifest(result)
        return manifest.shorts if manifest else ()

    def read(self, file: Shelved, start: int, end: int) -> Iterator[bytes]:
        assert file.key is not None  # noqa: S101  # made by files() above
        return self._storage.read(file.key, start, end)

    def remove(self, result: Production) -> None:
        self._storage.delete(_folder(result))

    def _listed(self, result: Production) -> Mapping[str, tuple[int, str]]:
        folder = _folder(result)
        return {
            PurePosixPath(key).relative_to(folder).as_posix(): (stored.size_bytes, key)
            for key, stored in self._storage.list(folder).items()
        }

    def manifest(self, result: Production) -> Manifest | None:
        try:
            return Manifest.model_validate_json(b"".join(self._storage.read(f"{_folder(result)}/{MANIFEST}")))
        except (StoredFileMissing, ValueError):
            return None


def _folder(result: Production) -> str:
    return f"jobs/{result.output_dir.name}"


def _walk(folder: Path | str, above: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the files below a folder by their names; follows no link, and leaves out what no address can carry."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if not _is_addressable(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{above}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                yield f"{above}{entry.name}", entry


def _is_addressable(name: str) -> bool:
    return "\n" not in name and not any("\ud800" <= c <= "\udfff" for c in name)


@lru_cache(maxsize=512)
def _parsed(path: Path, _changed: int) -> Manifest:
    return Manifest.model_validate_json(path.read_bytes())


def _digests(manifest: Manifest | None) -> dict[str, str]:
    return {file.path: file.sha256 for file in manifest.files} if manifest else {}


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
