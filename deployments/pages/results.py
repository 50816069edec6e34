"""The page that asks what came of a Short, shows what is known of it, and what the memory has learned."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Response

from deployments.door.outcomes import record
from deployments.door.problems import status_of
from deployments.errors import JobNotCompleted, JobNotRemembered, OutcomeImplausible
from deployments.pages.answers import PageRoute, back, page
from deployments.pages.clip import Chosen, chosen
from deployments.pages.errors import FormUnusable
from deployments.pages.figures import LABELS, outcomes_of, results_of
from deployments.pages.forms import refilled
from deployments.pages.platforms import networks
from deployments.pages.visiting import Actor, Looker, Visit
from omni.errors import OmniError

router = APIRouter(include_in_schema=False, route_class=PageRoute)
NOTHING: Mapping[str, Sequence[str]] = {}


@router.get("/ui/jobs/{job_id}/clips/{number}/results")
async def show(visit: Looker, job_id: UUID, number: int) -> Response:
    """Show what is known of a Short that is out."""
    return await _page(visit, await chosen(visit, job_id, number))


@router.post("/ui/jobs/{job_id}/clips/{number}/results")
async def save(deed: Actor, job_id: UUID, number: int) -> Response:
    """Tell the memory what platforms show of a Short."""
    short = await chosen(deed.visit, job_id, number)
    try:
        await record(deed.request, deed.who, job_id, number, outcomes_of(deed.form))
    except (FormUnusable, JobNotCompleted, JobNotRemembered, OutcomeImplausible) as error:
        return await _page(deed.visit, short, problem=error, values=refilled(deed.form))
    return back(f"/ui/jobs/{job_id}/clips/{number}/results#known")


async def _page(
    visit: Visit, short: Chosen, *, problem: OmniError | None = None, values: Mapping[str, Sequence[str]] = NOTHING
) -> Response:
    told, clip = short.told, short.clip
    runs = await visit.request.app.state.gateway.outcomes(told.job.job_id)
    written = {post.platform for post in clip.posts}
    return page(
        visit,
        "results.html",
        200 if problem is None else status_of(problem),
        told=told,
        clip=clip,
        results=results_of(runs, clip.number),
        networks=[network for network in networks() if network.name in written] or networks(),
        figures=LABELS,
        today=datetime.now(UTC).date(),
        problem=problem,
        values=values,
    )
