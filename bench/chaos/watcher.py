"""Who is alive, twice a second: the parts of the stack, and the processes of each run with who holds its claim."""

import threading
import time
from typing import Any

from bench.chaos.history import History
from bench.chaos.scene import PARTS, Scene, holders
from deployments.stack.processes import answers

LOOK_SECONDS = 0.4
PROBES = {"api": "/readyz", "prefect": "/api/health"}


class Watcher:
    """Two threads that write down every change."""

    def __init__(self, scene: Scene, history: History) -> None:
        self._scene, self._history = scene, history
        self._over = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._look_on, self._ask_on)]
        self._answers: dict[str, bool] = dict.fromkeys(PROBES, False)

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def is_ready(self) -> bool:
        """Whether the API says that jobs can be taken."""
        return self._answers["api"]

    def _look_on(self) -> None:
        told: dict[str, Any] = {}
        while not self._over.is_set():
            begun = time.monotonic()
            living = self._scene.living()
            parts = {part: [one.pid for one in living if one.role == part] for part in PARTS}
            flows = [one for one in living if one.role == "flow"]
            held = holders(self._scene.home / "runs", {one.run for one in flows})
            engines = sorted((one.run, one.pid, held.get(one.run) == one.pid) for one in flows)
            seen = {"parts": parts | {"answers": dict(self._answers)}, "engines": {"alive": engines}}
            for kind, facts in seen.items():
                if told.get(kind) != facts:
                    self._history.record(kind, **facts)
            told = seen
            self._over.wait(max(0.05, LOOK_SECONDS - (time.monotonic() - begun)))

    def _ask_on(self) -> None:
        addresses = {"api": self._scene.api, "prefect": self._scene.prefect}
        while not self._over.wait(0.5):
            for part, path in PROBES.items():
                self._answers[part] = answers(addresses[part] + path)
