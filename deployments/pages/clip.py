"""The page on which a Short is changed: where it starts and ends, its title, its captions, its posts."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from deployments.door import reviews
from deployments.door.lookup import job_of, run_of
from deployments.door.problems import status_of
from deployments.errors import ClipNotFound, NotReviewable
from deployments.pages.answers import PageRoute, back, page, reason_of
from deployments.pages.editing import lines_of, order_of, words_around
from deployments.pages.errors import FormUnusable
from deployments.pages.forms import Form, refilled
from deployments.pages.material import material_of, words_of
from deployments.pages.platforms import networks
from deployments.pages.rewording import Words
from deployments.pages.telling import ClipTold, JobTold, clips_of
from deployments.pages.visiting import Actor, Looker, Visit
from deployments.schemas import EditOrder
from omni.errors import OmniError

router = APIRouter(include_in_schema=False, route_class=PageRoute)
NOTHING: Mapping[str, Sequence[str]] = {}


@router.get("/ui/jobs/{job_id}/clips/{number}")
async def show(visit: Looker, job_id: UUID, number: int) -> Response:
    """Show a Short with all that can be changed about it."""
    return await _page(visit, job_id, number)


@router.post("/ui/jobs/{job_id}/clips/{number}")
async def save(deed: Actor, job_id: UUID, number: int) -> Response:
    """Change a Short; only it is rendered again."""
    try:
        told, words = await _material(deed.visit, job_id, number)
        order = EditOrder() if deed.form.text("action") == "undo" else _order(deed.form, told, words)
        await reviews.change(deed.request, deed.who, job_id, number, order)
    except (FormUnusable, NotReviewable, RequestValidationError) as error:
        problem = FormUnusable(reason=reason_of(error)) if isinstance(error, RequestValidationError) else error
        return await _page(deed.visit, job_id, number, problem=problem, values=refilled(deed.form))
    return back(f"/ui/jobs/{job_id}#clip-{number}")


def _order(form: Form, told: ClipTold, words: Words) -> EditOrder:
    try:
        return order_of(form, told, words)
    except ValidationError as error:
        raise FormUnusable(reason=reason_of(error)) from error


async def _material(visit: Visit, job_id: UUID, number: int) -> tuple[ClipTold, Words]:
    request = visit.request
    run = await run_of(request, visit.who, job_id)
    found = await asyncio.to_thread(material_of, request, run)
    return _told(clips_of(await job_of(request, run), found.manifest), number), await asyncio.to_thread(
        words_of, request, run
    )


async def _page(
    visit: Visit,
    job_id: UUID,
    number: int,
    *,
    problem: OmniError | None = None,
    values: Mapping[str, Sequence[str]] = NOTHING,
) -> Response:
    request: Request = visit.request
    run = await run_of(request, visit.who, job_id)
    job = await job_of(request, run)
    found = await asyncio.to_thread(material_of, request, run)
    words = await asyncio.to_thread(words_of, request, run)
    told = _told(clips_of(job, found.manifest), number)
    return page(
        visit,
        "clip.html",
        200 if problem is None else status_of(problem),
        told=JobTold(job, found.name),
        found=found,
        clip=told,
        lines=lines_of(told, words),
        words=words_around(words, told.start, told.end),
        networks={network.name: network for network in networks()},
        problem=problem,
        values=values,
    )


def _told(clips: list[ClipTold], number: int) -> ClipTold:
    found = next((told for told in clips if told.number == number), None)
    if found is None:
        raise ClipNotFound(clips=number, known=len(clips))
    return found
