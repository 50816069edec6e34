"""What a command costs: wall clock, processor time and peak memory of all its processes."""

import json
import os
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import IO

LOOK_SECONDS = 0.1
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True)
class Cost:
    """Seconds, processor seconds, and megabytes in memory at the worst moment."""

    wall: float
    cpu: float
    peak_mb: float


class CommandFailed(RuntimeError):
    """A contestant didn't finish."""


def measured(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; raises CommandFailed with what it said. Memory is read from /proc, where there is one.

    A command that prints ``wall`` and ``cpu`` as JSON is believed: in a worker, the interpreter has long started.
    """
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        told, said = _Pipe(process.stdout), _Pipe(process.stderr)
        watcher = Watcher(process.pid)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.stop()
        answer, complaint = told.text(), said.text()
    if process.returncode:
        raise CommandFailed(complaint[-1500:])
    cost = Cost(wall, usage.ru_utime + usage.ru_stime, watcher.peak_mb)
    return replace(cost, **json.loads(answer)) if answer.startswith("{") else cost


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("wall", "cpu", "peak_mb")))


class _Pipe(threading.Thread):
    """Reads a pipe to its end, so that its writer never waits."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        super().__init__(daemon=True)
        self._pipe, self._read = pipe, b""
        self.start()

    def run(self) -> None:
        self._read = self._pipe.read() if self._pipe else b""

    def text(self) -> str:
        self.join()
        return self._read.decode(errors="replace")


class Watcher(threading.Thread):
    """Adds up the resident memory of a process and its descendants, ten times a second, and keeps the highest sum."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak_mb = 0.0
        self._pid = pid
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.peak_mb = max(self.peak_mb, resident_mb(self._pid))

    def stop(self) -> None:
        """End the watch."""
        self._over.set()
        self.join()


def resident_mb(root: int) -> float:
    """Return what a process and its descendants hold now; 0 where there is no /proc."""
    children: dict[int, list[int]] = defaultdict(list)
    held: dict[int, float] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            held[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * PAGE_MB
        except OSError:  # it has just ended
            continue
        children[parent].append(int(entry.name))
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        total += held.get(pid, 0.0)
        waiting += children[pid]
    return total
