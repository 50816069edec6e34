"""How large the body of a request may be, whether its length is declared or it comes in pieces."""

from collections.abc import Callable, Mapping

from fastapi import HTTPException, Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deployments.door.problems import CODES, problem

BODY_BYTES = 64 * 1024
"""A request that isn't an upload; a brief is at most a few kilobytes."""


class TooLong(HTTPException):
    """Raised while a body is read: FastAPI lets only its own kind of error pass there."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"The body is larger than {limit} bytes.")
        self.limit = limit


def too_long(request: Request, error: TooLong) -> Response:
    """Answer a body that is too long as a problem."""
    code, next_step = CODES[413]
    return problem(request, 413, code, error.detail, next_step=next_step)


class BodyLimit:
    """Refuses a body before it is read where its length is declared, else as soon as it is too long.

    ``limits`` are bytes by path; a path that ends with a slash speaks for all that is below it. ``refuse`` answers one
    whose length is declared.
    """

    def __init__(
        self, app: ASGIApp, limits: Mapping[str, int], refuse: Callable[[Request, TooLong], Response] = too_long
    ) -> None:
        self._app = app
        self._limits = limits
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, limit, received = Request(scope), self._limit(scope["path"]), 0
        length = declared_length(request)
        if length is not None and length > limit:
            await self._refuse(request, TooLong(limit))(scope, receive, send)
            return

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise TooLong(limit)
            return message

        await self._app(scope, counted, send)

    def _limit(self, path: str) -> int:
        below = (limit for above, limit in self._limits.items() if above.endswith("/") and path.startswith(above))
        return self._limits.get(path) or next(below, BODY_BYTES)


def declared_length(request: Request) -> int | None:
    """Return the bytes that Content-Length announces; None when it is absent or no number."""
    text = request.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
