"""A job that waits for people: when it goes on by itself, and what its time-out does."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Suspended

from deployments.reviewing import Patience
from deployments.stack.attending import LOST_SECONDS, Step, attend, step_of
from deployments.states import LAPSED
from omni.record import ClipState, JobRecord, Status, labels_of, record_of
from omni.review import ClipEdit, Decision, Revision, Verdict

CLIPS = tuple(ClipState(number=n, title=f"Clip {n}", start=n, end=n + 20) for n in (1, 2))
BOTH = Revision().decided(Decision(clip=n, verdict=Verdict.APPROVED) for n in (1, 2))
HOUR = 3600.0
APPROVES, CANCELS, FOREVER = Patience(1, "approve"), Patience(1, "cancel"), Patience(0, "reject")


def waiting(revision: Revision | None = None, **more: object) -> JobRecord:
    facts = {"reached": Status.NEEDS_REVIEW, "clips": CLIPS, "revision": revision or Revision()}
    return JobRecord.model_validate(facts | more)


@pytest.mark.parametrize(("terms", "step"), [(APPROVES, Step.DECIDE), (CANCELS, Step.CANCEL), (FOREVER, Step.WAIT)])
def test_the_time_out_does_what_is_set_and_not_before(terms: Patience, step: Step) -> None:
    assert step_of(waiting(), HOUR - 1, terms) is Step.WAIT
    assert step_of(waiting(), HOUR * 100, terms) is step


def test_what_was_decided_goes_on_even_if_whoever_recorded_it_died() -> None:
    edit = Revision().edited(ClipEdit(clip=1, title="A"))

    for revision in (BOTH, edit):
        assert step_of(waiting(revision), LOST_SECONDS - 1, FOREVER) is Step.WAIT
        assert step_of(waiting(revision), LOST_SECONDS + 1, FOREVER) is Step.GO_ON
    assert step_of(waiting(edit, made=edit), HOUR / 2, APPROVES) is Step.WAIT


def test_a_run_that_somebody_paused_is_left_alone() -> None:
    assert step_of(JobRecord(reached=Status.ANALYZING), HOUR * 100, APPROVES) is Step.WAIT


class Server:
    """One suspended run; a person may be quicker than the reconciler."""

    def __init__(self, record: JobRecord, *, waits: float, **quicker: Any) -> None:
        state = Suspended(timestamp=datetime.now(UTC) - timedelta(seconds=waits))
        state = state.model_copy(update={"id": uuid4(), "timestamp": state.timestamp})  # a bare copy has none
        labels = labels_of(**{name: getattr(record, name) for name in ("reached", "clips", "revision", "made")})
        self.run = FlowRun(id=uuid4(), flow_id=uuid4(), name="job", labels=labels).model_copy(
            update={"state": state, "state_id": state.id, "state_type": state.type}
        )
        self.labels, self.set = labels | labels_of(**quicker), list[State[Any]]()

    def read_flow_run(self, _: UUID) -> FlowRun:
        return self.run.model_copy(update={"labels": self.labels})

    def update_flow_run_labels(self, _: UUID, labels: dict[str, Any]) -> None:
        self.labels |= labels

    def set_flow_run_state(self, _: UUID, state: State[Any]) -> None:
        self.set.append(state)


def test_a_time_out_is_recorded_as_one_and_the_job_goes_on() -> None:
    server = Server(waiting(Revision().decided([Decision(clip=2, verdict=Verdict.REJECTED)])), waits=HOUR * 2)

    attend(server, server.run, APPROVES)  # pyright: ignore[reportArgumentType]

    told = record_of(server.labels).revision
    assert [(one.clip, one.verdict, one.by) for one in told.decisions] == [
        (1, Verdict.APPROVED, "timeout"),
        (2, Verdict.REJECTED, "person"),
    ]
    assert [(state.name, state.message) for state in server.set] == [("AwaitingRetry", LAPSED)]


def test_a_person_who_was_quicker_is_heard() -> None:
    both = Revision().decided(Decision(clip=n, verdict=Verdict.REJECTED) for n in (1, 2))
    server = Server(waiting(), waits=HOUR * 2, revision=both)

    attend(server, server.run, APPROVES)  # pyright: ignore[reportArgumentType]

    assert record_of(server.labels).revision == both


def test_a_verdict_that_is_written_at_the_same_moment_is_kept_and_the_rest_lapses() -> None:
    server = Server(waiting(), waits=HOUR * 2)
    person = Revision().decided([Decision(clip=1, verdict=Verdict.REJECTED)])
    write = server.update_flow_run_labels

    def meanwhile(run_id: UUID, labels: dict[str, Any]) -> None:
        write(run_id, labels)
        server.update_flow_run_labels = write
        write(run_id, labels_of(revision=person))  # by an API that had read before

    server.update_flow_run_labels = meanwhile

    attend(server, server.run, APPROVES)  # pyright: ignore[reportArgumentType]

    told = record_of(server.labels).revision
    assert [(one.verdict, one.by) for one in told.decisions] == [
        (Verdict.REJECTED, "person"),
        (Verdict.APPROVED, "timeout"),
    ]
    assert [state.name for state in server.set] == ["AwaitingRetry"]


def test_a_job_that_nobody_wants_is_cancelled_and_says_why() -> None:
    server = Server(waiting(), waits=HOUR * 2)

    attend(server, server.run, CANCELS)  # pyright: ignore[reportArgumentType]

    assert [(state.name, state.message) for state in server.set] == [("Cancelled", "Nobody decided in time.")]


def test_a_job_that_has_time_is_left_alone() -> None:
    server = Server(waiting(), waits=60)

    attend(server, server.run, APPROVES)  # pyright: ignore[reportArgumentType]

    assert server.set == []
