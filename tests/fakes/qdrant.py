"""A memory without Qdrant, and its bad days."""

import re
from collections.abc import Collection, Iterator, Sequence

from omni.contracts import Precedent
from omni.errors import MemoryLocked, MemoryUnavailable, RecordsRefused
from omni.errors.models import ModelError, ModelUnreachable
from omni.ports import Holdings, MemoryRecord, Progress

LOCKED = MemoryLocked(path="/home/someone/memory", seconds=60.0, holder="Process 4711")
UNAVAILABLE = MemoryUnavailable(where="http://qdrant:6333", reason="ConnectError: Connection refused")
REFUSED = RecordsRefused(where="http://qdrant:6333", reason="HTTP 400 Bad Request")
EMBEDDER_AWAY = ModelUnreachable(model="gemini-embedding-2", reason="ConnectError", tries=4)


class FakeMemory:
    """Fulfils the port ``Memory`` with a dict and the count of shared words.

    ``failing`` is raised by the first ``failures`` calls, or by all of them; a ModelError only where the embedder is asked.
    """

    def __init__(
        self,
        records: Sequence[MemoryRecord] = (),
        *,
        failing: Exception | None = None,
        failures: int | None = None,
        engine: str = "fake:dict",
    ) -> None:
        self.engine = engine
        self.kept = {record.id: record for record in records}
        self.questions: list[str] = []
        self._failing = failing
        self._failures_left = failures

    def keep(self, records: Sequence[MemoryRecord], *, by_meaning: bool = True) -> tuple[str, ...]:
        self._may_fail(by_meaning=by_meaning)
        self.kept.update({record.id: record for record in records})
        return ()

    def search(
        self,
        workspace: str,
        question: str,
        *,
        limit: int,
        kinds: Sequence[str] = ("strategy", "clip"),
        except_strategies: Collection[str] = (),
        by_meaning: bool = True,
    ) -> tuple[Precedent, ...]:
        self._may_fail(by_meaning=by_meaning)
        self.questions.append(question)
        asked = _words(question)
        scored = [
            _precedent(record, len(asked & _words(f"{record.title} {record.text}")))
            for record in self.kept.values()
            if record.workspace == workspace and record.kind in kinds and record.strategy_id not in except_strategies
        ]
        best = sorted((p for p in scored if p.score > 0), key=lambda p: (-p.score, p.id))
        return tuple(best[: max(0, limit)])

    def of_source(self, workspace: str, source_sha256: str) -> tuple[Precedent, ...]:
        self._may_fail(by_meaning=False)
        clips = [
            _precedent(record, 0)
            for record in self.kept.values()
            if (record.workspace, record.kind, record.source_sha256) == (workspace, "clip", source_sha256)
        ]
        return tuple(sorted(clips, key=lambda p: (p.span.start if p.span else 0.0, p.id)))

    def records(self, workspace: str | None = None, *kinds: str) -> Iterator[MemoryRecord]:
        self._may_fail(by_meaning=False)
        for record in list(self.kept.values()):
            if workspace in {None, record.workspace} and (not kinds or record.kind in kinds):
                yield record

    def forget(self, ids: Sequence[str]) -> None:
        self._may_fail(by_meaning=False)
        for key in ids:
            self.kept.pop(key, None)

    def reindex(self, on_progress: Progress | None = None) -> int:
        self._may_fail(by_meaning=True)
        return 0

    def holdings(self) -> Holdings:
        counts: dict[str, dict[str, int]] = {}
        for record in self.kept.values():
            of_workspace = counts.setdefault(record.workspace, {})
            of_workspace[record.kind] = of_workspace.get(record.kind, 0) + 1
        return Holdings(engine=self.engine, where="a dict", counts=counts)

    def _may_fail(self, *, by_meaning: bool) -> None:
        if self._failing is None or self._failures_left == 0:
            return
        if isinstance(self._failing, ModelError) and not by_meaning:
            return
        if self._failures_left is not None:
            self._failures_left -= 1
        raise self._failing


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _precedent(record: MemoryRecord, score: float) -> Precedent:
    own = record.model_dump(include=set(Precedent.model_fields))
    return Precedent.model_validate(own | {"score": score})
