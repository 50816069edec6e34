"""A worker and a run that comes again while its earlier process still ends."""

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import anyio
import pytest
from prefect.workers.process import ProcessWorker

from deployments.stack.working import one_at_a_time

SUBMIT = ProcessWorker._submit_scheduled_flow_runs


def asked(submit: Any, *, busy: bool) -> tuple[list[Any], Any]:
    """Let a worker of two slots hear of a run, whose earlier process may hold one; return what it took, and the run."""
    run = SimpleNamespace(id=uuid4(), name="produce talk.mp4")

    async def ask() -> list[Any]:
        worker: Any = object.__new__(ProcessWorker)
        worker._limiter = anyio.CapacityLimiter(2)
        worker._submitting_flow_run_ids = set()
        worker._cancelling_observer = worker.backend_id = None
        worker.name = "here"
        worker.get_flow_run_logger = lambda _: SimpleNamespace(info=lambda _: None)
        worker._runs_task_group = SimpleNamespace(start_soon=lambda *_: None)
        if busy:
            worker._limiter.acquire_on_behalf_of_nowait(run.id)
        return await submit(worker, flow_run_response=[SimpleNamespace(flow_run=run)])  # as Prefect calls it

    return asyncio.run(ask()), run


def test_a_run_whose_process_still_ends_is_taken_later_and_the_worker_lives() -> None:
    with pytest.raises(RuntimeError, match="already holding"):  # why this is done; once Prefect mends it, it can go
        asked(SUBMIT, busy=True)

    assert asked(one_at_a_time(SUBMIT), busy=True)[0] == []


def test_any_other_run_is_taken_at_once() -> None:
    taken, run = asked(one_at_a_time(SUBMIT), busy=False)

    assert taken == [run]
