"""The HTTP door: validates, translates to Prefect and back, answers; no business logic, no database of its own."""

import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline

from deployments import pages
from deployments.door import intake, jobs, media, outcomes, probes, reviews
from deployments.door.access import Gatekeeper
from deployments.door.bodies import BodyLimit
from deployments.door.metrics import Metrics
from deployments.door.problems import install, refused, unforeseen
from deployments.door.shelf import FolderShelf, StoreShelf
from deployments.door.sources import Sources
from deployments.door.uploads import Uploads
from deployments.door.views import Viewer
from deployments.gateway import gateway
from deployments.pages.answers import refuse_length
from deployments.reviewing import Patience
from deployments.schemas import Problem
from omni.errors import OmniError
from omni.ports.storage import Storage
from omni.settings import Settings

DESCRIPTION = """Long video in; checked vertical Shorts, a post per platform and a remembered strategy, out.

A job is a flow run of Prefect: `POST /process` makes one, `GET /status/{job_id}` tells how it stands,
`GET /jobs/{job_id}/events` tells it as it happens. Errors are RFC 9457 problems with a stable `code`."""
SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

log = logging.getLogger("omni.api")


def create_app(settings: Settings | None = None, storage: Storage | None = None) -> FastAPI:
    """Return the API; it opens Prefect's when it starts, and answers 503 while that is away."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with gateway() as opened:
            app.state.gateway = opened
            yield

    app = FastAPIOffline(  # its pages come from here, not from a network that may not be there
        title="Omni-Operator",
        redoc_url=None,
        version=version("omni-operator"),
        description=DESCRIPTION,
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    _furnish(app, chosen, storage)
    install(app)
    for router in (intake.router, jobs.router, outcomes.router, reviews.router, media.router, probes.router):
        app.include_router(router)
    pages.install(app)
    limits = {"/uploads": chosen.max_upload_bytes, **pages.limits(chosen)}
    app.add_middleware(BodyLimit, limits=limits, refuse=refuse_length)
    app.middleware("http")(_outermost)  # added last, so it stands before the limit
    _document(app)
    return app


def _operation(route: APIRoute) -> str:
    return f"{route.name}_{'_'.join(sorted(route.methods or ())).lower()}"


def _furnish(app: FastAPI, settings: Settings, storage: Storage | None) -> None:
    """Put what the routes need where they find it."""
    if storage is None and settings.store:
        from omni.adapters.storage import Store  # noqa: PLC0415  # only where a store is set

        storage = Store(settings.store)
    shelf = StoreShelf(storage) if storage else FolderShelf(settings)
    app.state.settings = settings
    app.state.gatekeeper = Gatekeeper(settings)
    app.state.shelf = shelf
    uploads = Uploads(settings, storage)
    app.state.uploads = uploads
    app.state.viewer = Viewer(shelf, settings.prefect_ui, Patience.of(settings), uploads)
    app.state.sources = Sources(settings, storage)
    app.state.metrics = Metrics(settings)


async def _outermost(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Name the request, refuse foreign pages, count, and log without any secret."""
    named = request.headers.get("x-request-id", "")
    request.state.request_id = named if SAFE_REQUEST_ID.fullmatch(named) else uuid4().hex
    try:
        request.app.state.gatekeeper.check_origin(request)
        answer = await request.app.state.metrics.observe(request, call_next)
    except OmniError as error:
        answer = await refused(request, error)
    except Exception as error:  # noqa: BLE001  # logged, and answered like everything else
        answer = await unforeseen(request, error)
    answer.headers["X-Request-ID"] = request.state.request_id
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    path = request.scope["path"]  # request.url would be read from what the client says of the host
    log.info("%s %r %d %s", request.method, path, answer.status_code, request.state.request_id)
    return answer


def _document(app: FastAPI) -> None:
    """Put the problem into the schema, and name the key that the routes take."""
    made = app.openapi

    def openapi() -> dict[str, object]:
        schema = made()
        components = schema.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{"key": []}, {}]
        return schema

    app.openapi = openapi
