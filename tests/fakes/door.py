"""The door as its tests open it: the real app over the fake Prefect, with folders of its own."""

import asyncio
import hashlib
import json
import socket
import threading
import time
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote
from uuid import UUID

import uvicorn
from fakes.gateway import FakeGateway
from prefect.client.schemas.objects import State
from prefect.states import Completed, Running, Suspended
from starlette.testclient import TestClient

from deployments.api import create_app
from deployments.door.access import KeyRing, Scope
from omni.contracts import Production
from omni.record import ClipState, Status
from omni.settings import Settings

ADDRESS = "http://127.0.0.1:8000"
PROBLEM = "application/problem+json"
STRATEGY = "5d1f0a3e-7a37-5d0e-9d43-1f0c7c2f8f11"
NO_HEADERS: Mapping[str, str] = {}
FILES = {
    "clips/01-one good-idea.mp4": b"\x00\x01video of one" * 50,
    "clips/01-one good-idea.jpg": b"\xff\xd8poster",
    "clips/01-one good-idea.srt": b"1\n",
    "clips/01-one good-idea.vtt": b"WEBVTT\n",
}
ROLES = {".mp4": "video", ".jpg": "poster", ".srt": "srt", ".vtt": "vtt"}


def waiting() -> State[Any]:
    """Return the state of a run that waits for people with the form of ours."""
    state = Suspended(pause_key="drafts")
    state.state_details.run_input_keyset = {"response": "r", "schema": "s", "description": "d"}
    return state


@dataclass
class Door:
    """An open door, and what stands behind it."""

    settings: Settings
    gateway: FakeGateway
    client: TestClient

    @property
    def app(self) -> Any:
        """The ASGI app."""
        return self.client.app

    def caller(self, key: str | None = None, host: str = "127.0.0.1") -> TestClient:
        """Return somebody else who calls: with a key, from an address."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return TestClient(self.app, base_url=ADDRESS, client=(host, 1), headers=headers)

    def key(self, owner: str, *scopes: Scope) -> str:
        """Make an API key."""
        return KeyRing(self.settings.keys).create(owner, scopes)[1]

    def video(self, name: str = "talk.mp4") -> Path:
        """Put a file below the media root."""
        path = self.settings.media_roots[0] / name
        path.write_bytes(b"a talk")
        return path

    def job(self, client: TestClient | None = None, **body: Any) -> UUID:
        """Submit a job and return its id."""
        answer = (client or self.client).post("/process", json={"video_path": str(self.video())} | body)
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["job_id"])

    def deliver(self, job_id: UUID, files: Mapping[str, bytes] = FILES, **facts: Any) -> Production:
        """Put what a job makes into the output folder, and let its run complete."""
        result = self._placed(job_id, files, facts)
        self.gateway.enter(job_id, Completed(), result=result, progress=1.0)
        return result

    def draft(self, job_id: UUID, files: Mapping[str, bytes] = FILES, clips: int = 2) -> Production:
        """Put drafts into the output folder, and let the run wait for people."""
        result = self._placed(job_id, files, {})
        told = tuple(ClipState(number=n, title=f"Idea {n}", start=n * 30, end=n * 30 + 20) for n in range(1, clips + 1))
        facts: dict[str, Any] = {"reached": Status.NEEDS_REVIEW, "progress": 1.0, "clips": told}
        self.gateway.enter(job_id, Running(name="RENDERING"), result=result, **facts)
        self.gateway.enter(job_id, waiting())
        return result

    def _placed(self, job_id: UUID, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> Production:
        folder = self.settings.output / f"talk-{str(job_id)[:8]}"
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        manifest = {"schema": 1, "source": _source(self.gateway.stored[job_id].parameters), "shorts": [_short(files)]}
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        told: dict[str, Any] = {
            "output_dir": folder,
            "shorts_count": 1,
            "strategy_id": STRATEGY,
            "source": "talk.mp4",
            "engines": {},
        }
        return Production.model_validate(told | facts)

    def finished(self, client: TestClient | None = None, files: Mapping[str, bytes] = FILES) -> UUID:
        """Submit a job that is completed at once, and return its id."""
        job_id = self.job(client)
        self.deliver(job_id, files)
        return job_id


@contextmanager
def opened(folder: Path, **changes: Any) -> Generator[Door]:
    """Open a door whose folders lie in ``folder``; keyword arguments are settings."""
    media = folder / "media"
    media.mkdir(exist_ok=True)
    own = {"home": folder / "home", "output": folder / "output", "media_roots": (media,)}
    settings, gateway = Settings(_env_file=None, **(own | changes)), FakeGateway()  # pyright: ignore[reportCallIssue]
    app = create_app(settings)
    with (
        patch("deployments.api.gateway", gateway.opened),
        TestClient(app, base_url=ADDRESS, client=("127.0.0.1", 1)) as client,
    ):
        yield Door(settings, gateway, client)


@contextmanager
def served(app: Any) -> Generator[str]:
    """Serve an app on a free port of this machine, and give its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


async def heard(
    app: Any, target: str, method: str = "GET", *, headers: Mapping[str, str] = NO_HEADERS, messages: Iterable[Any] = ()
) -> AsyncGenerator[Any]:
    """Yield what the app sends for a request whose path no client has tidied up; decoded as uvicorn does.

    The client says ``messages`` one after another and then keeps silent; it goes away when the caller stops listening.
    """
    path, _, query = target.partition("?")
    told: asyncio.Queue[Any] = asyncio.Queue()
    said, gone = iter([*messages] or [{"type": "http.request", "body": b"", "more_body": False}]), asyncio.Event()

    async def receive() -> Any:
        for message in said:
            return message
        await gone.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(errors="replace"),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(n.encode(), v.encode()) for n, v in ({"host": "127.0.0.1:8000"} | dict(headers)).items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    task = asyncio.create_task(app(scope, receive, told.put))
    task.add_done_callback(lambda _: told.put_nowait(None))
    try:
        while (message := await told.get()) is not None:
            yield message
    finally:
        gone.set()
        await task


def raw(app: Any, target: str, method: str = "GET", **how: Any) -> tuple[int, bytes]:
    """Send a request as :func:`heard` does, and return status and body."""

    async def all_of_it() -> list[Any]:
        return [message async for message in heard(app, target, method, **how)]

    told = asyncio.run(all_of_it())
    return told[0]["status"], b"".join(message.get("body", b"") for message in told[1:])


def code_of(answer: Any) -> str:
    """Return the code of a problem, which any error must be."""
    assert answer.headers["content-type"] == PROBLEM, answer.text
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["next_step"]
    assert told["request_id"] == answer.headers["x-request-id"]
    return told["code"]


def _source(parameters: Mapping[str, Any]) -> dict[str, Any]:
    path = Path(str(parameters.get("video", "")))
    data = path.read_bytes() if path.is_file() else b""
    return {"file": path.name, "sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}


def _short(files: Mapping[str, bytes]) -> dict[str, Any]:
    listed = {
        ROLES[Path(name).suffix]: {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
        for name, data in reversed(tuple(files.items()))  # the first of a kind is the Short's
        if Path(name).suffix in ROLES
    }
    return {"number": 1, "title": "One good idea", "start": 1.0, "end": 21.0, "usable": True, "files": listed}
