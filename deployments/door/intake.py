"""Routes by which work comes in: POST /process and POST /uploads."""

import asyncio
import hashlib
import re
from pathlib import Path
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body, Depends, Header, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from deployments.door.access import Principal, Submitter
from deployments.door.bodies import declared_length
from deployments.door.problems import responses
from deployments.door.uploads import Uploads
from deployments.errors import IdempotencyKeyReused, IdempotencyKeyUnusable, QueueFull, VideoNotFound
from deployments.gateway import Gateway
from deployments.orders import Order
from deployments.schemas import Job, Submission, Upload, Wish
from omni.addresses import check_address
from omni.errors import SourceNotFound, UploadNotFound, UrlSourcesOff
from omni.roots import admitted
from omni.settings import Settings

router = APIRouter(tags=["work in"])
POLL_SECONDS = 2
KEY = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,254}")
UPLOAD = re.compile(r"up_[0-9a-f]{32}")


async def is_json(request: Request) -> None:
    """Refuse a body that says it is something else, rather than read it as JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    has_body = declared_length(request) != 0 and (
        "content-length" in request.headers or "transfer-encoding" in request.headers
    )
    if has_body and not re.fullmatch(r"application/([\w.-]+\+)?json", kind):
        raise HTTPException(415, "The body is not JSON.")


IsJson = Annotated[None, Depends(is_json)]


async def _is_bare(request: Request) -> None:
    """Refuse a form: the file in it would be kept with the form round it."""
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise HTTPException(415, "The body is a form, not a file.")


@router.post("/process", status_code=202, responses=responses(400, 401, 403, 404, 413, 415, 422, 429, 503))
async def process(
    request: Request,
    response: Response,
    who: Submitter,
    _: IsJson,
    video_path: Annotated[
        str | None,
        Query(
            max_length=4096,
            description="A file below the media roots; or send a JSON body.",
            examples=["samples/talk.mp4"],
        ),
    ] = None,
    wish: Annotated[Wish | None, Body()] = None,
    dry_run: Annotated[
        bool | None, Query(description="Only look at the source and say what the job would cost.")
    ] = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="The same key and request make one job, however often they come.",
            json_schema_extra={"pattern": r"^[!-~][ -~]{0,254}$"},
        ),
    ] = None,
) -> Job:
    """Accept a job; it is safe in Prefect's database when this answers."""
    asked = _asked(wish, video_path=video_path, dry_run=dry_run)
    settings: Settings = request.app.state.settings
    order = await asyncio.to_thread(_order, asked, who, idempotency_key, request.app.state.uploads)
    if asked.webhook:
        check_address(asked.webhook.url, settings.webhook_reach)
    return await accepted(request, response, who, order)


async def accepted(request: Request, response: Response, who: Principal, order: Order) -> Job:
    """Place an order whose source is there, unless too many wait; raises what refuses it."""
    settings: Settings = request.app.state.settings
    gateway: Gateway = request.app.state.gateway
    await asyncio.to_thread(_check_source, request, settings, order.video, who)
    if await gateway.waiting(who.owner) >= settings.max_queued:
        raise QueueFull(limit=settings.max_queued, retry_after=60)
    run, replayed = await gateway.submit(order)
    if run.labels.get("omni.request") != order.request:
        raise IdempotencyKeyReused
    response.headers["Location"] = f"/status/{run.id}"
    response.headers["Retry-After"] = str(POLL_SECONDS)
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return await asyncio.to_thread(request.app.state.viewer.job, run)


@router.post(
    "/uploads",
    status_code=201,
    responses=responses(400, 401, 403, 413, 415, 422, 429, 507),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary", "minLength": 1}}},
        }
    },
)
async def upload(
    request: Request,
    who: Submitter,
    _: Annotated[None, Depends(_is_bare)],
    name: Annotated[str, Query(min_length=1, max_length=255, description="The file's name; its path is dropped.")],
) -> Upload:
    """Receive a video as the raw body (`curl --data-binary @talk.mp4 '…/uploads?name=talk.mp4'`)."""
    return await request.app.state.uploads.receive(name, who.owner, request.stream(), declared_length(request))


def _asked(wish: Wish | None, **query: object) -> Submission:
    """Return the one request that query and body make together; they must not contradict each other."""
    told = wish.model_dump(exclude_unset=True) if wish else {}
    named = {name: value for name, value in query.items() if value is not None}
    for name, value in named.items():
        if told.get(name) not in {None, value}:
            twice = {"loc": ("query", name), "msg": "the body names another one", "type": "value_error"}
            raise RequestValidationError([twice])
    told |= named
    try:
        return Submission.model_validate(told)
    except ValidationError as error:
        place = ("query",) if wish is None or "video_path" in named else ("body",)
        raise RequestValidationError([{**found, "loc": (*place, *found["loc"])} for found in error.errors()]) from error


def _check_source(request: Request, settings: Settings, video: str, who: Principal) -> None:
    """Refuse what can't be there; the worker looks again when it opens it."""
    if video.startswith("upload:"):
        _check_upload(request, video.removeprefix("upload:"), who)
    elif re.match(r"https?://", video, re.IGNORECASE):
        if not settings.url_sources:
            raise UrlSourcesOff
        check_address(video, settings.source_reach)
    elif not _is_below(video, settings.media_roots):
        raise VideoNotFound(roots=", ".join(root.name or "/" for root in settings.media_roots) or "none is set")


def _check_upload(request: Request, upload_id: str, who: Principal) -> None:
    if not UPLOAD.fullmatch(upload_id):
        raise UploadNotFound(upload=upload_id[:40])
    owner = request.app.state.uploads.owner_of(upload_id)
    if who.sees is not None and who.sees != owner:
        raise UploadNotFound(upload=upload_id)


def _is_below(video: str, roots: tuple[Path, ...]) -> bool:
    """Whether this is a file below a root; a door without roots gives no file away."""
    try:
        return bool(roots) and admitted(Path(video), roots).is_absolute()
    except SourceNotFound:
        return False


def _order(asked: Submission, who: Principal, key: str | None, uploads: Uploads) -> Order:
    return Order(
        video=asked.video,
        brief=asked.brief.model_dump(mode="json", exclude_defaults=True),
        owner=who.owner,
        key=_bound(key, who.owner),
        request=_fingerprint(asked, uploads),
        webhook=asked.webhook.model_dump_json() if asked.webhook else "",
        dry_run=asked.dry_run,
    )


def _fingerprint(asked: Submission, uploads: Uploads) -> str:
    """Return what is the same when a request comes again: a file that is sent again is another upload, but the same file."""
    if asked.upload_id is not None:
        asked = asked.model_copy(update={"upload_id": uploads.sha256_of(asked.upload_id)})
    return hashlib.sha256(asked.model_dump_json().encode()).hexdigest()


def _bound(key: str | None, owner: str) -> str:
    """Return the key bound to its owner; one of our own for a request that brings none."""
    if key is None:
        return uuid4().hex
    bare = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not KEY.fullmatch(bare):
        raise IdempotencyKeyUnusable(reason="it is empty, too long or not printable ASCII")
    return hashlib.sha256(f"{owner}\0{bare}".encode()).hexdigest()
