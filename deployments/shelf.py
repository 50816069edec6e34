"""What jobs delivered, as the door reads it: from the output folder, or from the store where one is set."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from omni.contracts import Production
from omni.errors import FileNotDelivered, SourceNotFound, StoreUnavailable
from omni.ports import Storage
from omni.roots import admitted
from omni.settings import Settings

MANIFEST = "manifest.json"
CHUNK = 1 << 18


@dataclass(frozen=True)
class Shelved:
    """One delivered file; ``path`` where it lies on this machine, ``key`` where it lies in the store."""

    name: str
    size_bytes: int
    sha256: str | None
    path: Path | None = None
    key: str | None = None

    @property
    def etag(self) -> str:
        """Strong where the manifest knows the digest, else weak."""
        return f'"{self.sha256}"' if self.sha256 else f'W/"{hashlib.sha256(self._looks().encode()).hexdigest()[:32]}"'

    def _looks(self) -> str:
        changed = self.path.stat().st_mtime_ns if self.path else 0
        return f"{self.name}:{self.size_bytes}:{changed}"


class Shelf(Protocol):
    """Where the door finds the files of a completed job."""

    def lacking(self, result: Production) -> str | None:
        """Return the name of a delivered file that isn't there or has another size; None when all is well."""
        ...

    def files(self, result: Production) -> dict[str, Shelved]:
        """Return every file of a job by its name."""
        ...

    def shorts(self, result: Production) -> list[dict[str, Any]]:
        """Return the Shorts as the manifest has them; none when it isn't there."""
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
        manifest = self._manifest(result)
        if manifest is None:
            return MANIFEST
        return next((n for n, size in _expected(manifest) if not _has_size(result.output_dir / n, size)), None)

    def files(self, result: Production) -> dict[str, Shelved]:
        folder = result.output_dir
        digests = _digests(self._manifest(result) or {})
        found: dict[str, Shelved] = {}
        for path in sorted(folder.rglob("*")) if self._is_ours(folder) else ():
            if path.is_symlink() or not path.is_file():
                continue
            name = path.relative_to(folder).as_posix()
            found[name] = Shelved(name, path.stat().st_size, digests.get(name), path=path)
        return found

    def shorts(self, result: Production) -> list[dict[str, Any]]:
        return (self._manifest(result) or {}).get("shorts", [])

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

    def _manifest(self, result: Production) -> dict[str, Any] | None:
        try:
            path = admitted(result.output_dir / MANIFEST, (self._output,))
            return _parsed(path, path.stat().st_mtime_ns)
        except (SourceNotFound, OSError, ValueError):
            return None

    def _is_ours(self, folder: Path) -> bool:
        """Whether this is a job's folder: never the output folder itself, nor one outside of it."""
        return folder.is_dir() and folder.resolve().parent == self._output.resolve()


class StoreShelf:
    """An object store."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def lacking(self, result: Production) -> str | None:
        manifest, kept = self._manifest(result), self._listed(result)
        if manifest is None:
            return MANIFEST
        return next((n for n, size in _expected(manifest) if kept.get(n, (0, ""))[0] != size), None)

    def files(self, result: Production) -> dict[str, Shelved]:
        digests = _digests(self._manifest(result) or {})
        return {n: Shelved(n, size, digests.get(n), key=key) for n, (size, key) in self._listed(result).items()}

    def shorts(self, result: Production) -> list[dict[str, Any]]:
        return (self._manifest(result) or {}).get("shorts", [])

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

    def _manifest(self, result: Production) -> dict[str, Any] | None:
        try:
            return json.loads(b"".join(self._storage.read(f"{_folder(result)}/{MANIFEST}")))
        except StoreUnavailable:
            raise
        except (FileNotDelivered, ValueError, OSError):
            return None


def _folder(result: Production) -> str:
    return f"jobs/{result.output_dir.name}"


@lru_cache(maxsize=512)
def _parsed(path: Path, _changed: int) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def _expected(manifest: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for short in manifest["shorts"]:
        for file in short["files"].values():
            yield file["path"], file["size_bytes"]


def _digests(manifest: dict[str, Any]) -> dict[str, str]:
    files = [file for short in manifest.get("shorts", ()) for file in short["files"].values()]
    return {file["path"]: file["sha256"] for file in files}


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
