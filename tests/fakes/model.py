"""A ``LanguageModel`` that says what it was told to say, with the bad days of a real one."""

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any

from omni.contracts import FileRef
from omni.errors import OmniError
from omni.ports.model import Attachment, Question

Answer = dict[str, Any] | str | OmniError | Callable[[Question], "dict[str, Any] | str"]
"""JSON, raw text (truncated, fenced, nonsense), an error to raise, or what makes an answer of the question."""


class FakeModel:
    """Gives ``answers`` in turn, the last one for ever; keeps what it was asked and given."""

    def __init__(self, answers: Sequence[Answer], name: str = "gemini/fake-1") -> None:
        self._answers = list(answers)
        self._name = name
        self.questions: list[Question] = []
        self.files: list[FileRef] = []
        self.held: set[str] = set()
        """What the service still holds."""

    @property
    def name(self) -> str:
        return self._name

    @contextmanager
    def attached(self, file: FileRef, media_type: str, seconds: float) -> Generator[Attachment]:
        self.files.append(file)
        uri = f"https://example.invalid/files/{file.sha256[:12]}"
        self.held.add(uri)
        try:
            yield Attachment(uri=uri, media_type=media_type, seconds=seconds)
        finally:
            self.held.discard(uri)

    def ask(self, question: Question) -> str:
        self.questions.append(question)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, OmniError):
            raise answer
        said = answer(question) if callable(answer) else answer
        return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)

    def check(self) -> None:
        """Be there."""
