"""Prefect's worker, which outlives a job that goes on before its earlier process has gone.

A worker of Prefect 3.8.8 gives each run one slot, keeps it until the run's process has ended, and dies when the same run asks for
another: a person who edits a clip at once, or a busy machine, was enough (`this borrower is already holding one of this
CapacityLimiter's tokens`). Other jobs of that worker died with it.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from prefect.cli import app
from prefect.workers.process import ProcessWorker

Submitting = Callable[[ProcessWorker, list[Any]], Awaitable[list[Any]]]


def main() -> None:
    """Run ``prefect`` with such a worker; the words of the command line are Prefect's own."""
    ProcessWorker._submit_scheduled_flow_runs = one_at_a_time(ProcessWorker._submit_scheduled_flow_runs)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    app()


def one_at_a_time(submit: Submitting) -> Submitting:
    """Leave a run whose process still holds a slot in the queue, which is asked again within a second."""

    async def submit_others(worker: ProcessWorker, flow_run_response: list[Any]) -> list[Any]:
        limiter = worker._limiter  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        busy = limiter.statistics().borrowers if limiter else ()
        return await submit(worker, [entry for entry in flow_run_response if entry.flow_run.id not in busy])

    return submit_others


if __name__ == "__main__":
    main()
