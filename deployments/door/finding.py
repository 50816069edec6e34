"""One job of somebody who asks: its run, and how it is shown."""

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


async def view_of(request: Request, run: FlowRun) -> Job:
    """Return the job of a run; looking at a completed job's files may take a disk's time."""
    viewer = request.app.state.viewer
    if run.state is not None and run.state.is_completed():
        return await asyncio.to_thread(viewer.job, run)
    return viewer.job(run)
