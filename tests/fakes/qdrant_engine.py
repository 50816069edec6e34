"""Qdrant's own engine (Qdrant Edge: the server's storage, indexes and search in a wheel) behind the REST calls that the adapter makes.

No Qdrant server can be had from a package registry; this is the nearest to one, and its ranking is the server's::

    uv run --with qdrant-edge-py python tests/fakes/qdrant_engine.py 16333 &
    QDRANT_URL=http://127.0.0.1:16333 uv run pytest -k server tests/adapters/test_qdrant_memory.py tests/adapters/test_qdrant_upkeep.py
"""

import json
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import qdrant_edge as edge

_DONE = {"operation_id": 0, "status": "completed"}

_CONFIG = {
    "hnsw_config": {"m": 16, "ef_construct": 100, "full_scan_threshold": 10_000},
    "optimizer_config": {
        "deleted_threshold": 0.2,
        "vacuum_min_vector_number": 1000,
        "default_segment_number": 1,
        "flush_interval_sec": 5,
    },
}
"""What a client wants told of a collection, and the adapter doesn't read."""


class _Answered(Exception):
    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status


class Engine:
    """Collections and aliases; a collection is a shard in a temporary folder."""

    def __init__(self) -> None:
        self._shards: dict[str, tuple[Any, dict[str, int]]] = {}
        self._aliases: dict[str, str] = {}

    def answer(self, method: str, path: str, body: dict[str, Any]) -> object:
        """Do what a request asks, and return its result."""
        if path == "/aliases":
            pairs = self._aliases.items()
            return {"aliases": [{"alias_name": alias, "collection_name": name} for alias, name in pairs]}
        if path == "/collections/aliases":
            made = [action["create_alias"] for action in body["actions"]]
            self._aliases |= {one["alias_name"]: one["collection_name"] for one in made}
            return True
        name, _, rest = path.removeprefix("/collections/").partition("/")
        if (method, rest) == ("PUT", ""):
            return self._create(name, {vector: shape["size"] for vector, shape in body["vectors"].items()})
        name = self._aliases.get(name, name)
        if name not in self._shards:
            raise _Answered(404, f"Not found: Collection `{name}` doesn't exist!")
        return _do(*self._shards[name], f"{method} {rest}", body)

    def _create(self, name: str, sizes: dict[str, int]) -> bool:
        if name in self._shards:
            raise _Answered(409, f"Wrong input: Collection `{name}` already exists!")
        shapes = {vector: edge.EdgeVectorParams(size, edge.Distance.Cosine) for vector, size in sizes.items()}
        folder = tempfile.mkdtemp(prefix="qdrant-edge-")
        self._shards[name] = edge.EdgeShard.create(folder, edge.EdgeConfig(vectors=shapes)), sizes
        return True


def _do(shard: Any, sizes: dict[str, int], call: str, body: dict[str, Any]) -> object:
    if call == "GET ":
        return _told(shard, sizes)
    if call.startswith("PUT vectors/"):
        sizes[call.removeprefix("PUT vectors/")] = body["dense"]["size"]
    read = _read(shard, call, body)
    if read is None:
        shard.update(_change(call, body))
        return _DONE
    return read


def _read(shard: Any, call: str, body: dict[str, Any]) -> object:
    scope = _filter(body.get("filter"))
    if call == "POST points":
        return [_point(one) for one in shard.retrieve(body["ids"], True, False)]
    if call == "POST points/scroll":
        points, after = shard.scroll(edge.ScrollRequest(body.get("offset"), body["limit"], scope, with_payload=True))
        return {"points": [_point(one) for one in points], "next_page_offset": None if after is None else str(after)}
    if call == "POST points/query":
        halves, fused = [_prefetch(half) for half in body["prefetch"]], edge.Fusion.Rrf(k=2)
        asked = edge.QueryRequest(body["limit"], query=fused, prefetches=halves, filter=scope, with_payload=True)
        return {"points": [{**_point(one), "score": one.score, "version": 0} for one in shard.query(asked)]}
    return None


def _change(call: str, body: dict[str, Any]) -> Any:
    made = edge.UpdateOperation
    if call == "PUT points":
        return made.upsert_points([edge.Point(one["id"], one["vector"], one["payload"]) for one in body["points"]])
    if call == "PUT points/vectors":
        given = [edge.PointVectors(one["id"], one["vector"]) for one in body["points"]]
        return made.update_vectors(given, _filter(body.get("update_filter")))
    if call == "POST points/delete":
        ids = body.get("points")
        return made.delete_points(ids) if ids else made.delete_points_by_filter(_filter(body["filter"]))
    if call == "PUT index":
        return made.create_field_index(body["field_name"], _schema(body["field_schema"]))
    if call.startswith("PUT vectors/"):
        return made.create_dense_vector(call.removeprefix("PUT vectors/"), body["dense"]["size"], edge.Distance.Cosine)
    raise _Answered(500, f"the adapter makes a call that isn't known here: {call}")


def _told(shard: Any, sizes: dict[str, int]) -> dict[str, Any]:
    info = shard.info()
    vectors = {vector: {"size": size, "distance": "Cosine"} for vector, size in sizes.items()}
    return {
        "status": "green",
        "optimizer_status": "ok",
        "segments_count": info.segments_count,
        "points_count": info.points_count,
        "config": {"params": {"vectors": vectors}, **_CONFIG},
        "payload_schema": {
            key: {"data_type": str(index.data_type).rpartition(".")[2].lower(), "points": index.points}
            for key, index in info.payload_schema.items()
        },
    }


def _point(one: Any) -> dict[str, Any]:
    return {"id": str(one.id), "payload": one.payload}


def _prefetch(half: dict[str, Any]) -> Any:
    query, using = half["query"], half["using"]
    is_text = isinstance(query, dict) and "text" in query
    asked = edge.TextQuery(using, query["text"]) if is_text else edge.Query.Nearest(query, using=using)
    return edge.Prefetch(half["limit"], asked, filter=_filter(half.get("filter")))


def _filter(told: dict[str, Any] | None) -> Any:
    if told is None:
        return None
    must, must_not = ([_condition(one) for one in told.get(part) or ()] for part in ("must", "must_not"))
    return edge.Filter(must=must, must_not=must_not)


def _condition(told: dict[str, Any]) -> Any:
    if "has_vector" in told:
        return edge.HasVectorCondition(told["has_vector"])
    if "match" not in told:
        return _filter(told)
    ((kind, value),) = told["match"].items()
    matches = {"any": edge.MatchAny, "value": edge.MatchValue, "text": edge.MatchText}
    return edge.FieldCondition(told["key"], match=matches[kind](value))


def _schema(told: Any) -> Any:
    if told == "keyword":
        return edge.PayloadSchemaType.Keyword
    if told["type"] == "text":
        return edge.TextIndexParams(scoring=bool(told.get("scoring")))
    return edge.KeywordIndexParams(is_tenant=told.get("is_tenant"))


def serve(port: int) -> None:
    """Serve on the loopback address, one request at a time, until the process ends."""
    engine, turn = Engine(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            try:
                with turn:
                    result = engine.answer(self.command, self.path.partition("?")[0], body)
                status, told = 200, {"result": result, "status": "ok", "time": 0}
            except _Answered as answered:
                status, told = answered.status, {"status": {"error": str(answered)}, "time": 0}
            except Exception as error:  # noqa: BLE001 - the engine's own, of a wrong request
                status, told = 400, {"status": {"error": f"{type(error).__name__}: {error}"}, "time": 0}
            text = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_PUT = do_POST = _answer  # noqa: N815 - http.server's names

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
