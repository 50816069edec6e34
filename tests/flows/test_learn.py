"""The real flow ``learn`` on a temporary Prefect server, ordered as the door orders it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakes.qdrant import UNAVAILABLE, FakeMemory

from omni.contracts import Platform
from omni.memory.outbox import Outbox
from omni.memory.outcomes import outcome_of
from omni.outcomes import TAUGHT, ClipOutcome, Outcome, Taught
from omni.settings import Settings

pytestmark = [pytest.mark.prefect]

TOLD = ClipOutcome(
    workspace="default",
    strategy_id="5d1f0a3e-7a37-5d0e-9d43-1f0c7c2f8f11",
    clip=2,
    outcome=Outcome(on=date(2026, 11, 20), platform=Platform.TIKTOK, views=1200, watch_seconds=14.5),
    told_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def deployment() -> Iterator[Any]:
    """A temporary Prefect server with the deployment, and the parameter schema that is enforced on what orders a run."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness
    from prefect.utilities.callables import parameter_schema

    from flows.learn import learn

    with (
        prefect_test_harness(server_startup_timeout=90),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        get_client(sync_client=True) as client,
    ):
        schema = parameter_schema(learn).model_dump_for_openapi()
        yield client.create_deployment(
            client.create_flow(learn), "local", parameter_openapi_schema=schema, enforce_parameter_schema=True
        )


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the flow is wired to."""
    made = SimpleNamespace(
        settings=Settings(_env_file=None, home=tmp_path),  # pyright: ignore[reportCallIssue]
        memory=FakeMemory(),
        outbox=Outbox(tmp_path / "outbox", 1),
    )
    monkeypatch.setattr("flows.learn.wire", lambda: made)
    monkeypatch.setattr("tasks.learn.wire", lambda: made)
    return made


def run(deployment: Any) -> Any:
    """Order a run as the gateway does, run it as a worker does, and return it as it ended."""
    from prefect.client.orchestration import get_client
    from prefect.flow_engine import run_flow
    from prefect.states import Pending

    from flows.learn import learn

    with get_client(sync_client=True) as client:
        told = [TOLD.model_dump(mode="json")]
        order = client.create_flow_run_from_deployment(deployment, parameters={"outcomes": told}, tags=["outcome"])
        client.set_flow_run_state(order.id, Pending(), force=True)
        run_flow(learn, flow_run=client.read_flow_run(order.id), return_type="state")
        return client.read_flow_run(order.id)


def test_outcomes_are_kept_and_the_run_says_which_process_works_for_it(deployment: Any, shop: Any) -> None:
    ended = run(deployment)

    assert ended.state.is_completed(), ended.state
    assert [outcome_of(record) for record in shop.memory.records("default", "outcome")] == [TOLD]
    assert Taught.model_validate_json(ended.labels[TAUGHT]) == Taught(clips=1)
    assert ended.labels["omni.pid"] > 0
    assert ended.labels["omni.host"]


def test_while_the_memory_is_out_of_reach_outcomes_wait_in_the_outbox_and_the_run_says_so(
    deployment: Any, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.memory = FakeMemory(failing=UNAVAILABLE)
    monkeypatch.setattr("tasks.learn.learn.retries", 0)

    ended = run(deployment)

    assert ended.state.is_completed(), ended.state
    assert "omni memory flush" in ended.state.message
    assert TAUGHT not in ended.labels
    assert [outcome_of(record) for record in shop.outbox.records()] == [TOLD]
