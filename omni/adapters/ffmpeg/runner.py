"""The one runner: every FFmpeg process starts, is watched and ends here."""

import collections
import contextlib
import errno
import itertools
import os
import re
import subprocess
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from omni.errors import Aborted, DiskFull, MediaToolFailed, MediaToolTimedOut
from omni.ports import Progress
from omni.tether import tethered

MINIMUM_LIMIT_SECONDS = 60.0
TAIL_LINES = 12

LineReader = Callable[[str], None]


class Graph(Protocol):
    """What ffmpeg-python calls an output stream: it compiles to an argument list."""

    def compile(self, cmd: str, *, overwrite_output: bool) -> list[str]:
        """Return the command line."""
        ...


class Runner:
    """Starts FFmpeg with a wall-clock limit, dies with its parent, and can be stopped as a whole."""

    def __init__(self, binary: Path, *, timeout_factor: float = 60) -> None:
        self._binary = binary
        self._factor = timeout_factor
        self._live: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._aborting = threading.Event()
        self._part_numbers = itertools.count()

    def run(
        self,
        graph: Graph,
        *,
        doing: str,
        media_seconds: float,
        inputs: Sequence[int] = (),
        folder: Path | None = None,
        on_line: LineReader | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        """Run to the end; ``on_line`` receives every line of stderr that is not progress.

        ``inputs`` are open file descriptors that the graph names as ``/dev/fd/N``.
        Raises MediaToolFailed, MediaToolTimedOut, DiskFull or Aborted.
        """
        quietly = on_line is None
        with self._started(
            graph, doing, media_seconds, inputs, folder, stdout=subprocess.DEVNULL, quietly=quietly
        ) as call:
            call.read_stderr(media_seconds, on_line, on_progress)

    def stream(
        self,
        graph: Graph,
        *,
        doing: str,
        media_seconds: float,
        chunk_bytes: int,
        inputs: Sequence[int] = (),
        folder: Path | None = None,
    ) -> Iterator[bytes]:
        """Yield what the graph writes to ``pipe:1`` in chunks of ``chunk_bytes``; the last may be shorter."""
        with self._started(graph, doing, media_seconds, inputs, folder, stdout=subprocess.PIPE, quietly=True) as call:
            reader = threading.Thread(target=call.read_stderr, args=(media_seconds, None, None), daemon=True)
            reader.start()
            pipe = call.stdout()
            while chunk := pipe.read(chunk_bytes):
                yield chunk
            reader.join(timeout=10)

    def part_of(self, target: Path) -> Path:
        """Return a name beside ``target`` that no other call uses; rename it when it is complete."""
        return target.with_name(f".{target.name}.{os.getpid()}-{next(self._part_numbers)}.part")

    @contextmanager
    def completed(self, target: Path) -> Generator[Path]:
        """Give a part name for ``target`` that gets the final name only when the block ends well."""
        part = self.part_of(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            part.replace(target)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise DiskFull(path=target) from error
            raise
        finally:
            part.unlink(missing_ok=True)

    def abort(self) -> None:
        """Kill every live child and refuse new ones."""
        with self._lock:
            self._aborting.set()
            for process in self._live:
                _kill(process)

    def resume(self) -> None:
        """Accept new children again: a new job begins in this process."""
        self._aborting.clear()

    @contextmanager
    def _started(
        self,
        graph: Graph,
        doing: str,
        media_seconds: float,
        inputs: Sequence[int],
        folder: Path | None,
        *,
        stdout: int,
        quietly: bool,
    ) -> Generator["_Call"]:
        command = graph.compile(cmd=str(self._binary), overwrite_output=True)
        command[1:1] = [
            "-nostdin",
            "-hide_banner",
            "-nostats",
            "-progress",
            "pipe:2",
            "-loglevel",
            "error" if quietly else "info",
        ]
        limit = max(MINIMUM_LIMIT_SECONDS, media_seconds * self._factor)
        with self._lock:
            if self._aborting.is_set():
                raise Aborted(doing=doing)
            process = _spawn(command, inputs, folder, stdout)
            self._live.add(process)
        call = _Call(process, doing)
        alarm = threading.Timer(limit, call.time_out)
        alarm.daemon = True
        alarm.start()
        try:
            yield call
            process.wait()
        finally:
            alarm.cancel()
            _kill(process)
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
            with self._lock:
                self._live.discard(process)
        if self._aborting.is_set():
            raise Aborted(doing=doing)
        call.raise_for_failure(limit)


class _Call:
    """One running process and what it said."""

    def __init__(self, process: subprocess.Popen[bytes], doing: str) -> None:
        self._process = process
        self._doing = doing
        self._timed_out = False
        self._tail: collections.deque[str] = collections.deque(maxlen=TAIL_LINES)

    def stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None  # noqa: S101  # opened as a pipe by stream()
        return self._process.stdout

    def time_out(self) -> None:
        self._timed_out = True
        _kill(self._process)

    def read_stderr(self, media_seconds: float, on_line: LineReader | None, on_progress: Progress | None) -> None:
        assert self._process.stderr is not None  # noqa: S101  # always a pipe
        furthest = 0.0
        with contextlib.suppress(ValueError):  # closed under us when the call is ending
            for raw in self._process.stderr:
                line = raw.decode(errors="replace").rstrip()
                progress = re.match(r"(\w+)=\s*(\S*)$", line)
                if not progress:
                    self._tail.append(line)
                    if on_line:
                        on_line(line)
                elif on_progress and progress[1] == "out_time_us" and progress[2].isdigit():
                    furthest = max(furthest, min(1.0, int(progress[2]) / 1e6 / max(media_seconds, 0.001)))
                    on_progress(furthest)

    def raise_for_failure(self, limit: float) -> None:
        if self._timed_out:
            raise MediaToolTimedOut(doing=self._doing, seconds=limit)
        if self._process.returncode == 0:
            return
        tail = " | ".join(line for line in self._tail if line.strip()) or "it said nothing"
        if "No space left on device" in tail:
            raise DiskFull(path=self._doing)
        raise MediaToolFailed(doing=self._doing, returncode=self._process.returncode, tail=tail[-1500:])


def _spawn(command: list[str], inputs: Sequence[int], folder: Path | None, stdout: int) -> subprocess.Popen[bytes]:
    """Start a child that leaves our terminal's signals to us and is killed when the thread that waits for it dies."""
    return subprocess.Popen(  # noqa: S603  # no shell; the command was built from a graph
        tethered(command),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        pass_fds=inputs,
        cwd=folder,
        start_new_session=True,
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
