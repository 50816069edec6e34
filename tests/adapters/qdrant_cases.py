"""What the tests of the memory share: records, and every place a memory can be."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest
from fakes.qdrant import FakeMemory
from fakes.qdrant_server import qdrant_server
from qdrant_client import QdrantClient, models

from omni.adapters.qdrant import QdrantMemory
from omni.contracts import Span
from omni.memory.hashing import HashingEmbedder
from omni.ports import Memory, MemoryRecord
from omni.ports.model import Embedder

SHA, OTHER_SHA = "a" * 64, "b" * 64
KEY = "very-secret-key"
PLACES = ["fake", "ram", "disk", "wire", "server"]


def record(
    name: str,
    text: str = "",
    *,
    workspace: str = "default",
    kind: str = "clip",
    strategy: str = "s",
    sha: str = SHA,
    span: tuple[float, float] | None = None,
) -> MemoryRecord:
    return MemoryRecord(
        id=str(uuid5(NAMESPACE_OID, f"{workspace}/{name}")),
        workspace=workspace,
        kind=kind,
        strategy_id=strategy,
        source_sha256=sha,
        source_title="Talk",
        title=name,
        text=text,
        span=Span(start=span[0], end=span[1]) if span else None,
        payload={"number": 1, "score": 3.5, "language": None, "evidence": {"hook": 1.5}, "platforms": ["x"]},
    )


def on_disk(folder: Path, lock_seconds: float = 60, embedder: Embedder | None = None) -> QdrantMemory:
    return QdrantMemory.on_disk(folder, embedder or HashingEmbedder(), lock_seconds)


class OtherEmbedder(HashingEmbedder):
    """Another space, with a name that Qdrant would refuse for a vector."""

    name = "other/768:v1"
    dimensions = 3

    def embed(self, texts):
        return [[1.0, 0.0, 0.0] for _ in texts]


@contextmanager
def memory_at(place: str, folder: Path) -> Iterator[Memory]:
    """Yield an empty memory at one of PLACES; skips where there is no server."""
    if place == "fake":
        yield FakeMemory()
    elif place == "ram":
        yield QdrantMemory.in_memory(HashingEmbedder())
    elif place == "disk":
        yield on_disk(folder / "memory")
    elif place == "wire":
        with qdrant_server() as (url, _):
            yield QdrantMemory.on_server(url, KEY, HashingEmbedder())
    else:
        url, key = os.environ.get("QDRANT_URL"), os.environ.get("QDRANT_API_KEY")
        if not url:
            pytest.skip("QDRANT_URL is not set")
        yield QdrantMemory.on_server(url, key, HashingEmbedder())
        only_tests = models.FieldCondition(key="workspace", match=models.MatchText(text="test"))
        with closing(QdrantClient(url=url, api_key=key)) as client:
            if client.get_aliases().aliases:  # a test that kept nothing makes no collection
                client.delete("omni", models.FilterSelector(filter=models.Filter(must=[only_tests])))


def workspace_at(place: str) -> str:
    """Return one of its own on a server that others may use too."""
    return f"test-{uuid4().hex[:12]}" if place == "server" else "default"


def titles(found) -> list[str]:
    return [one.title for one in found]
