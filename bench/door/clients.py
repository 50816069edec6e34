"""The load: many clients in a process of their own, over kept connections; a plan on stdin, what was seen on stdout."""

import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

THINK = (0.5, 1.0)
"""Seconds between two questions of one client: a page that shows a job asks about this often."""


@dataclass
class Seen:
    """What the clients saw: seconds of each answer, how many of each status, and what came of it."""

    seconds: list[float] = field(default_factory=list[float])
    statuses: dict[int, int] = field(default_factory=dict[int, int])
    jobs: list[str] = field(default_factory=list[str])
    wall: float = 0.0
    cpu: float = 0.0


class Client:
    """One kept connection that speaks as much HTTP/1.1 as the door's answers need: a library would be half the load."""

    def __init__(self, port: int, seen: Seen) -> None:
        self._port, self._seen = port, seen
        self._opened: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Send one request, note how long its whole answer took, and return the answer's headers and body."""
        told = {"Host": f"127.0.0.1:{self._port}", "Content-Type": "application/json", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in (told | dict(headers or {})).items())
        if self._opened is None:
            self._opened = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._opened
        begun = time.perf_counter()
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        answered = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
        content = await reader.readexactly(int(answered.get("content-length", 0)))
        self._seen.seconds.append(time.perf_counter() - begun)
        status = int(first.split()[1])
        self._seen.statuses[status] = self._seen.statuses.get(status, 0) + 1
        if answered.get("connection") == "close":
            writer.close()
            self._opened = None
        return answered, content


async def poll(client: Client, number: int, plan: Mapping[str, Any], _: Seen) -> None:
    """Ask for one job again and again, with a little thought in between; ``etags``: tell what is known already."""
    job, until = plan["jobs"][number % len(plan["jobs"])], time.monotonic() + plan["seconds"]
    known: dict[str, str] = {}
    await asyncio.sleep(random.uniform(0, THINK[1]))
    while time.monotonic() < until:
        headers, _body = await client.ask("GET", f"/status/{job}", headers=known)
        known = {"If-None-Match": headers.get("etag", "")} if plan["etags"] else {}
        await asyncio.sleep(random.uniform(*THINK))


async def submit(client: Client, number: int, plan: Mapping[str, Any], seen: Seen) -> None:
    """Submit jobs one after another, each under a key of its own or under those of the plan."""
    for count in range(plan["count"]):
        keys = plan.get("keys")
        key = keys[count] if keys else f"{plan['name']}-{number}-{count}"
        body = json.dumps({"video_path": plan["video"]}).encode()
        _, content = await client.ask("POST", "/process", body, {"Idempotency-Key": key})
        seen.jobs.append(json.loads(content).get("job_id", ""))


async def fetch(client: Client, _number: int, plan: Mapping[str, Any], _: Seen) -> None:
    """Ask for one address so many times."""
    for _count in range(plan["count"]):
        await client.ask("GET", plan["path"])


DOING: dict[str, Callable[[Client, int, Mapping[str, Any], Seen], Awaitable[None]]] = {
    "poll": poll,
    "submit": submit,
    "fetch": fetch,
}


async def load(plan: Mapping[str, Any]) -> Seen:
    """Let the clients of the plan do their work, all at the same time."""
    seen = Seen()
    clients = [Client(plan["port"], seen) for _ in range(plan["clients"])]
    begun = time.perf_counter()
    await asyncio.gather(*(DOING[plan["doing"]](client, n, plan, seen) for n, client in enumerate(clients)))
    seen.wall, seen.cpu = time.perf_counter() - begun, time.process_time()
    return seen


if __name__ == "__main__":
    json.dump(asdict(asyncio.run(load(json.load(sys.stdin)))), sys.stdout)
