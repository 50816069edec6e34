"""Processes of our own: each writes to a file, can be asked and stopped, and is gone when we are."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from omni.errors import OrchestratorFailed
from omni.tether import tethered

START_SECONDS = 120
"""A first start migrates its database: up to 16 s were seen on two busy cores, and a slow disk needs more."""
STOP_SECONDS = 10
LARGEST_LOG = 10_000_000
TAIL_LINES = 12
SERVER = (
    sys.executable, "-P", "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app",
    "--log-level", "error", "--lifespan", "on", "--timeout-graceful-shutdown", "3",
)  # fmt: skip
"""Prefect's server without its command line, which takes half a second to load; address and port come behind."""


class Process:
    """A child in a session of its own, with no input and its output in a file; killed with this process (Linux)."""

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str], folder: Path, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        self.log = log
        with log.open("ab") as sink:
            self._beginning = sink.tell()
            self._popen = subprocess.Popen(  # noqa: S603  # our own interpreter, arguments of our own
                tethered(argv),
                env=os.environ | env,  # noqa: TID251  # what our child inherits
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process, its session and its group."""
        return self._popen.pid

    def exit_code(self) -> int | None:
        """Return how it ended (negative: by which signal), or None while it lives."""
        return self._popen.poll()

    def output(self) -> str:
        """Return what it has written since it began."""
        with self.log.open("rb") as source:
            source.seek(self._beginning)
            return source.read().decode(errors="replace")

    def tail(self) -> str:
        """Return the last lines that it has written."""
        return "\n".join(self.output().strip().splitlines()[-TAIL_LINES:]) or "it said nothing"

    def note(self, words: str) -> None:
        """Write a line of our own into its log, if the disk takes it."""
        with suppress(OSError), self.log.open("a") as sink:
            sink.write(f"omni: {words}\n")

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process itself: it knows best how to end what it started."""
        self._popen.terminate()

    def end(self) -> None:
        """Kill it, and whatever is left of its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout=2)

    def wait(self, seconds: float) -> None:
        """Wait for its end, at most so long."""
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout=seconds)


def finish(argv: Sequence[str], *, folder: Path, seconds: float) -> tuple[int, str]:
    """Run a command to its end and return its exit code and output; it is killed after ``seconds``."""
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter, arguments of our own
            tethered(argv),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL, f"it took more than {seconds:.0f} s"
    return done.returncode, done.stdout.decode(errors="replace")


@contextmanager
def temporary_server(home: Path) -> Generator[str]:
    """Run a Prefect server on a free loopback port and give its API address; its runs stay in ``home``.

    Prefect's own temporary server outlives a killed parent; this one is killed with it (Linux). Raises
    OrchestratorFailed when it doesn't come up.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    env = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
    argv = [*SERVER, "--host", "127.0.0.1", "--port", str(port)]
    server = Process(argv, env=env, folder=home, log=home / "server.log")
    address = f"http://127.0.0.1:{port}/api"
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(f"{address}/health"):
            if time.monotonic() > deadline or server.exit_code() is not None:
                raise OrchestratorFailed(reason=f"{server.tail().splitlines()[-1]} ({server.log})")
            time.sleep(0.1)
        yield address
    finally:
        server.ask_to_stop()
        server.wait(STOP_SECONDS)
        server.end()


def answers(url: str, *, ours: bool = True) -> bool:
    """Whether a GET is answered with 200 within 2 s; our own doors are asked directly and as ``localhost``."""
    request = urllib.request.Request(url, headers={"Host": "localhost"} if ours else {})  # noqa: S310  # an address of the operator's own
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if ours else []))
    try:
        with opener.open(request, timeout=2) as answer:
            return answer.status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_taken(host: str, port: int) -> bool:
    """Whether another process listens there."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return True
    return False


def kill_marked(mark: str) -> int:
    """Kill every process whose environment holds ``mark`` (Linux), and return how many there were."""
    killed = 0
    for pid in _marked(mark.encode()):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def _marked(mark: bytes) -> Iterable[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (entry / "environ").read_bytes().split(b"\0") and int(entry.name) != os.getpid():
                yield int(entry.name)
