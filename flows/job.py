"""The frame round a run: progress that starts at nothing, and no child process that outlives it."""

from collections.abc import Generator
from contextlib import contextmanager

from prefect.runtime import flow_run

from omni.wiring import wire
from tasks.artifacts import ProgressBar
from tasks.progress import tally


@contextmanager
def job() -> Generator[str]:
    """Yield the job's id. Whatever ends the run early, a cancellation too, kills its FFmpeg processes."""
    bar = ProgressBar()
    tally().begin(bar)
    try:
        with wire().guard():
            yield str(flow_run.get_id() or "local")
    finally:
        tally().leave(bar)
