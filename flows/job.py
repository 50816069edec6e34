"""The frame round a run: progress that starts at nothing, and no child process that outlives it."""

from collections.abc import Iterator
from contextlib import contextmanager

from prefect import runtime

from omni.wiring import wire
from tasks.artifacts import ProgressBar
from tasks.progress import tally


@contextmanager
def job() -> Iterator[str]:
    """Yield the job's id. Whatever ends the run early, a cancellation too, kills its FFmpeg processes."""
    bar = ProgressBar()
    tally().begin(bar)
    try:
        with wire().guard():
            yield str(runtime.flow_run.get_id() or "local")
    finally:
        tally().leave(bar)
