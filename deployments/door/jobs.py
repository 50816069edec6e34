"""Routes of the jobs: how they stand, what happens, what they left, and how they are ended."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterable
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from prefect.client.schemas.objects import FlowRun, StateType

from deployments.door.access import Submitter, Viewer
from deployments.door.events import follow
from deployments.door.lookup import job_of as _view
from deployments.door.lookup import run_of as _run
from deployments.door.problems import responses
from deployments.door.serving import is_known, serve
from deployments.door.shelf import MANIFEST, find
from deployments.door.views import delivery_of
from deployments.errors import (
    CursorUnusable,
    FileNotDelivered,
    JobEnded,
    JobNotEnded,
    JobRunning,
    WebhookMissing,
)
from deployments.gateway import Gateway
from deployments.orders import Page
from deployments.schemas import DeliveryPage, FileEntry, FileList, Job, JobPage
from omni.record import Status, record_of

router = APIRouter(tags=["jobs"])
RETRY_AFTER = ((60, 2), (600, 5), (float("inf"), 15))
"""Seconds until a poller should ask again, by the age of its job."""
UNFINISHED = (
    StateType.SCHEDULED,
    StateType.PENDING,
    StateType.RUNNING,
    StateType.PAUSED,
    StateType.CANCELLING,
    StateType.CRASHED,
)
KINDS = {
    Status.NEEDS_REVIEW: (StateType.PAUSED,),
    Status.COMPLETED: (StateType.COMPLETED,),
    Status.FAILED: (StateType.FAILED, StateType.CRASHED, StateType.COMPLETED),
    Status.CANCELLED: (StateType.CANCELLED,),
}
BYTES: dict[str, dict[str, str]] = {"*/*": {}}
LOOKS = 5
"""Pages of Prefect's that are searched for one page of ours before the cursor is handed back."""


async def _seen(request: Request, who: Viewer, job_id: UUID) -> FlowRun:
    """Find the job before a stream begins: an error is an answer then, not an event."""
    return await _run(request, who, job_id)


@router.get(
    "/status/{job_id}", responses={304: {"description": "Not modified"}, **responses(401, 403, 404, 422, 429, 503)}
)
@router.head("/status/{job_id}", include_in_schema=False)
async def status(request: Request, response: Response, who: Viewer, job_id: UUID) -> Job:
    """Tell how a job stands; Retry-After says when it is worth asking again."""
    job = await _view(request, await _run(request, who, job_id))
    etag = f'W/"{_digest(job)}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    if not job.status.is_final:
        response.headers["Retry-After"] = str(_retry_after(job))
    if is_known(request, etag):
        return Response(status_code=304, headers=dict(response.headers))  # pyright: ignore[reportReturnType]  # FastAPI sends a Response as it is
    return job


@router.get("/jobs", responses=responses(401, 403, 422, 429, 503))
async def jobs(
    request: Request,
    who: Viewer,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[
        str | None,
        Query(
            max_length=8192,
            description="next_cursor of the page before.",
            json_schema_extra={"pattern": r"^[A-Za-z0-9_=-]*$"},
        ),
    ] = None,
    status: Annotated[list[Status] | None, Query(description="Only jobs in one of these.")] = None,
) -> JobPage:
    """List jobs, newest first; the owner of a key sees its own."""
    gateway: Gateway = request.app.state.gateway
    page, wanted = _opened(cursor), frozenset(status or ())
    kinds = sorted({kind for one in wanted for kind in KINDS.get(one, UNFINISHED)})
    found: list[Job] = []
    for _ in range(LOOKS):
        runs = await gateway.runs(page, limit, owner=who.sees, kinds=kinds)
        for run in runs:
            page = _after(page, run)
            job = await _view(request, run)
            if not wanted or job.status in wanted:
                found.append(job)
            if len(found) == limit:
                return JobPage(items=tuple(found), next_cursor=_closed(page))
        if len(runs) < limit:
            return JobPage(items=tuple(found))
    return JobPage(items=tuple(found), next_cursor=_closed(page))


@router.get(
    "/jobs/{job_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}}, **responses(401, 403, 404, 422, 429, 503)},
)
async def events(
    request: Request,
    _: Annotated[FlowRun, Depends(_seen)],
    job_id: UUID,
    last_event_id: Annotated[str | None, Header(description="Resume after this event.")] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Tell what happens as it happens: `state`, `progress`, `clip`, and `done`, after which the stream ends."""
    state = request.app.state
    async for event in follow(state.gateway, state.viewer, job_id, last_event_id):
        yield event


@router.post("/jobs/{job_id}/cancel", status_code=202, responses=responses(401, 403, 404, 409, 422, 429, 503))
async def cancel(request: Request, who: Submitter, job_id: UUID) -> Job:
    """End a job; FFmpeg is gone within seconds, and finished stages are kept for a retry."""
    job = await _view(request, await _run(request, who, job_id))
    if job.status is Status.CANCELLED:
        return job
    if job.status.is_final:
        raise JobEnded(status=job.status.value)
    await request.app.state.gateway.cancel(job_id)
    return await _view(request, await _run(request, who, job_id))


@router.post("/jobs/{job_id}/retry", status_code=202, responses=responses(401, 403, 404, 409, 422, 429, 503))
async def retry(request: Request, who: Submitter, job_id: UUID) -> Job:
    """Go on with a job that failed or was cancelled, under its id, from the furthest stage."""
    job = await _view(request, await _run(request, who, job_id))
    if job.status not in {Status.FAILED, Status.CANCELLED}:
        raise JobNotEnded(status=job.status.value)
    await request.app.state.gateway.retry(job_id, job.attempt + 1)
    return await _view(request, await _run(request, who, job_id))


@router.delete("/jobs/{job_id}", status_code=204, responses=responses(401, 403, 404, 409, 422, 429, 503))
async def delete(request: Request, who: Submitter, job_id: UUID) -> None:
    """Delete an ended job: its files, then its run."""
    run = await _run(request, who, job_id)
    job = await _view(request, run)
    if not job.status.is_final:
        raise JobRunning(status=job.status.value)
    if result := record_of(run.labels).result:
        await asyncio.to_thread(request.app.state.shelf.remove, result)
    await request.app.state.gateway.delete(job_id)


@router.get("/jobs/{job_id}/files", responses=responses(401, 403, 404, 422, 429, 503))
async def files(request: Request, who: Viewer, job_id: UUID) -> FileList:
    """List what the job delivered last: its Shorts, or its drafts; those of an earlier round while there are no others."""
    run = await _run(request, who, job_id)
    result = record_of(run.labels).result
    if result is None:
        raise FileNotDelivered(name=MANIFEST)
    found = await asyncio.to_thread(request.app.state.shelf.files, result)
    return FileList(
        items=tuple(
            FileEntry(
                name=f.name, size_bytes=f.size_bytes, sha256=f.sha256, href=f"/jobs/{job_id}/files/{quote(f.name)}"
            )
            for f in found.values()
        )
    )


@router.get(
    "/jobs/{job_id}/files/{name:path}",
    response_class=Response,
    responses={
        200: {"content": BYTES},
        206: {"description": "Partial content", "content": BYTES},
        304: {"description": "Not modified"},
        **responses(401, 403, 404, 416, 422, 429, 503),
    },
)
@router.head("/jobs/{job_id}/files/{name:path}", include_in_schema=False)
async def file(
    request: Request,
    who: Viewer,
    job_id: UUID,
    name: str,
    *,
    download: Annotated[bool, Query(description="Offer it for saving.")] = False,
) -> Response:
    """Send one file: whole or in ranges; its ETag is its sha256."""
    result = record_of((await _run(request, who, job_id)).labels).result
    if result is None:
        raise FileNotDelivered(name=name[:200])
    shelf = request.app.state.shelf
    found = await asyncio.to_thread(find, shelf, result, name)
    return serve(request, shelf, found, download=download)


@router.get("/jobs/{job_id}/webhooks", responses=responses(401, 403, 404, 422, 429, 503))
async def webhooks(request: Request, who: Viewer, job_id: UUID) -> DeliveryPage:
    """Tell how the job's webhook was delivered, attempt by attempt."""
    await _run(request, who, job_id)
    return DeliveryPage(items=tuple(delivery_of(run) for run in await request.app.state.gateway.notices(job_id)))


@router.post("/jobs/{job_id}/webhooks/replay", status_code=202, responses=responses(401, 403, 404, 409, 422, 429, 503))
async def replay(request: Request, who: Submitter, job_id: UUID) -> DeliveryPage:
    """Send the last webhook again, under its id, so that a receiver knows it."""
    await _run(request, who, job_id)
    gateway: Gateway = request.app.state.gateway
    sent = await gateway.notices(job_id)
    if not sent:
        raise WebhookMissing
    attempts = 1 + max(int(run.parameters.get("attempt", 1)) for run in sent)
    await gateway.replay(job_id, sent[0], attempts)
    return DeliveryPage(items=tuple(delivery_of(run) for run in await gateway.notices(job_id)))


def _retry_after(job: Job) -> int:
    age = (datetime.now(UTC) - job.created_at).total_seconds()
    return next(wait for until, wait in RETRY_AFTER if age < until)


def _digest(job: Job) -> str:
    return hashlib.sha256(job.model_dump_json().encode()).hexdigest()[:32]


def _after(page: Page, run: FlowRun) -> Page:
    """Return the page that goes on behind this run."""
    at = run.expected_start_time or run.created
    return Page(at, (page.skip | {run.id}) if at == page.before else frozenset({run.id}))


def _closed(page: Page) -> str:
    told = [page.before.isoformat() if page.before else "", *sorted(str(run_id) for run_id in page.skip)]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


def _opened(cursor: str | None) -> Page:
    if cursor is None:
        return Page()
    try:
        before, *skip = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        at = datetime.fromisoformat(before)
        if at.tzinfo is None or len(skip) > 100:
            raise CursorUnusable
        return Page(at.astimezone(UTC), frozenset(UUID(run_id) for run_id in skip))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise CursorUnusable from error
