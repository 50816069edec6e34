"""Files on their way to and from the API: read, written, resumed, and compared by their sha256."""

import errno
import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from deployments.errors import ApiUnusable, FolderUnwritable
from omni.errors import DiskFull, OmniError, SourceEmpty, SourceNotFound, SourceUnreadable

CHUNK = 1024 * 1024
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})

Progress = Callable[[int], None]


class Reading:
    """A file that is sent, as often as it takes; ``sha256`` is that of what was sent last."""

    def __init__(self, path: Path, progress: Progress) -> None:
        if not path.is_file():
            raise SourceNotFound(path=path)
        self.size = path.stat().st_size
        if not self.size:
            raise SourceEmpty(path=path)
        self._path, self._progress = path, progress
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Digest of the bytes that were read, in hexadecimal digits."""
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Read the file from its beginning, no further than it went when it was first looked at."""
        self._hash, sent = hashlib.sha256(), 0
        try:
            with self._path.open("rb") as file:
                while chunk := file.read(min(CHUNK, self.size - sent)):
                    self._hash.update(chunk)
                    yield chunk
                    sent += len(chunk)
                    self._progress(sent)
        except OSError as error:
            raise SourceUnreadable(path=self._path, reason=error.strerror) from None
        if sent < self.size:
            raise SourceUnreadable(path=self._path, reason="it became shorter while it was sent")


def target(folder: Path, name: str) -> Path:
    """Return where a file of a job belongs; raises ApiUnusable for a name that leads out of the folder."""
    parts = PurePosixPath(name).parts
    if not parts or not name.isprintable() or "\\" in name or any(part in {"/", ".."} for part in parts):
        raise ApiUnusable(api="this address", reason="it names a file that would lie outside of the folder")
    return folder.joinpath(*parts)


def write(part: Path, chunks: Iterable[bytes], progress: Progress, *, start: int) -> None:
    """Write what arrives to a file, from ``start`` on; raises DiskFull or FolderUnwritable."""
    written = start
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab" if start else "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                written += len(chunk)
                progress(written)
    except OSError as error:
        raise unwritable(part, error) from None


def sha256_of(path: Path) -> str:
    """Return the digest of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unwritable(path: Path, error: OSError) -> OmniError:
    """Return what a failed write means to the user."""
    if error.errno in NO_SPACE:
        return DiskFull(path=path)
    return FolderUnwritable(path=path, reason=error.strerror or type(error).__name__)
