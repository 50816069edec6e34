"""The collection: its alias, its vectors and its indexes."""

from collections.abc import Iterable, Mapping

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from omni.adapters.qdrant.points import SEARCHABLE
from omni.adapters.qdrant.store import ALIAS, EARLIER, Standing

_FIRST = "omni_v2_1"
"""The collection that is made where there is none."""

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


def standing(client: QdrantClient) -> Standing | None:
    """Return the collection in use, or ``None`` before it is made."""
    return _found(client, ALIAS) or _found(client, EARLIER)


def behind_alias(client: QdrantClient) -> str:
    """Return the collection that the alias stands for; before there is one, that of an earlier version."""
    pairs = {pair.alias_name: pair.collection_name for pair in client.get_aliases().aliases}
    return pairs.get(ALIAS, EARLIER)


def prepare(client: QdrantClient, vector: str, size: int, indexes: Indexes) -> Standing:
    """Make collection, alias, indexes and the embedder's vector where they are missing, and return how it stood before.

    Many may do so at once: whatever another one was faster to make is as good.
    """
    before = _found(client, ALIAS) or _aliased(client, vector, size)
    lacking = {key: schema for key, schema in indexes.items() if key not in before.indexed}
    if lacking or vector not in before.vectors:
        name = behind_alias(client)  # a cluster may agree on another shape under the real name only
        for key, schema in lacking.items():
            client.create_payload_index(name, key, field_schema=schema, wait=True)
        if vector not in before.vectors:
            dense = models.DenseVectorConfig(size=size, distance=models.Distance.COSINE)
            client.create_vector_name(name, vector, models.DenseVectorNameConfig(dense=dense))
    return before


def is_equal(key: str, value: str) -> models.FieldCondition:
    """Return the condition that a payload key has exactly this value."""
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))


def is_any(key: str, values: Iterable[str]) -> models.FieldCondition:
    """Return the condition that a payload key has one of these values."""
    return models.FieldCondition(key=key, match=models.MatchAny(any=list(values)))


def lacks(vector: str) -> models.Filter:
    """Return the condition that a point has no vector of this name."""
    return models.Filter(must_not=[models.HasVectorCondition(has_vector=vector)])


def _found(client: QdrantClient, name: str) -> Standing | None:
    try:
        info = client.get_collection(name)
    except (ValueError, UnexpectedResponse) as error:
        if getattr(error, "status_code", None) == 404 or "not found" in str(error):
            return None
        raise
    vectors = info.config.params.vectors
    return Standing(
        name=name,
        points=info.points_count or 0,
        vectors=frozenset(vectors) if isinstance(vectors, dict) else frozenset(),
        indexed=frozenset(info.payload_schema),
    )


def _aliased(client: QdrantClient, vector: str, size: int) -> Standing:
    """Lay the alias onto the collection of an earlier version, or onto a new one."""
    name = EARLIER
    if _found(client, EARLIER) is None:
        name = _FIRST
        shape = models.VectorParams(size=size, distance=models.Distance.COSINE)
        try:
            client.create_collection(_FIRST, vectors_config={vector: shape})
        except (ValueError, UnexpectedResponse) as error:
            if not _says_it_exists(error):
                raise
    alias = models.CreateAlias(collection_name=name, alias_name=ALIAS)
    client.update_collection_aliases([models.CreateAliasOperation(create_alias=alias)])
    return _found(client, ALIAS) or Standing(ALIAS, 0, frozenset(), frozenset())


def _says_it_exists(error: ValueError | UnexpectedResponse) -> bool:
    """Tell whether another one was faster: a server answers 409, the local Qdrant a ValueError."""
    return getattr(error, "status_code", None) == 409 or "already exists" in str(error)
