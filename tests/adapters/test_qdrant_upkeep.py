"""What a memory does beside keeping and finding: times, kinds, forgetting, another embedder, earlier versions."""

import logging
import os
import random
import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from errno import ENOSPC
from pathlib import Path

import numpy as np
import pytest
from fakes.qdrant_server import qdrant_server
from qdrant_cases import KEY, OTHER_SHA, SHA, OtherEmbedder, memory_at, on_disk, record, titles
from qdrant_client import QdrantClient, models

from omni.adapters.qdrant import QdrantMemory
from omni.adapters.qdrant.points import point_of
from omni.adapters.qdrant.queries import Queries
from omni.adapters.qdrant.reading import Search
from omni.adapters.qdrant.requests import Requests
from omni.adapters.qdrant.snapshot import Snapshot
from omni.errors import MemoryUnavailable, RecordsRefused
from omni.errors.models import ModelUnreachable
from omni.memory.hashing import HashingEmbedder
from omni.ports import Memory

REAL = ["ram", "disk", "wire", "server"]


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────


def test_every_record_comes_back_whole_and_only_those_asked_for(memory: Memory, workspace: str):
    kinds = ("strategy", "clip", "post", "outcome")
    kept = [record(kind, "grüne Häfen\u2028", workspace=workspace, kind=kind, span=(1, 2.5)) for kind in kinds]
    memory.keep(kept)
    memory.keep([record("theirs", workspace=f"{workspace}-b")])

    found = {
        one.title: one.model_copy(update={"created_at": None, "updated_at": None}) for one in memory.records(workspace)
    }

    assert found == {one.title: one for one in kept}
    assert sorted(titles(memory.records(workspace, "post", "outcome"))) == ["outcome", "post"]
    assert {one.workspace for one in memory.records()} >= {workspace, f"{workspace}-b"}


@pytest.mark.parametrize("place", REAL)
def test_keeping_again_changes_when_it_was_kept_last_and_never_when_first(memory: Memory, workspace: str):
    memory.keep([record("a", workspace=workspace)])
    (first,) = memory.records(workspace)
    memory.keep([record("a", "more", workspace=workspace)])
    (second,) = memory.records(workspace)
    assert first.created_at == first.updated_at == second.created_at
    assert second.updated_at > second.created_at


@pytest.mark.parametrize("place", REAL)
def test_times_that_a_record_brings_along_are_its_own(memory: Memory, workspace: str):
    born, changed = datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
    exported = record("a", workspace=workspace).model_copy(update={"created_at": born, "updated_at": changed})
    memory.keep([exported])
    assert list(memory.records(workspace)) == [exported]


def test_posts_are_found_where_they_are_asked_for_and_outcomes_never(memory: Memory, workspace: str):
    memory.keep([record(kind, "containers", workspace=workspace, kind=kind) for kind in ("clip", "post", "outcome")])
    assert titles(memory.search(workspace, "containers", limit=9)) == ["clip"]
    assert titles(memory.search(workspace, "containers", limit=9, kinds=("post",))) == ["post"]


class CountingEmbedder(HashingEmbedder):
    """One that says what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += texts
        return super().embed(texts)


def test_only_strategies_and_clips_are_embedded():
    embedder = CountingEmbedder()
    QdrantMemory.in_memory(embedder).keep([record(kind, kind=kind) for kind in ("strategy", "clip", "post", "outcome")])
    assert embedder.asked == ["strategy\n", "clip\n"]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_points_that_a_server_will_never_take_are_refused_rather_than_awaited(status: int):
    def fault(method: str, path: str) -> tuple[int, str] | None:
        return (
            (status, '{"status": {"error": "no, ' + KEY + '"}}') if (method, path[-7:]) == ("PUT", "/points") else None
        )

    with qdrant_server(fault) as (url, _), pytest.raises(RecordsRefused, match=f"HTTP {status}") as caught:
        QdrantMemory.on_server(url, KEY, HashingEmbedder()).keep([record("a")])
    assert not caught.value.transient
    assert KEY not in str(caught.value)


class BrokenEmbedder(HashingEmbedder):
    """One whose model overflowed."""

    def embed(self, texts):
        return [[float("nan")] * 512 for _ in texts]


def test_points_that_the_local_qdrant_will_never_take_are_refused(tmp_path: Path):
    with pytest.raises(RecordsRefused, match="NaN"):
        on_disk(tmp_path, embedder=BrokenEmbedder()).keep([record("a")])


@pytest.mark.parametrize(
    "ask",
    [
        lambda memory: memory.keep([record("a")]),
        lambda memory: memory.search("default", "containers", limit=5),
        lambda memory: memory.of_source("default", SHA),
        lambda memory: list(memory.records()),
        lambda memory: memory.forget([record("a").id]),
        lambda memory: memory.reindex(),
        lambda memory: memory.holdings(),
    ],
)
def test_whatever_is_asked_of_a_server_that_is_ill_is_the_same_typed_error(ask):
    with (
        qdrant_server(lambda _method, _path: (503, "{}")) as (url, _),
        pytest.raises(MemoryUnavailable, match="HTTP 503"),
    ):
        ask(QdrantMemory.on_server(url, KEY, HashingEmbedder()))


# ── the answers of a folder are Qdrant's own ─────────────────────────────────────────────────────


def test_what_is_laid_out_answers_like_qdrant_itself():
    dice, numbers = random.Random(7), np.random.default_rng(7)
    vocabulary, weights = [f"word{n}" for n in range(500)], [1 / (n + 1) for n in range(500)]

    def text() -> str:  # long enough that no two texts score alike: where they do, the order is anybody's
        return " ".join(dice.choices(vocabulary, weights, k=dice.randint(40, 160)))

    with closing(QdrantClient(":memory:")) as client:
        memory = QdrantMemory.in_memory(HashingEmbedder())
        memory._home._client = client
        memory.keep(
            [
                record(
                    f"r{n}",
                    text(),
                    workspace=f"w{n % 3}",
                    kind=dice.choice(["strategy", "clip", "post"]),
                    strategy=f"s{n % 20}",
                )
                for n in range(150)
            ]
        )
        laid_out, itself = Snapshot.of(Requests(client, {}), "hashing-v1"), Queries(client, "hashing-v1")
        for n in range(18):
            vector = numbers.normal(size=512)
            asked = Search(
                workspace=f"w{n % 4}",
                question=text() + " unheard",
                kinds=("strategy", "clip") if n % 3 else ("post",),
                limit=dice.choice([1, 55, 90]),
                except_strategies=frozenset({f"s{n % 20}", "s3"} if n % 2 else ()),
                vector=None if n % 5 == 0 else (vector / np.linalg.norm(vector)).tolist(),
            )
            ours, theirs = (
                {p.id: pytest.approx(p.score) for p in reader.search(asked)} for reader in (laid_out, itself)
            )
            assert ours == theirs


def test_a_reader_hears_at_once_what_another_process_kept(tmp_path: Path):
    reader, writer = on_disk(tmp_path), on_disk(tmp_path)
    for n in range(3):
        writer.keep([record(f"r{n}", "containers", span=(n, n + 1))])
        assert len(reader.search("default", "containers", limit=9)) == len(reader.of_source("default", SHA)) == n + 1
    writer.forget([one.id for one in writer.records()])
    assert list(reader.records()) == []


def test_a_stamp_that_was_emptied_by_a_full_disk_is_no_sign_that_nothing_is_new(tmp_path: Path):
    on_disk(tmp_path).keep([record("a")])
    (tmp_path / "stamp").write_text("", encoding="ascii")
    reader = on_disk(tmp_path)
    assert titles(reader.records()) == ["a"]
    on_disk(tmp_path).keep([record("b")])
    (tmp_path / "stamp").write_text("", encoding="ascii")
    assert sorted(titles(reader.records())) == ["a", "b"]


def test_who_can_not_tell_that_something_changes_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A disk that is full when the stamp is written: whoever reads goes on with what holds."""

    def full(path: Path, text: str, encoding: str) -> int:
        path.open("w", encoding=encoding).close()
        if path.name.startswith("stamp"):
            raise OSError(ENOSPC, "No space left on device")
        return len(text)

    memory = on_disk(tmp_path)
    memory.keep([record("a")])
    stamp = (tmp_path / "stamp").read_text(encoding="ascii")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(MemoryUnavailable, match="No space left"):
            memory.keep([record("b")])
    assert (tmp_path / "stamp").read_text(encoding="ascii") == stamp
    assert titles(on_disk(tmp_path).records()) == ["a"]


def test_a_reader_needs_no_turn_while_nothing_is_new(tmp_path: Path):
    memory, other = on_disk(tmp_path, lock_seconds=0.2), on_disk(tmp_path)
    memory.keep([record("a", "containers", span=(0, 1))])
    assert len(memory.of_source("default", SHA)) == 1
    with other.session():
        assert titles(memory.search("default", "containers", limit=5)) == ["a"]


# ── forgetting ───────────────────────────────────────────────────────────────────────────────────


def test_what_is_forgotten_is_gone_and_the_rest_stays(memory: Memory, workspace: str):
    kept = [record(f"r{n}", "containers", workspace=workspace, span=(n, n + 1)) for n in range(4)]
    memory.keep(kept)
    memory.forget([kept[0].id, kept[2].id, record("never kept").id])
    memory.forget([])
    assert sorted(titles(memory.records(workspace))) == ["r1", "r3"]
    assert titles(memory.of_source(workspace, SHA)) == ["r1", "r3"]
    assert sorted(titles(memory.search(workspace, "containers", limit=9))) == ["r1", "r3"]


def test_nothing_readable_of_what_was_forgotten_stays_in_the_folder(tmp_path: Path):
    memory = on_disk(tmp_path)
    secrets = [record(f"r{n}", "the secret of the harbour", workspace="acme") for n in range(30)]
    memory.keep(secrets)
    memory.keep([record("stays", "a public thing")])
    memory.forget([one.id for one in secrets])
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"secret of the harbour" not in stored
    assert b"a public thing" in stored
    assert titles(memory.search("default", "public", limit=5)) == ["stays"]


def test_a_text_that_was_replaced_and_one_that_was_forgotten_by_who_was_killed_then_are_unreadable_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("omni.adapters.qdrant.homes.Disk.scrub", lambda _: None)  # killed before
    memory = on_disk(tmp_path)
    memory.keep([record(f"r{n}", "a secret " + "of the harbour, told at length " * 40) for n in range(20)])
    memory.keep([record("r0", "amended")])
    memory.forget([record(f"r{n}").id for n in range(1, 20)])
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"told at length" not in stored
    assert b"amended" in stored


def test_what_a_killed_process_forgot_halfway_is_scrubbed_by_the_next_who_forgets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    memory = on_disk(tmp_path)
    memory.keep([record("a")])
    scrubbed: list[str] = []
    monkeypatch.setattr("omni.adapters.qdrant.homes.Disk.scrub", lambda home: scrubbed.append(str(home)))
    memory.forget([])  # whose points are gone already
    assert len(scrubbed) == 1


# ── another embedder ─────────────────────────────────────────────────────────────────────────────


def test_another_embedder_is_told_once_and_a_reindex_gives_old_records_their_meaning(place: str, tmp_path: Path):
    if place in {"fake", "server"}:
        pytest.skip("two embedders of one memory")
    with memory_at(place, tmp_path) as old:
        new = QdrantMemory(old._home, OtherEmbedder())
        assert old.keep([record(f"o{n}", f"harbour {n}") for n in range(5)]) == ()
        (told,) = new.keep([record("new", "guitar"), record("post", kind="post")])
        assert "omni memory reindex" in told
        assert new.keep([record("newer", "violin")]) == ()
        assert new.holdings().without_meaning == 5
        assert sorted(titles(new.search("default", "unheard", limit=9))) == ["new", "newer"]

        seen: list[float] = []
        assert new.reindex(seen.append) == 5

        assert seen == [1.0]
        assert len(new.search("default", "unheard", limit=9)) == 7
        assert new.reindex() == new.holdings().without_meaning == 0
        assert {one.title: one.text for one in new.records()}["o3"] == "harbour 3"
        assert old.holdings().without_meaning == 2


class Interrupted(OtherEmbedder):
    """One that goes away, and one during whose work others write."""

    def __init__(self, meanwhile) -> None:
        self.calls, self.meanwhile = 0, meanwhile

    def embed(self, texts):
        self.calls += 1
        self.meanwhile(self.calls)
        return super().embed(texts)


def test_a_reindex_that_is_stopped_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("omni.adapters.qdrant.memory._REINDEXED", 4)
    on_disk(tmp_path).keep([record(f"o{n}") for n in range(10)])

    def goes_away(call: int) -> None:
        if call == 3:
            raise ModelUnreachable(model="m", reason="gone", tries=4)

    with pytest.raises(ModelUnreachable):
        on_disk(tmp_path, embedder=Interrupted(goes_away)).reindex()
    assert on_disk(tmp_path, embedder=OtherEmbedder()).holdings().without_meaning == 2
    assert on_disk(tmp_path, embedder=OtherEmbedder()).reindex() == 2


def test_what_is_kept_changed_or_forgotten_during_a_reindex_stays_as_its_writer_left_it(tmp_path: Path):
    old = on_disk(tmp_path, lock_seconds=1)  # nobody may wait for the embedder
    old.keep([record(name, "before") for name in ("same", "changed", "gone")] + [record("other", sha=OTHER_SHA)])

    def meanwhile(call: int) -> None:
        if call == 1:
            old.keep([record("changed", "after"), record("fresh")])
            old.forget([record("other").id])

    new = on_disk(tmp_path, embedder=Interrupted(meanwhile))
    assert new.reindex() == 4  # "same" and "gone" at first; "changed" and "fresh" as they are now
    assert {one.title: one.text for one in new.records()} == {
        "same": "before",
        "changed": "after",
        "gone": "before",
        "fresh": "",
    }
    assert new.holdings().without_meaning == 0


# ── what is there ────────────────────────────────────────────────────────────────────────────────


def test_what_is_kept_is_counted_by_workspace_and_kind(memory: Memory, workspace: str):
    assert workspace not in memory.holdings().counts
    memory.keep([record(f"{kind}{n}", workspace=workspace, kind=kind) for kind in ("clip", "post") for n in range(3)])
    told = memory.holdings()
    assert told.counts[workspace] == {"clip": 3, "post": 3}
    assert (told.engine, told.without_meaning) == (memory.engine, 0)


@pytest.mark.parametrize("place", ["ram", "disk", "wire"])
def test_the_collection_stands_behind_an_alias(memory: QdrantMemory):
    memory.keep([record("a")])
    told = memory.holdings()
    assert (told.collection, told.alias, told.vectors) == ("omni_v2_1", "omni", ("hashing-v1",))


def test_a_server_is_asked_what_stands_behind_the_alias_only_where_that_matters():
    asked: list[str] = []

    def hear(_method: str, path: str) -> None:
        asked.append(path.rpartition("/")[2])

    with qdrant_server(hear) as (url, _):
        memory = QdrantMemory.on_server(url, KEY, HashingEmbedder())
        memory.keep([record("a", "harbour"), record("b", "harbour")])
        asked.clear()
        assert len(memory.search("default", "harbour", limit=5)) == 2
        memory.forget([record("a").id])
        assert "aliases" not in asked
        assert asked
        memory.holdings()
        assert asked.count("aliases") == 1


def first_version(client: QdrantClient) -> None:
    """Keep as the first version did: no alias, no times, payload schema 1."""
    shape = models.VectorParams(size=512, distance=models.Distance.COSINE)
    client.create_collection("omni_v1", vectors_config={"hashing-v1": shape})
    index = models.TextIndexParams(type="text", scoring=models.TextScoringParams(type="bm25"))
    client.create_payload_index("omni_v1", "searchable", field_schema=index)
    old = record("old", "harbour cranes", span=(1, 9)).model_copy(update={"payload": {"number": 1, "hook": "Look!"}})
    point = point_of(
        old, {"hashing-v1": HashingEmbedder().embed(["old\nharbour cranes"])[0]}, "hashing-v1", None, datetime.now(UTC)
    )
    payload = {key: value for key, value in point.payload.items() if key not in {"created_at", "updated_at"}}
    vector = {name: [*numbers] for name, numbers in point.vectors.items()}
    client.upsert("omni_v1", [models.PointStruct(id=point.id, vector=vector, payload=payload | {"schema": 1})])


def test_a_folder_of_the_first_version_is_read_before_and_taken_over_by_the_first_write(tmp_path: Path):
    with closing(QdrantClient(path=str(tmp_path))) as client:
        first_version(client)
    memory = on_disk(tmp_path)

    assert titles(memory.search("default", "crane", limit=5)) == ["old"]
    assert (memory.holdings().collection, memory.holdings().alias) == ("omni_v1", "omni_v1")
    assert memory.keep([record("new", "guitar", span=(20, 30))]) == ()

    old, new = memory.records()
    assert (old.title, old.created_at, old.payload) == ("old", None, {"number": 1, "hook": "Look!"})
    assert new.created_at is not None
    assert titles(memory.of_source("default", SHA)) == ["old", "new"]
    assert (memory.holdings().collection, memory.holdings().alias) == ("omni_v1", "omni")
    with closing(QdrantClient(path=str(tmp_path))) as client:
        assert client.get_aliases().aliases == [models.AliasDescription(alias_name="omni", collection_name="omni_v1")]
        assert [c.name for c in client.get_collections().collections] == ["omni_v1"]


def test_many_who_make_the_collection_at_once_make_one(tmp_path: Path):
    with qdrant_server() as (url, _):
        memories = [QdrantMemory.on_server(url, None, HashingEmbedder()) for _ in range(6)]
        start, failed = threading.Barrier(6), []

        def work(number: int) -> None:
            start.wait()
            try:
                memories[number].keep([record(f"r{number}", span=(number, number + 1))])
            except Exception as error:  # noqa: BLE001 - reported below, in the main thread
                failed.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert len(memories[0].of_source("default", SHA)) == 6


# ── who waits is told for whom ───────────────────────────────────────────────────────────────────


def test_who_waits_long_is_told_for_whom_and_for_how_long_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("omni.adapters.qdrant.homes._PATIENT_SECONDS", 0.05)
    memory, holding, done = on_disk(tmp_path), threading.Event(), threading.Event()

    def hold() -> None:
        with on_disk(tmp_path).session():
            holding.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(10)
    threading.Timer(0.3, done.set).start()
    with caplog.at_level(logging.WARNING):
        memory.keep([record("a")])
    holder.join()
    assert f"Process {os.getpid()} holds the memory at {tmp_path}; waiting for at most 60 s" in caplog.text
