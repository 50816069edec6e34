"""Telegram's Bot API in a thread (core.telegram.org/bots/api), with its bad days: what a bot says is kept, what people say is handed out."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote

TOKEN = "7001:AAbot-token-that-nobody-may-see"
ME = {"id": 7001, "is_bot": True, "first_name": "Omni", "username": "omni_test_bot"}
Answer = tuple[int, dict[str, Any]]


def flood(seconds: int = 1) -> Answer:
    """Return what Telegram says to a bot that speaks too often."""
    told = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {seconds}"}
    return 429, told | {"parameters": {"retry_after": seconds}}


def refusal(code: int, description: str) -> Answer:
    """Return any other error."""
    return code, {"ok": False, "error_code": code, "description": description}


@dataclass
class Shown:
    """A message as a chat shows it now."""

    id: int
    chat: int
    text: str
    keys: list[list[dict[str, str]]]
    video: bytes | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def buttons(self) -> dict[str, str]:
        """What each button says to the bot, by its label."""
        return {key["text"]: key["callback_data"] for row in self.keys for key in row}


@dataclass(repr=False)
class FakeTelegram:
    """One bot's side of Telegram; tests speak as people do and look at what the chats show."""

    url: str = ""
    token: str = TOKEN
    patience: float = 10.0
    """Seconds after which a test stops waiting for the bot."""
    chats: dict[int, list[Shown]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    answers: list[tuple[str, str, bool]] = field(default_factory=list)
    """Button questions, what was answered, and whether it stood in the way."""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: list[tuple[str, Answer | None]] = field(default_factory=list)
    """Method and what to answer instead, each once; None breaks the connection after the deed."""
    broken: list[Exception] = field(default_factory=list)
    """What went wrong in here; a test that waits hears of it."""
    _flooded: dict[str, float] = field(default_factory=dict)
    _updates: list[dict[str, Any]] = field(default_factory=list)
    _number: int = 100
    _lock: threading.Condition = field(default_factory=threading.Condition)

    # ── what people do ───────────────────────────────────────────────────────────────────────────

    def say(self, chat: int, text: str, *, reply_to: int | None = None) -> int:
        """Send a message to the bot."""
        return self._send(chat, {"text": text}, reply_to)

    def send_file(self, chat: int, name: str, data: bytes, caption: str = "", *, size: int | None = None) -> int:
        """Send a file to the bot."""
        with self._lock:
            file = f"file{len(self.files)}"
            self.files[file] = data
        told = {"file_id": file, "file_unique_id": file, "file_name": name, "file_size": size or len(data)}
        return self._send(chat, {"document": told} | ({"caption": caption} if caption else {}), None)

    def press(self, message: Shown, label: str) -> str:
        """Press a button below a message."""
        return self.press_data(message.chat, message.id, message.buttons[label])

    def press_data(self, chat: int, message: int, data: str) -> str:
        """Press a button that may be anybody's work."""
        with self._lock:
            query = f"q{self._next()}"
        told = {"id": query, "from": _person(chat), "chat_instance": "1", "data": data}
        shown = {"message_id": message, "date": 1, "chat": _chat(chat), "text": "…"}
        self._update({"callback_query": told | {"message": shown}})
        return query

    def delete(self, message: Shown) -> None:
        """Delete a message."""
        with self._lock:
            self.chats[message.chat].remove(message)

    # ── what the test sees ───────────────────────────────────────────────────────────────────────

    def wait(self, found: Callable[[], Any]) -> Any:
        """Wait until something is there, and return it."""
        until = time.monotonic() + self.patience
        with self._lock:
            while not (result := found()):
                if self.broken:
                    raise self.broken[0]
                told = {chat: [message.text[:200] for message in shown] for chat, shown in self.chats.items()}
                assert time.monotonic() < until, (told, [name for name, _ in self.calls][-20:], self.answers)
                self._lock.wait(0.05)
            return result

    def shown(self, chat: int, text: str) -> Shown:
        """Wait for a message that holds a text, and return the newest."""
        return self.wait(lambda: next((m for m in reversed(self.chats.get(chat, [])) if text in m.text), None))

    def videos(self, chat: int) -> list[Shown]:
        """Return the videos in a chat."""
        return [message for message in self.chats.get(chat, []) if message.video is not None]

    def answer_to(self, query: str) -> str:
        """Wait for the answer to a button."""
        return self.wait(lambda: next((f"{text} " for asked, text, _ in self.answers if asked == query), None)).strip()

    def fail(self, method: str, answer: Answer | None, times: int = 1) -> None:
        """Answer like this instead of truly, so many times."""
        self.faults += [(method, answer)] * times

    def count(self, method: str) -> int:
        """Return how often a method was called."""
        return sum(called == method for called, _ in self.calls)

    # ── what the bot asks ────────────────────────────────────────────────────────────────────────

    def answer(self, method: str, told: dict[str, Any]) -> Answer | None:
        """Do what the bot asks and return the answer."""
        with self._lock:
            self.calls.append((method, told))
            at = next((i for i, (name, _) in enumerate(self.faults) if name == method), None)
            fault = self.faults.pop(at) if at is not None else None
            if time.monotonic() < self._flooded.get(method, 0.0):
                self.broken.append(AssertionError(f"{method} came before the flood-wait was over"))
            if fault is not None and fault[1] is not None:
                wait = fault[1][1].get("parameters", {}).get("retry_after", 0)
                self._flooded[method] = time.monotonic() + 0.95 * wait
                return fault[1]
            result = getattr(self, f"_do_{method}", lambda _: True)(told)
            self._lock.notify_all()
        if isinstance(result, tuple):
            return result
        return None if fault is not None else (200, {"ok": True, "result": result})

    def _do_getMe(self, _: dict[str, Any]) -> Any:  # noqa: N802 - Telegram's names
        return ME

    def _do_getUpdates(self, told: dict[str, Any]) -> Any:  # noqa: N802
        offset = int(told.get("offset") or 0)
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        self._lock.wait_for(lambda: self._updates, timeout=0.05)
        return list(self._updates)

    def _do_sendMessage(self, told: dict[str, Any]) -> Any:  # noqa: N802
        if len(told["text"].encode("utf-16-le")) > 2 * 4096:
            return refusal(400, "Bad Request: message is too long")
        return self._show(told, told["text"])

    def _do_sendVideo(self, told: dict[str, Any]) -> Any:  # noqa: N802
        video = self._attached(told, "video")
        return self._show(told, told.get("caption", ""), video=video)

    def _do_editMessageText(self, told: dict[str, Any]) -> Any:  # noqa: N802
        if (message := self._message(told)) is None:
            return refusal(400, "Bad Request: message to edit not found")
        keys = json.loads(told.get("reply_markup") or "{}").get("inline_keyboard", [])
        if (message.text, message.keys) == (told["text"], keys):
            return refusal(400, "Bad Request: message is not modified: specified new message content is the same")
        message.text, message.keys = told["text"], keys
        return self._json(message)

    def _do_editMessageReplyMarkup(self, told: dict[str, Any]) -> Any:  # noqa: N802
        if (message := self._message(told)) is None:
            return refusal(400, "Bad Request: message to edit not found")
        keys = json.loads(told.get("reply_markup") or "{}").get("inline_keyboard", [])
        if message.keys == keys:
            return refusal(400, "Bad Request: message is not modified")
        message.keys = keys
        return self._json(message)

    def _do_answerCallbackQuery(self, told: dict[str, Any]) -> Any:  # noqa: N802
        alert = str(told.get("show_alert", "")).lower() == "true"
        self.answers.append((told["callback_query_id"], told.get("text", ""), alert))
        return True

    def _do_getFile(self, told: dict[str, Any]) -> Any:  # noqa: N802
        file = told["file_id"]
        return {"file_id": file, "file_unique_id": file, "file_path": f"documents/{file}"}

    def _show(self, told: dict[str, Any], text: str, video: bytes | None = None) -> dict[str, Any]:
        keys = json.loads(told.get("reply_markup") or "{}").get("inline_keyboard", [])
        assert all(len(key["callback_data"].encode()) <= 64 for row in keys for key in row)
        message = Shown(self._next(), int(told["chat_id"]), text, keys, video, told)
        self.chats.setdefault(message.chat, []).append(message)
        return self._json(message)

    def _attached(self, told: dict[str, Any], name: str) -> bytes:
        return told["files"][told.get(name, name).removeprefix("attach://")]

    def _message(self, told: dict[str, Any]) -> Shown | None:
        chat, message = int(told["chat_id"]), int(told["message_id"])
        return next((shown for shown in self.chats[chat] if shown.id == message), None)

    def _json(self, message: Shown) -> dict[str, Any]:
        return {"message_id": message.id, "date": 1, "chat": _chat(message.chat), "from": ME, "text": message.text}

    def _send(self, chat: int, what: dict[str, Any], reply_to: int | None) -> int:
        with self._lock:
            number = self._next()
        base = {"message_id": number, "date": 1, "chat": _chat(chat), "from": _person(chat)}
        if reply_to is not None:
            what = what | {"reply_to_message": base | {"message_id": reply_to}}
        self._update({"message": base | what})
        return number

    def _update(self, told: dict[str, Any]) -> None:
        with self._lock:
            self._updates.append({"update_id": self._next()} | told)
            self._lock.notify_all()

    def _next(self) -> int:
        self._number += 1
        return self._number


@contextmanager
def fake_telegram() -> Iterator[FakeTelegram]:
    """Serve on a free port of this machine."""
    telegram = FakeTelegram()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"telegram": telegram}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    telegram.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield telegram
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _chat(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private" if chat > 0 else "group", "first_name": "Ada", "title": "Team"}


def _person(chat: int) -> dict[str, Any]:
    return {"id": abs(chat), "is_bot": False, "first_name": "Ada"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A bot that leaves is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    telegram: FakeTelegram

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = self._chunks()
        _, token, method = self.path.replace("/bot", "/", 1).split("/", 2)
        if unquote(token) != self.telegram.token:
            self._send(401, json.dumps(refusal(401, "Unauthorized")[1]).encode())
            return
        try:
            answer = self.telegram.answer(method, self._fields(body))
        except Exception as error:  # noqa: BLE001  # the test that waits hears of it
            self.telegram.broken.append(error)
            answer = None
        if answer is None:
            self.close_connection = True
            self.connection.close()
            return
        self._send(answer[0], json.dumps(answer[1]).encode())

    def do_GET(self) -> None:
        self._send(200, self.telegram.files[self.path.rpartition("/")[2]])

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().strip() or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _fields(self, body: bytes) -> dict[str, Any]:
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/"):
            return dict(parse_qsl(body.decode(), keep_blank_values=True))
        form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=HTTP)
        told: dict[str, Any] = {"files": {}}
        for part in form.iter_parts():
            name = part.get_param("name", header="content-disposition")
            data = part.get_payload(decode=True)
            if part.get_filename() is None:
                told[name] = data.decode()
            else:
                told["files"][name] = data
        return told

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""
