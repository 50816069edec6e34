"""Logging in with an API key, and out again."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from deployments.door.sessions import COOKIE
from deployments.errors import NotAuthenticated
from deployments.pages.answers import PageRoute, back, keep, page
from deployments.pages.errors import KeyNotKnown
from deployments.pages.forms import read_form
from deployments.pages.visiting import Sender, Visit, check, stranger

router = APIRouter(include_in_schema=False, route_class=PageRoute)
OURS = re.compile(r"/ui(/[A-Za-z0-9_./-]*)?")
"""Where a login may lead: to a page of ours, never to another address."""

Stranger = Annotated[Visit, Depends(stranger)]


@router.get("/ui/login")
async def login_form(request: Request, visit: Stranger, next: Annotated[str, Query()] = "/ui") -> Response:  # noqa: A002  # what the address says
    """Ask for an API key; where there are none, nobody needs to log in."""
    if not request.app.state.gatekeeper.has_keys:
        return back("/ui")
    return page(visit, "login.html", target=_ours(next), problem=None)


@router.post("/ui/login")
async def log_in(request: Request, visit: Stranger) -> Response:
    """Give the browser a session for the key that it shows."""
    form = await read_form(request)
    check(visit, form)
    target, gatekeeper = _ours(form.text("next")), request.app.state.gatekeeper
    try:
        who = await gatekeeper.known(request, form.text("key").strip())
    except NotAuthenticated:
        return page(visit, "login.html", 401, target=target, problem=KeyNotKnown())
    answer = back(target)
    keep(request, answer, gatekeeper.begin(who)[1])
    return answer


@router.post("/ui/logout")
async def log_out(_: Sender) -> Response:
    """Take the session from the browser."""
    answer = back("/ui/login")
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def _ours(target: str) -> str:
    return target if OURS.fullmatch(target) and "//" not in target and ".." not in target else "/ui"
