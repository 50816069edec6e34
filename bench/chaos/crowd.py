"""All clients of a run: a new one comes as long as not too many are at work."""

import random
import threading
import time

from bench.chaos.clients import Client, Door, script
from bench.chaos.history import History
from bench.chaos.scene import Scene

AT_WORK = 6
"""Clients at a time: enough for a queue before two slots."""


class Crowd:
    """The clients of a seed; ``hook`` is where their webhooks go."""

    def __init__(self, scene: Scene, history: History, hook: str, seed: int) -> None:
        self._scene, self._history, self._hook, self._seed = scene, history, hook, seed
        self._dice = random.Random(seed + 3)
        self._clients: list[Client] = []
        self._is_open = True

    def start(self) -> None:
        """Let clients come."""
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

    def is_untold(self) -> bool:
        """Whether a webhook is still expected."""
        events = self._history.events()
        wanted = {event.facts["job"] for event in events if event.kind == "script" and event.facts["webhook"]}
        told = {event.facts["job"] for event in events if event.kind == "hook" and event.facts["status"] == 200}
        return bool(wanted - told)

    def _come(self) -> None:
        while self._is_open:
            if sum(client.is_alive() for client in self._clients) < AT_WORK:
                number = len(self._clients)
                source, door = self._scene.add_source(number), Door(self._scene.api, self._history)
                plan = script(self._seed, number)
                client = Client(plan, source, door, self._hook, self._scene.api, self._history)
                client.start()
                self._clients.append(client)
            time.sleep(self._dice.uniform(0.5, 4))
