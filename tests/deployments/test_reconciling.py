"""What is done with a run that may be dead: decided without looking at anything."""

import itertools

import pytest
from prefect.client.schemas.objects import StateType

from deployments.reconciling import (
    LOST_SECONDS,
    START_SECONDS,
    SURE_SECONDS,
    WIND_DOWN_SECONDS,
    Action,
    Findings,
    decide,
)
from deployments.states import RECOVERIES

LONG = 10_000.0


def found(
    kind: StateType, *, age: float = LONG, claimed: bool | None = False, suspected: float = LONG, recoveries: int = 0
) -> Findings:
    return Findings(kind=kind, age=age, claimed=claimed, suspected=suspected, recoveries=recoveries)


@pytest.mark.parametrize("kind", [StateType.RUNNING, StateType.PENDING])
def test_a_live_process_is_never_doubled(kind: StateType) -> None:
    for suspected, recoveries in itertools.product((0, LONG), range(RECOVERIES + 2)):
        assert decide(found(kind, claimed=True, suspected=suspected, recoveries=recoveries)) is Action.LEAVE


def test_a_run_that_was_called_dead_and_lives_is_revived_never_resumed() -> None:
    for suspected, recoveries in itertools.product((0, LONG), range(RECOVERIES + 2)):
        run = found(StateType.CRASHED, claimed=True, suspected=suspected, recoveries=recoveries)
        assert decide(run) is (Action.REVIVE if suspected else Action.WATCH)


def test_a_dead_run_is_resumed_after_a_second_look() -> None:
    assert decide(found(StateType.RUNNING, suspected=0)) is Action.WATCH
    assert decide(found(StateType.RUNNING, suspected=SURE_SECONDS)) is Action.RESUME


def test_a_run_that_just_began_is_given_time_to_claim() -> None:
    assert decide(found(StateType.RUNNING, age=1, suspected=LONG)) is Action.WATCH


def test_a_run_of_another_machine_is_left_to_it_until_its_heartbeat_stops() -> None:
    assert decide(found(StateType.RUNNING, claimed=None)) is Action.LEAVE
    assert decide(found(StateType.CRASHED, claimed=None)) is Action.RESUME


def test_a_run_that_dies_again_and_again_is_given_up() -> None:
    assert decide(found(StateType.RUNNING, recoveries=RECOVERIES)) is Action.GIVE_UP
    assert decide(found(StateType.CRASHED, recoveries=RECOVERIES)) is Action.LEAVE


def test_a_start_that_nobody_claims_is_begun_again() -> None:
    assert decide(found(StateType.PENDING, age=START_SECONDS - 1)) is Action.LEAVE
    assert decide(found(StateType.PENDING, age=START_SECONDS + 1)) is Action.RESUME
    assert decide(found(StateType.PENDING, age=START_SECONDS + 1, claimed=None)) is Action.LEAVE
    assert decide(found(StateType.PENDING, age=LOST_SECONDS + 1, claimed=None)) is Action.RESUME


def test_a_cancelled_run_ends_as_cancelled_and_is_never_resumed() -> None:
    assert decide(found(StateType.CANCELLING)) is Action.CANCEL
    assert decide(found(StateType.CANCELLING, claimed=True, age=1)) is Action.LEAVE
    assert decide(found(StateType.CANCELLING, claimed=True, age=WIND_DOWN_SECONDS + 1)) is Action.KILL
    for claimed, age, suspected in itertools.product((True, False, None), (0, LONG), (0, LONG)):
        action = decide(found(StateType.CANCELLING, claimed=claimed, age=age, suspected=suspected))
        assert action not in {Action.RESUME, Action.GIVE_UP}
