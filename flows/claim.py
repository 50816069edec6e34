"""One process a run: a lock that the kernel gives back when the process ends, however it ends."""

import hashlib
import socket
from collections.abc import Generator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from omni.errors import JobHeldElsewhere
from omni.settings import Settings

CLAIM_SECONDS = 60.0
"""How long a run waits for an earlier process of its own to end."""


@contextmanager
def claimed(settings: Settings, run_id: str) -> Generator[None]:
    """Hold the claim of a run; raises JobHeldElsewhere when another process on this machine keeps it."""
    claim = _claim(settings, run_id)
    try:
        claim.acquire(timeout=CLAIM_SECONDS)
    except Timeout as error:
        raise JobHeldElsewhere(path=claim.lock_file, seconds=CLAIM_SECONDS) from error
    try:
        yield
    finally:
        claim.release()


def place(settings: Settings) -> str:
    """Return where claims made with these settings are held: this machine and this home."""
    home = hashlib.sha256(str(settings.home.expanduser().absolute()).encode()).hexdigest()
    return f"{socket.gethostname()}:{home[:8]}"


def is_claimed(settings: Settings, run_id: str) -> bool:
    """Whether a process of this run is alive on this machine."""
    claim = _claim(settings, run_id)
    try:
        with claim.acquire(blocking=False):
            return False
    except Timeout:
        return True


def _claim(settings: Settings, run_id: str) -> FileLock:
    folder = settings.home / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{run_id}.claim")
