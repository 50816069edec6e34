"""The public status: exhaustive over Prefect's types and names, true, and never going backward."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect.client.schemas.objects import StateType

from deployments.states import LATE_SECONDS, RECOVERIES, RECOVERY_SECONDS, UNDECIDED, as_it_stands, standing
from omni.contracts import Estimate, Production
from omni.record import Failure, JobRecord, Status

NAMES = {
    StateType.SCHEDULED: ("Scheduled", "Late", "AwaitingRetry", "AwaitingConcurrencySlot", "Resuming"),
    StateType.PENDING: ("Pending", "Submitting", "InfrastructurePending"),
    StateType.RUNNING: (
        "Running",
        "Retrying",
        "ANALYZING",
        "WRITING_STRATEGY",
        "RENDERING",
        "NEEDS_REVIEW",
        "COMPLETED",
    ),
    StateType.COMPLETED: ("Completed", "Cached"),
    StateType.FAILED: ("Failed", "TimedOut"),
    StateType.CRASHED: ("Crashed",),
    StateType.CANCELLED: ("Cancelled",),
    StateType.CANCELLING: ("Cancelling", "CANCELLING-TIMEDOUT"),
    StateType.PAUSED: ("Paused", "Suspended"),
}
EVERY = [(kind, name) for kind, names in NAMES.items() for name in names]
DONE = Production(output_dir="/o/j", shorts_count=2, strategy_id="s", source="v.mp4", engines={})  # pyright: ignore[reportArgumentType]


def test_the_table_names_every_type_of_prefect() -> None:
    assert set(NAMES) == set(StateType)


def test_who_let_the_time_run_out_is_told_so() -> None:
    by_itself = standing(StateType.CANCELLED, "Cancelled", UNDECIDED, 0.0, JobRecord()).failure
    by_hand = standing(StateType.CANCELLED, "Cancelled", "", 0.0, JobRecord()).failure

    assert by_itself
    assert by_hand
    assert "Nobody decided" in by_itself.cause
    assert by_itself.code == by_hand.code == "cancelled"


@given(
    st.sampled_from(EVERY),
    st.floats(0, 1e6),
    st.sampled_from([s for s in Status if not s.is_final]),
    st.integers(0, RECOVERIES + 2),
    st.sampled_from([DONE, None]),
)
def test_no_state_takes_a_job_back_and_every_failure_says_what_to_do(
    state: tuple[StateType, str], age: float, reached: Status, recoveries: int, result: Production | None
) -> None:
    record = JobRecord(reached=reached, recoveries=recoveries, result=result)

    told = standing(*state, "message", age, record)

    assert told.status.rank >= as_it_stands(*state, record).reached.rank
    assert (told.status is Status.COMPLETED) == (state[0] is StateType.COMPLETED and result is not None)
    if told.status in {Status.FAILED, Status.CANCELLED}:
        assert told.failure is not None
        assert told.failure.cause.endswith(".")
        assert told.failure.next_step.endswith(".")
    else:
        assert told.failure is None


@pytest.mark.parametrize(
    ("status", "name"), [("PENDING", "ANALYZING"), ("ANALYZING", "WRITING_STRATEGY"), ("WRITING_STRATEGY", "RENDERING")]
)
def test_a_named_running_state_is_the_status(status: str, name: str) -> None:
    record = JobRecord(reached=Status(status))

    assert standing(StateType.RUNNING, name, "", 0, record).status == name


def test_drafts_need_review_while_the_run_is_suspended_and_what_follows_is_a_new_round() -> None:
    record = JobRecord(reached=Status.NEEDS_REVIEW, progress=1.0, attempt=1, pid=7)

    for state in ((StateType.PAUSED, "Suspended"), (StateType.CANCELLING, "Cancelling")):
        assert standing(*state, "", 0, record).status is Status.NEEDS_REVIEW
        assert as_it_stands(*state, record) == record
    for state in ((StateType.SCHEDULED, "Resuming"), (StateType.PENDING, "Pending"), (StateType.RUNNING, "Running")):
        assert standing(*state, "", 0, record).status is Status.PENDING
        again = as_it_stands(*state, record)
        assert (again.attempt, again.progress, again.pid) == (2, 0.0, 0)
    assert standing(StateType.RUNNING, "RENDERING", "", 0, record).status is Status.RENDERING


def test_a_run_that_somebody_paused_stays_where_it_was() -> None:
    told = standing(StateType.PAUSED, "Paused", "", 0, JobRecord(reached=Status.ANALYZING))

    assert (told.status, "paused" in (told.note or "")) == (Status.ANALYZING, True)


def test_a_run_cannot_call_itself_completed() -> None:
    assert standing(StateType.RUNNING, "COMPLETED", "", 0, JobRecord()).status is Status.PENDING


def test_a_completed_run_without_a_result_has_failed() -> None:
    told = standing(StateType.COMPLETED, "Completed", "", 0, JobRecord())

    assert told.failure is not None
    assert told.failure.code == "result_missing"


def test_what_an_earlier_round_delivered_is_no_result_of_this_one() -> None:
    made = Production(output_dir=Path("/srv/out/talk"), shorts_count=3, strategy_id=None, source="talk.mp4", engines={})

    assert standing(StateType.COMPLETED, "Completed", "", 0, JobRecord(result=made)).status is Status.COMPLETED
    told = standing(StateType.COMPLETED, "Completed", "", 0, JobRecord(result=made, stale=True))

    assert told.failure is not None
    assert told.failure.code == "result_missing"


def test_a_dry_run_completes_by_its_estimate() -> None:
    record = JobRecord(estimate=Estimate(charges=(), usd=0.0, seconds=60))

    assert standing(StateType.COMPLETED, "Completed", "", 0, record).status is Status.COMPLETED


def test_a_crash_is_no_failure_while_it_will_be_resumed() -> None:
    soon, late = RECOVERY_SECONDS - 1, RECOVERY_SECONDS + 1
    record = JobRecord(reached=Status.RENDERING)

    assert standing(StateType.CRASHED, "Crashed", "", soon, record).status is Status.RENDERING
    assert standing(StateType.CRASHED, "Crashed", "", late, record).status is Status.FAILED
    worn = JobRecord(reached=Status.RENDERING, recoveries=RECOVERIES)
    assert standing(StateType.CRASHED, "Crashed", "", soon, worn).status is Status.FAILED


def test_a_job_that_waits_for_a_worker_says_so() -> None:
    assert standing(StateType.SCHEDULED, "Scheduled", "", 1, JobRecord()).note is None
    late = standing(StateType.SCHEDULED, "Scheduled", "", LATE_SECONDS + 1, JobRecord())
    assert late.note is not None
    assert "worker" in late.note


def test_a_failed_run_tells_what_it_recorded_itself() -> None:
    failure = Failure(code="source_empty", cause="Zero bytes.", next_step="Fetch it again.", exit_code=7)

    assert standing(StateType.FAILED, "Failed", "trace", 0, JobRecord(failure=failure)).failure == failure


def test_a_timeout_is_told_as_one() -> None:
    told = standing(StateType.FAILED, "TimedOut", "", 0, JobRecord(stage="render"))

    assert told.failure is not None
    assert (told.failure.code, told.failure.stage) == ("timed_out", "render")
