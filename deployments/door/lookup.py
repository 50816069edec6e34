"""From an id to the job behind it, for whoever may see it."""

import asyncio
from uuid import UUID

from fastapi import Request
from prefect.client.schemas.objects import FlowRun

from deployments.door.access import Principal
from deployments.errors import JobNotFound
from deployments.schemas import Job
from omni.record import record_of


async def run_of(request: Request, who: Principal, job_id: UUID) -> FlowRun:
    """Return a job's run; another owner's job isn't there."""
    run: FlowRun = await request.app.state.gateway.run(job_id)
    if who.sees is not None and record_of(run.labels).owner != who.sees:
        raise JobNotFound(job=job_id)
    return run


async def job_of(request: Request, run: FlowRun) -> Job:
    """Return the job of a run; looking at the files of one that has any, or at its upload, may take a disk's time."""
    viewer = request.app.state.viewer
    is_upload = str(run.parameters.get("video", "")).startswith("upload:")
    if is_upload or (run.state is not None and (run.state.is_completed() or run.state.is_paused())):
        return await asyncio.to_thread(viewer.job, run)
    return viewer.job(run)
