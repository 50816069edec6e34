"""What may be read: files below the media roots, whatever a path says and however its links are moved."""

import errno
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from omni.errors import SourceNotFound, SourceUnreadable

# NONBLOCK: a FIFO put in the file's place must not hang the job; NOCTTY: a terminal must not become ours.
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_OUR_TROUBLE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO})
_DELETED = " (deleted)"


def admitted(path: Path, roots: Sequence[Path]) -> Path:
    """Return the real path of a regular file below one of the roots, after following links; raises SourceNotFound.

    A relative path is tried below each root in turn. What lies outside gets the same answer as what isn't there.
    Without roots there is no restriction (the local command line): a relative path is the working folder's and ``~`` is
    followed; a file that this user may not read raises SourceUnreadable.
    """
    descriptor, real = _opened(path, roots)
    os.close(descriptor)
    return real


def open_admitted(path: Path, roots: Sequence[Path]) -> int:
    """Open what :func:`admitted` admits, once, and return the descriptor, which the caller closes.

    The kernel's own name of what was opened is checked, so a link swapped at any moment leads to nothing outside.
    """
    return _opened(path, roots)[0]


def require_sayable(path: Path) -> None:
    """Raise SourceUnreadable for a path that isn't text: no result, log or server can be told of it."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise SourceUnreadable(path=_shown(path), reason="its name is not UTF-8: rename it") from error


def _opened(path: Path, roots: Sequence[Path]) -> tuple[int, Path]:
    real_roots = tuple(Path(os.path.realpath(root)) for root in roots)
    for candidate in _candidates(path, real_roots):
        if found := _opened_below(candidate, path, real_roots):
            return found
    raise SourceNotFound(path=_shown(path))


def _candidates(path: Path, roots: tuple[Path, ...]) -> Iterator[Path]:
    if not roots:
        try:
            yield path.expanduser()
        except RuntimeError:  # ~nobody
            yield path
    elif not _is_odd(path):
        yield from (path,) if path.is_absolute() else (root / path for root in roots)


def _is_odd(path: Path) -> bool:
    """Tell a path that no one who means a file below a root would write."""
    text = str(path)
    unclean = any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in text)
    return unclean or ".." in path.parts or text.startswith("//") or path.parts[:2] == ("/", "proc")


def _opened_below(candidate: Path, path: Path, roots: tuple[Path, ...]) -> tuple[int, Path] | None:
    try:
        real = Path(os.path.realpath(candidate, strict=True))
        # asked before opening, so that only a swap in between ever opens a device, or anything outside
        if not _is_below(real, roots) or not stat.S_ISREG(real.stat().st_mode):
            return None
        descriptor = os.open(real, _FLAGS)
    except (OSError, ValueError) as error:
        if isinstance(error, PermissionError) and not roots:
            raise SourceUnreadable(path=_shown(path), reason="this user may not read it") from error
        if isinstance(error, OSError) and error.errno in _OUR_TROUBLE:
            raise
        return None
    name = _name_when_admitted(descriptor, real, roots)
    if name is None:
        os.close(descriptor)
        return None
    return descriptor, name


def _name_when_admitted(descriptor: int, real: Path, roots: tuple[Path, ...]) -> Path | None:
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode):
        return None
    if not roots:
        return real
    name = _kernel_name(descriptor, real, state)
    return name if name is not None and _is_below(name, roots) else None


def _kernel_name(descriptor: int, real: Path, state: os.stat_result) -> Path | None:
    """Return where the opened file really lies, or None when it is deleted or can't be told."""
    try:
        if sys.platform == "darwin":
            import fcntl  # noqa: PLC0415  # F_GETPATH is macOS's

            told = fcntl.fcntl(descriptor, fcntl.F_GETPATH, bytes(1024))
            return Path(os.fsdecode(told.rstrip(b"\0")))
        name = Path(f"/proc/self/fd/{descriptor}").readlink()
    except OSError:
        # no /proc here: what the name leads to now must be what was opened
        name = Path(os.path.realpath(real))
        return name if _is_same(name, state) else None
    if state.st_nlink == 0 or (name.name.endswith(_DELETED) and not _is_same(name, state)):
        return None
    return name


def _is_same(name: Path, state: os.stat_result) -> bool:
    try:
        return os.path.samestat(name.lstat(), state)
    except OSError:
        return False


def _is_below(real: Path, roots: tuple[Path, ...]) -> bool:
    return not roots or any(real != root and real.is_relative_to(root) for root in roots)


def _shown(path: Path) -> str:
    """Return a path as one printable line that any encoding takes."""
    return "".join(c if c.isprintable() else "\ufffd" for c in str(path))[:300]
