"""How far a job is: stages report their own fraction, listeners hear the whole."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from omni.ports import Progress

Listener = Callable[["Moment"], None]

WEIGHTS = {
    "ingest": 1, "listen": 8, "watch": 14, "recall": 1, "analyze": 2, "write": 2, "render": 68, "deliver": 3, "remember": 1,
}  # fmt: skip
"""Share of a job's wall time by stage, of samples/talk.mp4 on two cores."""


ORDER = (("ingest",), ("listen", "watch"), ("recall",), ("analyze",), ("write", "render"), ("deliver",), ("remember",))
"""Stages that run side by side stand together. What a stage needs is done when it begins, cached stages too."""


@dataclass(frozen=True)
class Moment:
    """One report: the stage that moved, its own fraction, and the whole job's, both 0–1."""

    stage: str
    fraction: float
    overall: float
    parts: Mapping[int, float] = field(default_factory=dict[int, float])
    """The fraction of each part of the stage, such as the clips of ``render``."""
    failed: frozenset[int] = frozenset()
    """The parts that failed; they count as done."""


@dataclass
class Tally:
    """The progress of one job. Thread-safe; the overall fraction never goes back."""

    listeners: list[Listener] = field(default_factory=list[Listener])
    _parts: dict[str, dict[int, float]] = field(default_factory=dict[str, dict[int, float]])
    _failed: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    _overall: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, listener: Listener) -> None:
        """Start a new job from nothing, heard by one listener more."""
        with self._lock:
            self._parts.clear()
            self._failed.clear()
            self._overall = 0.0
            self.listeners.append(listener)

    def leave(self, listener: Listener) -> None:
        """Tell a listener nothing more."""
        self.listeners.remove(listener)

    def expect(self, stage: str, parts: Iterable[int]) -> None:
        """Name the parts of a stage, such as the clips of ``render``."""
        with self._lock:
            self._parts[stage] = dict.fromkeys(parts, 0.0)

    def reporter(self, stage: str, part: int = 0) -> Progress:
        """Return the callback with which one part of a stage reports."""

        def report(fraction: float) -> None:
            self._report(stage, part, fraction)

        return report

    def finish(self, stage: str, part: int = 0) -> None:
        """Report a part as done."""
        self._report(stage, part, 1.0)

    def fail(self, stage: str, part: int = 0) -> None:
        """Report a part that will not be done."""
        with self._lock:
            self._failed.setdefault(stage, set()).add(part)
        self._report(stage, part, 1.0)

    def _report(self, stage: str, part: int, fraction: float) -> None:
        with self._lock:
            parts = self._parts.setdefault(stage, {})
            parts[part] = max(parts.get(part, 0.0), min(1.0, fraction))
            done = {name: sum(p.values()) / len(p) for name, p in self._parts.items() if p}
            done |= dict.fromkeys(_needed_by(stage), 1.0)
            whole = sum(WEIGHTS[name] * min(1.0, value) for name, value in done.items()) / sum(WEIGHTS.values())
            self._overall = max(self._overall, whole)
            failed = frozenset(self._failed.get(stage, ()))
            moment = Moment(stage, min(1.0, done[stage]), self._overall, dict(parts), failed)
        for listener in tuple(self.listeners):
            listener(moment)


def _needed_by(stage: str) -> list[str]:
    level = next(at for at, together in enumerate(ORDER) if stage in together)
    return [name for together in ORDER[:level] for name in together]
