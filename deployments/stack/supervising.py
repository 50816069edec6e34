"""The supervisor: children that belong together, started in order, started again when they die, all gone at the end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from deployments.errors import PartFailed
from deployments.stack.processes import Process, kill_marked

Health = Callable[[Process], bool]


@dataclass(frozen=True)
class Pace:
    """How patient the supervisor is; seconds."""

    first_pause: float = 0.5
    longest_pause: float = 30
    steady: float = 60
    """So long in health, and earlier deaths are forgotten; five deaths in so long, without any health, are enough."""
    start: float = 120
    stop: float = 9
    look: float = 0.1
    ask: float = 0.3
    """Between two questions about the same child's health: an answer costs it and Prefect some work."""


DEATHS = 5


@dataclass(frozen=True)
class Child:
    """A part of the stack: a command, what it gets beside the environment, and how its health is asked."""

    name: str
    argv: tuple[str, ...]
    is_healthy: Health
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    ends: bool = False
    """Whether its work is done, and it healthy, when it ends with 0."""


class Stop:
    """Whether the end was asked for, and whether it was asked for again; plain flags, safe in a signal handler."""

    def __init__(self) -> None:
        self.asked = False
        self.hurried = False
        self._since = 0.0

    def __call__(self, *_: object) -> None:
        """Ask. A terminal's Ctrl-C can arrive twice at once, by itself and forwarded: that is one."""
        self.hurried = self.asked and time.monotonic() > self._since + 1
        self._since = self._since if self.asked else time.monotonic()
        self.asked = True


class Supervisor:
    """A context manager; whatever ends the block ends every child.

    ``logs`` holds a file for each child, ``folder`` is where they work: a neutral one, so that nothing in the user's
    own folder is imported or read. ``mark`` stands in the environment of everything that they start, and whatever
    still carries it at the end is killed: also what an earlier, killed supervisor of the same mark left behind.
    Raises PartFailed.
    """

    def __init__(
        self, mark: str, *, logs: Path, folder: Path, stop: Stop, say: Callable[[str], None], pace: Pace = Pace()
    ) -> None:
        self._logs, self._folder, self._stop, self._say, self._pace = logs, folder, stop, say, pace
        self._mark = mark
        self._waves: list[list[_Post]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.end()

    def start(self, *children: Child) -> bool:
        """Start a wave of children and wait until all are healthy; False when the end was asked for before."""
        wave = [_Post(child, self._logs / f"{child.name}.log", self._pace) for child in children]
        self._waves.append(wave)
        deadline = time.monotonic() + self._pace.start
        while not all(post.is_healthy for post in wave):
            if self._stop.asked:
                return False
            self._look()
            if late := [post for post in wave if not post.is_healthy and time.monotonic() > deadline]:
                after = f"it was not ready after {self._pace.start:.0f} s"
                raise late[0].failed(after)
            time.sleep(self._pace.look)
        return True

    def watch(self) -> None:
        """Keep every child alive until the end is asked for."""
        while not self._stop.asked:
            self._look()
            time.sleep(self._pace.look)

    def end(self) -> None:
        """Stop all, the last started first: SIGTERM, and SIGKILL to the groups of those that are slow; idempotent."""
        deadline = time.monotonic() + self._pace.stop
        while self._waves:
            share = (deadline - time.monotonic()) / len(self._waves)
            self._end_wave(self._waves.pop(), time.monotonic() + share)
        for _ in range(10):  # what is killed may just have started another
            if not kill_marked(f"OMNI_STACK={self._mark}"):
                break
            time.sleep(0.02)

    def _end_wave(self, wave: "list[_Post]", deadline: float) -> None:
        processes = [post.process for post in wave if post.process is not None]
        for process in processes:
            process.ask_to_stop()
        while any(process.exit_code() is None for process in processes):
            if self._stop.hurried or time.monotonic() > deadline:
                break
            time.sleep(0.02)
        for process in processes:
            process.end()

    def _look(self) -> None:
        for post in [post for wave in self._waves for post in wave]:
            words = post.look(self._folder, {"OMNI_STACK": self._mark})
            if words:
                self._say(words)


class _Post:
    """The place of one child: whichever process holds it now."""

    def __init__(self, child: Child, log: Path, pace: Pace) -> None:
        self.child, self._log, self._pace = child, log, pace
        self.process: Process | None = None
        self.is_healthy = False
        self._was_healthy = False
        self._deaths: list[float] = []
        self._failures = 0
        self._healthy_since = 0.0
        self._start_at = self._ask_at = 0.0
        self._last_words = "it was never started"

    def look(self, folder: Path, env: Mapping[str, str]) -> str:
        """Do what the moment asks for, and return what is worth saying."""
        now = time.monotonic()
        if self.process is None:
            is_due = now >= self._start_at and not (self.child.ends and self.is_healthy)
            return self._bear(folder, env, now) if is_due else ""
        code = self.process.exit_code()
        if code is not None:
            return self._bury(self.process, code, now)
        if not self.is_healthy:
            if not self.child.ends and now >= self._ask_at and self.child.is_healthy(self.process):
                self.is_healthy, self._was_healthy, self._healthy_since = True, True, now
            elif now >= self._ask_at:
                self._ask_at = time.monotonic() + self._pace.ask
        elif now > self._healthy_since + self._pace.steady:
            self._failures = 0
        return ""

    def failed(self, reason: str) -> PartFailed:
        """Return the error that this child can't be had, with its last words."""
        words = self.process.tail() if self.process else self._last_words
        return PartFailed(part=self.child.name, reason=f"{reason}; its last words: {words}", log=self._log)

    def _bear(self, folder: Path, env: Mapping[str, str], now: float) -> str:
        try:
            self.process = Process(self.child.argv, env={**env, **self.child.env}, folder=folder, log=self._log)
        except OSError as error:  # a full disk or process table: what runs shall stay
            self._last_words = str(error)
            return f"{self.child.name} can't be started ({error}); {self._again(now)}"
        return ""

    def _bury(self, process: Process, code: int, now: float) -> str:
        self.process = None
        self.is_healthy = self.child.ends and code == 0
        if self.is_healthy:
            return ""
        self._last_words = process.tail()
        self._deaths = [*(death for death in self._deaths if death > now - self._pace.steady), now]
        if not self._was_healthy and len(self._deaths) >= DEATHS:
            often = f"it ended {DEATHS} times, at last with {_told(code)}"
            raise self.failed(often)
        words = f"{self.child.name} ended ({_told(code)}); {self._again(now)}"
        process.note(words)
        return f"{words}. Its log: {self._log}"

    def _again(self, now: float) -> str:
        pause = min(self._pace.longest_pause, self._pace.first_pause * 2 ** min(self._failures, 16))
        self._failures += 1
        self._start_at = now + pause
        return f"it is started again in {pause:.1f} s"


def _told(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit {code}"
