"""A receiver of webhooks that sometimes answers 500 and sometimes not at all; it checks every signature."""

import json
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks import Webhook

from bench.chaos.history import History

HANG_SECONDS = 30.0
"""Longer than a sender waits."""


class Receiver:
    """Listens on a free loopback port; the first attempt of a delivery may be treated badly, the later ones never."""

    def __init__(self, history: History, secret: Path, seed: int) -> None:
        self._history, self._secret = history, secret
        self._dice = random.Random(seed + 2)
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.receive(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's own name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def start(self) -> None:
        """Begin to listen."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()

    def receive(self, request: BaseHTTPRequestHandler) -> None:
        """Take one delivery."""
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        delivery = request.headers.get("webhook-id", "")
        told = json.loads(body)
        status = self._status(delivery)
        if status == 0:
            time.sleep(HANG_SECONDS)
        self._history.record(
            "hook",
            delivery=delivery,
            job=told["data"]["job_id"],
            event=told["type"],
            signed=self._is_signed(body, dict(request.headers)),
            status=status,
        )
        if status:
            request.send_response(status)
            request.end_headers()

    def _status(self, delivery: str) -> int:
        with self._lock:
            self._seen[delivery] += 1
            chance = self._dice.random()
            if self._seen[delivery] > 1 or chance > 0.4:
                return 200
            return 500 if chance < 0.25 else 0

    def _is_signed(self, body: bytes, headers: dict[str, str]) -> bool:
        try:
            Webhook(self._secret.read_text(encoding="ascii").strip()).verify(body, headers)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with it
            self._history.record("unsigned", why=str(error))
            return False
        return True
