"""What is kept at a place, while it is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from omni.adapters.qdrant.reading import Reader

ALIAS = "omni"
"""What every request names; the collection behind it can be another one without anybody noticing."""

EARLIER = "omni_v1"
"""The collection of versions that knew no alias: of the same shape, so that the alias is laid onto it."""

Vectors = Mapping[str, Sequence[float] | NDArray[np.float32]]


class Point(NamedTuple):
    """A record as it is kept, with such of its vectors as were asked for, by name."""

    id: str
    payload: Mapping[str, Any]
    vectors: Vectors


@dataclass(frozen=True)
class Standing:
    """The collection as it stands: the name to read it by, and its shape.

    0 points are nothing to read: the maker of the collection may have been killed before its indexes were made.
    """

    name: str
    points: int
    vectors: frozenset[str]
    indexed: frozenset[str]


class Refused(ValueError):
    """Points that a store will never take, and why."""


class Store(Protocol):
    """One collection; raises Refused for points that it will never take, and then takes none of the batch."""

    def standing(self) -> Standing | None:
        """Return the collection in use, or ``None`` before it is made."""
        ...

    def behind_alias(self) -> str:
        """Return the collection that the alias stands for; before there is one, that of an earlier version."""
        ...

    def prepare(self, vector: str, size: int) -> Standing:
        """Make collection, alias, indexes and the embedder's vector where they are missing, and return how it stood before."""
        ...

    def get(self, ids: Sequence[str]) -> Sequence[Point]:
        """Return the points that are there, without vectors."""
        ...

    def every(self, vector: str) -> Iterable[Point]:
        """Yield all points in any order, each with at least this vector if it has one."""
        ...

    def upsert(self, points: Sequence[Point]) -> None:
        """Keep points, in place of those with the same ids."""
        ...

    def add_vectors(self, vector: str, meanings: Mapping[str, list[float]]) -> None:
        """Give points that lack this vector theirs, by id."""
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Delete points, as far as they are there."""
        ...

    def reader(self, vector: str) -> Reader:
        """Return who answers questions from here; ``vector`` is the embedder's."""
        ...
