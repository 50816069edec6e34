"""Jobs that wait for people: they are told of, they go on when people have decided, and they don't wait for ever."""

import logging
from datetime import UTC, datetime
from enum import StrEnum

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.states import AwaitingRetry, Cancelled

from deployments.reviewing import Patience, is_outdated
from deployments.states import LAPSED, REVISED, UNDECIDED
from flows.statements import say, statements
from omni.record import JobRecord, Status, labels_of, record_of
from omni.review import Decision, Verdict
from omni.statements import PREFIX, Statement, as_said, last_said

LOST_SECONDS = 45.0
"""So long after the last word, whoever kept it is dead or has let the job go on: its two calls wait 18 s each at most."""

log = logging.getLogger("omni.reconciler")


class Step(StrEnum):
    """What becomes of a job that waits for people."""

    WAIT = "wait"
    GO_ON = "go on"
    """People have decided, and whoever recorded it could not let it go on."""
    DECIDE = "decide"
    CANCEL = "cancel"


def step_of(record: JobRecord, age: float, quiet: float, terms: Patience) -> Step:
    """Return what becomes of a run that has been suspended for ``age`` seconds, ``quiet`` since anything was said of it; pure."""
    if record.reached is not Status.NEEDS_REVIEW:
        return Step.WAIT  # somebody paused it by hand
    if is_outdated(Status.NEEDS_REVIEW, record, record.revision, approval=True):
        return Step.GO_ON if min(age, quiet) > LOST_SECONDS else Step.WAIT
    if not terms.hours or age < terms.hours * 3600:
        return Step.WAIT
    return Step.CANCEL if terms.verdict is None else Step.DECIDE


def attend(client: SyncPrefectClient, run: FlowRun, terms: Patience, *, closely: bool = True) -> None:
    """Look once at a suspended run, and do what is due; done twice, it does no harm.

    Not ``closely``: only if its label says that something is; what was said may be ahead of it.
    """
    record, state = record_of(run.labels), run.state
    if state is None or record.reached is not Status.NEEDS_REVIEW:
        return
    if not closely and step_of(record, _age(state.timestamp), LOST_SECONDS + 1, terms) is Step.WAIT:
        return
    fresh = client.read_flow_run(run.id)  # a person may have been quicker
    if fresh.state_id != run.state_id:
        return
    record, said_at = _heard(client, fresh)
    step = step_of(record, _age(state.timestamp), _age(said_at or state.timestamp), terms)
    if step is Step.WAIT:
        return
    log.warning("job %s waits for people: %s", run.id, step.value)
    if step is Step.CANCEL:
        client.set_flow_run_state(run.id, Cancelled(message=UNDECIDED))
        return
    if step is Step.DECIDE and terms.verdict is not None:
        _lapse(client, fresh, record, terms.verdict)
        if client.read_flow_run(run.id).state_id != run.state_id:
            return
    client.set_flow_run_state(run.id, AwaitingRetry(message=LAPSED if step is Step.DECIDE else REVISED))


def _heard(client: SyncPrefectClient, run: FlowRun) -> tuple[JobRecord, datetime | None]:
    """Return the record of a run with what was said, and when the last of it was; its label follows, if it was left behind."""
    shown, entries = record_of(run.labels), statements(client, run)
    record = as_said(shown, entries, run.id)
    if record.revision != shown.revision:
        client.update_flow_run_labels(run.id, labels_of(revision=record.revision))
    if entries:
        return record, last_said(entries)
    return record, max((one.at for one in record.revision.decisions if one.at), default=None)


def _lapse(client: SyncPrefectClient, run: FlowRun, record: JobRecord, verdict: Verdict) -> None:
    """Say of every clip what the time-out does: on one that a person decides, before or after, it says nothing."""
    now = datetime.now(UTC)
    rest = tuple(Decision(clip=clip.number, verdict=verdict, by="timeout", at=now) for clip in record.clips)
    say(client, run, f"{PREFIX}lapse-{run.state_id}", Statement(rest=rest))
    _heard(client, run)


def _age(since: datetime) -> float:
    return (datetime.now(UTC) - since).total_seconds()
