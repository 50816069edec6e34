"""A collection by Qdrant's client: on a server, and in RAM."""

import warnings
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from omni.adapters.qdrant.collection import Indexes, behind_alias, lacks, prepare, standing
from omni.adapters.qdrant.queries import Queries
from omni.adapters.qdrant.reading import Reader
from omni.adapters.qdrant.snapshot import Snapshot
from omni.adapters.qdrant.store import ALIAS, Point, Refused, Standing, Vectors

_PAGE = 10_000
"""Points of a scroll: each page costs a look at all points, each point of it 12 kB of Python's numbers for a while."""

_NOT_TAKEN = {400, 413, 422}
"""What a server answers to points that it will never take: they break its rules or its limits."""


class Requests:
    """Fulfils ``Store``; every question is a request."""

    def __init__(self, client: QdrantClient, indexes: Indexes) -> None:
        self.client = client
        self._indexes = indexes

    def standing(self) -> Standing | None:
        return standing(self.client)

    def behind_alias(self) -> str:
        return behind_alias(self.client)

    def prepare(self, vector: str, size: int) -> Standing:
        return prepare(self.client, vector, size, self._indexes)

    def get(self, ids: Sequence[str]) -> list[Point]:
        return [_point_of(point) for point in self.client.retrieve(ALIAS, ids)]

    def every(self, vector: str) -> Iterator[Point]:
        found = self.standing()
        page, more = None, found is not None and found.points > 0
        while found is not None and more:
            wanted = [vector] if vector in found.vectors else False
            points, page = self.client.scroll(found.name, limit=_PAGE, offset=page, with_vectors=wanted)
            yield from map(_point_of, points)
            more = page is not None

    def upsert(self, points: Sequence[Point]) -> None:
        told = [models.PointStruct(id=one.id, vector=_lists(one.vectors), payload=dict(one.payload)) for one in points]
        with _refusals():
            self.client.upsert(ALIAS, told, wait=True)

    def add_vectors(self, vector: str, meanings: Mapping[str, list[float]]) -> None:
        points = [models.PointVectors(id=key, vector={vector: meaning}) for key, meaning in meanings.items()]
        with _refusals():
            self.client.update_vectors(ALIAS, points, wait=True, update_filter=lacks(vector))

    def delete(self, ids: Sequence[str]) -> None:
        there = self.standing()
        if there is not None:
            self.client.delete(there.name, models.PointIdsList(points=[*ids]), wait=True)

    def reader(self, vector: str) -> Reader:
        return Queries(self.client, vector)


class LaidOut(Requests):
    """One that only this process writes to: what it holds is laid out once, rather than asked for each time."""

    def reader(self, vector: str) -> Reader:
        return Snapshot.of(self, vector)


def reason(error: Exception) -> str:
    """Say what happened in one line; the status line of a server, never the body, which may repeat the request."""
    if isinstance(error, UnexpectedResponse):
        hint = "; check QDRANT_API_KEY" if error.status_code in {401, 403} else ""
        return f"HTTP {error.status_code} {error.reason_phrase}{hint}"
    cause = error.source if isinstance(error, ResponseHandlingException) else error
    return f"{type(cause).__name__}: {str(cause).partition(chr(10))[0][:200]}"


@contextmanager
def _refusals() -> Generator[None]:
    """Turn what a Qdrant says of points that it will never take into Refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the local Qdrant's, at every point above 20 000
            yield
    except UnexpectedResponse as error:
        if error.status_code not in _NOT_TAKEN:
            raise
        raise Refused(reason(error)) from None
    except ValueError as error:
        raise Refused(str(error)) from error


def _point_of(point: models.Record) -> Point:
    named = point.vector if isinstance(point.vector, dict) else {}
    return Point(str(point.id), point.payload or {}, {name: np.array(one, np.float32) for name, one in named.items()})


def _lists(vectors: Vectors) -> dict[str, Any]:
    return {name: np.array(vector, np.float32).tolist() for name, vector in vectors.items()}
