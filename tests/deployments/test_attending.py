"""A job that waits for people: when it goes on by itself, and what its time-out does."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fakes.server import FakeServer
from prefect.states import Suspended

from deployments.reviewing import Patience
from deployments.stack.attending import LOST_SECONDS, Step, attend, step_of
from deployments.states import LAPSED, REVISED
from omni.record import ClipState, JobRecord, Status
from omni.review import ClipEdit, Decision, Revision, Verdict
from omni.statements import Statement, key_of_new

CLIPS = tuple(ClipState(number=n, title=f"Clip {n}", start=n, end=n + 20) for n in (1, 2))
BOTH = Revision().decided(Decision(clip=n, verdict=Verdict.APPROVED) for n in (1, 2))
HOUR = 3600.0
APPROVES, CANCELS, FOREVER = Patience(1, "approve"), Patience(1, "cancel"), Patience(0, "reject")


def waiting(revision: Revision | None = None, **more: object) -> JobRecord:
    facts = {"reached": Status.NEEDS_REVIEW, "clips": CLIPS, "revision": revision or Revision()}
    return JobRecord.model_validate(facts | more)


def say(server: FakeServer, *decisions: tuple[int, Verdict]) -> None:
    """Let a person say something, whose door then leaves the label behind."""
    told = Statement(decisions=tuple(Decision(clip=clip, verdict=verdict) for clip, verdict in decisions))
    server.create_flow_run_input(server.run.id, key_of_new(), told.model_dump_json(exclude_defaults=True))


@pytest.mark.parametrize(("terms", "step"), [(APPROVES, Step.DECIDE), (CANCELS, Step.CANCEL), (FOREVER, Step.WAIT)])
def test_the_time_out_does_what_is_set_and_not_before(terms: Patience, step: Step) -> None:
    assert step_of(waiting(), HOUR - 1, HOUR - 1, terms) is Step.WAIT
    assert step_of(waiting(), HOUR * 100, HOUR * 100, terms) is step


def test_what_was_decided_goes_on_even_if_whoever_kept_it_died() -> None:
    edit = Revision().edited(ClipEdit(clip=1, title="A"))

    for revision in (BOTH, edit):
        assert step_of(waiting(revision), LOST_SECONDS - 1, LOST_SECONDS - 1, FOREVER) is Step.WAIT
        assert step_of(waiting(revision), LOST_SECONDS + 1, LOST_SECONDS + 1, FOREVER) is Step.GO_ON
    assert step_of(waiting(edit, made=edit), HOUR / 2, HOUR / 2, APPROVES) is Step.WAIT


def test_a_slow_door_has_its_time_from_the_decision_on_and_not_from_the_suspension() -> None:
    assert step_of(waiting(BOTH), HOUR * 10, LOST_SECONDS - 1, FOREVER) is Step.WAIT
    assert step_of(waiting(BOTH), HOUR * 10, LOST_SECONDS - 1, CANCELS) is Step.WAIT


def test_a_run_that_somebody_paused_is_left_alone() -> None:
    assert step_of(JobRecord(reached=Status.ANALYZING), HOUR * 100, HOUR * 100, APPROVES) is Step.WAIT


def suspended(record: JobRecord, *, waits: float) -> FakeServer:
    return FakeServer(Suspended(timestamp=datetime.now(UTC) - timedelta(seconds=waits)), record)


def look(server: FakeServer, terms: Patience, *, closely: bool = True) -> None:
    attend(server, server.run, terms, closely=closely)  # pyright: ignore[reportArgumentType]


def test_a_time_out_is_kept_as_one_and_the_job_goes_on() -> None:
    server = suspended(waiting(Revision().decided([Decision(clip=2, verdict=Verdict.REJECTED)])), waits=HOUR * 2)

    look(server, APPROVES)

    assert [(one.clip, one.verdict, one.by) for one in server.record.revision.decisions] == [
        (1, Verdict.APPROVED, "timeout"),
        (2, Verdict.REJECTED, "person"),
    ]
    assert [(state.name, state.message) for state in server.set] == [("AwaitingRetry", LAPSED)]


def test_what_a_person_said_is_heard_though_the_label_does_not_show_it() -> None:
    server = suspended(waiting(), waits=HOUR * 2)
    say(server, (1, Verdict.REJECTED), (2, Verdict.REJECTED))

    look(server, APPROVES)

    assert [one.by for one in server.record.revision.decisions] == ["person", "person"]
    assert [(state.name, state.message) for state in server.set] == [("AwaitingRetry", REVISED)]


def test_between_close_looks_only_what_the_label_says_is_due() -> None:
    server = suspended(waiting(), waits=HOUR / 2)
    say(server, (1, Verdict.REJECTED))

    look(server, APPROVES, closely=False)
    assert server.record.revision == Revision()

    look(server, APPROVES)
    assert server.record.revision.rejected == {1}
    assert server.set == []


def test_a_verdict_that_is_written_at_the_same_moment_is_kept_and_the_rest_lapses() -> None:
    server = suspended(waiting(), waits=HOUR * 2)
    create = server.create_flow_run_input

    def meanwhile(run_id: UUID, key: str, value: str) -> None:
        create(run_id, key, value)
        server.create_flow_run_input = create
        say(server, (1, Verdict.REJECTED))  # by an API that had read before

    server.create_flow_run_input = meanwhile

    look(server, APPROVES)

    assert [(one.verdict, one.by) for one in server.record.revision.decisions] == [
        (Verdict.REJECTED, "person"),
        (Verdict.APPROVED, "timeout"),
    ]
    assert [state.name for state in server.set] == ["AwaitingRetry"]


def test_a_job_that_nobody_wants_is_cancelled_and_says_why() -> None:
    server = suspended(waiting(), waits=HOUR * 2)

    look(server, CANCELS)

    assert [(state.name, state.message) for state in server.set] == [("Cancelled", "Nobody decided in time.")]


def test_a_job_that_has_time_is_left_alone() -> None:
    server = suspended(waiting(), waits=60)

    look(server, APPROVES)

    assert server.set == []
