"""A secret that an installation makes for itself and keeps in its home."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], str]) -> str:
    """Return the text in a file that its owner alone may read; ``make`` says what is written when there is none.

    Of several processes that find none, one makes it and the others read it. Raises OSError, UnicodeError.
    """
    if not path.exists():
        _write(path, make())
    return path.read_text("ascii").strip()


def _write(path: Path, text: str) -> None:
    """Write a new file; the one that is there first stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(part)
        except FileExistsError:
            return
    finally:
        part.unlink(missing_ok=True)
