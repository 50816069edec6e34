"""``python -m bench.chaos [--kills 50] [--seed N] [--minutes 25] [--json FILE]``: kill anything, lose nothing.

A real ``omni serve`` in a temporary home, real short jobs, and clients that lose answers. Ends with 1 when an
invariant was violated; then the home, its logs and the history are kept. Linux.
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from bench.chaos.checker import Facts, Violation, check
from bench.chaos.clients import Client, Door, Steward, script
from bench.chaos.evidence import gather
from bench.chaos.history import History
from bench.chaos.nemesis import Nemesis, plan
from bench.chaos.receiver import Receiver
from bench.chaos.report import figures, tell
from bench.chaos.scene import Scene
from bench.chaos.watcher import Watcher
from bench.figures import report

SETTLE_SHARE = 0.3
"""Of the time: kept for the jobs to end after the last kill."""
OPEN_JOBS = 6
START_SECONDS = 240.0
HOOK_SECONDS = 60.0
"""A delivery that met a bad receiver is tried again after 5 s."""


def main() -> None:
    """Run, check, report."""
    asked = argparse.ArgumentParser(prog="python -m bench.chaos")
    asked.add_argument("--kills", type=int, default=50)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--minutes", type=float, default=25)
    asked.add_argument("--json", type=Path)
    told = asked.parse_args()
    root = Path(tempfile.mkdtemp(prefix="omni-chaos-"))
    begun = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit("stopped"))
    scene, history = Scene(root), History(root / "history.jsonl")
    print(f"seed {told.seed}, {told.kills} kills, at most {told.minutes:.0f} minutes; {root}")
    try:
        facts = _run(scene, history, told.seed, told.kills, begun + told.minutes * 60)
        found = check(history.events(), facts)
        found += _ended(scene)
    finally:
        scene.stop()
        scene.sweep()
    tell(history.events(), facts, found)
    print(f"seed {told.seed}: {time.monotonic() - begun:.0f} s")
    report(figures(history.events(), found, told.kills))
    if found:
        history.record("violations", found=[asdict(one) for one in found])
        sys.exit(f"kept: {root}")
    shutil.rmtree(root, ignore_errors=True)


def _run(scene: Scene, history: History, seed: int, kills: int, deadline: float) -> Facts:
    receiver, watcher = Receiver(history, scene.home / "webhook-secret", seed), Watcher(scene, history)
    scene.start()
    receiver.start()
    watcher.start()
    crowd = _Crowd(scene, history, receiver.url, seed)
    steward = Steward(Door(scene.api, history), crowd.ended)
    try:
        _until(watcher.is_ready, START_SECONDS, "omni serve")
        strikes_end = deadline - SETTLE_SHARE * (deadline - time.monotonic())
        crowd.start()
        steward.start()
        Nemesis(scene, history, seed, lambda: time.monotonic() > strikes_end).execute(plan(seed, kills))
        history.record("peace")
        crowd.close()
        _wait(lambda: not crowd.is_working(), deadline - 90)
        _wait(lambda: not crowd.untold(), min(deadline - 45, time.monotonic() + HOOK_SECONDS))
        steward.stop()
        crowd.stop()
        return gather(scene, Door(scene.api, history), crowd.jobs())
    finally:
        watcher.stop()
        receiver.stop()


class _Crowd:
    """All clients; a new one comes as long as not too many are at work."""

    def __init__(self, scene: Scene, history: History, hook: str, seed: int) -> None:
        self._scene, self._history, self._hook, self._seed = scene, history, hook, seed
        self._dice = random.Random(seed + 3)
        self._clients: list[Client] = []
        self._is_open = True

    def start(self) -> None:
        """Let clients come, in a thread."""
        import threading  # noqa: PLC0415

        threading.Thread(target=self._come, daemon=True).start()

    def close(self) -> None:
        """Let no more come."""
        self._is_open = False

    def stop(self) -> None:
        """Send all away."""
        for client in self._clients:
            client.stop()
        for client in self._clients:
            client.join(timeout=30)

    def is_working(self) -> bool:
        """Whether a client still waits for its job."""
        return any(client.is_alive() for client in self._clients)

    def jobs(self) -> list[str]:
        """Every job that was accepted."""
        return [client.job for client in self._clients if client.job]

    def ended(self) -> list[str]:
        """Jobs whose client has gone home."""
        return [client.job for client in self._clients if client.job and not client.is_alive()]

    def untold(self) -> bool:
        """Whether a webhook is still expected."""
        wanted = {e.facts["job"] for e in self._history.events() if e.kind == "script" and e.facts["webhook"]}
        heard = {e.facts["job"] for e in self._history.events() if e.kind == "hook" and e.facts["status"] == 200}
        return bool(wanted - heard)

    def _come(self) -> None:
        while self._is_open:
            if sum(client.is_alive() for client in self._clients) < OPEN_JOBS:
                number = len(self._clients)
                source, door = self._scene.add_source(number), Door(self._scene.api, self._history)
                order = script(self._seed, number)
                client = Client(order, source, door, self._hook, self._scene.api, self._history)
                client.start()
                self._clients.append(client)
            time.sleep(self._dice.uniform(0.5, 4))


def _ended(scene: Scene) -> list[Violation]:
    """Take everything down and look at what stays."""
    in_time = scene.stop()
    left = [f"{one.role} {one.pid}" for one in scene.living()]
    return [] if in_time and not left else [Violation("I12", "", f"at the end stayed {left or 'the supervisor'}")]


def _until(condition: object, seconds: float, what: str) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.25)


def _wait(condition: object, deadline: float) -> None:
    assert callable(condition)
    while time.monotonic() < deadline and not condition():
        time.sleep(0.5)


if __name__ == "__main__":
    main()
