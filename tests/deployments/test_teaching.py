"""People's verdicts on a job that came to nothing go to the memory, once for each end, and nobody else's do."""

from typing import Any

import pytest
from builders import analysis, brief, campaign, clip, source
from fakes.server import FakeServer
from prefect.exceptions import ObjectNotFound
from prefect.states import AwaitingRetry, Cancelled, Crashed, Failed, Scheduled, Suspended
from pydantic_core import to_json

from deployments.errors import DeploymentMissing
from deployments.stack.teaching import teach
from deployments.states import RECOVERIES
from flows.people import DRAFTS
from flows.statements import say
from omni.memory.records import strategy_id
from omni.memory.verdicts import drafted
from omni.ports import MemoryRecord
from omni.record import JobRecord, Status
from omni.review import Decision, Verdict
from omni.statements import Statement

BRIEF = brief(approval="clips", workspace="mine")
DRAFTED = drafted(source(), BRIEF, analysis(clip(1, 10, 30), clip(2, 40, 60), clip(3, 70, 90)), campaign())
WAITED = JobRecord(reached=Status.NEEDS_REVIEW)


def ended(state: Any, record: JobRecord = WAITED, *, drafts: bool = True, approval: str = "clips") -> FakeServer:
    """Return a job that ended after a person had rejected clip 2 and approved clip 3, and the time-out clip 1."""
    server = FakeServer(state, record, video="talk.mp4", brief={"approval": approval, "workspace": "mine"})
    told = (
        Decision(clip=1, verdict=Verdict.REJECTED, by="timeout"),
        Decision(clip=2, verdict=Verdict.REJECTED, reason="dull"),
        Decision(clip=3, verdict=Verdict.APPROVED),
    )
    for number, one in enumerate(told):
        say(server, server.run, f"said-{number}", Statement(decisions=(one,)))  # pyright: ignore[reportArgumentType]
    if drafts:
        kept = [record.model_dump(mode="json") for record in DRAFTED]
        server.create_flow_run_input(server.run.id, f"{DRAFTS}000001", to_json(kept[:1]).decode())
        server.create_flow_run_input(server.run.id, f"{DRAFTS}000002", to_json(kept).decode())  # what they saw last
    return server


def told(server: FakeServer) -> list[tuple[str, str, str]]:
    """Look, and return what the memory is to hear: of which clip's title, what, and why."""
    teach(server, server.run)  # pyright: ignore[reportArgumentType]
    found: list[tuple[str, str, str]] = []
    for order in server.ordered.values():
        clips = [MemoryRecord.model_validate(one) for one in order["parameters"]["clips"]]
        for outcome, record in zip(order["parameters"]["outcomes"], clips, strict=True):
            assert outcome["strategy_id"] == record.strategy_id == strategy_id("mine", source().sha256, BRIEF)
            found.append((record.title, outcome["outcome"]["verdict"], outcome["outcome"]["reason"]))
    return found


@pytest.mark.parametrize("state", [Cancelled(), Failed(), Crashed()])
def test_whatever_ended_it_what_people_said_is_told(state: Any) -> None:
    server = ended(state, JobRecord(reached=Status.RENDERING, recoveries=RECOVERIES))

    assert told(server) == [("Clip 2", "rejected", "dull"), ("Clip 3", "approved", "")]


def test_it_is_told_once_for_each_end_even_when_it_could_not_be_written_down() -> None:
    server = ended(Cancelled())
    before = dict(server.labels)

    first = told(server)
    server.labels = before  # whoever told died before it wrote that it had
    assert told(server) == first
    assert len(server.ordered) == 1

    server.ordered.clear()
    teach(server, server.run)  # pyright: ignore[reportArgumentType]
    assert server.ordered == {}


def test_verdicts_wait_while_the_deployment_is_missing() -> None:
    server = ended(Cancelled())
    read = server.read_deployment_by_name

    def missing(_: str) -> Any:
        raise ObjectNotFound(Exception())

    server.read_deployment_by_name = missing
    with pytest.raises(DeploymentMissing, match="learn/local"):
        told(server)
    assert server.record.taught == ""

    server.read_deployment_by_name = read
    assert len(told(server)) == 2


@pytest.mark.parametrize("state", [Crashed(), Suspended(), AwaitingRetry()])
def test_a_job_that_goes_on_tells_the_memory_itself(state: Any) -> None:
    assert told(ended(state)) == []


def test_a_job_that_asks_nobody_and_one_whose_drafts_nobody_kept_have_nothing_to_tell() -> None:
    assert told(ended(Cancelled(), approval="none")) == []
    assert told(ended(Cancelled(), drafts=False)) == []


def test_a_form_that_was_sent_before_the_job_ended_is_heard_too() -> None:
    server = ended(Cancelled())
    waited, resumed = Suspended(), Scheduled(name="Resuming")
    waited.state_details.run_input_keyset = {"response": "r", "schema": "s", "description": "d"}
    server.inputs = {key: entry for key, entry in server.inputs.items() if key.startswith(DRAFTS)}
    server.read_flow_run_states = lambda _: [waited, resumed]
    server.read_flow_run_input = lambda *_: '{"clip_2": "rejected", "reason": "dull"}'

    assert told(server) == [("Clip 1", "approved", ""), ("Clip 2", "rejected", "dull"), ("Clip 3", "approved", "")]
