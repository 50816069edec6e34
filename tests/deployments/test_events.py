"""The event stream: from any point exactly the rest, nothing twice, and an end when the job has one."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prefect.client.schemas.objects import State
from prefect.states import AwaitingRetry, Cancelled, Completed, Crashed, Failed, Pending, Running, Scheduled

from deployments.door.events import Heard, unheard
from deployments.schemas import Clip, Job, Links
from deployments.states import RETRIED
from omni.record import Status

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
