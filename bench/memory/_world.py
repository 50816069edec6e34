"""Records by the thousand, as jobs make them, and an embedder that costs nothing: the store is measured, not the model."""

import random
import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate
from uuid import NAMESPACE_OID, uuid5

import numpy as np

from omni.contracts import Span
from omni.ports import MemoryRecord

WORDS, CHARACTERS = 20_000, 600
"""A vocabulary as talks have it, used by Zipf's law, and the length of what a clip says."""

CLIPS = 6
"""Of a job; its strategy comes on top, and its posts aren't made: no search looks at them unasked."""


class RandomEmbedder:
    """As many dimensions as MiniLM has; every text its own direction."""

    name, dimensions = "random-384", 384

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        vector = np.random.default_rng(zlib.crc32(text.encode())).normal(size=self.dimensions)
        return (vector / np.linalg.norm(vector)).tolist()


class World:
    """Makes the same records for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._dice = random.Random(seed)
        letters = "abcdefghijklmnopqrstuvwxyz"
        self._words = ["".join(self._dice.choices(letters, k=self._dice.randint(2, 11))) for _ in range(WORDS)]
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(WORDS)))

    def text(self, characters: int = CHARACTERS) -> str:
        """Return some words."""
        return " ".join(self._dice.choices(self._words, cum_weights=self._weights, k=characters // 6))

    def question(self) -> str:
        """Return what a job asks: its two dozen most telling words, so rather long ones."""
        return " ".join(word for word in self.text(1500).split() if len(word) > 4)[:200]

    def records(self, count: int, workspaces: int = 3, first: int = 0) -> Iterator[MemoryRecord]:
        """Yield ``count`` records of jobs from the one with the number ``first``, spread over workspaces."""
        for number in range(first, first + count):
            job, place = divmod(number, CLIPS + 1)
            strategy = str(uuid5(NAMESPACE_OID, f"job {job}"))
            yield MemoryRecord(
                id=strategy if place == 0 else str(uuid5(NAMESPACE_OID, f"{strategy} {place}")),
                workspace=f"w{job % workspaces}",
                kind="clip" if place else "strategy",
                strategy_id=strategy,
                source_sha256=f"{job:064x}",
                source_title=f"Talk {job}",
                title=self.text(40),
                text=self.text(),
                span=Span(start=place * 40, end=place * 40 + 30) if place else None,
                payload={"language": "en", "length": 30.0, "score": 50.0, "evidence": {"hook.question": 1.0}},
            )
