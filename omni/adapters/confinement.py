"""A Python process of its own for reading what strangers made: little time, little memory, nothing worth stealing."""

import math
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOM_BYTES = 840 * 2**20
"""With the 80 MB that the interpreter takes, a file is refused below 1 GB (TARGETS.md §4.1)."""
BASE_SECONDS = 5
"""A header is read in a tenth of a second; a file that is made to be slow has to be refused within 20 s."""
BYTES_A_SECOND = 15 * 2**20
"""All packets of a long recording are read ten times as fast by one processor core."""
PATIENCE = 2.5
"""Wall-clock seconds for a second of computing: other jobs and slow disks take their share, and 20 s stay the limit."""


@dataclass(frozen=True)
class Allowance:
    """What a reading may use."""

    cpu_seconds: int
    memory_bytes: int = ROOM_BYTES


class Overrun(Exception):
    """The reading used up its allowance; the message says of what."""


class Broken(Exception):
    """The reading crashed; the message says how."""


def allowance_for(size_bytes: int) -> Allowance:
    """Return what reading a file of this size may use."""
    return Allowance(cpu_seconds=BASE_SECONDS + math.ceil(size_bytes / BYTES_A_SECOND))


def read_apart(module: str, arguments: Sequence[str], inputs: Sequence[int], allowance: Allowance) -> bytes:
    """Run a module with the descriptors ``inputs`` open, and return what it writes; raises Overrun or Broken.

    The module calls :func:`confine` first, with the same allowance: it knows when its imports are done.
    """
    command = [sys.executable, "-P", "-m", module, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            pass_fds=inputs,
            env=_environment(),
            timeout=allowance.cpu_seconds * PATIENCE,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        msg = f"{allowance.cpu_seconds * PATIENCE:.0f} s of waiting"
        raise Overrun(msg) from error
    if done.returncode == 0:
        return done.stdout
    if sys.platform != "win32" and done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        msg = f"{allowance.cpu_seconds} s of computing"
        raise Overrun(msg)
    said = done.stderr.decode(errors="replace").strip().splitlines()
    msg = f"exit {done.returncode}{f': {said[-1][:200]}' if said else ''}"
    raise Broken(msg)


def confine(allowance: Allowance) -> None:
    """Limit this process: computing time, memory beyond what it has now, and no file that grows."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415  # not on every platform

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    room = pages * resource.getpagesize() + allowance.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (allowance.cpu_seconds, allowance.cpu_seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _environment() -> dict[str, str]:
    """Return no more than the interpreter needs: keys and passwords stay with the parent."""
    return {
        "PYTHONPATH": ":".join(str(Path(entry).absolute()) for entry in sys.path),
        "PYTHONIOENCODING": "utf-8",
        "PYDANTIC_DISABLE_PLUGINS": "1",
        # a thread's stack and arena count as memory before anything is stored in them
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
    }
