"""What the door writes when a job is to run again."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx
from fakes.server import taken
from prefect.client.schemas.filters import FlowRunFilter
from prefect.exceptions import ObjectNotFound
from prefect.states import Failed, Suspended

from deployments.gateway import Gateway
from omni.record import JobRecord, Label, labels_of, record_of
from omni.review import Decision, Revision, Verdict
from omni.statements import OPENING, Statement, as_said


def test_a_retry_that_breaks_off_before_the_run_begins_leaves_the_truth_about_its_failure() -> None:
    written: dict[str, Label] = {}

    class Client:
        async def read_flow_run(self, _: UUID) -> object:
            return SimpleNamespace(state=Failed(), labels={"omni.attempt": 1})

        async def update_flow_run_labels(self, _: UUID, labels: dict[str, Label]) -> None:
            written.update(labels)

        async def set_flow_run_state(self, _: UUID, state: object) -> None:
            pass

    asyncio.run(Gateway(Client()).retry(uuid4(), 2))  # pyright: ignore[reportArgumentType]

    assert not {"omni.failure", "omni.result"} & set(written)
    told = record_of({"omni.pid": 4711, "omni.recoveries": 5, "omni.progress": 0.7, **written})
    assert (told.attempt, told.pid, told.recoveries, told.progress) == (2, 0, 0, 0.0)


def test_two_people_who_judge_through_two_doors_at_once_are_both_heard() -> None:
    server = Shared()
    doors = [Gateway(server), Gateway(server)]  # pyright: ignore[reportArgumentType]

    async def judge() -> None:
        job_id = uuid4()
        await asyncio.gather(*(door.revise(job_id, says(clip), never) for clip, door in enumerate(doors, 1)))

    asyncio.run(judge())

    assert as_said(JobRecord(), server.inputs.values(), uuid4()).revision.approved == {1, 2}
    assert record_of(server.labels).revision.approved == {1, 2}


def test_a_statement_whose_answer_was_lost_is_kept_once() -> None:
    server = Shared(lost=1)

    told = asyncio.run(Gateway(server).revise(uuid4(), says(1), never))  # pyright: ignore[reportArgumentType]

    assert told.approved == {1}
    assert len(server.inputs) == 1


def test_what_an_earlier_version_wrote_stays_when_a_person_says_more() -> None:
    before = Revision().decided(
        [Decision(clip=1, verdict=Verdict.REJECTED), Decision(clip=2, verdict=Verdict.APPROVED)]
    )
    server = Shared(labels_of(revision=before))

    told = asyncio.run(Gateway(server).revise(uuid4(), says(1), never))  # pyright: ignore[reportArgumentType]

    assert told.approved == {1, 2} == record_of(server.labels).revision.approved
    assert min(server.inputs) == OPENING


def test_a_job_is_forgotten_with_the_runs_that_hold_its_words() -> None:
    job_id, gone, others = uuid4(), uuid4(), [uuid4() for _ in range(300)]
    stored = dict.fromkeys(others, f"job:{job_id}") | {job_id: "video", uuid4(): f"job:{uuid4()}"}
    deleted = list[UUID]()

    class Client:
        async def read_flow_runs(self, *, flow_run_filter: FlowRunFilter, limit: int, **_: object) -> object:
            assert flow_run_filter.tags
            assert flow_run_filter.tags.all_
            found = [SimpleNamespace(id=key) for key, tag in stored.items() if {tag} == set(flow_run_filter.tags.all_)]
            return [SimpleNamespace(id=gone), *found][:limit] if found else []

        async def delete_flow_run(self, run_id: UUID) -> None:
            if run_id not in stored:  # another delete was first
                raise ObjectNotFound(Exception())
            del stored[run_id]
            deleted.append(run_id)

    asyncio.run(Gateway(Client()).delete(job_id))  # pyright: ignore[reportArgumentType]

    assert len(stored) == 1
    assert deleted[-1] == job_id  # whoever dies in between can delete it again


class Shared:
    """A run that two APIs write, of which each had read it before the other wrote; ``lost`` answers to a creation never arrive."""

    def __init__(self, labels: Mapping[str, Label] | None = None, *, lost: int = 0) -> None:
        self.labels, self.inputs, self.lost = dict(labels or {}), dict[str, SimpleNamespace](), lost

    async def read_flow_run(self, _: UUID) -> object:
        labels = dict(self.labels)
        await asyncio.sleep(0)
        return SimpleNamespace(state=Suspended(), labels=labels)

    async def filter_flow_run_input(self, *_: object) -> object:
        found = list(self.inputs.values())
        await asyncio.sleep(0)
        return found

    async def create_flow_run_input(self, _: UUID, key: str, value: str) -> None:
        await asyncio.sleep(0)
        if key in self.inputs:
            raise taken()
        self.inputs[key] = SimpleNamespace(key=key, value=value, created=datetime.now(UTC))
        if self.lost:
            self.lost -= 1
            raise httpx.ReadError(key)

    async def update_flow_run_labels(self, _: UUID, labels: dict[str, Label]) -> None:
        await asyncio.sleep(0)
        self.labels |= labels


def says(clip: int) -> Callable[[Any, JobRecord], Statement]:
    return lambda *_: Statement(decisions=(Decision(clip=clip, verdict=Verdict.APPROVED),))


def never(*_: object) -> bool:
    return False
