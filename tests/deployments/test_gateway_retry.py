"""What the door writes when a job is to run again."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from prefect.states import Failed, Suspended

from deployments.gateway import Gateway
from deployments.reviewing import Revised
from omni.record import Label, record_of
from omni.review import Decision, Verdict


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
    class Server:
        """A run that two APIs write, of which each had read it before the other wrote."""

        def __init__(self) -> None:
            self.labels: dict[str, Label] = {}
            self.reads = 0
            self.both = asyncio.Event()

        async def read_flow_run(self, _: UUID) -> object:
            labels = dict(self.labels)
            self.reads += 1
            if self.reads == 2:
                self.both.set()
            await self.both.wait()
            return SimpleNamespace(state=Suspended(), labels=labels)

        async def update_flow_run_labels(self, _: UUID, labels: dict[str, Label]) -> None:
            self.labels |= labels

    def says(clip: int) -> Callable[[Any], Revised]:
        decision = Decision(clip=clip, verdict=Verdict.APPROVED)
        return lambda run: Revised(record_of(run.labels).revision.decided([decision]), goes_on=False)

    async def judge() -> Server:
        server, job_id = Server(), uuid4()
        doors = [Gateway(server), Gateway(server)]  # pyright: ignore[reportArgumentType]
        await asyncio.gather(*(door.revise(job_id, says(clip)) for clip, door in enumerate(doors, 1)))
        return server

    assert record_of(asyncio.run(judge()).labels).revision.approved == {1, 2}
