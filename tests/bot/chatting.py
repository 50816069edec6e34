"""A bot between a fake Telegram and a fake API, and the jobs that it is shown."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakes.api import FakeApi
from fakes.telegram import FakeTelegram
from pydantic import SecretStr

from deployments.bot import running, telegram
from deployments.bot.following import Pace
from deployments.remote.client import ApiClient
from omni.settings import Settings

CHAT, STRANGER = 42, 666
QUICK = Pace(look=0.02, wait=0.02, tries=2)


@dataclass
class Running:
    """A bot in a thread."""

    thread: threading.Thread
    outcome: list[BaseException]


@contextmanager
def bot(
    line: FakeTelegram, api: FakeApi, home: Path, *, chats: tuple[int, ...] = (CHAT,), **changes: Any
) -> Iterator[Running]:
    """Run the bot until the block ends."""
    told = {"telegram_token": SecretStr(line.token), "telegram_base_url": line.url, "home": home} | changes
    settings = Settings(_env_file=None).model_copy(update=told)
    started: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = []
    outcome: list[BaseException] = []

    async def main() -> None:
        task = asyncio.current_task()
        assert task
        started.append((asyncio.get_running_loop(), task))
        with ApiClient(api.url, SecretStr(api.key) if api.key else None) as client:
            client.rest = lambda seconds: None  # type: ignore[method-assign]
            await running.run(settings, client, home / running.STATE, chats, QUICK)

    def whole() -> None:
        try:
            asyncio.run(main())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001  # the test looks at it
            outcome.append(error)

    thread = threading.Thread(target=whole)
    thread.start()
    try:
        yield Running(thread, outcome)
    finally:
        if started and thread.is_alive():
            loop, task = started[0]
            if not loop.is_closed():
                loop.call_soon_threadsafe(task.cancel)
        thread.join(20)
        assert not thread.is_alive()


def without_waiting(monkeypatch: Any) -> None:
    """Let no network failure cost a second."""
    monkeypatch.setattr(telegram, "DELAYS", (0.01,) * 4)
    monkeypatch.setattr(telegram, "AWAY", 0.01)


def clip(number: int, **changes: Any) -> dict[str, Any]:
    return {"number": number, "title": f"Clip {number}", "start": 1.0, "end": 20.0, "state": "rendered"} | changes


def deliver(
    api: FakeApi, job: str, *numbers: int, status: str = "COMPLETED", small: bool = False, **short: Any
) -> None:
    """Let a job come to its Shorts of 2 kB; ``status`` NEEDS_REVIEW makes them drafts, ``small`` adds a copy for messengers."""
    draft = status == "NEEDS_REVIEW"
    shorts = []
    for number in numbers:
        kind = "draft" if draft else "final"
        films = {"video": f"{kind} {number} ".encode().ljust(2000, b"v"), "poster": b"\xff\xd8poster"}
        if small:
            films["video_small"] = b"small"
        names = {role: f"clips/{number:02d}-{kind}-{role}" for role in films}
        api.files |= {names[role]: data for role, data in films.items()}
        files = {role: _entry(names[role], data) for role, data in films.items()}
        facts = {"title": f"Clip {number}", "score": 81.6, "reason": "Opens with a question.", "duration": 20.4}
        shorts.append({"number": number, "draft": draft, "usable": True, "files": files} | facts | short)
    posts = [
        {
            "clip": number,
            "platform": platform,
            "title": None,
            "text": f"Post {number} <b>on</b> {platform}",
            "hashtags": ["box"],
        }
        for number in numbers
        for platform in ("tiktok", "x")
    ]
    api.files["manifest.json"] = json.dumps({"schema": 1, "shorts": shorts, "posts": posts}).encode()
    links = api.jobs[job]["links"] | {"files": f"/jobs/{job}/files"}
    result = {"shorts_count": len(numbers), "output_dir": "/out", "strategy_id": None}
    told: dict[str, Any] = {"result": None if draft else result, "links": links}
    if draft:
        told["review"] = {"open": list(numbers), "until": "2026-11-29T10:00:00Z", "then": None}
    known = {one["number"]: one for one in api.jobs[job].get("clips", [])}
    api.move(job, status, clips=[known.get(number, clip(number)) for number in numbers], **told)


def _entry(path: str, data: bytes) -> dict[str, Any]:
    return {"path": path, "sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
