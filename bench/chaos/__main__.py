"""``python -m bench.chaos [--kills 50] [--seed N] [--minutes 25] [--json FILE]``: kill anything, lose nothing.

A real ``omni serve`` in a temporary home, real short jobs, and clients that lose answers. Ends with 1 when an
invariant was violated; then the home, its logs and the history are kept. Linux.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from bench.chaos.checker import Facts, Violation, check
from bench.chaos.clients import Door, Steward
from bench.chaos.crowd import Crowd
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
START_SECONDS = 240.0
"""A first start on a busy machine."""
CHECK_SECONDS, LATEST_HOOK_SECONDS = 90, 45
"""Before the end of the time: when jobs are no longer waited for, and webhooks no longer."""
HOOK_SECONDS = 60.0
"""A delivery that met a bad receiver is tried again after 5 s."""


def main() -> None:
    """Run, check, report."""
    told = _asked()
    root = Path(tempfile.mkdtemp(prefix="omni-chaos-"))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _give_up)
    begun = time.monotonic()
    scene, history = Scene(root), History(root / "history.jsonl")
    print(f"seed {told.seed}, {told.kills} kills, at most {told.minutes:.0f} minutes; {root}", flush=True)
    try:
        facts = _run(scene, history, told.seed, told.kills, begun + told.minutes * 60)
        found = [*check(history.events(), facts), *_taken_down(scene)]
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


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _give_up(*_: object) -> None:
    sys.exit("stopped")


def _run(scene: Scene, history: History, seed: int, kills: int, deadline: float) -> Facts:
    """Let the jobs and the kills go on side by side, then wait for the jobs and look at what is left."""
    receiver, watcher = Receiver(history, scene.home / "webhook-secret", seed), Watcher(scene, history)
    crowd = Crowd(scene, history, receiver.url, seed)
    steward = Steward(Door(scene.api, history), crowd.ended)
    scene.start()
    receiver.start()
    watcher.start()
    try:
        if not _wait(watcher.is_ready, time.monotonic() + START_SECONDS):
            sys.exit(f"omni serve was not ready within {START_SECONDS:.0f} s; see {scene.root}/serve.log")
        kills_end = deadline - SETTLE_SHARE * (deadline - time.monotonic())
        crowd.start()
        steward.start()
        Nemesis(scene, history, seed, lambda: time.monotonic() > kills_end).execute(plan(seed, kills))
        history.record("peace")
        crowd.close()
        _wait(lambda: not crowd.is_working(), deadline - CHECK_SECONDS)
        _wait(lambda: not crowd.is_untold(), min(deadline - LATEST_HOOK_SECONDS, time.monotonic() + HOOK_SECONDS))
        steward.stop()
        crowd.stop()
        return gather(scene, Door(scene.api, history), crowd.jobs())
    finally:
        watcher.stop()
        receiver.stop()


def _taken_down(scene: Scene) -> list[Violation]:
    """Take everything down and look at what stays."""
    in_time = scene.stop()
    left = [f"{one.role} {one.pid}" for one in scene.living()]
    return [] if in_time and not left else [Violation("I12", "", f"at the end stayed {left or 'the supervisor'}")]


def _wait(condition: Callable[[], bool], deadline: float) -> bool:
    """Wait for something; whether it came in time."""
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.25)
    return True


if __name__ == "__main__":
    main()
