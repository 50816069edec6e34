"""A listener to a job's events that loses its connection now and then, and takes the stream up again."""

import random
import threading
import time

import httpx

from bench.chaos.history import History
from deployments.remote.following import parse

QUIET_SECONDS = 45.0
"""The API sends a sign of life every 15 s."""
PATIENCE = 900.0


class Listener(threading.Thread):
    """Listens until ``done``, with Last-Event-ID from one connection to the next."""

    def __init__(self, api: str, job: str, history: History, last: str | None = None, round_: int = 1) -> None:
        super().__init__(daemon=True)
        self._api, self._job, self._history = api, job, history
        self._last, self._round = last, round_
        self._dice = random.Random(f"{job}:{round_}")
        self._ended = False

    def again(self) -> "Listener":
        """Listen to the next attempt, from where this one ended."""
        following = Listener(self._api, self._job, self._history, self._last, self._round + 1)
        following.start()
        return following

    def run(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._ended and time.monotonic() < deadline:
            try:
                self._listen()
                why = "ended"
            except (httpx.TransportError, ValueError) as error:
                why = type(error).__name__
            self._note("lost", why=why)
            time.sleep(self._dice.uniform(0.2, 1.5))

    def _listen(self) -> None:
        headers = {"Last-Event-ID": self._last} if self._last else {}
        hangs_up = time.monotonic() + self._dice.uniform(1, 25)
        timeout = httpx.Timeout(QUIET_SECONDS, connect=5)
        with httpx.stream(
            "GET", f"{self._api}/jobs/{self._job}/events", headers=headers, timeout=timeout, trust_env=False
        ) as answer:
            if answer.status_code != 200:
                return
            self._note("open", last=self._last)
            for event in parse(answer.iter_bytes()):
                if event is not None:
                    self._last = event.id
                    told = {name: event.data.get(name) for name in ("status", "number", "state") if name in event.data}
                    self._note(event.kind, id=event.id, **told)
                    self._ended = event.kind == "done"
                if self._ended or time.monotonic() > hangs_up:
                    return

    def _note(self, event: str, **facts: object) -> None:
        self._history.record("sse", job=self._job, round=self._round, event=event, **facts)
