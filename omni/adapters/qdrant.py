"""Qdrant behind the port ``Memory``: a folder on this machine with one owner at a time, a server, or RAM for tests."""

import json
import os
import pickle
import re
import sqlite3
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from omni.contracts import Precedent
from omni.errors import MemoryLocked, MemoryUnavailable
from omni.ports import Embedder, MemoryRecord

COLLECTION = "omni_v1"

SCHEMA = 1
"""Of the payload; raise it when a key changes its meaning, and read the older ones too."""

_KINDS = ["strategy", "clip"]
"""What a :class:`Precedent` can be; records of other kinds are kept, and not answered."""

_WORDS_KEY = "searchable"
"""Payload key under the BM25 index: title and text in one."""

_CANDIDATES = 50
"""Points that each half of the hybrid search contributes: enough for the fusion to agree on the first ten."""

_PAGE = 256
"""Points of a scroll request."""

_SERVER_SECONDS = 10
"""Time-out of one request; an upsert of a job's dozen points takes milliseconds."""

_POLL_SECONDS = 0.02
"""Between two tries for the file lock; a turn lasts about as long."""


class QdrantMemory:
    """Fulfils the port ``Memory``. Raises MemoryLocked and MemoryUnavailable, both transient, and keeps no connection open.

    Each embedder has its own named vector. When another one takes over, the first ``keep`` adds its vector to the
    collection; older records have none and are found by their words (BM25) until they are kept again.
    """

    def __init__(self, home: "_Home", embedder: Embedder) -> None:
        self._home = home
        self._embedder = embedder
        self._vector = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", embedder.name)  # what the server refuses in a name

    @classmethod
    def on_disk(cls, folder: Path, embedder: Embedder, lock_seconds: float) -> "QdrantMemory":
        """Use a folder that processes take turns to own, waiting at most ``lock_seconds``; its points are pickles: trust it."""
        return cls(_Disk(folder, lock_seconds), embedder)

    @classmethod
    def on_server(cls, url: str, api_key: str | None, embedder: Embedder) -> "QdrantMemory":
        """Use a server (1.17 or newer for BM25); without a port in the URL, 6333."""
        return cls(_Server(url, api_key), embedder)

    @classmethod
    def in_memory(cls, embedder: Embedder) -> "QdrantMemory":
        """Use RAM; gone with the object."""
        return cls(_Ram(), embedder)

    @property
    def engine(self) -> str:
        return f"qdrant:{self._home.name}+{self._embedder.name}"

    @contextmanager
    def session(self) -> Iterator[None]:
        """Keep the memory open for the calls of this thread inside the block; on disk all others wait meanwhile."""
        with ExitStack() as stack:
            with _translated(self._home):
                stack.enter_context(self._home.open())
            yield

    def keep(self, records: Sequence[MemoryRecord]) -> None:
        if not records:
            return
        vectors = self._embedder.embed([_searchable(record) for record in records])
        points = [self._point(record, vector) for record, vector in zip(records, vectors, strict=True)]
        with _translated(self._home), self._home.open() as client:
            self._prepare(client)
            client.upsert(COLLECTION, points, wait=True)

    def search(
        self, workspace: str, question: str, *, limit: int, except_strategy: str | None = None
    ) -> tuple[Precedent, ...]:
        if limit < 1 or not question.strip():
            return ()
        vector = self._embedder.embed([question])[0]
        scope = _scope(workspace, except_strategy)
        depth = max(_CANDIDATES, limit)
        halves = [models.Prefetch(query=models.TextQuery(text=question), using=_WORDS_KEY, filter=scope, limit=depth)]
        with _translated(self._home), self._home.open() as client:
            if (known := _vector_names(client)) is None:
                return ()
            if self._vector in known:
                halves.append(models.Prefetch(query=vector, using=self._vector, filter=scope, limit=depth))
            fusion = models.FusionQuery(fusion=models.Fusion.RRF)
            found = client.query_points(COLLECTION, prefetch=halves, query=fusion, query_filter=scope, limit=2 * depth)
        ranked = sorted((-round(point.score, 4), str(point.id), point.payload) for point in found.points)
        return tuple(_precedent(point_id, payload, -score) for score, point_id, payload in ranked[:limit])

    def of_source(self, workspace: str, source_sha256: str) -> tuple[Precedent, ...]:
        scope = models.Filter(must=[_equals("workspace", workspace), _equals("kind", "clip"),
                                    _equals("source_sha256", source_sha256)])
        found: list[models.Record] = []
        with _translated(self._home), self._home.open() as client:
            if _vector_names(client) is None:
                return ()
            page: Any = None
            while page is not None or not found:
                records, page = client.scroll(COLLECTION, scroll_filter=scope, limit=_PAGE, offset=page)
                found.extend(records)
                if page is None:
                    break
        clips = (_precedent(str(record.id), record.payload, 0.0) for record in found)
        return tuple(sorted(clips, key=lambda clip: (clip.span.start if clip.span else 0.0, clip.id)))
