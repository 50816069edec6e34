"""What the door writes when a job is to run again."""

import asyncio
from types import SimpleNamespace
from uuid import UUID, uuid4

from prefect.states import Failed

from deployments.gateway import Gateway
from omni.record import Label, record_of


def test_a_retry_that_breaks_off_before_the_run_begins_leaves_the_truth_about_its_failure() -> None:
    written: dict[str, Label] = {}

    class Client:
        async def read_flow_run(self, _: UUID) -> object:
            return SimpleNamespace(state=Failed())

        async def update_flow_run_labels(self, _: UUID, labels: dict[str, Label]) -> None:
            written.update(labels)

        async def set_flow_run_state(self, _: UUID, state: object) -> None:
            pass

    asyncio.run(Gateway(Client()).retry(uuid4(), 2))  # pyright: ignore[reportArgumentType]

    assert not {"omni.failure", "omni.result"} & set(written)
    told = record_of({"omni.pid": 4711, "omni.recoveries": 5, "omni.progress": 0.7, **written})
    assert (told.attempt, told.pid, told.recoveries, told.progress) == (2, 0, 0, 0.0)
