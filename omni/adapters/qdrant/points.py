"""A record as a point of the collection, and back."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from omni.adapters.qdrant.store import Point, Vectors
from omni.contracts import Precedent
from omni.ports import MemoryRecord

SEARCHABLE = "searchable"
"""Payload key under the BM25 index: title and text in one, see :func:`indexed_text`."""

_SCHEMA = 2
"""Of the payload; raise it when a key changes its meaning, and read the older ones too.

1 had neither times nor posts, and less under ``extra``: it reads as a record of this one that lacks them.
"""

WITH_MEANING = frozenset({"strategy", "clip"})
"""Kinds that get a vector. A post says again what its clip says: its words are enough, at a sixth of the cost."""

_WITH_WORDS = WITH_MEANING | {"post"}
"""Kinds that a search can find; records of other kinds (outcomes) are kept, and found by what they belong to."""

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Kana and Han: the index's tokenizer takes a whole clause of them for one word."""


def has_meaning(record: MemoryRecord) -> bool:
    """Tell whether a record is embedded."""
    return record.kind in WITH_MEANING


def searchable_text(record: MemoryRecord) -> str:
    """Return what is embedded and indexed of a record; nothing of what no search shall find."""
    return f"{record.title}\n{record.text}" if record.kind in _WITH_WORDS else ""


def indexed_text(text: str) -> str:
    """Return the text as the BM25 index and its queries get it: signs that are not parted by blanks stand alone."""
    return _UNSPACED.sub(r" \g<0> ", text)


def point_of(record: MemoryRecord, vectors: Vectors, embedder: str, created: datetime | None, now: datetime) -> Point:
    """Return the point of a record, first kept at ``created``; what only its kind carries stands under ``extra``."""
    payload = record.model_dump(mode="json", exclude={"id", "payload"})
    payload |= {"schema": _SCHEMA, "embedder": embedder if vectors else None, "extra": record.payload}
    payload["created_at"] = (created or record.created_at or now).isoformat()
    payload["updated_at"] = (record.updated_at or now).isoformat()
    if text := searchable_text(record):
        payload[SEARCHABLE] = indexed_text(text)
    return Point(record.id, payload, vectors)


def record_of(point_id: str, payload: Mapping[str, Any]) -> MemoryRecord:
    """Return the record as it was kept; keys that a later version added are ignored."""
    known: dict[str, Any] = {key: payload[key] for key in MemoryRecord.model_fields if key in payload}
    return MemoryRecord.model_validate({**known, "id": point_id, "payload": payload.get("extra", {})})


def precedent_of(record: MemoryRecord, score: float) -> Precedent:
    """Return the record as it is answered."""
    return Precedent.model_validate({**record.model_dump(include=set(Precedent.model_fields)), "score": score})
