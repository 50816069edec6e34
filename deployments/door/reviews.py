"""Routes by which people judge and correct what a job made, and ask for more of it."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from prefect.client.schemas.objects import FlowRun
from pydantic import ValidationError

from deployments.door.access import Principal, Submitter
from deployments.door.intake import IsJson, accepted
from deployments.door.lookup import job_of, run_of
from deployments.door.outcomes import ClipPath, tell_verdicts
from deployments.door.problems import responses
from deployments.errors import NothingMore
from deployments.gateway import Gateway, Order
from deployments.reviewing import Change, Revised, decided, edited, revised
from deployments.schemas import EditOrder, Job, ReviewOrder
from omni.contracts import PAGES, Approval, Brief
from omni.record import JobRecord, Status, record_of
from omni.review import ClipEdit

router = APIRouter(tags=["people"])


@router.post(
    "/jobs/{job_id}/review", status_code=202, responses=responses(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
)
async def review(request: Request, who: Submitter, job_id: UUID, order: ReviewOrder, _: IsJson) -> Job:
    """Approve or reject clips. A job that NEEDS_REVIEW goes on as soon as every clip is decided."""
    return await decide(request, who, job_id, order)


@router.put(
    "/jobs/{job_id}/clips/{clip}",
    status_code=202,
    responses=responses(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
)
async def edit(request: Request, who: Submitter, job_id: UUID, clip: ClipPath, order: EditOrder, _: IsJson) -> Job:
    """Change a clip, in place of what was changed before; only what looks different by it is rendered again."""
    return await change(request, who, job_id, clip, order)


@router.post("/jobs/{job_id}/more", status_code=202, responses=responses(401, 403, 404, 409, 422, 429, 503))
async def more(request: Request, response: Response, who: Submitter, job_id: UUID) -> Job:
    """Make a job of the next best moments of the same source; asked again, it is the same job."""
    return await proceed(request, response, who, job_id)


async def decide(request: Request, who: Principal, job_id: UUID, order: ReviewOrder) -> Job:
    """Record a person's verdicts; raises JobNotFound, ClipNotFound or NotReviewable.

    The memory hears of them at once when the job is completed and stays so; else the job's own run tells it.
    """
    job = await _revise(request, who, job_id, lambda record: decided(record, order, datetime.now(UTC)))
    if job.status is Status.COMPLETED:
        named = {told.clip for told in order.decisions}
        told = [clip for clip in job.clips if order.rest is not None or clip.number in named]
        said = [clip.decision for clip in told if clip.decision is not None]
        await tell_verdicts(request.app.state.gateway, await run_of(request, who, job_id), said)
    return job


async def change(request: Request, who: Principal, job_id: UUID, clip: int, order: EditOrder) -> Job:
    """Record a person's edit; raises JobNotFound, ClipNotFound or NotReviewable, or RequestValidationError."""
    try:
        edit = ClipEdit.model_validate(order.model_dump() | {"clip": clip})
    except ValidationError as error:
        raise RequestValidationError([{**found, "loc": ("body", *found["loc"])} for found in error.errors()]) from error
    return await _revise(request, who, job_id, lambda record: edited(record, edit))


async def proceed(request: Request, response: Response, who: Principal, job_id: UUID) -> Job:
    """Order the next page of a job's brief for whoever asks; raises JobNotFound, NothingMore, QueueFull and more."""
    run = await run_of(request, who, job_id)
    brief = _brief(run)
    if run.parameters.get("dry_run"):
        raise NothingMore(reason="it only estimated what a job would cost")
    if brief.page >= PAGES:
        raise NothingMore(reason=f"it is page {brief.page} of its brief, the last one")
    following = brief.model_copy(update={"page": brief.page + 1, "layouts": {}})  # wishes for other clips
    order = Order(
        video=str(run.parameters.get("video", "")),
        brief=following.model_dump(mode="json", exclude_defaults=True),
        owner=who.owner,
        key=hashlib.sha256(f"{who.owner}\0more of {job_id}".encode()).hexdigest(),
        request=hashlib.sha256(f"more of {job_id}".encode()).hexdigest(),
        webhook=record_of(run.labels).webhook,
    )
    return await accepted(request, response, who, order)


async def _revise(request: Request, who: Principal, job_id: UUID, of: Callable[[JobRecord], Change]) -> Job:
    """Apply a change to what people said of a job, as it stands when it is written."""
    await run_of(request, who, job_id)
    gateway: Gateway = request.app.state.gateway

    def judge(run: FlowRun) -> Revised:
        record = record_of(run.labels)
        job = request.app.state.viewer.job(run)
        return revised(job, record, of(record), approval=_brief(run).approval is Approval.CLIPS)

    await gateway.revise(job_id, judge)
    return await job_of(request, await run_of(request, who, job_id))


def _brief(run: FlowRun) -> Brief:
    return Brief.model_validate(run.parameters.get("brief") or {})
