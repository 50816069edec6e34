"""The real flow ``learn`` on a temporary Prefect server, ordered as the door orders it."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakes.qdrant import UNAVAILABLE, FakeMemory

from omni.contracts import Platform
from omni.errors import OrchestratorFailed
from omni.memory.outbox import Outbox
from omni.memory.outcomes import UNMADE, outcome_of
from omni.outcomes import TAUGHT, ClipOutcome, Outcome, Taught
from omni.ports import MemoryRecord
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
def deployment(prefect: str) -> Any:
    """The deployment on a Prefect server, with the parameter schema that is enforced on what orders a run."""
    from prefect.client.orchestration import get_client
    from prefect.utilities.callables import parameter_schema

    from flows.learn import learn

    with get_client(sync_client=True) as client:
        schema = parameter_schema(learn).model_dump_for_openapi()
        return client.create_deployment(
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


def run(deployment: Any, *clips: MemoryRecord) -> Any:
    """Order a run as the gateway does, run it as a worker does, and return it as it ended."""
    from prefect.client.orchestration import get_client
    from prefect.flow_engine import run_flow
    from prefect.states import Pending

    from flows.learn import learn

    with get_client(sync_client=True) as client:
        told = {"outcomes": [TOLD.model_dump(mode="json")], "clips": [one.model_dump(mode="json") for one in clips]}
        order = client.create_flow_run_from_deployment(deployment, parameters=told, tags=["outcome"])
        client.set_flow_run_state(order.id, Pending(), force=True)
        run_flow(learn, flow_run=client.read_flow_run(order.id), return_type="state")
        return client.read_flow_run(order.id)


def test_outcomes_and_their_unmade_clips_are_kept_and_the_run_says_which_process_works_for_it(
    deployment: Any, shop: Any
) -> None:
    unmade = MemoryRecord(
        id=TOLD.clip_id, workspace="default", kind="clip", strategy_id=TOLD.strategy_id, source_sha256="a" * 64,
        source_title="Talk", title="A clip", text="We speak.", payload={"number": 2, UNMADE: True},
    )  # fmt: skip

    ended = run(deployment, unmade)

    assert ended.state.is_completed(), ended.state
    [kept] = shop.memory.records("default", "outcome")
    assert (outcome_of(kept), kept.source_sha256) == (TOLD, unmade.source_sha256)
    assert [clip.title for clip in shop.memory.records("default", "clip")] == ["A clip"]
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


def test_a_label_that_cannot_be_written_fails_no_run_whose_work_is_done(
    deployment: Any, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_: object) -> None:
        raise OrchestratorFailed(reason="it answered 500")

    monkeypatch.setattr("flows.learn._teach", torn)

    ended = run(deployment)

    assert ended.state.is_completed(), ended.state
    assert [outcome_of(record) for record in shop.memory.records("default", "outcome")] == [TOLD]
