"""What happened, in order: every request with its answer, every kill, everything that was seen meanwhile."""

import json
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Event:
    """One line of the history; ``at`` is seconds since the beginning, of the end of what is told."""

    at: float
    kind: str
    facts: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def begun(self) -> float:
        """When it began; requests take their time, and their order is known only where they don't overlap."""
        return float(self.facts.get("begun", self.at))


class History:
    """Appends to a file, one JSON object a line; thread-safe."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8", buffering=1)
        self._lock = threading.Lock()
        self._beginning = time.monotonic()
        self._events: list[Event] = []

    def now(self) -> float:
        """Seconds since the beginning."""
        return round(time.monotonic() - self._beginning, 3)

    def record(self, kind: str, **facts: Any) -> None:
        """Append what has just happened."""
        with self._lock:
            event = Event(self.now(), kind, facts)
            self._events.append(event)
            self._file.write(json.dumps({"at": event.at, "kind": kind, **facts}, default=str) + "\n")

    def events(self) -> list[Event]:
        """Return all of it."""
        with self._lock:
            return list(self._events)


def of(events: Iterable[Event], *kinds: str, job: str | None = None) -> list[Event]:
    """Return the events of these kinds, of one job or of all, by the time at which they began."""
    chosen = (e for e in events if e.kind in kinds and (job is None or e.facts.get("job") == job))
    return sorted(chosen, key=lambda event: event.begun)
