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

_kept: dict[str, FileLock] = {}


def hold(settings: Settings, run_id: str) -> None:
    """Claim a run until this process ends: its last word to Prefect is spoken when the flow is already over.

    Raises JobHeldElsewhere when another process on this machine keeps the claim.
    """
    if run_id not in _kept:
        _kept[run_id] = _acquired(settings, run_id)


@contextmanager
def claimed(settings: Settings, run_id: str) -> Generator[None]:
    """Hold the claim of a run; raises JobHeldElsewhere when another process on this machine keeps it."""
    if run_id in _kept:
        yield
        return
    claim = _acquired(settings, run_id)
    try:
        yield
    finally:
        claim.release()


@contextmanager
def while_free(settings: Settings, run_id: str) -> Generator[bool]:
    """Tell whether no process of this run is alive on this machine; if so, none can begin before the block ends."""
    claim = _claim(settings, run_id)
    try:
        claim.acquire(blocking=False)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        claim.release()


def is_claimed(settings: Settings, run_id: str) -> bool:
    """Whether a process of this run is alive on this machine."""
    with while_free(settings, run_id) as free:
        return not free


def place(settings: Settings) -> str:
    """Return where claims made with these settings are held: this machine and this home."""
    home = hashlib.sha256(str(settings.home.expanduser().absolute()).encode()).hexdigest()
    return f"{socket.gethostname()}:{home[:8]}"


def _acquired(settings: Settings, run_id: str) -> FileLock:
    claim = _claim(settings, run_id)
    try:
        claim.acquire(timeout=CLAIM_SECONDS)
    except Timeout as error:
        raise JobHeldElsewhere(path=claim.lock_file, seconds=CLAIM_SECONDS) from error
    return claim


def _claim(settings: Settings, run_id: str) -> FileLock:
    folder = settings.home / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{run_id}.claim")
