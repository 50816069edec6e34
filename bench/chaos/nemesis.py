"""What is killed, and when: a plan from a seed, and its execution."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bench.chaos.history import History
from bench.chaos.scene import Scene, continue_process, kill_process, stop_process

SHARES = {
    "flow": 14, "worker-local": 7, "api": 7, "prefect": 6, "ffmpeg": 6, "supervisor": 4, "worker-notices": 4,
    "reconciler": 4,
}  # fmt: skip
"""How often each is killed, in parts of the whole."""
GAP = (4.0, 24.0)
DOUBLE = 0.15
"""So many kills hit before the stack has noticed the one before."""
DOUBLE_GAP = (0.05, 1.5)
FROZEN = (3.0, 12.0)
WAIT_SECONDS = 20.0
"""So long a victim is waited for; then it is tried again at the end of the plan."""


@dataclass(frozen=True)
class Strike:
    """``after`` so many seconds, one process of a role is killed; ``how`` may also be term (the stack) or freeze."""

    after: float
    target: str
    how: str = "kill"
    seconds: float = 0.0


def plan(seed: int, kills: int) -> tuple[Strike, ...]:
    """Return the strikes of a seed: the kills, and beside them two stops of the whole stack and two frozen servers."""
    dice = random.Random(seed)
    targets = [target for target, count in _shared(kills).items() for _ in range(count)]
    dice.shuffle(targets)
    strikes = [Strike(_gap(dice), target) for target in targets]
    extra = [Strike(_gap(dice), "supervisor", "term", dice.uniform(0, 5)) for _ in range(2 if kills >= 20 else 1)]
    extra += [Strike(_gap(dice), "prefect", "freeze", dice.uniform(*FROZEN)) for _ in range(2 if kills >= 20 else 1)]
    for strike in extra:
        strikes.insert(dice.randrange(len(strikes) + 1), strike)
    return tuple(strikes)


def _gap(dice: random.Random) -> float:
    return round(dice.uniform(*(DOUBLE_GAP if dice.random() < DOUBLE else GAP)), 2)


def _shared(kills: int) -> Counter[str]:
    """Share the kills by the largest remainders; each target gets one before any gets two, where there are enough."""
    whole = sum(SHARES.values())
    exact = {target: kills * share / whole for target, share in SHARES.items()}
    counts = Counter({target: max(int(part), 1) for target, part in exact.items()})
    order = sorted(exact, key=lambda target: exact[target] - int(exact[target]), reverse=True)
    for target in order * 2:
        if counts.total() < kills:
            counts[target] += 1
    while counts.total() > kills:
        counts[counts.most_common(1)[0][0]] -= 1
    return counts


class Nemesis:
    """Executes a plan. ``is_over`` says that the time is up."""

    def __init__(self, scene: Scene, history: History, seed: int, is_over: Callable[[], bool]) -> None:
        self._scene, self._history, self._is_over = scene, history, is_over
        self._dice = random.Random(seed + 1)

    def execute(self, strikes: tuple[Strike, ...]) -> None:
        """Strike until the plan is done or the time is up; victims that weren't there are tried once more."""
        missed = [strike for strike in strikes if not self._wait_and_strike(strike)]
        for strike in missed:
            self._wait_and_strike(strike)

    def _wait_and_strike(self, strike: Strike) -> bool:
        self._rest(strike.after)
        if self._is_over():
            return True
        if strike.target == "supervisor":
            self._strike_all(strike)
            return True
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline and not self._is_over():
            if self._strike_one(strike):
                return True
            time.sleep(0.05)
        self._history.record("missed", target=strike.target)
        return False

    def _strike_one(self, strike: Strike) -> bool:
        there = [living for living in self._scene.living() if living.role == strike.target]
        if not there:
            return False
        victim = self._dice.choice(there)
        if strike.how == "freeze":
            stop_process(victim.pid)
            self._history.record("freeze", target=strike.target, pid=victim.pid, seconds=strike.seconds)
            self._rest(strike.seconds)
            continue_process(victim.pid)
            return True
        begun = self._history.now()
        if not kill_process(victim.pid):
            return False
        self._history.record("kill", begun=begun, target=strike.target, pid=victim.pid, run=victim.run)
        return True

    def _strike_all(self, strike: Strike) -> None:
        runs = sorted({living.run for living in self._scene.living() if living.role == "flow"})
        begun, pid = self._history.now(), self._scene.supervisor
        if strike.how == "term":
            in_time = self._scene.stop()
            left = [living.role for living in self._scene.living()]
            self._history.record("term", begun=begun, target="supervisor", pid=pid, in_time=in_time, left=left)
        else:
            self._scene.kill()
            self._history.record("kill", begun=begun, target="supervisor", pid=pid, runs=runs)
        self._rest(strike.seconds)
        self._scene.start()

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._is_over():
            time.sleep(min(0.2, max(0.0, until - time.monotonic())))
            if (code := self._scene.ended()) is not None:  # nobody killed it
                self._history.record("gave up", code=code)
                self._scene.start()
