"""A flow run as a client sees it: the one place where a job's answer is put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from prefect.client.schemas.objects import FlowRun, State, StateType

from deployments.door.shelf import Shelf
from deployments.door.uploads import Uploads
from deployments.reviewing import Patience
from deployments.schemas import Clip, Delivery, Job, Links, Result
from deployments.states import RETRIED, Standing, as_it_stands, standing
from omni.contracts import Production, total_usd
from omni.record import Failure, JobRecord, Status, record_of


@dataclass(frozen=True)
class Viewer:
    """Turns runs into jobs; asks the shelf whether a completed job's files are really there."""

    shelf: Shelf
    ui: str
    """Address of the Prefect UI."""
    patience: Patience
    """How long a job waits for people."""
    uploads: Uploads
    """Tells how an uploaded file is called."""

    def job(self, run: FlowRun) -> Job:
        """Return the job of a run; COMPLETED only when its manifest and files are there."""
        record = _record(run)
        stands = self._standing(run, record)
        waits = stands.status is Status.NEEDS_REVIEW
        result = record.result if stands.status is Status.COMPLETED else None
        shown = record.result if waits else result
        since = _utc(run.state.timestamp if run.state else run.created)
        video = str(run.parameters.get("video", ""))
        return Job(
            job_id=run.id,
            status=stands.status,
            video_path=video,
            created_at=_utc(run.created),
            updated_at=max(_utc(run.updated), since),
            result=_result(result) if result else None,
            error=stands.failure,
            video_name=self.uploads.named(video),
            dry_run=bool(run.parameters.get("dry_run", False)),
            estimate=record.estimate if stands.status is Status.COMPLETED else None,
            cost_usd=total_usd(record.charges),
            stage=record.stage or None,
            progress=1.0 if stands.status is Status.COMPLETED else min(record.progress, 0.999),
            note=stands.note,
            attempt=record.attempt,
            clips=self._clips(run.id, record, shown),
            review=self.patience.review(record, since) if waits else None,
            warnings=shown.warnings if shown else record.warnings,
            links=Links(
                self=f"/status/{run.id}",
                events=f"/jobs/{run.id}/events",
                files=f"/jobs/{run.id}/files" if shown else None,
                prefect_ui=f"{self.ui}/runs/flow-run/{run.id}",
            ),
        )

    def _standing(self, run: FlowRun, record: JobRecord) -> Standing:
        stands = standing_of(run.state, record)
        if stands.status is not Status.COMPLETED or record.result is None:
            return stands
        lacking = self.shelf.lacking(record.result)
        return stands if lacking is None else Standing(Status.FAILED, failure=_incomplete(lacking))

    def _clips(self, job_id: UUID, record: JobRecord, result: Production | None) -> tuple[Clip, ...]:
        told = {clip.number: clip.model_dump() for clip in record.clips}
        for short in self.shelf.shorts(result) if result else ():
            known = told.setdefault(short.number, short.model_dump(include={"number", "title", "start", "end"}))
            known |= {"state": "rendered", "progress": 1.0, "usable": short.usable}
            for role in ("video", "poster"):
                if file := short.files.get(role):
                    known[role] = f"/jobs/{job_id}/files/{quote(file.path)}"
        said = record.revision
        return tuple(Clip(**told[n], decision=said.decision_on(n), edit=said.edit_of(n)) for n in sorted(told))


def standing_of(state: State[Any] | None, record: JobRecord) -> Standing:
    """Return the standing of a run in this state."""
    if state is None:
        return standing(StateType.SCHEDULED, "Scheduled", "", 0.0, record)
    age = (datetime.now(UTC) - _utc(state.timestamp)).total_seconds()
    if state.type is StateType.SCHEDULED and state.state_details.scheduled_time:
        age = (datetime.now(UTC) - _utc(state.state_details.scheduled_time)).total_seconds()
    return standing(state.type, state.name or "", state.message or "", age, record)


@dataclass(frozen=True)
class Passed:
    """A public status that a run has entered, after how many states; ``anew``: with it the user's retry began."""

    count: int
    status: Status
    at: datetime
    anew: bool


def passed_through(states: Sequence[State[Any]]) -> list[Passed]:
    """Return each public status that a run has entered, oldest first.

    A status that is entered again by a resumed run isn't told again; a retry by the user begins anew, and so does
    what follows a review.
    """
    passed: list[Passed] = []
    reached = Status.PENDING
    for count, state in enumerate(states, start=1):
        anew = bool(passed) and (passed[-1].status.is_final or state.message == RETRIED)
        if anew:
            reached = Status.PENDING
        now = standing(state.type, state.name or "", "", 0.0, JobRecord(reached=reached)).status
        if state.type is StateType.COMPLETED:
            now = Status.COMPLETED
        elif state.is_paused() and state.state_details.run_input_keyset:  # our form; anybody may pause a run without
            now = Status.NEEDS_REVIEW
        anew = anew or now.rank < reached.rank
        if not passed or anew or now.rank > reached.rank:
            passed.append(Passed(count, now, _utc(state.timestamp), anew))
            reached = now
    return passed


def delivery_of(run: FlowRun) -> Delivery:
    """Return one attempt to deliver a webhook."""
    name = run.state_name or ""
    states = {
        StateType.COMPLETED: "delivered",
        StateType.FAILED: "given_up" if name == "GivenUp" else "failed",
        StateType.CRASHED: "failed",
        StateType.CANCELLED: "given_up",
        StateType.RUNNING: "sending",
    }
    code = run.labels.get("omni.status_code")
    detail = run.labels.get("omni.detail")
    return Delivery(
        delivery_id=run.id,
        event=run.parameters["event"],
        attempt=int(run.parameters.get("attempt", 1)),
        state=states.get(run.state_type, "waiting") if run.state_type else "waiting",  # pyright: ignore[reportArgumentType]  # the values above
        status_code=int(code) if isinstance(code, int | float) and code else None,
        at=_utc(run.state.timestamp if run.state else run.created),
        detail=str(detail) if detail else (run.state.message if run.state else None),
    )


def _record(run: FlowRun) -> JobRecord:
    record, state = record_of(run.labels), run.state
    return record if state is None else as_it_stands(state.type, state.name or "", record)


def _result(result: Production) -> Result:
    return Result.model_validate(result.model_dump(mode="json", exclude={"warnings"}))


def _incomplete(lacking: str) -> Failure:
    return Failure(
        code="delivery_incomplete",
        cause=f"The job was completed, but {lacking} is no longer there.",
        next_step="Retry the job: what is kept isn't done again.",
    )


def _utc(moment: datetime | None) -> datetime:
    return moment.astimezone(UTC) if moment else datetime.now(UTC)
