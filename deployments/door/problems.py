"""Errors as RFC 9457 problem documents with a stable code; nothing else ever leaves the door."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from deployments.errors import JobNotFound
from deployments.schemas import Problem
from omni.errors import OmniError

MEDIA_TYPE = "application/problem+json"
STATUSES = {
    "job_not_found": 404,
    "video_not_found": 404,
    "upload_not_found": 404,
    "file_not_found": 404,
    "source_not_shown": 404,
    "clip_not_found": 404,
    "not_authenticated": 401,
    "scope_missing": 403,
    "origin_refused": 403,
    "form_outdated": 403,
    "job_ended": 409,
    "job_not_ended": 409,
    "job_running": 409,
    "job_not_completed": 409,
    "job_not_remembered": 409,
    "job_not_reviewable": 409,
    "clip_changed": 409,
    "nothing_more": 409,
    "webhook_missing": 409,
    "too_large": 413,
    "disk_full": 507,
    "too_many_requests": 429,
    "queue_full": 429,
}
"""Every other code is 503 when waiting helps, else 422."""
CODES = {
    400: ("bad_request", "Send JSON in UTF-8; /docs shows what is accepted."),
    404: ("not_found", "Look at /docs for the addresses of this API."),
    405: ("method_not_allowed", "Use one of the methods that Allow names."),
    413: ("too_large", "Send less; a video goes to POST /uploads or below a media root."),
    415: ("unsupported_media_type", "Send application/json to POST /process, and the bare file to POST /uploads."),
}
"""Code and next step of what the framework refuses by itself."""

log = logging.getLogger("omni.api")


def install(app: FastAPI) -> None:
    """Answer every error of this app as a problem."""
    app.add_exception_handler(OmniError, refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, unforeseen)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route's documentation says of these errors."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def problem(
    request: Request | None, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """Return one problem as an answer."""
    request_id = getattr(request.state, "request_id", None) if request else None
    said = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, code=code, request_id=request_id, **more
    )
    return _Said(said.model_dump(exclude_none=True), status, dict(headers or {}), MEDIA_TYPE)


def status_of(error: OmniError) -> int:
    """Return the HTTP status of an error."""
    return STATUSES.get(error.code, 503 if error.transient else 422)


async def refused(request: Request, error: Exception) -> JSONResponse:
    """Answer an error that has a name."""
    assert isinstance(error, OmniError)  # noqa: S101  # registered for it
    status = status_of(error)
    headers: dict[str, str] = {}
    if status in {429, 503}:
        headers["Retry-After"] = str(error.facts.get("retry_after", 5))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="omni"'
    return problem(request, status, error.code, error.cause, headers, next_step=error.next_step)


async def unforeseen(request: Request, error: Exception) -> JSONResponse:
    """Answer an error that nobody foresaw; its details stand in the log only."""
    log.error("unforeseen error in %s %r", request.method, request.scope["path"], exc_info=error)
    return problem(
        request,
        500,
        "internal",
        "Something failed that has no name yet.",
        next_step="The log of the API has the details under this request_id; report it.",
    )


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for it
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    code, next_step = CODES.get(error.status_code, ("refused", "Look at /docs for what this API accepts."))
    return problem(request, error.status_code, code, str(error.detail), headers, next_step=next_step)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for it
    if any(found["loc"] == ("path", "job_id") for found in error.errors()):
        return await refused(request, JobNotFound(job=""))  # what is no ID is nobody's
    errors = [
        {"pointer": "/".join(str(part) for part in found["loc"]), "detail": found["msg"]} for found in error.errors()
    ]
    detail = "; ".join(f"{e['pointer']}: {e['detail']}" for e in errors[:5])
    return problem(
        request, 422, "invalid_request", detail, errors=errors, next_step="Correct it; /docs shows what is accepted."
    )


def _methods(request: Request) -> set[str]:
    """Return every method that this path takes, over all of its routes."""
    path = request.scope["path"]
    fitting = (route for route in iter_route_contexts(request.app.routes) if route.path_regex.match(path))
    return {method for route in fitting for method in route.methods or ()}


class _Said(JSONResponse):
    """JSON in ASCII: what is repeated of a request may hold half a character, which UTF-8 can't."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode()
