"""The files of a memory folder: Qdrant's own, though our rows are written and read without its client."""

import base64
import multiprocessing
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from qdrant_cases import OtherEmbedder, on_disk, record, titles
from qdrant_client import QdrantClient, models

from omni.adapters.qdrant.homes import Disk
from omni.adapters.qdrant.queries import Queries
from omni.adapters.qdrant.reading import Search
from omni.adapters.qdrant.rows import Rows
from omni.adapters.qdrant.store import ALIAS, Point
from omni.errors import MemoryUnavailable, RecordsRefused
from omni.memory.hashing import HashingEmbedder

TEXTS = ["harbour cranes lift containers", "guitar", "grüne Häfen", "a box of containers", "起重机"]


def asked(question: str) -> Search:
    vector = HashingEmbedder().embed([question])[0]
    return Search("default", question, ("clip",), limit=5, vector=vector)


def test_qdrants_client_finds_in_the_folder_what_our_rows_hold(tmp_path: Path):
    """Fails when a later client keeps its points in another way: then rows.py has to follow."""
    memory = on_disk(tmp_path)
    memory.keep([record(text, text) for text in TEXTS] + [record("post", "guitar", kind="post"), record("gone")])
    memory.forget([record("gone").id])
    ours = memory.search("default", "guitar cranes", limit=5)
    with closing(QdrantClient(path=str(tmp_path))) as client:
        theirs = Queries(client, "hashing-v1").search(asked("guitar cranes"))
        (point,) = client.retrieve(ALIAS, [record("guitar").id], with_vectors=True)
        assert client.count(ALIAS).count == len(TEXTS) + 1
    assert {p.id: p.score for p in ours} == {p.id: pytest.approx(p.score, abs=1e-4) for p in theirs}
    assert point.vector["hashing-v1"] == pytest.approx(HashingEmbedder().embed(["guitar\nguitar"])[0], abs=1e-6)


def test_our_rows_hold_what_qdrants_client_wrote_and_each_replaces_the_others_points(tmp_path: Path):
    memory = on_disk(tmp_path)
    memory.keep([record(text, text) for text in TEXTS])
    vector = {"hashing-v1": [2.0] + [0.0] * 511}
    with closing(QdrantClient(path=str(tmp_path))) as client:
        (point,) = client.retrieve(ALIAS, [record("guitar").id])
        changed = (point.payload or {}) | {"text": "violin"}
        client.upsert(ALIAS, [models.PointStruct(id=point.id, vector=vector, payload=changed)])
        client.delete(ALIAS, [record("起重机").id])
    fresh = on_disk(tmp_path)
    assert {one.title: one.text for one in fresh.records()}["guitar"] == "violin"
    assert len(list(fresh.records())) == len(TEXTS) - 1
    fresh.keep([record("guitar", "viola")])
    with closing(QdrantClient(path=str(tmp_path))) as client:
        assert client.retrieve(ALIAS, [record("guitar").id])[0].payload["text"] == "viola"
        assert client.count(ALIAS).count == len(TEXTS) - 1


def test_a_record_keeps_the_meaning_that_another_embedder_gave_it(tmp_path: Path):
    on_disk(tmp_path).keep([record("a", "harbour")])
    assert on_disk(tmp_path, embedder=OtherEmbedder()).reindex() == 1
    with closing(QdrantClient(path=str(tmp_path))) as client:
        (point,) = client.retrieve(ALIAS, [record("a").id], with_vectors=True)
    assert {name: len(vector) for name, vector in point.vector.items()} == {"hashing-v1": 512, "other_768_v1": 3}


def test_of_a_batch_with_a_point_that_does_not_fit_none_is_kept(tmp_path: Path):
    class Shorter(HashingEmbedder):
        def embed(self, texts):
            return [
                vector[:511] if "bad" in text else vector
                for text, vector in zip(texts, super().embed(texts), strict=True)
            ]

    memory = on_disk(tmp_path, embedder=Shorter())
    with pytest.raises(RecordsRefused, match="fit"):
        memory.keep([record("a"), record("bad"), record("b")])
    assert list(memory.records()) == []


@pytest.mark.parametrize(("shift", "texts"), [(10, {"foreign"}), (-10, {"harbour", "cranes"})])
def test_what_a_client_wrote_in_pythons_newer_protocol_is_read_replaced_and_forgotten(
    shift: int, texts: set[str], tmp_path: Path
):
    """Earlier clients under Python 3.14 keyed points by protocol 5, so that one id could have two rows."""
    memory = on_disk(tmp_path)
    memory.keep([record("a", "harbour"), record("b", "cranes")])
    ids = [record("a").id, record("b").id]
    with closing(sqlite3.connect(next(tmp_path.rglob("storage.sqlite")))) as table, table:
        for rowid, point in table.execute("SELECT rowid, point FROM points").fetchall():
            told = pickle.loads(point)
            told.payload["text"] = "foreign"
            key = base64.b64encode(pickle.dumps(told.id, protocol=5)).decode()
            row = (rowid + shift, key, pickle.dumps(told, protocol=5))
            table.execute("INSERT INTO points (rowid, id, point) VALUES (?, ?, ?)", row)
    fresh = on_disk(tmp_path)
    assert {one.text for one in fresh.records()} == texts
    assert {p.title for p in fresh.search("default", "a", limit=5)} == {"a", "b"}
    fresh.forget(ids[:1])
    assert [one.title for one in on_disk(tmp_path).records()] == ["b"]
    fresh.keep([record("b", "ships")])
    assert [one.text for one in on_disk(tmp_path).records()] == ["ships"]
    with closing(sqlite3.connect(next(tmp_path.rglob("storage.sqlite")))) as table:
        assert table.execute("SELECT count(*) FROM points").fetchone() == (1,)


def test_a_vector_of_anything_but_numbers_is_a_damage(tmp_path: Path):
    memory = on_disk(tmp_path)
    memory.keep([record("a")])
    with closing(sqlite3.connect(next(tmp_path.rglob("storage.sqlite")))) as table, table:
        (point,) = table.execute("SELECT point FROM points").fetchone()
        told = pickle.loads(point)
        told.vector["hashing-v1"] = np.zeros(512, "S4")
        table.execute("UPDATE points SET point = ?", (pickle.dumps(told, protocol=5),))
    with pytest.raises(MemoryUnavailable, match="a vector holds"):
        list(on_disk(tmp_path).records())


def test_a_batch_that_finds_no_collection_is_not_said_to_be_kept(tmp_path: Path):
    def load() -> QdrantClient:
        raise AssertionError

    point = Point(record("a").id, {}, {})
    with closing(Rows(tmp_path, load)) as rows, pytest.raises(MemoryUnavailable, match="collection is not there"):
        rows.upsert([point])


class Trap:
    """Runs a command when it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self):
        return os.mkdir, (str(self.proof),)


def test_a_point_that_holds_anything_but_a_point_is_a_damage_and_nothing_of_it_runs(tmp_path: Path):
    folder, proof = tmp_path / "memory", tmp_path / "ran"
    on_disk(folder).keep([record("a")])
    with closing(sqlite3.connect(next(folder.rglob("storage.sqlite")))) as table, table:
        table.execute("INSERT INTO points VALUES ('x', ?)", (pickle.dumps(Trap(proof)),))
    with pytest.raises(MemoryUnavailable, match=r"a point holds posix\.mkdir"):
        list(on_disk(folder).records())
    assert not proof.exists()


def test_who_only_reads_a_folder_does_without_qdrants_client(tmp_path: Path):
    """Importing it takes 2 s of processor time: as long as reading 20 000 records."""
    on_disk(tmp_path).keep([record("a", "harbour")])
    code = (
        "import sys; from pathlib import Path; from omni.adapters.qdrant import QdrantMemory;"
        "from omni.memory.hashing import HashingEmbedder;"
        "memory = QdrantMemory.on_disk(Path(sys.argv[1]), HashingEmbedder(), 20);"
        "print(memory.search('default', 'harbour', limit=1)[0].title, 'qdrant_client' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["a", "False"]


def test_nobody_waits_for_a_writer_that_loads_its_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Importing Qdrant's client took 52 s once, on a machine that was busy: not with the turn in hand."""
    memory, other = on_disk(tmp_path), on_disk(tmp_path, lock_seconds=0.1)
    memory.keep([record("a")])
    held: list[int] = []
    monkeypatch.setattr(Disk, "equip", lambda _: held.append(len([*other.records()])))
    memory.keep([record("b")])
    with memory.session():
        pass
    assert held == [1, 2]


def test_who_knows_only_qdrants_own_lock_is_kept_out(tmp_path: Path):
    memory = on_disk(tmp_path)
    memory.keep([record("a")])
    with memory.session(), pytest.raises(RuntimeError, match="already accessed"):
        QdrantClient(path=str(tmp_path))


def _replace_for_ever(folder: Path, begun: "multiprocessing.Queue[int]") -> None:
    memory = on_disk(folder)
    for turn in range(1, 100_000):
        begun.put(turn)
        memory.keep([record(f"r{n}", f"turn {turn}") for n in range(400)])


def test_a_batch_that_is_killed_halfway_is_there_as_a_whole_or_not_at_all(tmp_path: Path):
    """Twelve kills at moments spread over a batch; what a kill leaves is read, written, and opened by Qdrant's client."""
    on_disk(tmp_path).keep([record("warm", "imports")])
    fork = multiprocessing.get_context("fork")
    for kill in range(12):
        begun = fork.Queue()
        writer = fork.Process(target=_replace_for_ever, args=(tmp_path, begun))
        writer.start()
        begun.get(timeout=300), begun.get(timeout=300)  # the second: the batch before it is whole
        time.sleep(kill * 0.017)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join(10)
        texts = [one.text for one in on_disk(tmp_path).records()]
        assert len(texts) == 401
        assert len(set(texts)) == 2
    on_disk(tmp_path).keep([record("after", "the storm")])
    assert titles(on_disk(tmp_path).search("default", "storm", limit=1)) == ["after"]
    with closing(QdrantClient(path=str(tmp_path))) as client:
        assert client.count(ALIAS).count == 402
