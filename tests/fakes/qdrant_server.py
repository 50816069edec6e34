"""A Qdrant server without Qdrant's server, and its bad days."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import TypeAdapter
from qdrant_client import QdrantClient, models

Fault = Callable[[str, str], "tuple[int, str] | None"]
"""Method and path → status and body to answer instead of the truth."""


@contextmanager
def qdrant_server(fault: Fault = lambda method, path: None) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve the REST calls that the adapter makes from a local Qdrant; yields the URL and the headers of every request.

    It proves what goes over the wire, not what a real server makes of it.
    """
    store, turn, seen = QdrantClient(":memory:"), threading.Lock(), list[dict[str, str]]()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            seen.append({key.lower(): value for key, value in self.headers.items()})
            status, text = fault(self.command, path) or (0, "")
            if not status:
                with turn:
                    status, text = _serve(store, self.command, path, json.loads(body or b"{}"))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_PUT = do_POST = _answer  # noqa: N815 - http.server's names

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        store.close()


def _serve(store: QdrantClient, method: str, path: str, body: dict[str, Any]) -> tuple[int, str]:
    name, _, rest = path.removeprefix("/collections/").partition("/")
    try:
        answer = _do(store, name, f"{method} {rest}", body)
    except ValueError as error:
        status = 409 if "already exists" in str(error) else 404 if "not found" in str(error) else 400
        return status, json.dumps({"status": {"error": str(error)}, "time": 0})
    plain = TypeAdapter(Any).dump_python(answer, mode="json")
    return 200, json.dumps({"result": plain, "status": "ok", "time": 0})


def _do(store: QdrantClient, name: str, call: str, body: dict[str, Any]) -> object:
    for serve in (_aliases, _shape, _reads, _writes):
        answer = serve(store, name, call, body)
        if answer is not None:
            return answer
    msg = f"the adapter makes a call that the fake doesn't know: {call}"
    raise AssertionError(msg)


def _aliases(store: QdrantClient, name: str, call: str, body: dict[str, Any]) -> object:
    if name == "aliases":
        operations = TypeAdapter(list[models.AliasOperations]).validate_python(body["actions"])
        return store.update_collection_aliases(operations)
    return store.get_aliases() if (name, call) == ("", "GET aliases") else None


def _shape(store: QdrantClient, name: str, call: str, body: dict[str, Any]) -> object:
    if call == "GET ":
        return store.get_collection(name)
    if call == "PUT ":
        wanted = models.CreateCollection.model_validate(body)
        return store.create_collection(name, vectors_config=wanted.vectors)
    if call == "PUT index":
        wanted_index = models.CreateFieldIndex.model_validate(body)
        is_text = isinstance(wanted_index.field_schema, models.TextIndexParams)
        schema = wanted_index.field_schema if is_text else None  # the local Qdrant would warn about all others
        if schema is None:
            return {"operation_id": 0, "status": "completed"}
        return store.create_payload_index(name, wanted_index.field_name, field_schema=schema)
    if call.startswith("PUT vectors/"):
        config = TypeAdapter(models.VectorNameConfig).validate_python(body)
        return store.create_vector_name(name, call.removeprefix("PUT vectors/"), config)
    return None


def _reads(store: QdrantClient, name: str, call: str, body: dict[str, Any]) -> object:
    if call == "POST points/query":
        asked = models.QueryRequest.model_validate(body)
        # Without the outer filter: a server fills the limit of each prefetch before it comes to that.
        return store.query_points(name, query=asked.query, prefetch=asked.prefetch, limit=asked.limit or 10)
    if call == "POST points/scroll":
        page = models.ScrollRequest.model_validate(body)
        records, after = store.scroll(name, scroll_filter=page.filter, limit=page.limit or 10, offset=page.offset)
        return {"points": records, "next_page_offset": after}
    if call == "POST points":
        keys = models.PointRequest.model_validate(body)
        return store.retrieve(name, keys.ids, with_payload=keys.with_payload is None or keys.with_payload)
    return None


def _writes(store: QdrantClient, name: str, call: str, body: dict[str, Any]) -> object:
    if call == "PUT points":
        return store.upsert(name, models.PointsList.model_validate(body).points)
    if call == "PUT points/vectors":
        given = models.UpdateVectors.model_validate(body)
        return store.update_vectors(name, given.points, update_filter=given.update_filter)
    if call == "POST points/delete":
        return store.delete(name, models.PointIdsList.model_validate(body))
    return None
