"""One delivered file as an HTTP answer: whole, in part, or not again (RFC 9110)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from mimetypes import guess_type
from typing import Protocol
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from deployments.door.problems import problem
from deployments.door.shelf import Shelved

RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{1,18})?|-(\d{1,18}))")


ALONE = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What a document may do that a job left: show itself, and nothing in the name of the pages beside it."""
DOCUMENTS = ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml")


class Reads(Protocol):
    """Gives the bytes of a file."""

    def read(self, file: Shelved, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes [start, end)."""
        ...


@dataclass(frozen=True)
class Span:
    """The bytes [start, end) of a file."""

    start: int
    end: int


def span_of(header: str | None, size: int) -> Span | None:
    """Return the one range that a Range header asks for, or None when it asks for nothing that is understood.

    An empty span: none of it lies in the file (416).
    """
    found = RANGE.fullmatch(header or "")
    if not found:
        return None
    first, last, suffix = (int(text) if text else None for text in found.groups())
    if suffix is not None:
        return Span(max(0, size - suffix), size)
    assert first is not None  # noqa: S101  # the other alternative of RANGE
    if last is not None and last < first:
        return None
    return Span(min(first, size), size if last is None else min(size, last + 1))


def serve(request: Request, shelf: Reads, file: Shelved, *, download: bool) -> Response:
    """Answer with a file: 200, 206, 304 or 416; HEAD has no body."""
    headers = _headers(file, download=download)
    if is_known(request, file.etag):
        return Response(status_code=304, headers={name: headers[name] for name in ("ETag", "Cache-Control")})
    part = span_of(request.headers.get("range"), file.size_bytes) if _takes_range(request, file) else None
    if part is not None and part.start >= part.end:
        beyond = {"Content-Range": f"bytes */{file.size_bytes}", "ETag": file.etag}
        detail = f"The file has {file.size_bytes} bytes; the range begins behind them."
        return problem(request, 416, "range_not_satisfiable", detail, beyond, next_step="Ask for a part of the file.")
    span = part or Span(0, file.size_bytes)
    headers["Content-Length"] = str(span.end - span.start)
    if part is not None:
        headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{file.size_bytes}"
    body: Iterator[bytes] = iter(()) if request.method == "HEAD" else shelf.read(file, span.start, span.end)
    return StreamingResponse(body, 200 if part is None else 206, headers, media_type=headers["Content-Type"])


def is_known(request: Request, etag: str) -> bool:
    """Whether the client has this version already; compared weakly, as If-None-Match wants."""
    shown = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return "*" in shown or etag.removeprefix("W/") in shown


def _takes_range(request: Request, file: Shelved) -> bool:
    """Whether a Range header counts: only with GET, and only for the very version that If-Range names."""
    named = request.headers.get("if-range")
    return request.method == "GET" and (named is None or (named == file.etag and not named.startswith("W/")))


def _headers(file: Shelved, *, download: bool) -> dict[str, str]:
    kind = guess_type(file.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind == "application/json":
        kind += "; charset=utf-8"
    name = file.name.rpartition("/")[2]
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f"{'attachment' if download else 'inline'}; filename*=UTF-8''{quote(name)}",
        "Content-Type": kind,
        "ETag": file.etag,
        "X-Content-Type-Options": "nosniff",
    }
    if kind.startswith(DOCUMENTS):
        headers["Content-Security-Policy"] = ALONE
    if file.changed_ns:
        headers["Last-Modified"] = formatdate(file.changed_ns / 1e9, usegmt=True)
    return headers
