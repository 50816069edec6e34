"""Routes for machines that watch: who answers, is it alive, is it ready, how is it doing."""

import asyncio
import shutil
from importlib.metadata import version

import httpx
from fastapi import APIRouter, Request, Response

from deployments.door.access import Viewer
from deployments.door.problems import responses
from deployments.schemas import Online, Readiness
from omni.errors import OmniError
from omni.settings import Settings

router = APIRouter(tags=["operation"])
MEMORY_SECONDS = 2.0
FREE_BYTES = 1_000_000_000
"""Below a gigabyte an hour of video can't be worked on."""


@router.get("/")
async def online(request: Request) -> Online:
    """Say who answers, and which engine and memory jobs will use that leave the choice to us."""
    settings: Settings = request.app.state.settings
    return Online(engine=settings.engine, memory=await _memory(settings), version=version("omni-operator"))


@router.get("/healthz")
async def healthy() -> dict[str, str]:
    """Answer while this process lives; looks at nothing else."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"model": Readiness}})
async def ready(request: Request, response: Response) -> Readiness:
    """Tell whether a job would be accepted and run: Prefect, deployment, a worker, the disk."""
    settings: Settings = request.app.state.settings
    try:
        checks = await request.app.state.gateway.condition()
    except OmniError as error:
        checks = {"prefect": error.cause}
    checks["disk"] = await asyncio.to_thread(_disk, settings)
    is_ready = all(value == "ok" for value in checks.values())
    response.status_code = 200 if is_ready else 503
    return Readiness(ready=is_ready, checks=checks)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **responses(401, 403, 429)},
)
async def metrics(request: Request, _: Viewer) -> Response:
    """Expose counters for Prometheus."""
    return await request.app.state.metrics.expose(request.app.state.gateway)


async def _memory(settings: Settings) -> str:
    rung = "gemini" if settings.gemini_at_workers and settings.embedder == "auto" else settings.embedding
    return f"{await _place(settings)}; meanings by {rung}"


async def _place(settings: Settings) -> str:
    if not settings.qdrant_url:
        return "qdrant, in a folder"
    key = settings.qdrant_api_key
    headers = {"api-key": key.get_secret_value()} if key else {}
    try:
        async with httpx.AsyncClient(timeout=MEMORY_SECONDS, trust_env=False) as client:
            answer = await client.get(f"{settings.qdrant_url.rstrip('/')}/readyz", headers=headers)
            answer.raise_for_status()
    except httpx.HTTPError as error:
        return f"qdrant server, not reachable ({type(error).__name__})"
    return "qdrant server"


def _disk(settings: Settings) -> str:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.home).free
    except OSError as error:
        return f"the home can't be used ({error.strerror})"
    return "ok" if free > FREE_BYTES else f"only {free / 1e6:.0f} MB are free"
