"""The pages for people, under /ui: watch, judge, correct, release. Forms that work without JavaScript, and a little of it."""

from typing import Any

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from deployments.pages import clip, job, jobs, login, results
from deployments.pages.answers import missing
from omni.settings import Settings

FORM_BYTES = 512 * 1024
"""A form with a clip's captions and posts on five platforms, each letter written as up to nine characters."""
BESIDE_BYTES = 64 * 1024
"""What a form may hold beside the file that is sent with it."""


def install(app: FastAPI) -> None:
    """Put the pages into the app; they are no part of the API that OpenAPI describes."""
    app.mount("/ui/static", _Static(packages=[("deployments.pages", "static")]), name="static")
    for router in (login.router, jobs.router, job.router, clip.router, results.router, missing):
        app.include_router(router)


def limits(settings: Settings) -> dict[str, int]:
    """Return how many bytes a form may have, by path."""
    return {"/ui/jobs": settings.max_upload_bytes + BESIDE_BYTES, "/ui/": FORM_BYTES}


class _Static(StaticFiles):
    """Sheets and scripts; a browser asks each time whether they are still the same, so that an upgrade is seen at once."""

    def file_response(self, *told: Any, **more: Any) -> Response:
        answer = super().file_response(*told, **more)
        answer.headers["Cache-Control"] = "no-cache"
        return answer
