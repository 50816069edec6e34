"""Keep and find records in a Qdrant collection."""

import os
import re
import threading
from collections import defaultdict
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from omni.adapters.qdrant.homes import Disk, Home, refusals
from omni.adapters.qdrant.points import has_meaning, point_of, precedent_of, searchable_text
from omni.adapters.qdrant.reading import Reader, Search, Selection
from omni.adapters.qdrant.store import Standing, Store
from omni.adapters.qdrant.upkeep import add_vectors, born
from omni.contracts import Precedent, Warnings
from omni.ports import Holdings, MemoryRecord, Progress
from omni.ports.model import Embedder

_PRECEDENTS = ("strategy", "clip")

_REINDEXED = 256
"""Records of one step of a reindex: some 20 s of work for MiniLM, so that little is lost when it is stopped."""

_REMEDY = "`omni memory reindex` lets it be found by its meaning again"


class _Held(NamedTuple):
    stamp: str
    reader: Reader


class QdrantMemory:
    """Fulfils the port ``Memory``; raises MemoryLocked and MemoryUnavailable, and holds nothing open between calls.

    Each embedder has its own named vector. When another one takes over, the first ``keep`` adds its vector to the
    collection; older records lack it and are found by their words (BM25) until ``reindex`` has given it to them.

    What a folder holds is laid out for reading once and answered from for as long as its stamp stays the same: readers
    wait for a writer only when something is new. A server is asked each time.
    """

    def __init__(self, home: Home, embedder: Embedder) -> None:
        self._home = home
        self._embedder = embedder
        self._vector = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", embedder.name)  # what Qdrant refuses in a vector's name
        self._session = threading.local()
        self._held: _Held | None = None

    @classmethod
    def on_disk(cls, folder: Path, embedder: Embedder, lock_seconds: float) -> "QdrantMemory":
        """Use a folder, waiting at most ``lock_seconds`` for its turn. Its points are pickles: never a foreign folder."""
        return cls(Disk(folder, lock_seconds), embedder)

    @classmethod
    def on_server(cls, url: str, api_key: str | None, embedder: Embedder) -> "QdrantMemory":
        """Use a server that knows BM25 over a text index (as client 1.20 does); a URL without a port means 6333."""
        from omni.adapters.qdrant.places import Server  # noqa: PLC0415  # 2 s of processor time, which a folder needn't pay

        return cls(Server(url, api_key), embedder)

    @classmethod
    def in_memory(cls, embedder: Embedder) -> "QdrantMemory":
        """Use RAM; gone with the object."""
        from omni.adapters.qdrant.places import Ram  # noqa: PLC0415  # as above

        return cls(Ram(), embedder)

    @property
    def engine(self) -> str:
        return f"qdrant:{self._home.name}+{self._embedder.name}"

    @contextmanager
    def session(self) -> Generator[None]:
        """Open once for all calls of this thread inside the block; on disk, every other writer waits meanwhile."""
        self._home.equip()
        with ExitStack() as stack:
            with self._home.translated():
                stack.enter_context(self._open())
            yield

    def keep(self, records: Sequence[MemoryRecord], *, by_meaning: bool = True) -> Warnings:
        if not records:
            return ()
        meanings = self._meanings_of(records) if by_meaning else {}
        with self._changing() as (store, before):
            known, now = born(store, records), datetime.now(UTC)
            points = [
                point_of(record, self._vectors(record, meanings), self._embedder.name, known.get(record.id), now)
                for record in records
            ]
            with refusals(self._home):
                store.upsert(points)
        if before.points and self._vector not in before.vectors:
            return (f"What was remembered before {self._embedder.name} is found by its words only; {_REMEDY}.",)
        return ()

    def search(
        self,
        workspace: str,
        question: str,
        *,
        limit: int,
        kinds: Sequence[str] = _PRECEDENTS,
        except_strategies: Collection[str] = (),
        by_meaning: bool = True,
    ) -> tuple[Precedent, ...]:
        if limit < 1 or not question.strip() or not self._home.exists():
            return ()
        vector = self._embedder.embed([question])[0] if by_meaning else None
        asked = Search(workspace, question, tuple(kinds), limit, frozenset(except_strategies), vector)
        with self._home.translated(), self._reader() as reader:
            found = reader.search(asked)
        answers = [answer.model_copy(update={"score": round(answer.score, 4)}) for answer in found]
        return tuple(sorted(answers, key=lambda answer: (-answer.score, answer.id))[:limit])

    def of_source(self, workspace: str, source_sha256: str) -> tuple[Precedent, ...]:
        found = self._records(Selection(workspace, source_sha256, ("clip",)))
        clips = [precedent_of(record, 0.0) for record in found]
        return tuple(sorted(clips, key=lambda clip: (clip.span.start if clip.span else 0.0, clip.id)))

    def records(self, workspace: str | None = None, *kinds: str) -> Iterator[MemoryRecord]:
        yield from self._records(Selection(workspace=workspace, kinds=kinds))

    def forget(self, ids: Sequence[str]) -> None:
        if not self._home.exists():
            return
        with self._home.translated(), self._open() as store:
            if ids:
                self._home.changes()
                store.delete(ids)
            self._home.scrub()  # without ids too: what was forgotten by a process that was killed before this

    def reindex(self, on_progress: Progress | None = None) -> int:
        done = 0
        while missing := self._without_meaning():
            given = 0
            for first in range(0, len(missing), _REINDEXED):
                given += self._give_meaning(missing[first : first + _REINDEXED])
                if on_progress:
                    on_progress(min(1.0, (first + _REINDEXED) / len(missing)))
            if not given:
                break  # what is left was changed or deleted while it was embedded
            done += given
        return done

    def holdings(self) -> Holdings:
        if not self._home.exists():
            return Holdings(engine=self.engine, where=self._home.where)
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        with self._home.translated(), self._open() as store, self._reader() as reader:
            for record in reader.records(Selection()):
                counts[record.workspace][record.kind] += 1
            missing = sum(1 for _ in reader.without_meaning())
            there = store.standing()
            collection = store.behind_alias() if there else ""
        return Holdings(
            engine=self.engine,
            where=self._home.where,
            collection=collection,
            alias=there.name if there else "",
            vectors=tuple(sorted(there.vectors)) if there else (),
            counts=counts,
            without_meaning=missing,
            most=self._home.most,
        )

    def _meanings_of(self, records: Sequence[MemoryRecord]) -> dict[str, list[float]]:
        """Embed the records that have a meaning; no turn is taken for it."""
        embedded = [record for record in records if has_meaning(record)]
        vectors = self._embedder.embed([searchable_text(record) for record in embedded]) if embedded else []
        return {record.id: vector for record, vector in zip(embedded, vectors, strict=True)}

    def _vectors(self, record: MemoryRecord, meanings: Mapping[str, list[float]]) -> dict[str, list[float]]:
        return {self._vector: meanings[record.id]} if record.id in meanings else {}

    def _give_meaning(self, records: Sequence[MemoryRecord]) -> int:
        meanings = self._meanings_of(records)
        with self._changing() as (store, _), refusals(self._home):
            return add_vectors(store, self._vector, records, meanings)

    def _records(self, wanted: Selection) -> list[MemoryRecord]:
        if not self._home.exists():
            return []
        with self._home.translated(), self._reader() as reader:
            return list(reader.records(wanted))

    def _without_meaning(self) -> list[MemoryRecord]:
        if not self._home.exists():
            return []
        with self._home.translated(), self._reader() as reader:
            return list(reader.without_meaning())

    @contextmanager
    def _changing(self) -> Generator[tuple[Store, Standing]]:
        """Own the place, made ready, to change what it keeps; yield it and how the collection stood before."""
        self._home.equip()
        with self._home.translated(), self._open() as store:
            self._home.changes()
            yield store, store.prepare(self._vector, self._embedder.dimensions)

    @contextmanager
    def _reader(self) -> Generator[Reader]:
        """Yield who answers: what is laid out while its stamp is that of the place, else the place itself."""
        stamp = self._home.stamp()
        if stamp is None:
            with self._open() as store:
                yield store.reader(self._vector)
        else:
            yield self._laid_out(stamp)

    def _laid_out(self, stamp: str) -> Reader:
        held = self._held
        if held is not None and held.stamp == stamp:
            return held.reader
        with self._open() as store:
            stamp = self._home.stamp() or ""
            held = self._held  # a thread that had the turn before may have laid it out meanwhile
            if held is None or held.stamp != stamp:
                self._held = held = _Held(stamp, store.reader(self._vector))
        return held.reader

    @contextmanager
    def _open(self) -> Generator[Store]:
        """Yield what this thread's session has open, or what is open for as long as the block."""
        process, store = getattr(self._session, "store", (0, None))
        if store is not None and process == os.getpid():  # never one from before a fork
            yield store
            return
        with self._home.open() as store:
            self._session.store = (os.getpid(), store)
            try:
                yield store
            finally:
                del self._session.store
