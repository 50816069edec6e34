"""The page on which a Short is changed: where it starts and ends, its title, its captions, its posts."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from prefect.client.schemas.objects import FlowRun
from pydantic import ValidationError

from deployments.door import reviews
from deployments.door.lookup import job_of, run_of
from deployments.door.problems import status_of
from deployments.errors import ClipNotFound, NotReviewable
from deployments.pages.answers import PageRoute, back, page
from deployments.pages.editing import drawn, lines_of, order_of, words_around
from deployments.pages.errors import ClipChanged, FormUnusable
from deployments.pages.forms import Form, reason_of, refilled
from deployments.pages.material import Material, material_of, words_of
from deployments.pages.platforms import networks
from deployments.pages.rewording import Words
from deployments.pages.telling import ClipTold, JobTold, clips_of
from deployments.pages.visiting import Actor, Looker, Visit
from deployments.schemas import EditOrder
from omni.errors import OmniError

router = APIRouter(include_in_schema=False, route_class=PageRoute)
NOTHING: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True)
class Chosen:
    """A Short of a job, as a page about it alone needs it."""

    run: FlowRun
    told: JobTold
    found: Material
    clip: ClipTold


@dataclass(frozen=True)
class Cutting:
    """A Short to be changed, with all that its page is drawn from."""

    short: Chosen
    words: Words

    @property
    def clip(self) -> ClipTold:
        """The Short."""
        return self.short.clip


@router.get("/ui/jobs/{job_id}/clips/{number}")
async def show(visit: Looker, job_id: UUID, number: int) -> Response:
    """Show a Short with all that can be changed about it."""
    return _page(visit, await _cutting(visit, job_id, number))


@router.post("/ui/jobs/{job_id}/clips/{number}")
async def save(deed: Actor, job_id: UUID, number: int) -> Response:
    """Change a Short; only it is rendered again."""
    cutting = await _cutting(deed.visit, job_id, number)
    try:
        await reviews.change(deed.request, deed.who, job_id, number, _order(deed.form, cutting))
    except (ClipChanged, FormUnusable, NotReviewable, RequestValidationError) as error:
        problem = FormUnusable(reason=reason_of(error)) if isinstance(error, RequestValidationError) else error
        return _page(deed.visit, cutting, problem=problem, values=refilled(deed.form))
    return back(f"/ui/jobs/{job_id}#clip-{number}")


def _order(form: Form, cutting: Cutting) -> EditOrder:
    if form.text("drawn") != drawn(cutting.clip):
        raise ClipChanged(clip=cutting.clip.number)
    if form.text("action") == "undo":
        return EditOrder()
    try:
        return order_of(form, cutting.clip, cutting.words)
    except ValidationError as error:
        raise FormUnusable(reason=reason_of(error)) from error


async def chosen(visit: Visit, job_id: UUID, number: int) -> Chosen:
    """Return a Short of a job that the visitor may see; raises JobNotFound or ClipNotFound."""
    request = visit.request
    run = await run_of(request, visit.who, job_id)
    job = await job_of(request, run)
    found = await asyncio.to_thread(material_of, request, run)
    clips = clips_of(job, found.manifest)
    clip = next((told for told in clips if told.number == number), None)
    if clip is None:
        raise ClipNotFound(clips=number, known=len(clips))
    return Chosen(run, JobTold(job, found.name), found, clip)


async def _cutting(visit: Visit, job_id: UUID, number: int) -> Cutting:
    short = await chosen(visit, job_id, number)
    return Cutting(short, await asyncio.to_thread(words_of, visit.request, short.run))


def _page(
    visit: Visit, cutting: Cutting, *, problem: OmniError | None = None, values: Mapping[str, Sequence[str]] = NOTHING
) -> Response:
    clip = cutting.clip
    return page(
        visit,
        "clip.html",
        200 if problem is None else status_of(problem),
        told=cutting.short.told,
        found=cutting.short.found,
        clip=clip,
        drawn=drawn(clip),
        lines=lines_of(clip, cutting.words),
        words=words_around(cutting.words, clip.start, clip.end),
        networks={network.name: network for network in networks()},
        problem=problem,
        values=values,
    )
