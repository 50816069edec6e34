"""Prefect's server as our own child: started for one command, gone with it, whatever ends it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from omni.errors import OrchestratorFailed

START_SECONDS = 120
"""A first start migrates its database: up to 16 s were seen on two busy cores, and a slow disk needs more."""
STOP_SECONDS = 10


@contextmanager
def temporary_server(home: Path) -> Generator[str]:
    """Run a Prefect server on a free loopback port and give its API address; its runs stay in ``home``.

    Prefect's own temporary server outlives a killed parent; this one is killed with it (Linux). Raises
    OrchestratorFailed when it doesn't come up.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    log = home / "server.log"
    with log.open("wb") as sink:
        server = subprocess.Popen(  # noqa: S603  # our own interpreter, fixed arguments
            [
                sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app",
                "--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--lifespan", "on",
            ],
            env=os.environ | {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"},  # noqa: TID251  # what our child inherits
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            preexec_fn=_die_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509  # it calls prctl only
        )  # fmt: skip
    try:
        _wait_until_healthy(server, f"http://127.0.0.1:{port}/api", log)
        yield f"http://127.0.0.1:{port}/api"
    finally:
        _stop(server)


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310  # our own child on loopback
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    lines = log.read_text(errors="replace").strip().splitlines()
    raise OrchestratorFailed(reason=lines[-1] if lines else "it said nothing", log=log)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> Callable[[], None]:
    libc = ctypes.CDLL(None)
    pr_set_pdeathsig = 1

    def before_exec() -> None:
        libc.prctl(pr_set_pdeathsig, signal.SIGKILL)

    return before_exec
