"""Keep and find records in a Qdrant collection."""

import os
import re
import threading
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from qdrant_client import QdrantClient, models

from omni.adapters.qdrant.collection import (
    COLLECTION,
    SEARCHABLE,
    indexed_text,
    info_of,
    is_empty,
    is_equal,
    point_of,
    precedent_of,
    prepare,
    record_of,
    scope_of,
    searchable_text,
    vectors_of,
)
from omni.adapters.qdrant.homes import Disk, Home, Ram, Server, translated
from omni.contracts import Precedent
from omni.ports import MemoryRecord
from omni.ports.model import Embedder

_CANDIDATES = 50
"""Points that each half of a hybrid search contributes: deep enough for the two to meet in the first ten."""

_PAGE = 256
"""Points of a scroll request."""


class QdrantMemory:
    """Fulfils the port ``Memory``; raises MemoryLocked and MemoryUnavailable, and holds nothing open between calls.

    Each embedder has its own named vector. When another one takes over, the first ``keep`` adds its vector to the
    collection; older records lack it and are found by their words (BM25) until they are kept again.
    """

    def __init__(self, home: Home, embedder: Embedder) -> None:
        self._home = home
        self._embedder = embedder
        self._vector = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", embedder.name)  # what Qdrant refuses in a vector's name
        self._session = threading.local()

    @classmethod
    def on_disk(cls, folder: Path, embedder: Embedder, lock_seconds: float) -> "QdrantMemory":
        """Use a folder, waiting at most ``lock_seconds`` for its turn. Its points are pickles: never a foreign folder."""
        return cls(Disk(folder, lock_seconds), embedder)

    @classmethod
    def on_server(cls, url: str, api_key: str | None, embedder: Embedder) -> "QdrantMemory":
        """Use a server that knows BM25 over a text index (as client 1.20 does); a URL without a port means 6333."""
        return cls(Server(url, api_key), embedder)

    @classmethod
    def in_memory(cls, embedder: Embedder) -> "QdrantMemory":
        """Use RAM; gone with the object."""
        return cls(Ram(), embedder)

    @property
    def engine(self) -> str:
        return f"qdrant:{self._home.name}+{self._embedder.name}"

    @contextmanager
    def session(self) -> Generator[None]:
        """Open once for all calls of this thread inside the block; on disk, every other owner waits meanwhile."""
        with ExitStack() as stack:
            with translated(self._home):
                stack.enter_context(self._open())
            yield

    def keep(self, records: Sequence[MemoryRecord], *, by_meaning: bool = True) -> None:
        if not records:
            return
        vectors: list[dict[str, list[float]]] = [{} for _ in records]
        if by_meaning:
            meanings = self._embedder.embed([searchable_text(record) for record in records])
            vectors = [{self._vector: meaning} for meaning in meanings]
        points = [
            point_of(record, vector, self._embedder.name) for record, vector in zip(records, vectors, strict=True)
        ]
        with translated(self._home), self._open() as client:
            prepare(client, self._vector, self._embedder.dimensions, self._home.indexes)
            client.upsert(COLLECTION, points, wait=True)

    def search(
        self,
        workspace: str,
        question: str,
        *,
        limit: int,
        except_strategies: Collection[str] = (),
        by_meaning: bool = True,
    ) -> tuple[Precedent, ...]:
        if limit < 1 or not question.strip() or not self._home.exists():
            return ()
        vector = self._embedder.embed([question])[0] if by_meaning else None
        scope, depth = scope_of(workspace, except_strategies), max(_CANDIDATES, limit)
        words = models.TextQuery(text=indexed_text(question))
        halves = [models.Prefetch(query=words, using=SEARCHABLE, filter=scope, limit=depth)]
        fusion = models.FusionQuery(fusion=models.Fusion.RRF)
        with translated(self._home), self._open() as client:
            info = info_of(client)
            if is_empty(info):
                return ()
            if vector is not None and self._vector in vectors_of(info):
                halves.append(models.Prefetch(query=vector, using=self._vector, filter=scope, limit=depth))
            found = client.query_points(COLLECTION, prefetch=halves, query=fusion, query_filter=scope, limit=2 * depth)
        answers = [precedent_of(point, round(point.score, 4)) for point in found.points]
        return tuple(sorted(answers, key=lambda answer: (-answer.score, answer.id))[:limit])

    def of_source(self, workspace: str, source_sha256: str) -> tuple[Precedent, ...]:
        if not self._home.exists():
            return ()
        wanted = [is_equal("workspace", workspace), is_equal("kind", "clip"), is_equal("source_sha256", source_sha256)]
        with translated(self._home), self._open() as client:
            clips = [precedent_of(record, 0.0) for record in _all(client, models.Filter(must=[*wanted]))]
        return tuple(sorted(clips, key=lambda clip: (clip.span.start if clip.span else 0.0, clip.id)))

    def records(self, workspace: str | None = None, *kinds: str) -> Iterator[MemoryRecord]:
        if not self._home.exists():
            return
        wanted = [is_equal("workspace", workspace)] if workspace is not None else []
        wanted += [models.FieldCondition(key="kind", match=models.MatchAny(any=list(kinds)))] if kinds else []
        with translated(self._home), self._open() as client:
            found = [record_of(point) for point in _all(client, models.Filter(must=[*wanted]))]
        yield from found

    @contextmanager
    def _open(self) -> Generator[QdrantClient]:
        """Yield the client of this thread's session, or one that lives as long as the block."""
        process, client = getattr(self._session, "client", (0, None))
        if client is not None and process == os.getpid():  # never a client from before a fork
            yield client
            return
        with self._home.open() as client:
            self._session.client = (os.getpid(), client)
            try:
                yield client
            finally:
                del self._session.client


def _all(client: QdrantClient, wanted: models.Filter) -> Iterator[models.Record]:
    """Yield every record that the filter lets through, page by page."""
    if is_empty(info_of(client)):
        return
    page = None
    while True:
        records, page = client.scroll(COLLECTION, scroll_filter=wanted, limit=_PAGE, offset=page)
        yield from records
        if page is None:
            return
