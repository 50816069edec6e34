"""Text to vectors by Gemini."""

import math
from collections.abc import Sequence
from typing import Any, NoReturn

from google import genai
from google.genai import types
from pydantic import SecretStr

from omni.adapters.gemini.faults import Fault, senseless
from omni.adapters.gemini.patience import Patience
from omni.adapters.gemini.questions import tokens_in
from omni.adapters.gemini.service import Service
from omni.errors.models import ModelAnswerUnusable
from omni.spending.account import Account
from omni.spending.prices import Tokens

_BATCH = 100
"""Texts of one request, the service's limit."""


class GeminiEmbedder:
    """Fulfils the port ``Embedder``. Thread-safe; it holds a key, so that it can't be pickled.

    Texts go as they are: the port doesn't tell a question from a document, which the service would take as a prefix.
    What isn't counted by the service (its answers needn't hold a usage) is booked by our own count, a token for three
    bytes, which is rather too many than too few.
    """

    def __init__(
        self,
        key: SecretStr,
        model: str,
        account: Account,
        *,
        base_url: str | None = None,
        timeout_seconds: float = 60,
        dimensions: int = 768,
        patience: Patience | None = None,
    ) -> None:
        self._service = Service(key, model, base_url, timeout_seconds, patience or Patience())
        self._account = account
        self._dimensions = dimensions

    def __reduce__(self) -> NoReturn:
        msg = "an embedder holds a key: build it where it is used"
        raise TypeError(msg)

    @property
    def name(self) -> str:
        return f"{self._service.model}-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        batches = [texts[first : first + _BATCH] for first in range(0, len(texts), _BATCH)]
        return [vector for batch in batches for vector in self._embedded(batch)]

    def _embedded(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed one batch; every call is reserved before and booked after."""
        model, service = self._service.model, self._service
        most = Tokens(input=sum(tokens_in(text) for text in texts), output=0)

        def once(seconds: float) -> types.EmbedContentResponse | Fault:
            with self._account.reserving("embedder", model, most) as book:
                got = service.once(lambda client: _sent(client, model, texts, self._dimensions), seconds)
                if isinstance(got, Fault):
                    return got
                if not got.embeddings:
                    return senseless("")
                counted = got.usage_metadata.prompt_token_count if got.usage_metadata else None
                book(Tokens(input=counted or most.input, output=0))
            return got

        answer = service.insist(once)
        if isinstance(answer, Fault):
            service.fail(answer)
        vectors = [found.values or [] for found in answer.embeddings or ()]
        if len(vectors) != len(texts):
            self._reject(f"{len(vectors)} vectors came for {len(texts)} texts")
        return [self._unit(vector) for vector in vectors]

    def _unit(self, vector: list[float]) -> list[float]:
        """Return a vector of length 1: shortened ones come as they are cut."""
        length = math.hypot(*vector)
        if len(vector) != self._dimensions or not (length > 0 and math.isfinite(length)):
            self._reject(f"a vector has {len(vector)} of {self._dimensions} numbers and the length {length:.3g}")
        return [value / length for value in vector]

    def _reject(self, reason: str) -> NoReturn:
        raise ModelAnswerUnusable(model=self._service.name, role="embedder", reason=reason)


def _sent(client: genai.Client, model: str, texts: Sequence[str], dimensions: int) -> types.EmbedContentResponse:
    # A content for each text: of a list of strings, the newer models make one vector (FACTS.md).
    contents = [types.Content(parts=[types.Part(text=text)]) for text in texts]
    config = types.EmbedContentConfig(output_dimensionality=dimensions)
    models: Any = client.models  # typed with an imaging library that isn't installed
    return models.embed_content(model=model, contents=contents, config=config)
