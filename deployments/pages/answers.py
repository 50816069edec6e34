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

from deployments.door.bodies import TooLong, too_long
from deployments.door.problems import status_of
from deployments.door.sessions import COOKIE, LASTS_SECONDS
from deployments.errors import JobNotFound, NotAuthenticated, TooLarge
from deployments.pages.errors import FormUnusable, LoginNeeded
from deployments.pages.forms import reason_of
from deployments.pages.platforms import networks
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
            except TooLong as error:
                return problem_page(request, TooLarge(limit=error.limit))

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
        "cause": _cause(error),
        "next_step": error.next_step,
        "request_id": getattr(request.state, "request_id", ""),
        "is_login": isinstance(error, NotAuthenticated),
    }
    headers = HEADERS | ({"Retry-After": str(error.facts.get("retry_after", 5))} if status in {429, 503} else {})
    return HTMLResponse(templates().get_template("problem.html").render(**told), status, headers)


def refuse_length(request: Request, error: TooLong) -> Response:
    """Answer a body that is too long: a form of ours with a page, everything else as the API does."""
    if request.scope["path"].startswith("/ui/"):
        return problem_page(request, TooLarge(limit=error.limit))
    return too_long(request, error)


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
    made.filters |= {
        "clock": clock,
        "precise": _precise,
        "moment": _moment,
        "seconds": _seconds,
        "bytes": _bytes,
        "signed": _signed,
        "label_of": _label_of,
    }
    return made


def _cause(error: OmniError) -> str:
    """Return what happened, in the words of a page: nobody reads nine digits of bytes."""
    if isinstance(error, TooLarge):
        return f"That is larger than this API takes: {_bytes(error.facts['limit'])}."  # pyright: ignore[reportArgumentType]  # a count of bytes
    return error.cause


def _named(error: RequestValidationError) -> OmniError:
    if any(found["loc"][:1] == ("path",) for found in error.errors()):
        return JobNotFound(job="")
    return FormUnusable(reason=reason_of(error))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b, %H:%M} UTC"


def _precise(at: float) -> str:
    """Return a moment to the tenth: ``1:15.6``."""
    tenths = round(at * 10)
    return f"{clock(tenths // 10)}.{tenths % 10}"


def _seconds(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0") + " s"


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _signed(weight: float) -> str:
    return f"{weight:+.2f}".replace("-", "−")


def _label_of(platform: str) -> str:
    return next((network.label for network in networks() if network.name == platform), platform)
