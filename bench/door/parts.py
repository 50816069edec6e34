"""The processes behind the door, as `omni` runs them: Prefect's server, the API, a worker; and how busy they are."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.door.postgres import postgres
from deployments.stack.environment import prepare_server
from deployments.stack.processes import SERVER, Process, answers, finish, free_port, kill_marked
from omni.settings import Settings

ROOT = Path(__file__).parents[2]
OURS = ("OMNI_", "PREFECT_", "QDRANT_", "AWS_")
TICKS = os.sysconf("SC_CLK_TCK")


class Parts:
    """A home with a Prefect server and an API; workers come and go."""

    def __init__(self, home: Path) -> None:
        self.home, self.settings = home, Settings()
        self.media = home / "media" / "talk.mp4"
        self.prefect = f"http://127.0.0.1:{self.settings.prefect_port}/api"
        self._running: dict[str, Process] = {}

    def start(self, name: str, argv: Sequence[str], is_up: Callable[[Process], bool]) -> None:
        """Start a part and wait until it is up."""
        log = self.home / "logs" / f"{name}.log"
        part = self._running[name] = Process(argv, env={}, folder=self.home, log=log)
        deadline = time.monotonic() + 120
        while not is_up(part):
            if time.monotonic() > deadline or part.exit_code() is not None:
                sys.exit(f"{name} did not come up: {part.tail()}")
            time.sleep(0.1)

    def command(self, name: str, words: str | None = None) -> None:
        """Start a command of `omni`; it is up when it has said the words, or when the API answers."""
        argv = [sys.executable, "-P", "-c", f"from deployments.stack.operating import {name}; {name}()"]
        ready = f"http://127.0.0.1:{self.settings.port}/healthz"
        self.start(name, argv, lambda part: words in part.output() if words else answers(ready))

    def stop(self, name: str) -> None:
        """End a part in good order."""
        part = self._running.pop(name)
        part.ask_to_stop()
        part.wait(12)
        part.end()

    def end(self) -> None:
        """End all parts, the last started first, and whatever they started."""
        for name in reversed(list(self._running)):
            self.stop(name)
        while kill_marked(f"OMNI_HOME={self.home}"):
            time.sleep(0.05)

    def run(self, module: str, *words: str) -> str:
        """Run a module to its end and return what it said."""
        code, said = finish((sys.executable, "-m", module, *words), folder=ROOT, seconds=900)
        if code != 0:
            sys.exit(f"{module} failed: {said[-2000:]}")
        return said

    def load(self, **plan: Any) -> dict[str, Any]:
        """Let clients in another process carry out a plan; return what they saw, and who was how busy meanwhile."""
        argv = (sys.executable, "-m", "bench.door.clients")
        before = self._busy()
        told = json.dumps({"port": self.settings.port, "clients": 1} | plan)
        done = subprocess.run(argv, input=told, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode != 0:
            sys.exit(f"the load failed: {done.stderr[-2000:]}")
        after, seen = self._busy(), json.loads(done.stdout)
        spent = {name: after[name] - before[name] for name in after if name in before}
        others = spent.pop("all") - sum(spent.values()) - seen["cpu"]
        return seen | {"spent": spent, "others": max(0.0, others) / seen["wall"]}

    def _busy(self) -> dict[str, float]:
        """Return the CPU seconds that each part, and the whole machine, have used so far."""
        machine = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]
        idle = int(machine[3]) + int(machine[4])
        used = {name: _seconds(part.pid) for name, part in self._running.items()}
        return used | {"all": (sum(map(int, machine)) - idle) / TICKS}


@contextmanager
def parts(home: Path, *, on_postgres: bool) -> Generator[Parts]:
    """Give a server with the deployments registered, in a home of its own; nothing of it is left."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    (home / "media").mkdir()
    (home / "media" / "talk.mp4").write_bytes(b"no video: a job that begins and ends at once")
    os.environ |= _own(home)
    with ExitStack() as stack:
        if on_postgres:
            os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = stack.enter_context(postgres(home))
        prepare_server(Settings())
        made = Parts(home)
        stack.callback(made.end)
        server = (*SERVER, "--host", "127.0.0.1", "--port", str(made.settings.prefect_port))
        made.start("prefect", server, lambda _: answers(f"{made.prefect}/health"))
        made.run("deployments.stack.registering")
        yield made


def _own(home: Path) -> Mapping[str, str]:
    return {
        "OMNI_HOME": str(home),
        "OMNI_OUTPUT": str(home / "output"),
        "OMNI_MEDIA_ROOTS": json.dumps([str(home / "media")]),
        "OMNI_PORT": str(free_port()),
        "OMNI_PREFECT_PORT": str(free_port()),
        "OMNI_MAX_QUEUED": "5000",
        "OMNI_WHISPER_FETCH_SECONDS": "0",
    }


def _seconds(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS
