"""The event stream of the app: it tells a life, ends with it, and outlives what is away for a while."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes.door import Door, code_of, heard, opened
from prefect.states import Cancelled, Cancelling, Running

from deployments.door import events
from deployments.errors import DeploymentMissing, OrchestratorUnavailable
from omni.errors import OmniError
from omni.record import ClipState, Status


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.001)
    with opened(tmp_path) as door:
        yield door


@dataclass(frozen=True)
class Event:
    """One event as it came over the wire."""

    name: str
    id: str
    data: Any


def parsed(text: str) -> list[Event]:
    found: list[Event] = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if "event" in lines:
            found.append(Event(lines["event"], lines["id"], json.loads(lines["data"])))
    return found


def life_of(door: Door, job_id: UUID) -> list[Callable[[], object]]:
    """Return the steps of a job that is rendered well."""
    enter, tell = door.gateway.enter, door.gateway.tell
    clip = ClipState(number=1, title="One good idea", start=1, end=21)
    return [
        lambda: enter(job_id, Running(name="ANALYZING"), reached=Status.ANALYZING, progress=0.1, stage="listen"),
        lambda: enter(job_id, Running(name="WRITING_STRATEGY"), reached=Status.WRITING_STRATEGY, clips=(clip,)),
        lambda: enter(job_id, Running(name="RENDERING"), reached=Status.RENDERING, progress=0.5),
        lambda: tell(job_id, clips=(clip.model_copy(update={"state": "rendered"}),), progress=0.9),
        lambda: door.deliver(job_id),
    ]


def test_a_stream_tells_a_jobs_life_and_ends_with_it(door: Door) -> None:
    job_id = door.job()
    door.gateway.change(job_id, lambda: None, lambda: None, *life_of(door, job_id))

    answer = door.client.get(f"/jobs/{job_id}/events")

    told = parsed(answer.text)
    assert answer.headers["content-type"].startswith("text/event-stream")
    states = [e.data["status"] for e in told if e.name in {"state", "done"}]
    assert states == ["PENDING", "ANALYZING", "WRITING_STRATEGY", "RENDERING", "COMPLETED"]
    assert [e.data["number"] for e in told if e.name == "clip"] == [1]
    assert told[-1].name == "done"
    assert told[-1].data == door.client.get(f"/status/{job_id}").json()
    progress = [e.data["progress"] for e in told if e.name == "progress"]
    assert progress == sorted(progress)


def test_a_listener_who_comes_back_hears_the_rest(door: Door) -> None:
    job_id = door.job()
    for step in life_of(door, job_id):
        step()
    told = parsed(door.client.get(f"/jobs/{job_id}/events").text)

    for count, event in enumerate(told[:-1], start=1):
        rest = parsed(door.client.get(f"/jobs/{job_id}/events", headers={"Last-Event-ID": event.id}).text)
        assert rest == told[count:]


def test_a_deleted_job_ends_its_stream(door: Door) -> None:
    job_id = door.job()
    door.gateway.change(job_id, lambda: None, lambda: None, lambda: door.gateway.stored.pop(job_id))

    told = parsed(door.client.get(f"/jobs/{job_id}/events").text)

    assert [e.name for e in told] == ["state", "progress"]


@pytest.mark.parametrize(
    "trouble", [OrchestratorUnavailable(reason="ConnectError"), DeploymentMissing(name="produce/local")]
)
def test_a_stream_outlives_a_prefect_that_is_away_for_a_while(door: Door, trouble: OmniError) -> None:
    job_id, gateway = door.job(), door.gateway
    away = 0

    async def pause() -> None:
        nonlocal away
        if gateway.asked["run"] in range(3, 8):
            away += 1
            raise trouble

    gateway.pause = pause
    gateway.change(job_id, lambda: None, *life_of(door, job_id))

    told = parsed(door.client.get(f"/jobs/{job_id}/events").text)

    states = [e.data["status"] for e in told if e.name in {"state", "done"}]
    assert states == ["PENDING", "ANALYZING", "WRITING_STRATEGY", "RENDERING", "COMPLETED"]
    assert away == 5


def test_a_stream_outlives_a_store_that_is_away_for_a_while(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from deployments.door.shelf import FolderShelf
    from omni.errors import StoreUnavailable

    job_id, looks = door.finished(), 0
    known = FolderShelf.lacking

    def lacking(shelf: FolderShelf, result: Any) -> str | None:
        nonlocal looks
        looks += 1
        if looks < 3:
            raise StoreUnavailable(where="s3://bucket", reason="timeout")
        return known(shelf, result)

    monkeypatch.setattr(FolderShelf, "lacking", lacking)

    assert parsed(door.client.get(f"/jobs/{job_id}/events").text)[-1].name == "done"


def test_a_stream_ends_after_a_while_so_that_nobody_is_served_for_ever(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "STREAM_SECONDS", 0.01)

    told = parsed(door.client.get(f"/jobs/{door.job()}/events").text)

    assert [e.name for e in told] == ["state", "progress"]


def test_a_job_that_is_not_there_is_an_error_not_a_stream(door: Door) -> None:
    answer = door.client.get(f"/jobs/{uuid4()}/events")

    assert (answer.status_code, code_of(answer)) == (404, "job_not_found")


def test_a_cancellation_is_told_when_it_has_happened(door: Door) -> None:
    job_id, enter = door.job(), door.gateway.enter
    door.gateway.change(
        job_id,
        lambda: None,
        lambda: enter(job_id, Running(name="ANALYZING"), reached=Status.ANALYZING),
        lambda: enter(job_id, Cancelling()),
        lambda: enter(job_id, Cancelled()),
    )

    told = parsed(door.client.get(f"/jobs/{job_id}/events").text)

    states = [(e.name, e.data["status"]) for e in told if e.name in {"state", "done"}]
    assert states == [("state", "PENDING"), ("state", "ANALYZING"), ("done", "CANCELLED")]


def test_who_hangs_up_is_not_looked_after_any_longer(door: Door) -> None:
    job_id = door.job()

    async def listen_once() -> None:
        stream = heard(door.app, f"/jobs/{job_id}/events")
        assert (await anext(stream))["status"] == 200
        assert b"events of a job" in (await anext(stream))["body"]
        async with asyncio.timeout(10):
            await stream.aclose()
        looks = door.gateway.asked["run"]
        for _ in range(20):
            await asyncio.sleep(0.002)
        assert door.gateway.asked["run"] == looks

    asyncio.run(listen_once())
