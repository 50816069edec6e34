"""Reading from a server: Qdrant itself searches, by its indexes."""

from collections.abc import Iterator

from qdrant_client import QdrantClient, models

from omni.adapters.qdrant.collection import is_any, is_equal, lacks, standing
from omni.adapters.qdrant.points import SEARCHABLE, WITH_MEANING, indexed_text, precedent_of, record_of
from omni.adapters.qdrant.reading import Search, Selection
from omni.contracts import Precedent
from omni.ports import MemoryRecord

_PAGE = 256
"""Points of a scroll request."""


class Queries:
    """Fulfils ``Reader`` by requests."""

    def __init__(self, client: QdrantClient, vector: str) -> None:
        self._client = client
        self._vector = vector
        self._standing = standing(client)

    def search(self, asked: Search) -> list[Precedent]:
        if self._standing is None or not self._standing.points:
            return []
        scope = scope_of(asked)
        words = models.TextQuery(text=indexed_text(asked.question))
        halves = [models.Prefetch(query=words, using=SEARCHABLE, filter=scope, limit=asked.depth)]
        if asked.vector is not None and self._vector in self._standing.vectors:
            halves.append(models.Prefetch(query=asked.vector, using=self._vector, filter=scope, limit=asked.depth))
        found = self._client.query_points(
            self._standing.name,
            prefetch=halves,
            query=models.FusionQuery(fusion=models.Fusion.RRF),
            query_filter=scope,
            limit=2 * asked.depth,
        )
        return [precedent_of(_record_of(point), point.score) for point in found.points]

    def records(self, wanted: Selection) -> Iterator[MemoryRecord]:
        yield from (_record_of(point) for point in self._all(selector_of(wanted)))

    def without_meaning(self) -> Iterator[MemoryRecord]:
        if self._standing is None:
            return
        missing = [lacks(self._vector)] if self._vector in self._standing.vectors else []
        meaningful = is_any("kind", sorted(WITH_MEANING))
        yield from (_record_of(point) for point in self._all(models.Filter(must=[meaningful, *missing])))

    def _all(self, wanted: models.Filter) -> Iterator[models.Record]:
        """Yield every point that the filter lets through, page by page."""
        if self._standing is None or not self._standing.points:
            return
        page = None
        while True:
            name = self._standing.name
            points, page = self._client.scroll(name, scroll_filter=wanted, limit=_PAGE, offset=page)
            yield from points
            if page is None:
                return


def _record_of(point: models.Record | models.ScoredPoint) -> MemoryRecord:
    return record_of(str(point.id), point.payload or {})


def scope_of(asked: Search) -> models.Filter:
    """Return the filter of every part of a search: one workspace, and only the kinds that were asked for."""
    left_out = [is_any("strategy_id", sorted(asked.except_strategies))] if asked.except_strategies else []
    return models.Filter(
        must=[is_equal("workspace", asked.workspace), is_any("kind", asked.kinds)], must_not=[*left_out]
    )


def selector_of(wanted: Selection) -> models.Filter:
    """Return the filter that lets a selection through."""
    conditions: list[models.FieldCondition] = []
    if wanted.workspace is not None:
        conditions.append(is_equal("workspace", wanted.workspace))
    if wanted.source_sha256 is not None:
        conditions.append(is_equal("source_sha256", wanted.source_sha256))
    if wanted.kinds:
        conditions.append(is_any("kind", wanted.kinds))
    return models.Filter(must=[*conditions])
