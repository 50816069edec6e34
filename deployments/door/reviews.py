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
from deployments.orders import Order
from deployments.reviewing import decided, edited, goes_on, news
from deployments.schemas import EditOrder, Job, ReviewOrder
from omni.contracts import PAGES, Approval, Brief
from omni.record import JobRecord, Status, record_of
from omni.review import ClipEdit, Revision
from omni.statements import Statement

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
    said = await _revise(request, who, job_id, lambda record: decided(record, order, datetime.now(UTC)))
    job = await job_of(request, await run_of(request, who, job_id))
    if job.status is Status.COMPLETED:
        named = {told.clip for told in order.decisions}
        said = [one for one in said.decisions if order.rest is not None or one.clip in named]
        await tell_verdicts(request.app.state.gateway, await run_of(request, who, job_id), said)
    return job


async def change(request: Request, who: Principal, job_id: UUID, clip: int, order: EditOrder) -> Job:
    """Record a person's edit; raises JobNotFound, ClipNotFound or NotReviewable, or RequestValidationError."""
    try:
        edit = ClipEdit.model_validate(order.model_dump() | {"clip": clip})
    except ValidationError as error:
        raise RequestValidationError([{**found, "loc": ("body", *found["loc"])} for found in error.errors()]) from error
    await _revise(request, who, job_id, lambda record: edited(record, edit))
    return await job_of(request, await run_of(request, who, job_id))


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


async def _revise(request: Request, who: Principal, job_id: UUID, of: Callable[[JobRecord], Statement]) -> Revision:
    """Keep what a person says of a job, as it stands then; return all that was said of it."""
    await run_of(request, who, job_id)
    gateway, viewer = request.app.state.gateway, request.app.state.viewer

    def say(run: FlowRun, record: JobRecord) -> Statement | None:
        return news(viewer.job(run), record, of(record))

    def is_due(run: FlowRun, record: JobRecord) -> bool:
        return goes_on(viewer.job(run), record, approval=_brief(run).approval is Approval.CLIPS)

    return await gateway.revise(job_id, say, is_due)


def _brief(run: FlowRun) -> Brief:
    return Brief.model_validate(run.parameters.get("brief") or {})
