"""Changing what is kept beside keeping more: forgetting it, giving it another meaning, and what it came from."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from qdrant_client import QdrantClient, models

from omni.adapters.qdrant.collection import lacks, standing
from omni.adapters.qdrant.points import record_of
from omni.ports import MemoryRecord


def born(client: QdrantClient, name: str, records: Sequence[MemoryRecord]) -> dict[str, datetime]:
    """Return when records were first kept, by id, of those that are there."""
    found = client.retrieve(name, [record.id for record in records], with_payload=["created_at"])
    times = {str(point.id): (point.payload or {}).get("created_at") for point in found}
    return {key: datetime.fromisoformat(time) for key, time in times.items() if time}


def delete(client: QdrantClient, ids: Sequence[str]) -> None:
    """Delete points, as far as they are there."""
    there = standing(client)
    if there is not None and ids:
        client.delete(there.name, models.PointIdsList(points=[*ids]), wait=True)


def add_vectors(
    client: QdrantClient,
    name: str,
    vector: str,
    records: Sequence[MemoryRecord],
    meanings: Mapping[str, list[float]],
) -> int:
    """Give records their meaning, but for those that changed, went, or got one since they were read; return how many."""
    found = client.retrieve(name, [record.id for record in records])
    as_read = {record.id: record for record in records}
    same = [str(point.id) for point in found if record_of(point) == as_read[str(point.id)]]
    if same:
        points = [models.PointVectors(id=key, vector={vector: meanings[key]}) for key in same]
        client.update_vectors(name, points, wait=True, update_filter=lacks(vector))
    return len(same)
