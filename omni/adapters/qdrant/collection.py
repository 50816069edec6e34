"""The collection's shape: its names, indexes, points and filters."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from omni.contracts import Precedent
from omni.ports import MemoryRecord

COLLECTION = "omni_v1"

SEARCHABLE = "searchable"
"""Payload key under the BM25 index: title and text in one, see :func:`indexed_text`."""

_SCHEMA = 1
"""Of the payload; raise it when a key changes its meaning, and read the older ones too."""

_KINDS = ["strategy", "clip"]
"""What a :class:`Precedent` can be; records of other kinds are kept, and not answered."""

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Kana and Han: the index's tokenizer takes a whole clause of them for one word."""

Indexes = Mapping[str, models.PayloadFieldSchema]

LOCAL_INDEXES: Indexes = {
    SEARCHABLE: models.TextIndexParams(
        type=models.TextIndexType.TEXT, scoring=models.TextScoringParams(type=models.TextScoringType.BM25)
    )
}
"""The local Qdrant serves BM25 from this one and warns about any other."""

SERVER_INDEXES: Indexes = {
    **LOCAL_INDEXES,
    "workspace": models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True),
    "kind": models.PayloadSchemaType.KEYWORD,
    "strategy_id": models.PayloadSchemaType.KEYWORD,
    "source_sha256": models.PayloadSchemaType.KEYWORD,
}


def prepare(client: QdrantClient, vector: str, size: int, indexes: Indexes) -> None:
    """Make the collection, its indexes and the embedder's vector where they are missing; many may do so at once."""
    info = info_of(client)
    if info is None:
        try:
            shape = models.VectorParams(size=size, distance=models.Distance.COSINE)
            client.create_collection(COLLECTION, vectors_config={vector: shape})
        except (ValueError, UnexpectedResponse) as error:
            if not _says_it_exists(error):
                raise
        info = client.get_collection(COLLECTION)
    for key, schema in indexes.items():
        if key not in info.payload_schema:
            client.create_payload_index(COLLECTION, key, field_schema=schema, wait=True)
    if vector not in vectors_of(info):
        dense = models.DenseVectorConfig(size=size, distance=models.Distance.COSINE)
        client.create_vector_name(COLLECTION, vector, models.DenseVectorNameConfig(dense=dense))


def info_of(client: QdrantClient) -> models.CollectionInfo | None:
    """Return what is known about the collection, or ``None`` before it is made."""
    return client.get_collection(COLLECTION) if client.collection_exists(COLLECTION) else None


def is_empty(info: models.CollectionInfo | None) -> bool:
    """Tell whether there is nothing to read; a collection whose maker was killed may lack the index of a query too."""
    return info is None or info.points_count == 0


def vectors_of(info: models.CollectionInfo | None) -> frozenset[str]:
    """Return the names of the collection's vectors."""
    vectors = info.config.params.vectors if info else None
    return frozenset(vectors) if isinstance(vectors, dict) else frozenset()


def searchable_text(record: MemoryRecord) -> str:
    """Return what is embedded and indexed of a record."""
    return f"{record.title}\n{record.text}"


def indexed_text(text: str) -> str:
    """Return the text as the BM25 index and its queries get it: signs that are not parted by blanks stand alone."""
    return _UNSPACED.sub(r" \g<0> ", text)


def point_of(record: MemoryRecord, vectors: Mapping[str, list[float]], embedder: str) -> models.PointStruct:
    """Return the point of a record; what only some kinds carry stands under ``extra``."""
    payload = record.model_dump(mode="json", exclude={"id", "payload"})
    payload |= {"schema": _SCHEMA, "embedder": embedder, "extra": record.payload}
    payload[SEARCHABLE] = indexed_text(searchable_text(record))
    return models.PointStruct(id=record.id, vector=dict(vectors), payload=payload)


def precedent_of(point: models.Record | models.ScoredPoint, score: float) -> Precedent:
    """Return the record as it is answered; keys that a later version added are ignored."""
    known: dict[str, Any] = {k: v for k, v in (point.payload or {}).items() if k in Precedent.model_fields}
    return Precedent.model_validate({**known, "id": str(point.id), "score": score})


def record_of(point: models.Record) -> MemoryRecord:
    """Return the record as it was kept."""
    payload = point.payload or {}
    known: dict[str, Any] = {key: payload[key] for key in MemoryRecord.model_fields if key in payload}
    return MemoryRecord.model_validate({**known, "id": str(point.id), "payload": payload.get("extra", {})})


def scope_of(workspace: str, except_strategies: Collection[str]) -> models.Filter:
    """Return the filter of every part of a search: one workspace, and only what can be a precedent."""
    kinds = models.FieldCondition(key="kind", match=models.MatchAny(any=_KINDS))
    left_out = models.FieldCondition(key="strategy_id", match=models.MatchAny(any=sorted(except_strategies)))
    must_not = [left_out] if except_strategies else []
    return models.Filter(must=[is_equal("workspace", workspace), kinds], must_not=[*must_not])


def is_equal(key: str, value: str) -> models.FieldCondition:
    """Return the condition that a payload key has exactly this value."""
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))


def _says_it_exists(error: ValueError | UnexpectedResponse) -> bool:
    """Tell whether another one was faster: a server answers 409, the local Qdrant a ValueError."""
    return getattr(error, "status_code", None) == 409 or "already exists" in str(error)
