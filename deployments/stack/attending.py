"""Jobs that wait for people: they are told of, they go on when people have decided, and they don't wait for ever."""

import logging
import time
from datetime import UTC, datetime
from enum import StrEnum

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.states import AwaitingRetry, Cancelled

from deployments.reviewing import SETTLE_SECONDS, TRIES, Patience, is_outdated
from deployments.stack.notices import hand_over
from deployments.states import LAPSED, REVISED
from omni.record import JobRecord, Status, labels_of, record_of
from omni.review import Verdict

LOST_SECONDS = 6.0
"""So long after the suspension it was not recorded just before: whoever recorded it would have let the job go on by now."""

log = logging.getLogger("omni.reconciler")


class Step(StrEnum):
    """What becomes of a job that waits for people."""

    WAIT = "wait"
    GO_ON = "go on"
    """People have decided, and whoever recorded it could not let it go on."""
    DECIDE = "decide"
    CANCEL = "cancel"


def step_of(record: JobRecord, age: float, terms: Patience) -> Step:
    """Return what becomes of a run that has been suspended for ``age`` seconds; pure."""
    if record.reached is not Status.NEEDS_REVIEW:
        return Step.WAIT  # somebody paused it by hand
    if is_outdated(Status.NEEDS_REVIEW, record, record.revision, approval=True):
        return Step.GO_ON if age > LOST_SECONDS else Step.WAIT
    if not terms.hours or age < terms.hours * 3600:
        return Step.WAIT
    return Step.CANCEL if terms.verdict is None else Step.DECIDE


def attend(client: SyncPrefectClient, run: FlowRun, terms: Patience) -> None:
    """Look once at a suspended run, and do what is due; done twice, it does no harm."""
    hand_over(client, run)
    if _step(run, terms) is Step.WAIT:
        return
    fresh = client.read_flow_run(run.id)  # a person may have been quicker
    step = _step(fresh, terms)
    if fresh.state_id != run.state_id or step is Step.WAIT:
        return
    log.warning("job %s waits for people: %s", run.id, step.value)
    if step is Step.CANCEL:
        client.set_flow_run_state(run.id, Cancelled(message="Nobody decided in time."))
        return
    if step is Step.DECIDE and terms.verdict is not None and not _lapse(client, run, terms.verdict):
        return
    client.set_flow_run_state(run.id, AwaitingRetry(message=LAPSED if step is Step.DECIDE else REVISED))


def _lapse(client: SyncPrefectClient, run: FlowRun, verdict: Verdict) -> bool:
    """Decide what is open, again while somebody writes at the same moment; whether the job still waits then."""
    for _ in range(TRIES):
        fresh = client.read_flow_run(run.id)
        if fresh.state_id != run.state_id:
            return False
        record = record_of(fresh.labels)
        lapsed = record.revision.lapsed((clip.number for clip in record.clips), verdict, datetime.now(UTC))
        if lapsed == record.revision:
            return True
        client.update_flow_run_labels(run.id, labels_of(revision=lapsed))
        time.sleep(SETTLE_SECONDS)
    return False


def _step(run: FlowRun, terms: Patience) -> Step:
    if run.state is None:
        return Step.WAIT
    return step_of(record_of(run.labels), (datetime.now(UTC) - run.state.timestamp).total_seconds(), terms)
