"""Prefect's states → the public status; pure, and exhaustive over Prefect's types and names."""

from dataclasses import dataclass
from typing import assert_never

from prefect.client.schemas.objects import StateType

from omni.record import Failure, JobRecord, Status, renewed

LATE_SECONDS = 15.0
"""After this long without a worker a queued job says that it waits."""
RECOVERY_SECONDS = 24 * 3600.0
"""A dead process is resumed within this time, however long the stack was down; afterwards its job has failed for good."""
RECOVERIES = 5
"""A job whose process died this often in one stage is not resumed by itself any more: it may be what kills it."""

RETRIED = "The user asked for it."
"""The message of the state with which a retry begins: what was told before doesn't bind it."""
REVISED = "People decided or edited; it goes on."
"""The message of the state with which a job goes on after a review or an edit."""
LAPSED = "Nobody decided in time; it goes on as this installation is set to."
"""The message of the state with which a job goes on by itself."""
UNDECIDED = "Nobody decided in time."
"""The message of the state in which a job ends by itself."""


@dataclass(frozen=True)
class Standing:
    """Where a job stands. ``failure`` belongs to FAILED, ``note`` to a job that waits or winds down."""

    status: Status
    note: str | None = None
    failure: Failure | None = None


def standing(kind: StateType, name: str, message: str, age: float, record: JobRecord) -> Standing:  # noqa: PLR0911  # one answer a type
    """Return the public standing of a run.

    ``kind``, ``name``, ``message`` and ``age`` (seconds) are those of its newest state, ``record`` is what the run
    told of itself. The status of a run that is resumed stays where it was; what follows a review is a new round.
    """
    record = as_it_stands(kind, name, record)
    match kind:
        case StateType.SCHEDULED:
            return _scheduled(name, age, record)
        case StateType.PENDING:
            return Standing(record.reached, "A worker is starting the job." if age > LATE_SECONDS else None)
        case StateType.RUNNING:
            return Standing(_running(name, record))
        case StateType.PAUSED:
            return Standing(record.reached, _DECIDE if record.reached is Status.NEEDS_REVIEW else _PAUSED)
        case StateType.CANCELLING:
            return Standing(record.reached, "The job is being cancelled.")
        case StateType.CANCELLED:
            return Standing(Status.CANCELLED, failure=_LAPSED if message == UNDECIDED else _CANCELLED)
        case StateType.COMPLETED:
            return _completed(record)
        case StateType.CRASHED:
            return _crashed(message, age, record)
        case StateType.FAILED:
            return Standing(Status.FAILED, failure=_failed(name, message, record))
        case _:
            assert_never(kind)


def as_it_stands(kind: StateType, name: str, record: JobRecord) -> JobRecord:
    """Return the record of a run in this state: what follows a review is a new round, before its process says so.

    A run has recorded its review just before it is suspended; until then it runs under the last status that it named.
    """
    if record.reached is not Status.NEEDS_REVIEW:
        return record
    if kind is StateType.RUNNING and name in Status.__members__:
        return record.model_copy(update={"reached": Status.RENDERING})
    is_left = kind in {StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.CRASHED}
    return record.model_copy(update=renewed(record)) if is_left else record


_CANCELLED = Failure(
    code="cancelled",
    cause="The job was cancelled.",
    next_step="Retry it to go on: finished stages are kept.",
    exit_code=130,
)

_LAPSED = _CANCELLED.model_copy(
    update={
        "cause": "Nobody decided on all clips in time, so the job was cancelled.",
        "next_step": "Retry it to have its drafts wait once more; what was decided is kept.",
    }
)

_DECIDE = "The drafts wait for people: approve or reject each clip."
_PAUSED = "The job was paused; resume it in the Prefect UI."


def _scheduled(name: str, age: float, record: JobRecord) -> Standing:
    if name in {"AwaitingRetry", "Resuming"}:
        return Standing(record.reached, "The job will be resumed; finished stages are kept.")
    if name == "AwaitingConcurrencySlot":
        return Standing(record.reached, "The job waits for a free slot of its deployment.")
    if name == "Late" or age > LATE_SECONDS:
        return Standing(record.reached, "The job waits for a worker; they are all busy, or none is running.")
    return Standing(record.reached)


def _running(name: str, record: JobRecord) -> Status:
    named = Status(name) if name in Status.__members__ else Status.PENDING
    return named if named.rank > record.reached.rank and not named.is_final else record.reached


def _completed(record: JobRecord) -> Standing:
    if record.estimate is not None or _has_delivered(record):
        return Standing(Status.COMPLETED)
    failure = Failure(
        code="result_missing",
        cause="The run ended well, but it recorded no result.",
        next_step="Retry the job: finished stages are kept.",
    )
    return Standing(Status.FAILED, failure=failure)


def _has_delivered(record: JobRecord) -> bool:
    return record.result is not None and not record.stale and record.result.shorts_count > 0


def _crashed(message: str, age: float, record: JobRecord) -> Standing:
    if record.recoveries < RECOVERIES and age < RECOVERY_SECONDS:
        return Standing(record.reached, "The process of the job died; the job will be resumed.")
    reason = _sentence(message)
    return Standing(
        Status.FAILED,
        failure=Failure(
            code="crashed",
            cause=f"The process of the job died {record.recoveries + 1} times.{reason}",
            next_step="Look at memory and disk of the worker, then retry the job: finished stages are kept.",
            stage=record.stage or None,
            transient=True,
            exit_code=75,
        ),
    )


def _failed(name: str, message: str, record: JobRecord) -> Failure:
    if record.failure is not None:
        return record.failure
    stage = record.stage or None
    if name == "TimedOut":
        return Failure(
            code="timed_out",
            cause="The job took longer than its deployment allows.",
            next_step="Raise the limit of the deployment or submit a shorter source, then retry the job.",
            stage=stage,
            exit_code=75,
        )
    return Failure(
        code="internal",
        cause=f"The run failed before it could say why.{_sentence(message)}",
        next_step="The log of the run in the Prefect UI has the details; then retry the job.",
        stage=stage,
    )


def _sentence(message: str) -> str:
    return f" {message.rstrip('. ')}." if message.strip(". ") else ""
