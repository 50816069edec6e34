"""The real service for tests: `omni serve` as another process."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import Any

SERVE = "from deployments.stack.operating import serve; serve()"


class Stack:
    """`omni serve` in a home of its own, as another process."""

    def __init__(self, home: Path, **more: str) -> None:
        """Start it and wait until it is ready; ``more`` are variables of its environment."""
        self.home = home
        self.words = home.with_suffix(".stderr")
        own = {"PATH": os.environ["PATH"], "HOME": str(home), "OMNI_HOME": str(home)}
        own |= {"OMNI_PORT": "0", "OMNI_PREFECT_PORT": "0", "PYTHONUNBUFFERED": "1"}
        own |= more
        with self.words.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE], env=own, stderr=sink, stdin=subprocess.DEVNULL, cwd=home.parent
            )
        while "ready" not in self.words.read_text():
            assert self.process.poll() is None, self.words.read_text()
            time.sleep(0.1)

    def address(self, name: str) -> str:
        found = re.search(rf"^  {name} +(http\S+)$", self.words.read_text(), re.MULTILINE)
        assert found
        return found[1]

    def ask_prefect(self, path: str, **body: object) -> Any:
        """Ask Prefect's API, again while its database is locked, as Prefect's own clients do."""
        request = urllib.request.Request(f"{self.address('Prefect UI')}/api{path}", json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        pauses = iter((0.5, 1, 2, 4))
        while True:
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                pause = next(pauses, None)
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or pause is None:
                    raise
                time.sleep(pause)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the API and return what it answers."""
        request = urllib.request.Request(f"{self.address('API')}{path}", method=method)
        request.data = None if body is None else json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def finish(self, wish: object, seconds: float = 240) -> dict[str, Any]:
        """Submit a job and return it when it has ended."""
        return self.ended(self.ask("POST", "/process", wish)["job_id"], seconds)

    def ended(self, job_id: str, seconds: float = 240) -> dict[str, Any]:
        """Return a job when it has ended."""
        deadline = time.monotonic() + seconds
        while (job := self.ask("GET", f"/status/{job_id}"))["status"] not in ("COMPLETED", "FAILED", "CANCELLED"):
            assert time.monotonic() < deadline, job
            time.sleep(0.3)
        return job

    def processes(self) -> dict[int, str]:
        """Every process that was started for this home, and its command."""
        mark, found = f"OMNI_HOME={self.home}".encode(), dict[int, str]()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)
