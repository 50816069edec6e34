"""The page of all jobs: hand in a video, see how each stands."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from deployments.door import intake
from deployments.door import jobs as listed
from deployments.door.access import Gatekeeper
from deployments.door.problems import status_of
from deployments.pages.answers import PageRoute, back, page
from deployments.pages.errors import FormUnusable
from deployments.pages.forms import Form, brief_of, reason_of, refilled
from deployments.pages.material import named
from deployments.pages.parts import boundary_of, parts_of
from deployments.pages.platforms import networks
from deployments.pages.telling import JobTold
from deployments.pages.visiting import Looker, Visit, check
from deployments.schemas import Wish
from omni.contracts import Brief, CaptionStyle, Tighten
from omni.errors import OmniError
from omni.record import Status
from omni.settings import Settings

router = APIRouter(include_in_schema=False, route_class=PageRoute)
ON_A_PAGE = 20
GROUPS: Mapping[str, tuple[str, tuple[Status, ...]]] = {
    "": ("All", ()),
    "review": ("Need review", (Status.NEEDS_REVIEW,)),
    "work": ("In work", (Status.PENDING, Status.ANALYZING, Status.WRITING_STRATEGY, Status.RENDERING)),
    "ready": ("Ready", (Status.COMPLETED,)),
    "ended": ("Failed or cancelled", (Status.FAILED, Status.CANCELLED)),
}
"""What can be looked at alone: the name in the address, what it is called, and its states."""
NOTHING: Mapping[str, Sequence[str]] = {}


@router.get("/ui")
async def show(
    visit: Looker,
    cursor: Annotated[str | None, Query(max_length=8192)] = None,
    show: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show what can be made, and what is being made."""
    return await _page(visit, cursor, show if show in GROUPS else "")


@router.get("/ui/jobs")
async def lead() -> Response:
    """Lead to the page of all jobs: this address takes its form."""
    return back("/ui")


@router.post("/ui/jobs")
async def submit(request: Request, visit: Looker) -> Response:
    """Take a video, by its path or itself, and make a job of it."""
    form = Form()
    try:
        async for part in parts_of(request.stream(), boundary_of(request.headers.get("content-type", ""))):
            if part.file_name is None:
                form = Form((*form.fields, (part.name, await part.text())))
            elif part.file_name:
                await _admit(visit, form)
                if form.text("video_path").strip():
                    raise FormUnusable(reason="it names a path and brings a file; choose one of them")
                sent = await request.app.state.uploads.receive(part.file_name, visit.who.owner, part.body, None)
                form = Form((*form.fields, ("upload_id", sent.upload_id)))
        await _admit(visit, form)
        job = await intake.process(request, Response(), visit.who, None, wish=_wish(form), idempotency_key=_once(form))
    except OmniError as error:
        return await _page(visit, None, problem=error, values=refilled(form))
    return back(f"/ui/jobs/{job.job_id}")


async def _admit(visit: Visit, form: Form) -> None:
    """Let a form do something before its file is read: where it comes from stands first in it."""
    check(visit, form)
    gatekeeper: Gatekeeper = visit.request.app.state.gatekeeper
    await gatekeeper.admit(visit.who, "submit")


def _wish(form: Form) -> Wish:
    if form.text("names_platforms") and not form.all("platforms"):
        raise FormUnusable(reason="no platform is ticked to write posts for")
    told: dict[str, Any] = {"brief": brief_of(form)}
    if upload := form.text("upload_id"):
        told["upload_id"] = upload
    elif path := form.text("video_path").strip():
        told["video_path"] = path
    else:
        raise FormUnusable(reason="it names no video; choose a file, or give a path")
    try:
        return Wish.model_validate(told)
    except ValidationError as error:
        raise FormUnusable(reason=reason_of(error)) from error


def _address(cursor: str | None, shown: str) -> str:
    """Return where this page is, as it is asked for again while somebody watches."""
    told = {name: value for name, value in (("show", shown), ("cursor", cursor)) if value}
    return f"/ui?{urlencode(told)}" if told else "/ui"


def _once(form: Form) -> str | None:
    """Return what makes one job of a form that is sent twice."""
    return form.text("once")[:64] or None


async def _page(
    visit: Visit,
    cursor: str | None,
    shown: str = "",
    *,
    problem: OmniError | None = None,
    values: Mapping[str, Sequence[str]] = NOTHING,
) -> Response:
    request = visit.request
    found = await listed.jobs(request, visit.who, ON_A_PAGE, cursor, list(GROUPS[shown][1]))
    rows = await asyncio.to_thread(lambda: [JobTold(job, named(request, job.video_path)) for job in found.items])
    settings: Settings = request.app.state.settings
    return page(
        visit,
        "jobs.html",
        200 if problem is None else status_of(problem),
        rows=rows,
        next_cursor=found.next_cursor,
        here=_address(cursor, shown),
        shown=shown,
        groups={name: label for name, (label, _) in GROUPS.items()},
        is_first=cursor is None,
        problem=problem,
        values=values,
        once=uuid4().hex,
        defaults=Brief(),
        networks=networks(),
        styles=tuple(CaptionStyle),
        tightens=tuple(Tighten),
        roots=settings.media_roots,
        max_bytes=settings.max_upload_bytes,
    )
