"""Pages as answers: templates, what a browser may load with them, and errors as pages."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import ValidationError

from deployments.door.problems import status_of
from deployments.door.sessions import COOKIE, LASTS_SECONDS
from deployments.errors import JobNotFound, NotAuthenticated
from deployments.pages.errors import FormUnusable, LoginNeeded
from deployments.pages.visiting import Visit
from omni.errors import OmniError
from omni.settings import Settings
from omni.timecode import clock

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing runs that isn't a file of this API: what a title or a transcript smuggles in stays text."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # without a referrer a browser says "Origin: null" of a form, which is refused
    "X-Frame-Options": "DENY",
}
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except LoginNeeded as needed:
                return RedirectResponse(f"/ui/login?next={quote(str(needed.facts['path']))}", 303, HEADERS)
            except OmniError as error:
                return problem_page(request, error)
            except RequestValidationError as error:
                return problem_page(request, _named(error))

        return handled


missing = APIRouter(include_in_schema=False, route_class=PageRoute)


@missing.get("/ui/{rest:path}")
async def nothing(rest: str) -> Response:  # noqa: ARG001  # the path is named by the route
    """Say on a page that there is none."""
    raise JobNotFound(job="")


def page(visit: Visit, template: str, status: int = 200, **told: Any) -> Response:
    """Return a page for a visitor; a session that began with it goes along as a cookie."""
    settings: Settings = visit.request.app.state.settings
    shared = {"who": visit.who, "acts": visit.may_act, "token": visit.token, "prefect": settings.prefect_ui}
    answer = HTMLResponse(templates().get_template(template).render(**shared, **told), status, HEADERS)
    if visit.cookie:
        keep(visit.request, answer, visit.cookie)
    return answer


def keep(request: Request, answer: Response, cookie: str) -> None:
    """Give a browser its session: out of reach of scripts, never in the clear where TLS is in use.

    It comes along when a link on another site leads here, else that page would begin another session in its place;
    no form of another site brings it, and forms are guarded by their token besides.
    """
    public: str = request.app.state.settings.public_url or ""
    is_secure = request.url.scheme == "https" or public.startswith("https:")
    answer.set_cookie(COOKIE, cookie, LASTS_SECONDS, secure=is_secure, httponly=True, samesite="lax")


def back(address: str) -> Response:
    """Send a browser to a page after a form was followed; loading that page again sends nothing again."""
    return RedirectResponse(address, 303, HEADERS)


def problem_page(request: Request, error: OmniError) -> Response:
    """Return an error as a page: what happened, and what to do."""
    status = status_of(error)
    told = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "cause": error.cause,
        "next_step": error.next_step,
        "request_id": getattr(request.state, "request_id", ""),
        "is_login": isinstance(error, NotAuthenticated),
    }
    headers = HEADERS | ({"Retry-After": str(error.facts.get("retry_after", 5))} if status in {429, 503} else {})
    return HTMLResponse(templates().get_template("problem.html").render(**told), status, headers)


def reason_of(error: ValidationError | RequestValidationError) -> str:
    """Return what is wrong with a form, as a clause."""
    found = error.errors()[:3]
    return "; ".join(f"{' '.join(str(part) for part in one['loc'])}: {one['msg']}" for one in found)


@cache
def templates() -> Environment:
    """Return the templates: whatever is put into one is escaped, and whatever is missing is an error."""
    made = Environment(
        loader=PackageLoader("deployments.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"clock": clock, "moment": _moment, "seconds": _seconds, "bytes": _bytes}
    return made


def _named(error: RequestValidationError) -> OmniError:
    if any(found["loc"][:1] == ("path",) for found in error.errors()):
        return JobNotFound(job="")
    return FormUnusable(reason=reason_of(error))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b, %H:%M} UTC"


def _seconds(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0") + " s"


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
