"""Changing what is kept beside keeping more: giving it another meaning, and when it was first kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from omni.adapters.qdrant.points import record_of
from omni.adapters.qdrant.store import Store
from omni.ports import MemoryRecord


def born(store: Store, records: Sequence[MemoryRecord]) -> dict[str, datetime]:
    """Return when records were first kept, by id, of those that are there."""
    found = store.get([record.id for record in records])
    times = {point.id: point.payload.get("created_at") for point in found}
    return {key: datetime.fromisoformat(time) for key, time in times.items() if time}


def add_vectors(store: Store, vector: str, records: Sequence[MemoryRecord], meanings: Mapping[str, list[float]]) -> int:
    """Give records their meaning, but for those that changed, went, or got one since they were read; return how many."""
    found = store.get([record.id for record in records])
    as_read = {record.id: record for record in records}
    same = {one.id for one in found if record_of(one.id, one.payload) == as_read[one.id]}
    if same:
        store.add_vectors(vector, {key: meanings[key] for key in same})
    return len(same)
