"""What the tests of the Gemini adapter share: a clock that never waits, a question, a file."""

import hashlib
from pathlib import Path
from typing import Any

from fakes.gemini_server import GeminiServer
from pydantic import SecretStr

from omni.adapters.gemini import GeminiEmbedder, GeminiModel
from omni.adapters.gemini.patience import Patience
from omni.contracts import FileRef
from omni.ports.model import Question
from omni.spending.account import Account
from omni.spending.prices import Prices

KEY = "canary/0123456789+abcdefghij"
MODEL = "gemini-3.8-flash"
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"topic": {"type": "string"}}, "required": ["topic"]}


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def patience(self, tries: int = 5) -> Patience:
        """Pauses without chance: 1, 2, 4, 8 s."""
        return Patience(tries=tries, sleep=self.sleep, clock=lambda: self.now, chance=lambda: 1.0)


def account() -> Account:
    return Account(Prices())


def model(
    gemini: GeminiServer,
    spent: Account | None = None,
    clock: Clock | None = None,
    *,
    timeout: float = 20,
    name: str = MODEL,
) -> GeminiModel:
    return GeminiModel(
        SecretStr(KEY),
        name,
        spent or account(),
        base_url=gemini.url,
        timeout_seconds=timeout,
        patience=(clock or Clock()).patience(),
    )


def embedder(
    gemini: GeminiServer, spent: Account | None = None, clock: Clock | None = None, size: int = 8
) -> GeminiEmbedder:
    return GeminiEmbedder(
        SecretStr(KEY),
        "gemini-embedding-2",
        spent or account(),
        base_url=gemini.url,
        dimensions=size,
        patience=(clock or Clock()).patience(),
    )


def question(**fields: Any) -> Question:
    told = {"role": "analyst", "instructions": "Name the topic.", "prompt": "What is it about?", "answer": SCHEMA}
    return Question.model_validate(told | {"max_output_tokens": 1000} | fields)


def video(folder: Path, content: bytes = b"not really a video") -> FileRef:
    path = folder / "Größter Tag – proxy.mp4"
    path.write_bytes(content)
    return FileRef(path=path, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
