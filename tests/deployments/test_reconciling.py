"""What is done with a run that may be dead: decided without looking at anything."""

import itertools
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fakes.server import FakeServer
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import StateType
from prefect.states import Failed

from deployments.errors import DeploymentMissing
from deployments.stack import reconciling
from deployments.stack.reconciling import (
    LOOKS_BETWEEN,
    LOST_SECONDS,
    START_SECONDS,
    SURE_SECONDS,
    WIND_DOWN_SECONDS,
    Action,
    Findings,
    Reconciler,
    decide,
    is_process_of,
    is_turn_of,
)
from deployments.stack.registering import watch_of
from deployments.states import RECOVERIES, RECOVERY_SECONDS
from flows import claim
from omni.record import PREFIX
from omni.settings import Settings

LONG = 10_000.0
ORDERED = datetime(2026, 1, 1, tzinfo=UTC)


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


def test_a_job_that_is_told_as_failed_for_good_is_never_resumed_by_itself() -> None:
    assert decide(found(StateType.CRASHED, age=RECOVERY_SECONDS - 1)) is Action.RESUME
    assert decide(found(StateType.CRASHED, age=RECOVERY_SECONDS + 1)) is Action.LEAVE


def test_a_death_that_a_worker_reports_twice_is_one() -> None:
    assert decide(found(StateType.CRASHED, age=SURE_SECONDS - 1)) is Action.WATCH
    assert decide(found(StateType.CRASHED, age=SURE_SECONDS)) is Action.RESUME


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


class Server:
    """A run, and what was done to it."""

    def __init__(self) -> None:
        ago = timedelta(seconds=SURE_SECONDS + 1)
        state = SimpleNamespace(type=StateType.CRASHED, timestamp=datetime.now(UTC) - ago, message="Exit -9.")
        self.run = SimpleNamespace(
            id=uuid4(), state_id=uuid4(), state=state, state_name="Crashed", labels={}, expected_start_time=ORDERED
        )
        self.done: list[str] = []

    def read_flow_run(self, _: object) -> Any:
        return self.run

    def update_flow_run_labels(self, _: object, labels: dict[str, Any]) -> None:
        self.run.labels |= labels

    def set_flow_run_state(self, _: object, state: Any) -> None:
        self.done.append(state.name)
        self.due = state.state_details.scheduled_time


def settle(server: Server, seen: Any, settings: Settings) -> list[str]:
    Reconciler(settings, host_only=False)._settle(server, seen)  # pyright: ignore[reportArgumentType, reportPrivateUsage]
    return server.done


def test_a_run_whose_process_died_is_resumed_and_the_recovery_counted(tmp_path: Path) -> None:
    server = Server()

    assert settle(server, server.run, Settings(home=tmp_path)) == ["AwaitingRetry"]
    assert server.run.labels[f"{PREFIX}recoveries"] == 1
    assert server.due == ORDERED  # its place in the queue


def test_a_watch_that_misses_the_heartbeat_of_a_run_that_waits_counts_no_death(tmp_path: Path) -> None:
    server = Server()
    server.run.state.message = watch_of([]).actions[0].model_dump()["message"]

    assert settle(server, server.run, Settings(home=tmp_path)) == ["AwaitingRetry"]
    assert server.run.labels[f"{PREFIX}recoveries"] == 0

    server.run.labels[f"{PREFIX}pid"] = 4711
    settle(server, server.run, Settings(home=tmp_path))
    assert server.run.labels[f"{PREFIX}recoveries"] == 1
    assert server.run.labels[f"{PREFIX}pid"] == 0


def test_a_run_that_has_gone_on_since_it_was_seen_is_left_alone(tmp_path: Path) -> None:
    server = Server()
    seen = SimpleNamespace(**vars(server.run))
    server.run.state_id = uuid4()

    assert settle(server, seen, Settings(home=tmp_path)) == []


def test_a_run_that_came_to_life_since_it_was_judged_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, settings = Server(), Settings(home=tmp_path)

    def was_free(_settings: Settings, _run_id: str) -> bool:
        return False

    monkeypatch.setattr("deployments.stack.reconciling.is_claimed", was_free)
    with claim.claimed(settings, str(server.run.id)):
        assert settle(server, server.run, settings) == []


def test_every_job_that_waits_has_its_turn_once_in_ten_looks_and_not_all_have_it_at_once() -> None:
    jobs = [uuid4() for _ in range(200)]
    turns = [[job for job in jobs if is_turn_of(job, look)] for look in range(7, 7 + LOOKS_BETWEEN)]

    assert sorted(itertools.chain(*turns)) == sorted(jobs)
    assert max(map(len, turns)) < 60  # some 20 each; 60 by chance once in 10¹³


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_a_process_is_only_killed_for_a_run_that_it_works_for() -> None:
    run_id = uuid4()
    argv = [sys.executable, "-S", "-c", "print(flush=True); input()"]
    environment = {**os.environ, "PREFECT__FLOW_RUN_ID": str(run_id)}
    with subprocess.Popen(argv, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        assert is_process_of(run_id, worker.pid)
        assert not is_process_of(uuid4(), worker.pid)
        worker.kill()
    assert not is_process_of(run_id, os.getpid())
    assert not is_process_of(run_id, 0)


class Ends(FakeServer):
    """Two jobs that a person judged and that failed, of which one can't be ordered to be told; what was asked for since when."""

    def __init__(self) -> None:
        super().__init__(Failed(), video="talk.mp4", brief={"approval": "clips"})
        self.asked = list[datetime]()

    def read_flow_runs(self, *, flow_run_filter: FlowRunFilter, **_: Any) -> list[Any]:
        assert flow_run_filter.end_time
        assert flow_run_filter.end_time.after_
        self.asked.append(flow_run_filter.end_time.after_)
        return [self.run, self.run.model_copy(update={"id": uuid4()})]


def test_a_job_that_cannot_be_told_keeps_no_other_and_is_tried_until_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server, tried = Ends(), list[Any]()
    fails = [DeploymentMissing(name="learn/local"), DeploymentMissing(name="learn/local"), None]

    def teach(_: Any, run: Any) -> None:
        tried.append(run.id)
        if run.id == server.run.id and (error := fails.pop(0)):
            raise error

    monkeypatch.setattr(reconciling, "teach", teach)
    looks = Reconciler(Settings(home=tmp_path), host_only=False)
    for _ in range(4):
        fails += [None]
        looks._tell_of_ends(server)  # pyright: ignore[reportArgumentType, reportPrivateUsage]

    assert len(tried) == 8
    began = [server.asked[look * 2] for look in range(4)]
    assert began[2] - began[0] < timedelta(minutes=1)  # still three days
    assert began[3] - began[0] > timedelta(days=2)
    [said] = [record.getMessage() for record in caplog.records if "can't be told" in record.getMessage()]
    assert str(server.run.id) in said
    assert "learn/local" in said


def test_a_server_that_is_away_ends_the_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def teach(_: Any, run: Any) -> None:
        raise httpx.ConnectError(str(run.id))

    monkeypatch.setattr(reconciling, "teach", teach)
    looks = Reconciler(Settings(home=tmp_path), host_only=False)

    with pytest.raises(httpx.ConnectError):
        looks._tell_of_ends(Ends())  # pyright: ignore[reportArgumentType, reportPrivateUsage]
