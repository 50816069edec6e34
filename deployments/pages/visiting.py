"""Who looks at a page, and whether what a form asks for comes from a page of theirs."""

import hmac
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from deployments.door.access import LOCAL, SAFE_METHODS, Gatekeeper, Principal
from deployments.pages.errors import FormOutdated, LoginNeeded
from deployments.pages.forms import Form, read_form

_FORMS = re.compile(r"(/ui/jobs/[^/]+(?:/clips/[^/]+(?:/results)?)?)(?:/(?:review|more|cancel|retry|delete))?")
"""Addresses of forms: the page of a job or of a Short, then what is to be done."""


@dataclass(frozen=True)
class Visit:
    """A request for a page: who asks, and what the forms of the page carry. ``cookie`` is new when it isn't empty."""

    request: Request
    who: Principal
    token: str
    cookie: str = ""

    @property
    def may_act(self) -> bool:
        """Whether buttons that change something are shown."""
        return not {"submit", "admin"}.isdisjoint(self.who.scopes)


@dataclass(frozen=True)
class Deed:
    """A form, and who sent it."""

    visit: Visit
    form: Form

    @property
    def request(self) -> Request:
        """The request that brought it."""
        return self.visit.request

    @property
    def who(self) -> Principal:
        """Who sent it."""
        return self.visit.who


async def look(request: Request) -> Visit:
    """Return who looks; raises LoginNeeded, ScopeMissing, TooManyRequests."""
    visit = known(request)
    await _gatekeeper(request).admit(visit.who, "read")
    return visit


async def send(request: Request) -> Deed:
    """Return a form that a page of this session sent; raises LoginNeeded, FormOutdated."""
    visit = known(request)
    form = await read_form(request)
    check(visit, form)
    return Deed(visit, form)


async def act(deed: Annotated[Deed, Depends(send)]) -> Deed:
    """Return a form that changes something about jobs; raises ScopeMissing, TooManyRequests."""
    await _gatekeeper(deed.request).admit(deed.who, "submit")
    return deed


def known(request: Request) -> Visit:
    """Return who asks: by the session's key, or as the user of this machine where there are no keys."""
    gatekeeper = _gatekeeper(request)
    session, cookie = gatekeeper.session(request), ""
    if gatekeeper.has_keys and not (session and session.key):
        raise LoginNeeded(path=_page_of(request))
    if session is None:
        session, cookie = gatekeeper.begin()
    return Visit(request, gatekeeper.visitor(session, request), gatekeeper.token(session), cookie)


def stranger(request: Request) -> Visit:
    """Return somebody who isn't known yet, with a session that only carries the form of the login."""
    gatekeeper = _gatekeeper(request)
    session, cookie = gatekeeper.session(request), ""
    if session is None:
        session, cookie = gatekeeper.begin()
    return Visit(request, LOCAL, gatekeeper.token(session), cookie)


def check(visit: Visit, form: Form) -> None:
    """Refuse a form that doesn't come from a page of this session; raises FormOutdated."""
    if visit.cookie or not hmac.compare_digest(form.text("csrf").encode(), visit.token.encode()):
        raise FormOutdated


def _page_of(request: Request) -> str:
    """Return the page that a request is about: a form's own address may have none to go back to."""
    path = request.scope["path"]
    if request.method in SAFE_METHODS:
        return path
    found = _FORMS.fullmatch(path)
    return found[1] if found else "/ui"


def _gatekeeper(request: Request) -> Gatekeeper:
    return request.app.state.gatekeeper


Looker = Annotated[Visit, Depends(look)]
Sender = Annotated[Deed, Depends(send)]
Actor = Annotated[Deed, Depends(act)]
