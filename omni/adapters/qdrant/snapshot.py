"""Reading from a folder: what it holds, laid out in arrays once, for as long as nobody writes.

The local Qdrant answers each question by Python loops over every payload and every word: 1 s for 10 000 records, and as
long again to open its folder. From arrays the same answer takes milliseconds, and needs neither folder nor lock.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from omni.adapters.blas import one_thread
from omni.adapters.qdrant.points import has_meaning, indexed_text, precedent_of, record_of, searchable_text
from omni.adapters.qdrant.reading import Search, Selection
from omni.adapters.qdrant.store import Point, Store
from omni.adapters.qdrant.words import Words
from omni.contracts import Precedent
from omni.ports import MemoryRecord

_RANK = 2
"""Constant of the fusion by rank, as Qdrant has it: the first of a half gives 1/2, the second 1/3."""

Rows = NDArray[np.int64]
Vector = NDArray[np.float32]


class Snapshot:
    """Fulfils ``Reader``; never changes, so that threads and forks may share it."""

    def __init__(self, records: Sequence[MemoryRecord], vectors: Sequence[Vector | None]) -> None:
        self._records = tuple(records)
        self._has_vector = np.array([vector is not None for vector in vectors], bool)
        self._vectors = np.array([vector for vector in vectors if vector is not None], np.float32)
        self._vector_rows = np.flatnonzero(self._has_vector)
        self._workspaces = _Column([record.workspace for record in records])
        self._kinds = _Column([record.kind for record in records])
        self._strategies = _Column([record.strategy_id for record in records])
        self._words: Words | None = None

    @classmethod
    def of(cls, store: Store, vector: str) -> "Snapshot":
        """Read everything, with one vector of each point."""
        told = {one.id: (record_of(one.id, one.payload), _vector_of(one, vector)) for one in store.every(vector)}
        ordered = [told[key] for key in sorted(told)]
        return cls([record for record, _ in ordered], [meaning for _, meaning in ordered])

    def search(self, asked: Search) -> list[Precedent]:
        scope = self._workspaces.are(asked.workspace) & self._kinds.are(*asked.kinds)
        scope &= ~self._strategies.are(*asked.except_strategies)
        halves = [self._by_words(asked, scope)]
        if asked.vector is not None and len(self._vectors):
            halves.append(self._by_meaning(asked.vector, asked.depth, scope))
        return [precedent_of(self._records[row], score) for row, score in _fused(halves).items()]

    def records(self, wanted: Selection) -> Iterator[MemoryRecord]:
        for record in self._records:
            if _is_wanted(record, wanted):
                yield record

    def without_meaning(self) -> Iterator[MemoryRecord]:
        for record, has_vector in zip(self._records, self._has_vector, strict=True):
            if has_meaning(record) and not has_vector:
                yield record

    def _by_words(self, asked: Search, scope: NDArray[np.bool_]) -> Rows:
        if self._words is None:  # not before the first search: it is half of the work
            self._words = Words([indexed_text(searchable_text(record)) for record in self._records])
        scores = self._words.scores(indexed_text(asked.question))
        scores[~scope] = 0
        return _best(scores, np.flatnonzero(scores > 0), asked.depth)

    def _by_meaning(self, vector: list[float], depth: int, scope: NDArray[np.bool_]) -> Rows:
        scores = np.full(len(self._records), -np.inf)
        with one_thread():
            scores[self._vector_rows] = self._vectors @ np.array(vector, np.float32)
        return _best(scores, np.flatnonzero(scope & self._has_vector), depth)


class _Column:
    """A text for each row, compared as numbers."""

    def __init__(self, values: Sequence[str]) -> None:
        self._codes: dict[str, int] = {}
        self._rows = np.array([self._codes.setdefault(value, len(self._codes)) for value in values], np.int64)

    def are(self, *values: str) -> NDArray[np.bool_]:
        """Tell of each row whether it has one of these values."""
        return np.isin(self._rows, [self._codes.get(value, -1) for value in values])


def _vector_of(point: Point, name: str) -> Vector | None:
    vector = point.vectors.get(name)
    return None if vector is None else np.array(vector, np.float32)


def _best(scores: NDArray[np.float64], rows: Rows, count: int) -> Rows:
    """Return the rows with the highest scores, best first, equal ones in their order: that of their ids."""
    if len(rows) > count:
        least = np.partition(scores[rows], len(rows) - count)[len(rows) - count]
        rows = rows[scores[rows] >= least]
    return rows[np.argsort(-scores[rows], kind="stable")][:count]


def _fused(halves: Sequence[Rows]) -> dict[int, float]:
    """Return the score of each row: high for what stands high in one ranking, higher for what does so in both."""
    scores: dict[int, float] = defaultdict(float)
    for rows in halves:
        for rank, row in enumerate(rows.tolist()):
            scores[row] += 1 / (rank + _RANK)
    return scores


def _is_wanted(record: MemoryRecord, wanted: Selection) -> bool:
    return (
        wanted.workspace in {None, record.workspace}
        and wanted.source_sha256 in {None, record.source_sha256}
        and (not wanted.kinds or record.kind in wanted.kinds)
    )
