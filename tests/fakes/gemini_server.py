"""Google's Developer API without Google: what google-genai 3.4 sends is answered by a local server, with its bad days.

    with gemini_server() as gemini:                       # gemini.url goes into OMNI_GEMINI_BASE_URL
        gemini.say({"topic": "boxes"}, Reply(finish="SAFETY"))  # in turn; without any, a sample that keeps the schema
        gemini.answer = lambda asked: {"topic": asked["contents"][0]["parts"][-1]["text"]}  # or made of the request
        gemini.fail("generate", "503", "drop")            # the next two calls; gemini_faults.py names them all
        ...
        gemini.calls("generate"), gemini.files, gemini.requests

``PYTHONPATH=tests python -m fakes.gemini_server 8765`` serves samples until Ctrl-C, for a flow run by hand. It proves what goes over
the wire, not what the real service makes of it; the wire is described in FACTS.md and was read off the SDK itself.
"""

import base64
import hashlib
import json
import math
import re
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fakes.gemini_faults import FAULTS, Fault, problem
from fakes.gemini_samples import sample

KNOWN_FIELDS = {
    "contents", "systemInstruction", "generationConfig", "safetySettings", "tools", "toolConfig", "labels", "serviceTier",
    "cachedContent", "continuationToken", "store", "model",
}  # fmt: skip
"""Of a request to generate; the service refuses all others."""

STALL_SECONDS = 30.0
"""What ``stall`` waits at most before it hangs up; the end of the server ends it too."""


@dataclass(frozen=True)
class Reply:
    """An answer to ``generateContent`` in its parts. ``text`` None: no content at all; ``block``: the prompt is refused."""

    text: str | None = "{}"
    finish: str | None = "STOP"
    block: str | None = None
    thought: str | None = None
    usage: dict[str, int] | None = None
    """``None``: counted from the request; empty: none is given."""
    message: str | None = None


Answer = Reply | str | dict[str, Any] | list[Any]
"""Of a dict or list the JSON is the text."""


@dataclass(frozen=True)
class Request:
    """What was asked; ``body`` is the JSON, or the bytes of a piece of a file."""

    verb: str
    method: str
    path: str
    headers: dict[str, str]
    body: Any


class GeminiServer:
    """The service's state, and what a test makes of it. Verbs: generate, embed, model, start, chunk, file, delete."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Request] = []
        self.files: dict[str, dict[str, Any]] = {}
        """By name, ``files/…``; ``state`` and ``error`` may be written."""
        self.answer: Callable[[dict[str, Any]], Answer] | None = None
        self.polls_until_active = 1
        self.file_error: str | None = None
        """Why every file sent from now on ends FAILED."""
        self.takes_names = True
        """Whether a file may be named by who sends it."""
        self.closing = threading.Event()
        self._said: deque[Answer] = deque()
        self._faults: defaultdict[str, deque[str | Fault | None]] = defaultdict(deque)
        self._uploads: dict[str, dict[str, Any]] = {}
        self._ids = count(1)
        self._turn = threading.RLock()

    def say(self, *answers: Answer) -> None:
        """Add what is answered next, before ``answer`` or a sample is."""
        self._said.extend(answers)

    def fail(self, verb: str, *faults: str | Fault | None) -> None:
        """Let the next calls of a verb fail; ``None`` is one that doesn't."""
        self._faults[verb].extend(faults)

    def calls(self, *verbs: str) -> list[Request]:
        """Return the requests of some verbs, or all."""
        return [request for request in self.requests if not verbs or request.verb in verbs]

    def verbs(self) -> list[str]:
        """Return what was called, in order."""
        return [request.verb for request in self.requests]

    def hold(self, name: str, data: bytes = b"", kind: str = "video/mp4", state: str = "PROCESSING") -> dict[str, Any]:
        """Have a file, as if somebody had sent it."""
        digest = hashlib.sha256(data).hexdigest()
        self.files[name] = {
            "name": name, "mimeType": kind, "sizeBytes": str(len(data)), "source": "UPLOADED",
            "sha256Hash": base64.b64encode(digest.encode()).decode(), "expirationTime": "2100-01-01T00:00:00Z",
            "uri": f"https://generativelanguage.googleapis.com/v1/{name}", "state": state,
        }  # fmt: skip
        return self.files[name]

    def serve(self, request: Request) -> Fault | str:
        """Return what is answered to a request: a response, or how it is broken off."""
        with self._turn:
            self.requests.append(request)
            fault = self._faults[request.verb].popleft() if self._faults[request.verb] else None
            if isinstance(fault, Fault):
                return fault
            if fault not in {None, "lost"}:
                return FAULTS.get(fault, fault)
            if request.verb != "chunk" and not request.headers.get("x-goog-api-key"):
                return problem(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
            done = getattr(self, f"_{request.verb}", _unknown)(request)
            return "drop" if fault == "lost" else done

    # ── models ───────────────────────────────────────────────────────────────────────────────────

    def _model(self, request: Request) -> Fault:
        name = urlsplit(request.path).path.rpartition("/")[2]
        return _json({"name": f"models/{name}", "inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536})

    def _generate(self, request: Request) -> Fault:
        body: dict[str, Any] = request.body
        if strange := body.keys() - KNOWN_FIELDS:
            return problem(400, "INVALID_ARGUMENT", f"Unknown name {min(strange)!r}: Cannot find field.")
        if (refused := self._refused_file(body)) is not None:
            return refused
        said = self._said.popleft() if self._said else self.answer(body) if self.answer else sample_of(body)
        reply = said if isinstance(said, Reply) else Reply(said if isinstance(said, str) else json.dumps(said))
        return _json(_response(reply, body, urlsplit(request.path).path.rpartition("/")[2].partition(":")[0]))

    def _refused_file(self, body: dict[str, Any]) -> Fault | None:
        for part in (part for content in body["contents"] for part in content["parts"] if "fileData" in part):
            uri = part["fileData"].get("file_uri") or part["fileData"]["fileUri"]
            file = self.files.get(f"files/{uri.rpartition('/')[2]}")
            if file is None:
                return FAULTS["403 file"]
            if file["state"] != "ACTIVE":
                return FAULTS["400 file"]
        return None

    def _embed(self, request: Request) -> Fault:
        def vector(asked: dict[str, Any]) -> list[float]:
            seed = hashlib.sha256(json.dumps(asked["content"]["parts"]).encode()).digest()
            return [math.sin(seed[i % 32] + i) for i in range(asked.get("outputDimensionality", 3072))]

        return _json({"embeddings": [{"values": vector(asked)} for asked in request.body["requests"]]})

    # ── files ────────────────────────────────────────────────────────────────────────────────────

    def _start(self, request: Request) -> Fault:
        meta = (request.body or {}).get("file", {})
        name = meta.get("name") if self.takes_names else None
        if name and not re.fullmatch(r"files/[a-z0-9][a-z0-9-]{0,38}[a-z0-9]", name):
            return problem(400, "INVALID_ARGUMENT", f"File name {name!r} is not valid.")
        if name in self.files:
            return FAULTS["409"]
        upload = f"upload{next(self._ids)}"
        kind = request.headers["x-goog-upload-header-content-type"]
        self._uploads[upload] = {"name": name or f"files/made{next(self._ids)}", "kind": kind, "data": b""}
        address = f"http://{request.headers['host']}/upload/v1/files?upload_id={upload}&upload_protocol=resumable"
        return _json({}, {"X-Goog-Upload-URL": address, "X-Goog-Upload-Status": "active"})

    def _chunk(self, request: Request) -> Fault:
        upload = self._uploads[parse_qs(urlsplit(request.path).query)["upload_id"][0]]
        if int(request.headers["x-goog-upload-offset"]) != len(upload["data"]):
            return problem(400, "INVALID_ARGUMENT", "The offset is wrong.")
        upload["data"] += request.body
        if "finalize" not in request.headers["x-goog-upload-command"]:
            return Fault(200, "", {"X-Goog-Upload-Status": "active"})
        file = self.hold(upload["name"], upload["data"], upload["kind"])
        return _json({"file": self._processed(file, 0)}, {"X-Goog-Upload-Status": "final"})

    def _file(self, request: Request) -> Fault:
        name = _file_name(request)
        if name not in self.files:
            return FAULTS["403 file"]
        polls = sum(r.verb == "file" and _file_name(r) == name for r in self.requests)
        return _json(self._processed(self.files[name], polls))

    def _processed(self, file: dict[str, Any], polls: int) -> dict[str, Any]:
        if file["state"] == "PROCESSING" and polls >= self.polls_until_active:
            file["state"] = "ACTIVE" if self.file_error is None else "FAILED"
            if self.file_error is not None:
                file["error"] = {"code": 3, "message": self.file_error}
        return file

    def _delete(self, request: Request) -> Fault:
        return FAULTS["403 file"] if self.files.pop(_file_name(request), None) is None else _json({})


@contextmanager
def gemini_server(port: int = 0) -> Iterator[GeminiServer]:
    """Serve on this machine for the length of the block, to threads and to other processes."""
    gemini = GeminiServer()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {key.lower(): value for key, value in self.headers.items()}
            verb = _verb(self.command, self.path)
            body = data if verb == "chunk" else json.loads(data) if data else None
            answer = gemini.serve(Request(verb, self.command, self.path, headers, body))
            if isinstance(answer, str):
                if answer == "stall":
                    gemini.closing.wait(STALL_SECONDS)
                self.close_connection = True  # nothing was sent: the client sees a dropped connection
                return
            self.send_response(answer.status)
            for key, value in ({"Content-Type": "application/json"} | answer.headers).items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(answer.body.encode())))
            self.end_headers()
            self.wfile.write(answer.body.encode())

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - http.server's names

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    gemini.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield gemini
    finally:
        gemini.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def sample_of(body: dict[str, Any]) -> Answer:
    """Return what keeps the schema of a request, or a greeting."""
    config = body.get("generationConfig", {})
    schema = config.get("responseJsonSchema") or config.get("responseSchema")
    return "hello from the fake" if schema is None else Reply(json.dumps(sample(schema)))


def _verb(method: str, path: str) -> str:
    parts = urlsplit(path)
    if parts.path.startswith("/upload/"):
        return "chunk" if "upload_id" in parse_qs(parts.query) else "start"
    last = parts.path.rpartition("/")[2]
    call = {"generateContent": "generate", "batchEmbedContents": "embed"}.get(last.partition(":")[2])
    if call or "/models/" in parts.path:
        return call or "model"
    return "delete" if method == "DELETE" else "file"


def _response(reply: Reply, body: dict[str, Any], model: str) -> dict[str, Any]:
    asked, written = len(json.dumps(body)) // 4, len(reply.text or "") // 4
    usage: dict[str, Any] = {"promptTokenCount": asked, "candidatesTokenCount": written, "thoughtsTokenCount": 20}
    whole: dict[str, Any] = {"modelVersion": model, "responseId": "r1"}
    if reply.usage is None or reply.usage:
        whole["usageMetadata"] = reply.usage or usage | {"totalTokenCount": asked + written + 20}
    if reply.block:
        return whole | {"promptFeedback": {"blockReason": reply.block}}
    candidate: dict[str, Any] = {"index": 0}
    if reply.finish:
        candidate["finishReason"] = reply.finish
    if reply.message:
        candidate["finishMessage"] = reply.message
    if reply.text is not None:
        thoughts = [{"text": reply.thought, "thought": True}] if reply.thought else []
        candidate["content"] = {"role": "model", "parts": [*thoughts, {"text": reply.text}]}
    return whole | {"candidates": [candidate]}


def _json(body: object, headers: dict[str, str] | None = None) -> Fault:
    return Fault(200, json.dumps(body), headers or {})


def _file_name(request: Request) -> str:
    return f"files/{urlsplit(request.path).path.rpartition('/')[2]}"


def _unknown(request: Request) -> Fault:
    return problem(404, "NOT_FOUND", f"the fake doesn't know {request.method} {request.path}")


if __name__ == "__main__":
    with gemini_server(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as running:
        print(f"OMNI_GEMINI_BASE_URL={running.url} GEMINI_API_KEY=any", flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
