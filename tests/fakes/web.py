"""A receiver of webhooks on loopback, with good and bad days."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the receiver says; with ``hangs`` it takes the request and says nothing."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    hangs: bool = False


@dataclass(frozen=True)
class Received:
    """One request, its header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Gives the replies in turn, and then 200; keeps every request and counts connections."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = iter(replies)
        self._released = threading.Event()
        self.requests: list[Received] = []
        self.connections = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                receiver.connections += 1
                super().setup()

            def do_POST(self) -> None:
                receiver._answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # as http.server has it
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        """An address with a secret in it, as those of chat services are."""
        return f"http://127.0.0.1:{self.server.server_port}/hooks/s3cr3t-path?token=s3cr3t-query"

    def close(self) -> None:
        """Let go of whoever hangs, and end."""
        self._released.set()
        self.server.shutdown()
        self.server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(Received(request.path, headers, body))
        reply = next(self._replies, Reply())
        if reply.hangs:
            self._released.wait()
            request.close_connection = True
            return
        request.send_response(reply.status)
        for name, value in reply.headers.items():
            request.send_header(name, value)
        request.send_header("content-length", "0")
        request.end_headers()


@contextmanager
def receiving(*replies: Reply) -> Iterator[Receiver]:
    """Run a receiver for the length of a test."""
    receiver = Receiver(*replies)
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.close()
        thread.join(timeout=5)
