"""The event stream: from any point exactly the rest, nothing twice, and an end when the job has one."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes.door import Door, code_of, heard, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from prefect.client.schemas.objects import State
from prefect.states import AwaitingRetry, Cancelled, Cancelling, Completed, Crashed, Failed, Pending, Running, Scheduled

from deployments import events
from deployments.events import Heard, unheard
from deployments.schemas import Clip, Job, Links
from deployments.views import RETRIED
from omni.errors import DeploymentMissing, OmniError, OrchestratorUnavailable
from omni.record import ClipState, Status

T0 = datetime(2026, 11, 22, 12, tzinfo=UTC)


def a_job(status: Status = Status.RENDERING, progress: float = 0.5, clips: tuple[Clip, ...] = ()) -> Job:
    links = Links(self="/s", events="/e", files=None, prefect_ui="/p")
    return Job(
        job_id=UUID(int=1),
        status=status,
        video_path="v.mp4",
        created_at=T0,
        updated_at=T0,
        progress=progress,
        clips=clips,
        links=links,
    )


def a_clip(number: int, state: str) -> Clip:
    return Clip.model_validate({"number": number, "title": f"Clip {number}", "start": 0, "end": 20, "state": state})


def after(number: int, state: State[Any]) -> State[Any]:
    return state.model_copy(update={"timestamp": T0 + timedelta(seconds=number)})


def history(*states: State[Any]) -> list[State[Any]]:
    return [after(number, state) for number, state in enumerate(states)]


ONE_RUN = (Scheduled(), Pending(), Running(), Running(name="ANALYZING"), Running(name="WRITING_STRATEGY"))
RENDERING = (*ONE_RUN, Running(name="RENDERING"))
AGAIN = AwaitingRetry(message=RETRIED)
ENDS = {Status.COMPLETED: Completed(), Status.FAILED: Failed(), Status.CANCELLED: Cancelled()}


def statuses(told: list[Any]) -> list[str]:
    return [event.data.status.value for event in told if event.event in {"state", "done"}]


# what has not been heard


def test_a_new_listener_hears_everything_in_order() -> None:
    job = a_job(clips=(a_clip(1, "rendered"), a_clip(2, "rendering")))

    told, _ = unheard(job, history(*RENDERING), Heard())

    assert [e.event for e in told] == ["state", "state", "state", "state", "clip", "progress"]
    assert statuses(told) == ["PENDING", "ANALYZING", "WRITING_STRATEGY", "RENDERING"]
    assert [e.data.updated_at for e in told[:4]] == [T0 + timedelta(seconds=s) for s in (0, 3, 4, 5)]
    assert told[4].data.number == 1
    assert told[5].data["progress"] == 0.5


def test_a_job_that_ended_says_so_last() -> None:
    told, _ = unheard(a_job(Status.FAILED), history(*RENDERING, Failed()), Heard())

    assert told[-1].event == "done"
    assert statuses(told) == ["PENDING", "ANALYZING", "WRITING_STRATEGY", "RENDERING", "FAILED"]


def test_a_run_that_is_resumed_tells_no_status_twice() -> None:
    states = history(*RENDERING, Crashed(), AwaitingRetry(message="Its process died."), *RENDERING[1:], Completed())

    told, _ = unheard(a_job(Status.COMPLETED), states, Heard())

    assert statuses(told) == ["PENDING", "ANALYZING", "WRITING_STRATEGY", "RENDERING", "COMPLETED"]


@pytest.mark.parametrize("end", [Failed(), Cancelled(), Completed(), Crashed()])
def test_a_retried_job_begins_anew(end: State[Any]) -> None:
    first = (*RENDERING, end)
    done = (a_clip(1, "rendered"), a_clip(2, "failed"))
    _, heard_before = unheard(a_job(Status.FAILED, clips=done), history(*first), Heard())

    states = history(*first, AGAIN, *RENDERING[1:])
    told, _ = unheard(a_job(clips=(a_clip(1, "rendered"), a_clip(2, "rendering"))), states, heard_before)

    assert statuses(told) == ["PENDING", "ANALYZING", "WRITING_STRATEGY", "RENDERING"]
    assert [e.data.number for e in told if e.event == "clip"] == [1]
    assert [e.data["progress"] for e in told if e.event == "progress"] == [0.5]


@given(st.text(max_size=20) | st.from_regex(r"\d{1,6}\.-?\d{1,4}\.\d{1,12}", fullmatch=True))
def test_a_last_event_id_that_is_not_ours_means_that_nothing_was_heard(text: str) -> None:
    read = Heard.parse(text)

    assert read == Heard() or Heard.parse(str(read)) == read


def test_an_event_id_is_read_as_it_was_written() -> None:
    assert Heard.parse(str(Heard(12, 345, 0b110))) == Heard(12, 345, 0b110)
    assert Heard.parse(None) == Heard.parse("") == Heard.parse("x") == Heard()


@dataclass(frozen=True)
class Moment:
    """What one look at a job shows."""

    job: Job
    states: tuple[State[Any], ...]


STEPS = st.lists(st.sampled_from(["on", "crash", "progress", "one rendered", "one failed", "look"]), max_size=6)
LIVES = st.lists(st.tuples(STEPS, st.integers(0, 3), st.sampled_from(sorted(ENDS))), min_size=1, max_size=3)
"""A job's attempts: what happens in each, its number of clips, how it ends."""


def looks(attempts: list[tuple[list[str], int, Status]]) -> list[Moment]:
    """Return a job's life as a listener sees it, look by look."""
    moments: list[Moment] = []
    states: list[State[Any]] = []
    for attempt, (steps, count, end) in enumerate(attempts):
        states.append(after(len(states), AGAIN if attempt else Scheduled()))
        reached, progress, clips = Status.PENDING, 0.0, dict.fromkeys(range(1, count + 1), "planned")
        for step in [*steps, "end"]:
            if step == "on" and reached.rank < Status.RENDERING.rank:
                reached = list(Status)[reached.rank + 1]
                states.append(after(len(states), Running(name=reached.value)))
            elif step == "crash":
                states.append(after(len(states), Crashed()))
                states.append(after(len(states), AwaitingRetry(message="Its process died.")))
            elif step == "progress":
                progress = round(progress + 0.111, 3)
            elif step.startswith("one") and "planned" in clips.values():
                clips[next(n for n, state in clips.items() if state == "planned")] = step.removeprefix("one ")
            elif step == "end":
                reached = end
                states.append(after(len(states), ENDS[end]))
            told = tuple(a_clip(number, state) for number, state in clips.items())
            moments.append(Moment(a_job(reached, progress, told), tuple(states)))
    return moments


def listen(moments: list[Moment], heard_before: Heard) -> list[Any]:
    """Return what a listener hears who looks at each of these moments."""
    told: list[Any] = []
    for moment in moments:
        fresh, heard_before = unheard(moment.job, moment.states, heard_before)
        told += fresh
    return told


def key(event: Any) -> tuple[str, str]:
    data = event.data
    return event.event, data.model_dump_json() if hasattr(data, "model_dump_json") else json.dumps(data)


@given(LIVES.map(looks), st.data())
@settings(max_examples=300, deadline=None)
def test_who_resumes_anywhere_hears_exactly_the_rest(life: list[Moment], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(life) - 1))
    last = life[at]
    before = Heard()
    for moment in life[:at]:
        _, before = unheard(moment.job, moment.states, before)
    told, _ = unheard(last.job, last.states, before)

    for count, event in enumerate(told):
        rest, _ = unheard(last.job, last.states, Heard.parse(event.id))
        ended = last.job.status.is_final and not told[count + 1 :]
        expected = told[-1:] if ended else told[count + 1 :]  # who asks again after the end is told it again
        assert list(map(key, rest)) == list(map(key, expected))


@given(LIVES.map(looks))
@settings(max_examples=300, deadline=None)
def test_nothing_is_told_twice_and_no_status_goes_back_within_an_attempt(life: list[Moment]) -> None:
    told = listen(life, Heard())

    ids = [event.id for event in told]
    assert all(one != other for one, other in pairwise(ids))
    rank = -1
    for event in told:
        if event.event == "state":
            assert event.data.status.rank > rank
            rank = event.data.status.rank
        elif event.event == "done":
            rank = -1
    assert [e.data.status for e in told if e.event == "done"] == [m.job.status for m in life if m.job.status.is_final]


# the stream


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
    from deployments.shelf import FolderShelf
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
        stream: AsyncIterator[Any] = heard(door.app, f"/jobs/{job_id}/events")
        assert (await anext(stream))["status"] == 200
        assert b"events of a job" in (await anext(stream))["body"]
        async with asyncio.timeout(10):
            await stream.aclose()  # pyright: ignore[reportAttributeAccessIssue]
        looks = door.gateway.asked["run"]
        for _ in range(20):
            await asyncio.sleep(0.002)
        assert door.gateway.asked["run"] == looks

    asyncio.run(listen_once())
