"""Routes that send large things of a job: its source to look into, and everything as one archive."""

import asyncio
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from deployments.door.access import Viewer
from deployments.door.bundles import bundle
from deployments.door.errors import SourceNotShown
from deployments.door.lookup import run_of
from deployments.door.problems import responses
from deployments.door.serving import serve
from deployments.door.shelf import MANIFEST, Shelf
from deployments.errors import FileNotDelivered
from omni.record import record_of

router = APIRouter(tags=["jobs"])
BYTES: dict[str, dict[str, str]] = {"*/*": {}}


@router.get(
    "/jobs/{job_id}/source",
    response_class=Response,
    responses={
        200: {"content": BYTES},
        206: {"description": "Partial content", "content": BYTES},
        304: {"description": "Not modified"},
        **responses(401, 403, 404, 416, 422, 429, 503),
    },
)
async def source(
    request: Request,
    who: Viewer,
    job_id: UUID,
    *,
    download: Annotated[bool, Query(description="Offer it for saving.")] = False,
) -> Response:
    """Send what the job was made from, whole or in ranges, where this API can read it and it is still the same."""
    run = await run_of(request, who, job_id)
    result = record_of(run.labels).result
    shelf: Shelf = request.app.state.shelf
    manifest = await asyncio.to_thread(shelf.manifest, result) if result else None
    if manifest is None or manifest.source is None:
        raise SourceNotShown(reason="the job has delivered nothing that says what it was")
    sources = request.app.state.sources
    found = await asyncio.to_thread(sources.find, str(run.parameters.get("video", "")), manifest.source.file_entry)
    return serve(request, sources, found, download=download)


@router.get(
    "/jobs/{job_id}/zip",
    response_class=Response,
    responses={
        200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}},
        **responses(401, 403, 404, 422, 429, 503),
    },
)
async def archive(request: Request, who: Viewer, job_id: UUID) -> Response:
    """Send every file of the job as one zip, stored, not compressed."""
    result = record_of((await run_of(request, who, job_id)).labels).result
    shelf: Shelf = request.app.state.shelf
    files = await asyncio.to_thread(shelf.files, result) if result else {}
    if result is None or not files:
        raise FileNotDelivered(name=MANIFEST)
    name = result.output_dir.name
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.zip",
    }
    return StreamingResponse(bundle(shelf, files.values(), name), headers=headers, media_type="application/zip")
