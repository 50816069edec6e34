"""A collection by Qdrant's client: on a server, and in RAM."""

from collections.abc import Iterator, Mapping, Sequence

from qdrant_client import QdrantClient, models

from omni.adapters.qdrant.collection import ALIAS, Indexes, lacks, prepare, standing
from omni.adapters.qdrant.queries import Queries
from omni.adapters.qdrant.reading import Reader
from omni.adapters.qdrant.snapshot import Snapshot
from omni.adapters.qdrant.store import Standing

_PAGE = 10_000
"""Points of a scroll: each page costs a look at all points, each point of it 12 kB of Python's numbers for a while."""


class Requests:
    """Fulfils ``Store``; every question is a request."""

    def __init__(self, client: QdrantClient, indexes: Indexes) -> None:
        self.client = client
        self._indexes = indexes

    def standing(self) -> Standing | None:
        return standing(self.client)

    def prepare(self, vector: str, size: int) -> Standing:
        return prepare(self.client, vector, size, self._indexes)

    def get(self, ids: Sequence[str]) -> list[models.Record]:
        return self.client.retrieve(ALIAS, ids)

    def every(self, vector: str) -> Iterator[models.Record]:
        found = self.standing()
        page, more = None, found is not None and found.points > 0
        while found is not None and more:
            wanted = [vector] if vector in found.vectors else False
            points, page = self.client.scroll(found.name, limit=_PAGE, offset=page, with_vectors=wanted)
            yield from points
            more = page is not None

    def upsert(self, points: Sequence[models.PointStruct]) -> None:
        self.client.upsert(ALIAS, points, wait=True)

    def add_vectors(self, vector: str, meanings: Mapping[str, list[float]]) -> None:
        points = [models.PointVectors(id=key, vector={vector: meaning}) for key, meaning in meanings.items()]
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
