"""An API in a thread, as deployments/schemas.py describes it, with its bad days; no Prefect, no jobs that really run."""

import hashlib
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

FINAL = {"COMPLETED", "FAILED", "CANCELLED"}
Headers = dict[str, str]


@dataclass(frozen=True)
class Reply:
    """One answer; ``cut`` breaks the connection after so many bytes of the body."""

    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=dict)
    cut: int | None = None


DROP = Reply(0)
"""The request is carried out, and the connection breaks before the answer."""


@dataclass(frozen=True)
class Seen:
    """One request."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Message
    body: bytes


@dataclass
class FakeApi:
    """What the API knows; tests change it freely."""

    url: str = ""
    key: str | None = None
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    faults: list[tuple[str, str, Reply]] = field(default_factory=list)
    """Method, path and what to answer instead; each happens once, in order."""
    streams: list[list[bytes | Callable[[], object]]] = field(default_factory=list)
    """What each event stream says before it breaks; calls happen in between."""

    def add(self, status: str = "PENDING", **fields: Any) -> str:
        """Make a job and return its id."""
        job_id = str(uuid4())
        self.jobs[job_id] = {
            "job_id": job_id,
            "status": status,
            "video_path": "talk.mp4",
            "created_at": "2026-11-02T10:00:00Z",
            "updated_at": "2026-11-02T10:00:00Z",
            "links": {"self": f"/status/{job_id}", "events": "/e", "files": None, "prefect_ui": "http://ui"},
            **fields,
        }
        return job_id

    def move(self, job_id: str, status: str, **fields: Any) -> dict[str, Any]:
        """Change a job, a second later than before, and return it."""
        job = self.jobs[job_id]
        at = f"2026-11-02T10:00:{int(job['updated_at'][17:19]) + 1:02d}Z"
        self.jobs[job_id] = {**job, "status": status, "updated_at": at, **fields}
        return self.jobs[job_id]

    def fail(self, method: str, path: str, reply: Reply, times: int = 1) -> None:
        """Answer like this instead of truly, so many times."""
        self.faults += [(method, path, reply)] * times

    def count(self, method: str, path: str) -> int:
        """Return how many requests there were."""
        return sum(seen.method == method and seen.path == path for seen in self.seen)

    def answer(self, seen: Seen) -> Reply:
        """Return the answer to a request."""
        self.seen.append(seen)
        at = next((i for i, (m, p, _) in enumerate(self.faults) if (m, p) == (seen.method, seen.path)), None)
        reply = self.faults.pop(at)[2] if at is not None else None
        if reply is not None and reply is not DROP:
            return reply
        if self.key is not None and seen.headers["Authorization"] != f"Bearer {self.key}":
            return problem(401, "not_authenticated", "Nobody is known here by this request.")
        told = self._do(seen)
        return reply or told

    def _do(self, seen: Seen) -> Reply:
        match seen.method, *seen.path.strip("/").split("/", 3):
            case ["POST", "process"]:
                return self._process(seen)
            case ["POST", "uploads"]:
                return self._receive(seen)
            case ["GET", "jobs"]:
                return self._page(seen)
            case [_, "status" | "jobs", job_id, *_] if job_id not in self.jobs:
                return problem(404, "job_not_found", "No job found with this ID.", next_step="Look at GET /jobs.")
            case ["GET", "status", job_id]:
                waiting = {} if self.jobs[job_id]["status"] in FINAL else {"Retry-After": "3"}
                return document(200, self.jobs[job_id], waiting)
            case ["GET", "jobs", _, "files"]:
                return document(200, {"items": [entry(name, body) for name, body in self.files.items()]})
            case ["GET", "jobs", _, "files", name]:
                return send(self.files[unquote(name)], seen.headers)
            case ["POST", "jobs", job_id, "review"]:
                return self._review(job_id, seen.body)
            case [method, "jobs", job_id, *verb]:
                return self._act(method, job_id, "".join(verb))
        return problem(404, "not_found", "Not Found")

    def _process(self, seen: Seen) -> Reply:
        key, replayed = seen.headers["Idempotency-Key"], {}
        if key in self.by_key:
            replayed = {"Idempotency-Replayed": "true"}
        else:
            self.by_key[key] = self.add(video_path=json.loads(seen.body).get("video_path", "an upload"))
        return document(202, self.jobs[self.by_key[key]], {"Retry-After": "2", **replayed})

    def _receive(self, seen: Seen) -> Reply:
        upload_id = f"up_{len(self.uploads):032x}"
        self.uploads[upload_id] = seen.body
        told = {"upload_id": upload_id, "name": seen.query["name"][0], "expires_at": "2026-12-01T00:00:00Z"}
        size = {"size_bytes": len(seen.body), "sha256": hashlib.sha256(seen.body).hexdigest()}
        return document(201, told | size)

    def _page(self, seen: Seen) -> Reply:
        wanted = seen.query.get("status", [])
        chosen = [job for job in self.jobs.values() if not wanted or job["status"] in wanted]
        start, limit = int(seen.query.get("cursor", ["0"])[0]), int(seen.query["limit"][0])
        more = {"next_cursor": str(start + limit)} if len(chosen) > start + limit else {}
        return document(200, {"items": chosen[start : start + limit], **more})

    def _act(self, method: str, job_id: str, verb: str) -> Reply:
        status = self.jobs[job_id]["status"]
        ended = status in FINAL
        if (method, verb) == ("DELETE", ""):
            if not ended:
                return problem(409, "job_running", f"The job has not ended: it is {status}.")
            del self.jobs[job_id]
            return Reply(204)
        if verb == "cancel":
            return problem(409, "job_ended", "It has ended.") if ended else self._moved(job_id, "CANCELLED")
        if method == "PUT":
            return self._moved(job_id, "PENDING")
        if verb == "more":
            known = self.by_key.get(f"more {job_id}")
            replayed = {"Idempotency-Replayed": "true"} if known else {}
            return document(202, self.jobs[known or self._more(job_id)], replayed)
        if verb == "retry":
            return self._moved(job_id, "PENDING") if ended else problem(409, "job_not_ended", "It has not ended.")
        return problem(404, "not_found", "Not Found")

    def _review(self, job_id: str, body: bytes) -> Reply:
        job = self.jobs[job_id]
        if job["status"] not in {"NEEDS_REVIEW", "COMPLETED"}:
            return problem(409, "job_not_reviewable", f"There is nothing to decide now: the job is {job['status']}.")
        told = {one["clip"]: {"by": "person", **one} for one in json.loads(body).get("decisions", ())}
        clips = [{**clip, "decision": told.get(clip["number"], clip.get("decision"))} for clip in job["clips"]]
        return document(202, self.move(job_id, job["status"], clips=clips))

    def _more(self, job_id: str) -> str:
        self.by_key[f"more {job_id}"] = self.add(video_path=self.jobs[job_id]["video_path"])
        return self.by_key[f"more {job_id}"]

    def _moved(self, job_id: str, status: str) -> Reply:
        return document(202, self.move(job_id, status))


def document(status: int, body: object, headers: Headers | None = None) -> Reply:
    """Return a JSON answer."""
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})


def problem(status: int, code: str, detail: str, headers: Headers | None = None, **more: Any) -> Reply:
    """Return an answer as RFC 9457 has it."""
    told = {"type": "about:blank", "title": "No", "status": status, "code": code, "detail": detail, **more}
    return Reply(status, json.dumps(told).encode(), {"Content-Type": "application/problem+json", **(headers or {})})


def event(kind: str, data: object, number: int = 0) -> bytes:
    """Return one server-sent event."""
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\nid: {number}\n\n".encode()


def entry(name: str, body: bytes) -> dict[str, object]:
    """Return one line of a list of files."""
    return {"name": name, "size_bytes": len(body), "sha256": hashlib.sha256(body).hexdigest(), "href": f"/f/{name}"}


def send(body: bytes, headers: Message) -> Reply:
    """Return a file, or the part of it that was asked for."""
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    if headers["Range"] and headers["If-Range"] in {None, etag}:
        start = int(headers["Range"].removeprefix("bytes=").rstrip("-"))
        return Reply(206, body[start:], {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}", "ETag": etag})
    return Reply(200, body, {"ETag": etag})


@contextmanager
def fake_api() -> Iterator[FakeApi]:
    """Serve on a free port of this machine."""
    api = FakeApi()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": api}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no error; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: FakeApi

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        where = urlsplit(self.path)
        seen = Seen(self.command, where.path, parse_qs(where.query), self.headers, body)
        if where.path.endswith("/events") and self.api.streams:
            self.api.seen.append(seen)
            self._stream(self.api.streams.pop(0))
        else:
            self._send(self.api.answer(seen))

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - http.server's names

    def _send(self, reply: Reply) -> None:
        if reply is DROP:
            self._break()
            return
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body[: reply.cut])
        if reply.cut is not None:
            self._break()

    def _stream(self, script: list[bytes | Callable[[], object]]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for said in script:
            if isinstance(said, bytes):
                self.wfile.write(f"{len(said):x}\r\n".encode() + said + b"\r\n")
                self.wfile.flush()
            else:
                said()
        self._break()

    def _break(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *args: object) -> None:
        """Say nothing."""
