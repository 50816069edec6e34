"""What is asked of the memory, whoever answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from omni.contracts import Precedent
from omni.ports import MemoryRecord

_CANDIDATES = 50
"""Records that each half of a hybrid search contributes: deep enough for the two to meet in the first ten."""


@dataclass(frozen=True)
class Search:
    """A question to one workspace; ``vector`` is its meaning, where that counts."""

    workspace: str
    question: str
    kinds: tuple[str, ...]
    limit: int
    except_strategies: frozenset[str] = frozenset()
    vector: list[float] | None = None

    @property
    def depth(self) -> int:
        """How many records each half contributes."""
        return max(_CANDIDATES, self.limit)


@dataclass(frozen=True)
class Selection:
    """Which records: those of a workspace, a source, of some kinds; ``None`` and ``()`` mean any."""

    workspace: str | None = None
    source_sha256: str | None = None
    kinds: tuple[str, ...] = ()


class Reader(Protocol):
    """Answers from what is kept."""

    def search(self, asked: Search) -> list[Precedent]:
        """Return what is nearest in meaning and words, fused by rank, in any order."""
        ...

    def records(self, wanted: Selection) -> Iterator[MemoryRecord]:
        """Yield records in the order of their ids."""
        ...

    def without_meaning(self) -> Iterator[MemoryRecord]:
        """Yield the records that the embedder in use has made no vector of, though they should have one."""
        ...
