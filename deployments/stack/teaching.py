"""What people decided on a job that came to nothing becomes a run of the deployment ``learn``; made again, it is one run."""

import logging

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, FlowRunInput
from prefect.exceptions import ObjectNotFound
from pydantic import TypeAdapter, ValidationError

from deployments.door.views import standing_of
from deployments.errors import DeploymentMissing
from flows import statements
from flows.people import DRAFTS, form_sent
from omni.contracts import Approval
from omni.memory.verdicts import lessons_of
from omni.ports import MemoryRecord
from omni.record import Status, labels_of, record_of
from omni.review import Revision
from omni.statements import MOST, after

LEARN = "learn/local"
_CLIPS = TypeAdapter(tuple[MemoryRecord, ...])

log = logging.getLogger("omni.teaching")


def teach(client: SyncPrefectClient, run: FlowRun) -> None:
    """Order, once for each end, that the memory hears of people's verdicts on a job that was cancelled or failed.

    A job that is completed tells the memory itself, and so does the door of what is said of it afterwards.
    Raises DeploymentMissing; the job is not written down as told then.
    """
    record = record_of(run.labels)
    if not _asks_people(run) or record.taught == str(run.state_id):
        return
    if standing_of(run.state, record).status not in {Status.FAILED, Status.CANCELLED}:
        return  # a job that will be resumed hasn't ended
    drafts = _drafts(client, run)
    outcomes, clips = lessons_of(drafts, _said(client, run, drafts))
    if outcomes:
        try:
            deployment = client.read_deployment_by_name(LEARN)
        except ObjectNotFound as error:
            raise DeploymentMissing(name=LEARN) from error
        log.warning("job %s came to nothing; the memory hears what people said of %s of its clips", run.id, len(clips))
        client.create_flow_run_from_deployment(
            deployment.id,
            parameters={
                "outcomes": [one.model_dump(mode="json") for one in outcomes],
                "clips": [one.model_dump(mode="json") for one in clips],
            },
            idempotency_key=f"verdicts:{run.id}:{run.state_id}",
            tags=["outcome", f"job:{run.id}"],
        )
    client.update_flow_run_labels(run.id, labels_of(taught=str(run.state_id)))


def _asks_people(run: FlowRun) -> bool:
    brief: dict[str, object] = run.parameters.get("brief") or {}
    return brief.get("approval") == Approval.CLIPS


def _said(client: SyncPrefectClient, run: FlowRun, drafts: tuple[MemoryRecord, ...]) -> Revision:
    """Return what people said, in the form of the Prefect UI too: the job may have ended before it read that."""
    said = statements.heard(client, run).revision
    still_open = said.open_among(int(str(draft.payload["number"])) for draft in drafts)
    sent = form_sent(client, run.id, still_open) if still_open else None
    return after(said, sent[1]) if sent else said


def _drafts(client: SyncPrefectClient, run: FlowRun) -> tuple[MemoryRecord, ...]:
    """Return the clips as people were shown them last; none of a job that an earlier version began."""
    kept: list[FlowRunInput] = client.filter_flow_run_input(run.id, DRAFTS, MOST, set())
    if not kept:
        return ()
    try:
        return _CLIPS.validate_json(max(kept, key=lambda one: one.key).value)
    except ValidationError:
        log.warning("the drafts of job %s can't be read: another version kept them", run.id)
        return ()
