"""The page of one job: watch it being made, look at its Shorts, decide on them."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from deployments.door import jobs, reviews
from deployments.door.lookup import job_of, run_of
from deployments.pages.answers import PageRoute, back, page
from deployments.pages.editing import lines_of
from deployments.pages.errors import FormUnusable
from deployments.pages.forms import reason_of
from deployments.pages.material import material_of, words_of
from deployments.pages.platforms import networks
from deployments.pages.rewording import Words
from deployments.pages.telling import JobTold, clips_of
from deployments.pages.visiting import Actor, Looker
from deployments.schemas import ClipVerdict, ReviewOrder
from omni.review import Verdict

router = APIRouter(include_in_schema=False, route_class=PageRoute)
DISLIKED = ("Needs the context", "Weak opening", "Not our topic", "Bad cut or framing")
"""Reasons that are often meant, offered while one is typed; the memory reads them all the same."""


@router.get("/ui/jobs/{job_id}")
async def show(request: Request, visit: Looker, job_id: UUID) -> Response:
    """Show a job: its progress while it is made, then its Shorts and why they were chosen."""
    run = await run_of(request, visit.who, job_id)
    job = await job_of(request, run)
    found = await asyncio.to_thread(material_of, request, run)
    told, clips = JobTold(job, found.name), clips_of(job, found.manifest)
    words = await asyncio.to_thread(words_of, request, run) if told.is_reviewed else Words()
    return page(
        visit,
        "job.html",
        told=told,
        found=found,
        clips=clips,
        said={clip.number: lines_of(clip, words) for clip in clips},
        networks=networks(),
        disliked=DISLIKED,
    )


@router.post("/ui/jobs/{job_id}/review")
async def review(deed: Actor, job_id: UUID) -> Response:
    """Approve or reject a Short, or all that are open."""
    order, anchor = _order(deed.form.text("clip"), deed.form.text("verdict"), deed.form.text("reason").strip())
    await reviews.decide(deed.request, deed.who, job_id, order)
    return back(f"/ui/jobs/{job_id}{anchor}")


@router.post("/ui/jobs/{job_id}/more")
async def more(deed: Actor, job_id: UUID) -> Response:
    """Make a job of the next best moments."""
    job = await reviews.proceed(deed.request, Response(), deed.who, job_id)
    return back(f"/ui/jobs/{job.job_id}")


@router.post("/ui/jobs/{job_id}/cancel")
async def cancel(deed: Actor, job_id: UUID) -> Response:
    """End a job that is being made."""
    await jobs.cancel(deed.request, deed.who, job_id)
    return back(f"/ui/jobs/{job_id}")


@router.post("/ui/jobs/{job_id}/retry")
async def retry(deed: Actor, job_id: UUID) -> Response:
    """Go on with a job that failed or was cancelled."""
    await jobs.retry(deed.request, deed.who, job_id)
    return back(f"/ui/jobs/{job_id}")


@router.get("/ui/jobs/{job_id}/delete")
async def ask(request: Request, visit: Looker, job_id: UUID) -> Response:
    """Ask once more before files are deleted."""
    run = await run_of(request, visit.who, job_id)
    found = await asyncio.to_thread(material_of, request, run)
    return page(visit, "delete.html", told=JobTold(await job_of(request, run), found.name))


@router.post("/ui/jobs/{job_id}/delete")
async def delete(deed: Actor, job_id: UUID) -> Response:
    """Delete an ended job and its files."""
    await jobs.delete(deed.request, deed.who, job_id)
    return back("/ui")


def _order(clip: str, verdict: str, reason: str) -> tuple[ReviewOrder, str]:
    """Return what a form decides, and which part of the page it was about."""
    if verdict not in set(Verdict):
        raise FormUnusable(reason="it neither approves nor rejects")
    if not clip:
        return ReviewOrder(rest=Verdict(verdict)), ""
    if not clip.isascii() or not clip.isdigit():
        raise FormUnusable(reason="it names no Short")
    try:
        decision = ClipVerdict(clip=int(clip), verdict=Verdict(verdict), reason=reason)
    except ValidationError as error:
        raise FormUnusable(reason=reason_of(error)) from error
    return ReviewOrder(decisions=(decision,)), f"#clip-{decision.clip}"
