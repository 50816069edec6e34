"""What the craft needs of language models, and of what makes vectors of text."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Annotated, Any, Protocol

from pydantic import Field

from omni.contracts import Contract, FileRef, Role, Seconds


class Attachment(Contract):
    """A file that the model's service holds; ``seconds`` of sound or video, from its own t = 0."""

    uri: str
    media_type: str
    seconds: Seconds


class Question(Contract):
    """What a model is asked: ``instructions`` are ours alone, whatever comes from a video stands in ``prompt`` as data."""

    role: Role
    instructions: str
    prompt: str
    answer: dict[str, Any]
    """JSON schema of the answer, in the subset of FACTS.md: no patterns, lengths or exclusive bounds are relied on."""
    attachment: Attachment | None = None
    max_output_tokens: Annotated[int, Field(gt=0)] = 16_384
    """Thoughts count too; an answer that is cut off is asked for once more with twice as many."""


class LanguageModel(Protocol):
    """A model that answers in JSON. Raises :class:`omni.errors.ModelError`; what can be waited for, it has waited for."""

    @property
    def name(self) -> str:
        """Name of service and model, ``gemini/gemini-3.8-flash``: part of an engine's name and of cache keys."""
        ...

    def attached(self, file: FileRef, media_type: str, seconds: float) -> AbstractContextManager[Attachment]:
        """Give the service a file for the length of a block: sent once for its digest, deleted in the end, whatever happens."""
        ...

    def ask(self, question: Question) -> str:
        """Return the answer as JSON text that is complete; that it keeps the schema is for the asker to check."""
        ...

    def check(self) -> None:
        """Raise ModelError when key, model or connection won't do; costs nothing and takes some seconds at most."""
        ...


class Embedder(Protocol):
    """Text to vectors."""

    @property
    def name(self) -> str:
        """Identity of the vector space; vectors of different names are never compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one unit vector a text."""
        ...
