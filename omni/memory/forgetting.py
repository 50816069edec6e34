"""Forgetting a source or a workspace: everything that belongs to it, wherever it lies."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from omni.errors import NotForgotten
from omni.memory.outbox import Outbox
from omni.ports import Memory, MemoryRecord


@dataclass(frozen=True)
class Doomed:
    """What is to be forgotten: a workspace, a source, or a source in a workspace."""

    workspace: str | None
    source_sha256: str | None

    def strategies(self, records: Iterable[MemoryRecord]) -> frozenset[str]:
        """Return the strategies of the source: what belongs to them does so too, even where it doesn't name the source."""
        return frozenset(record.strategy_id for record in records if record.source_sha256 == self.source_sha256)

    def holds(self, record: MemoryRecord, strategies: Collection[str]) -> bool:
        """Tell whether a record is to be forgotten."""
        is_of_source = self.source_sha256 in {None, record.source_sha256} or record.strategy_id in strategies
        return is_of_source and self.workspace in {None, record.workspace}


def doomed_ids(memory: Memory, outbox: Outbox, doomed: Doomed) -> tuple[str, ...]:
    """Return the ids of all records that would be forgotten; raises MemoryLocked or MemoryUnavailable."""
    records = [*memory.records(doomed.workspace), *outbox.records()]
    strategies = doomed.strategies(records)
    return tuple({record.id: None for record in records if doomed.holds(record, strategies)})


def forget(memory: Memory, outbox: Outbox, doomed: Doomed) -> int:
    """Forget it, look again, and return how many records it was; raises NotForgotten, MemoryLocked or MemoryUnavailable."""
    strategies = doomed.strategies((*memory.records(doomed.workspace), *outbox.records()))
    ids = doomed_ids(memory, outbox, doomed)
    outbox.forget(lambda record: doomed.holds(record, strategies))
    memory.forget(ids)
    if left := doomed_ids(memory, outbox, doomed):
        raise NotForgotten(where=memory.engine, count=len(left))
    return len(ids)
