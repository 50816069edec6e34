"""The public status of a run, shown as the name of its state."""

import logging
from typing import Literal

from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Running

Status = Literal["ANALYZING", "WRITING_STRATEGY", "RENDERING"]

log = logging.getLogger("omni.stages")


def enter(status: Status) -> None:
    """Name the run's state after its public status.

    Only from the flow's main thread: a late call on a finished run would wake it up (FACTS.md). Best effort: a server
    that is away for a moment must not fail a job.
    """
    run_id = flow_run.get_id()
    if run_id is None:
        return
    try:
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(run_id, Running(name=status))
    except Exception:  # whatever the client raises: the status is told again at the next stage
        log.warning("the status %s could not be recorded", status, exc_info=True)
