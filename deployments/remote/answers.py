"""What the API answered: the document that was asked for, or the error that it means."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from deployments.errors import (
    ApiBusy,
    ApiConflict,
    ApiFileRefused,
    ApiKeyRefused,
    ApiNotFound,
    ApiRefused,
    ApiRequestRefused,
    ApiUnusable,
)
from deployments.schemas import Problem

KINDS: dict[int, type[ApiRefused]] = {
    401: ApiKeyRefused,
    403: ApiKeyRefused,
    404: ApiNotFound,
    409: ApiConflict,
    410: ApiNotFound,
    413: ApiFileRefused,
    415: ApiFileRefused,
    429: ApiBusy,
    502: ApiBusy,
    503: ApiBusy,
    504: ApiBusy,
    507: ApiBusy,
}
"""Every other 4xx is ApiRequestRefused, every other failure ApiUnusable."""
GATEWAY = frozenset({401, 403, 413, 429, 502, 503, 504})
"""What a proxy before the API says in its own words; any other failure without a problem document isn't ours."""

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Told(Generic[M]):
    """An answer: what it says, as it stood, and how long (seconds) asking again is not worth it."""

    body: M
    raw: Any
    wait: float | None = None
    replayed: bool = False


def told(response: httpx.Response, kind: type[M]) -> Told[M]:
    """Return what a successful answer says; fields of a newer API are ignored. Raises ApiUnusable."""
    try:
        raw = from_json(response.content)
        body = kind.model_validate_json(response.content, extra="ignore")
    except ValueError as error:
        raise ApiUnusable(api=address(response.request.url), reason=_strange(error, kind)) from None
    return Told(body, raw, wait_of(response), response.headers.get("Idempotency-Replayed") == "true")


def refusal(response: httpx.Response, *, repeated: bool = False) -> ApiRefused | ApiUnusable:
    """Return the error that an answer means. ``repeated``: an earlier attempt may have been carried out."""
    status, problem = response.status_code, _problem(response)
    said = f"it answered {status} {printable(response.reason_phrase)}".rstrip()
    if problem is None and status not in GATEWAY:
        return ApiUnusable(api=address(response.request.url), reason=f"{said} without saying why")
    kind = KINDS.get(status, ApiRequestRefused if 400 <= status < 500 else None)
    if kind is None:
        detail = f"{said}: {printable(problem.detail)}" if problem else said
        return ApiUnusable(api=address(response.request.url), reason=detail.rstrip("."))
    return kind(
        code=printable(problem.code) if problem else f"http_{status}",
        detail=printable(problem.detail) if problem else f"No more than this: {said}.",
        next_step=printable(problem.next_step or "") if problem else "",
        repeated=repeated,
    )


def wait_of(response: httpx.Response) -> float | None:
    """Return the seconds of Retry-After, where it names seconds."""
    try:
        return max(0.0, min(float(response.headers["Retry-After"]), 86_400.0))
    except (KeyError, ValueError):
        return None


def address(url: httpx.URL) -> str:
    """Return where the API is, without anything that could be a secret."""
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"


def printable(text: str) -> str:
    """Return text that moves no cursor and turns no direction: titles and errors come from elsewhere."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _problem(response: httpx.Response) -> Problem | None:
    try:
        return Problem.model_validate_json(response.content)
    except ValidationError:
        return None


def _strange(error: ValueError, kind: type[BaseModel]) -> str:
    if not isinstance(error, ValidationError):
        return "the answer is no JSON"
    where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the whole"
    return f"the answer is no {kind.__name__} ({printable(where)} is not as expected)"
