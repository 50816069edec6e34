"""The contract of the port ``Memory``, over every place a Qdrant can be; and what is special about each place."""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
import warnings
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from fakes.qdrant_server import qdrant_server
from qdrant_cases import KEY, OTHER_SHA, SHA, OtherEmbedder, on_disk, record, titles
from qdrant_client import QdrantClient, models

from omni.adapters.qdrant import QdrantMemory
from omni.adapters.qdrant.homes import Disk
from omni.adapters.qdrant.rows import Rows
from omni.contracts import Precedent
from omni.errors import MemoryLocked, MemoryUnavailable
from omni.memory.hashing import HashingEmbedder
from omni.ports import Memory

# ── the contract ─────────────────────────────────────────────────────────────────────────────────


def test_an_empty_memory_answers_with_nothing(memory: Memory, workspace: str):
    assert memory.search(workspace, "containers", limit=5) == ()
    assert memory.of_source(workspace, SHA) == ()
    memory.keep([])
    assert memory.search(workspace, "containers", limit=5) == ()


def test_what_was_kept_comes_back_as_it_was(memory: Memory, workspace: str):
    kept = record("Der Kran 🏗️ 起重机", "grüne Häfen\nمرافئ", workspace=workspace, strategy="s7", span=(1.25, 31.5))
    memory.keep([kept])
    (found,) = memory.search(workspace, "grüne Häfen", limit=5)
    assert found.model_dump(exclude={"score", "reception"}) == kept.model_dump(include=set(Precedent.model_fields))
    assert found.score > 0


def test_keeping_again_changes_nothing_and_replaces_what_changed(memory: Memory, workspace: str):
    first = record("a", "harbour cranes", workspace=workspace, span=(0, 9))
    for _ in range(3):
        memory.keep([first])
    once = memory.search(workspace, "harbour cranes", limit=9)
    assert titles(once) == ["a"]
    memory.keep([first.model_copy(update={"text": "guitar lessons"})])
    assert [p.text for p in memory.search(workspace, "guitar", limit=9)] == ["guitar lessons"]
    assert len(memory.of_source(workspace, SHA)) == 1


def test_another_workspace_hears_nothing_by_meaning_by_words_or_by_source(memory: Memory, workspace: str, monkeypatch):
    monkeypatch.setattr("omni.adapters.qdrant.reading._CANDIDATES", 5)  # theirs would fill these
    theirs, text = f"{workspace}-b", "zyxomma dragonfly containers"
    memory.keep([record(f"theirs{i}", text, workspace=theirs, span=(i, i + 1)) for i in range(8)])
    memory.keep([record("mine", "containers", workspace=workspace, sha=OTHER_SHA)])
    assert titles(memory.search(workspace, text, limit=5)) == ["mine"]
    assert memory.of_source(workspace, SHA) == ()
    assert len(memory.search(theirs, "zyxomma", limit=100)) == 8


def test_one_strategy_can_be_left_out_without_taking_the_room_of_others(memory: Memory, workspace: str, monkeypatch):
    monkeypatch.setattr("omni.adapters.qdrant.reading._CANDIDATES", 5)
    memory.keep([record(f"own{i}", "containers", workspace=workspace, strategy="own") for i in range(8)])
    memory.keep([record("other", "containers at sea", workspace=workspace, strategy="x")])
    assert titles(memory.search(workspace, "containers", limit=3, except_strategies={"own"})) == ["other"]
    assert len(memory.search(workspace, "containers", limit=100)) == 9


def test_what_a_strategy_kept_does_not_change_the_answer_that_leaves_it_out(memory: Memory, workspace: str):
    """A second run of the same request must be told the same, scores included, or nothing comes from the cache."""
    texts = ["container ships", "harbour cranes lift containers", "guitar", "a box of containers", "ships at sea"]
    memory.keep([record(f"o{i}", text, workspace=workspace, strategy=f"s{i}") for i, text in enumerate(texts)])
    question = "containers lifted from ships"
    before = memory.search(workspace, question, limit=5, except_strategies={"own"})
    memory.keep([record(f"own{i}", question, workspace=workspace, strategy="own") for i in range(12)])
    assert memory.search(workspace, question, limit=5, except_strategies={"own"}) == before


def test_every_clip_of_a_source_comes_back_in_the_order_of_the_talk(memory: Memory, workspace: str, monkeypatch):
    monkeypatch.setattr("omni.adapters.qdrant.queries._PAGE", 4)
    clips = [record(f"c{i:03d}", workspace=workspace, span=(i, i + 9)) for i in range(12)]
    memory.keep([*reversed(clips), record("strategy", workspace=workspace, kind="strategy")])
    memory.keep([record("else", workspace=workspace, sha=OTHER_SHA, span=(0, 9))])
    assert titles(memory.of_source(workspace, SHA)) == [clip.title for clip in clips]


def test_kinds_that_are_no_precedents_are_not_answered(memory: Memory, workspace: str):
    memory.keep([record("post", "containers", workspace=workspace, kind="post")])
    assert memory.search(workspace, "containers", limit=5) == ()
    assert memory.of_source(workspace, SHA) == ()


@pytest.mark.parametrize("question", ["", "  \n", "\u00ad", "?!", "'; DROP TABLE points; --", "a" * 50_000])
def test_no_question_breaks_the_search(memory: Memory, workspace: str, question: str):
    memory.keep([record("a", "containers", workspace=workspace)])
    assert len(memory.search(workspace, question, limit=5)) <= 1


@pytest.mark.parametrize(("limit", "count"), [(-1, 0), (0, 0), (1, 1), (7, 7), (500, 12)])
def test_never_more_than_asked(memory: Memory, workspace: str, limit: int, count: int):
    memory.keep([record(f"r{i}", "containers", workspace=workspace) for i in range(12)])
    assert len(memory.search(workspace, "containers", limit=limit)) == count


# ── hybrid search ────────────────────────────────────────────────────────────────────────────────

LIBRARY = {
    "shipping": "How shipping containers and harbours changed world trade",
    "guitar": "Fingerpicking for beginners: play the riff first",
    "yoga": "A calm stretching routine for the morning",
    "part": "The replacement valve is XJ-4417B, nothing else fits the engine",
    "cooking": "Pasta carbonara in ten minutes with three ingredients",
    "similar": "xomma zyxom mma zyx omma",
    "exact": "zyxomma " + " ".join(f"dragonfly{i}" for i in range(60)),
    "航运": "集装箱如何改变了世界贸易",
}


@pytest.mark.parametrize("place", ["ram", "disk", "wire", "server"])
@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("containership harborage", "shipping"),  # no word in common: stems and compounds
        ("beginner fingerpicked riffs", "guitar"),
        ("which valve was it, xj 4417b?", "part"),
        ("zyxomma", "exact"),  # the exact word, against a text that looks much more like it
        ("贸易和集装箱", "航运"),
    ],
)
def test_the_nearest_is_found_by_stem_and_by_exact_word(memory: Memory, workspace: str, question: str, title: str):
    memory.keep([record(name, text, workspace=workspace) for name, text in LIBRARY.items()])
    found = memory.search(workspace, question, limit=3)
    assert titles(found)[0] == title
    assert found == memory.search(workspace, question, limit=3)
    assert [p.score for p in found] == sorted((round(p.score, 4) for p in found), reverse=True)


def test_ties_are_broken_by_id_whatever_the_order_of_keeping():
    records = [record(f"r{i}", kind="strategy") for i in range(9)]
    answers = []
    for order in (records, records[::-1]):
        memory = QdrantMemory.in_memory(HashingEmbedder())
        memory.keep(order)
        answers.append([(p.score, p.id) for p in memory.search("default", "nothing shared", limit=9)])
    for answer in answers:
        assert answer == sorted(answer, key=lambda pair: (-pair[0], pair[1]))


def test_a_new_embedder_finds_old_records_by_their_words_and_new_ones_by_both(tmp_path: Path):
    old, new = on_disk(tmp_path), on_disk(tmp_path, embedder=OtherEmbedder())
    old.keep([record("old", "harbour cranes")])
    assert titles(new.search("default", "cranes", limit=5)) == ["old"]
    assert titles(new.search("default", "crane", limit=5)) == []
    new.keep([record("new", "guitar")])
    assert titles(new.search("default", "crane", limit=5)) == ["new"]
    assert sorted(titles(new.search("default", "cranes", limit=5))) == ["new", "old"]
    assert titles(old.search("default", "crane", limit=5)) == ["old"]
    new.keep([record("old", "harbour cranes")])
    assert sorted(titles(new.search("default", "crane", limit=5))) == ["new", "old"]


class AbsentEmbedder(HashingEmbedder):
    """One that must not be asked."""

    def embed(self, texts):
        pytest.fail("the embedder was asked")


def test_without_an_embedder_records_are_kept_and_found_by_their_words_and_get_their_meaning_later(tmp_path: Path):
    absent, present = on_disk(tmp_path, embedder=AbsentEmbedder()), on_disk(tmp_path)
    absent.keep([record("r", "harbour cranes")], by_meaning=False)
    assert titles(absent.search("default", "cranes", limit=5, by_meaning=False)) == ["r"]
    assert titles(present.search("default", "crane", limit=5)) == []
    present.keep([record("r", "harbour cranes")])
    assert titles(present.search("default", "crane", limit=5)) == ["r"]


def test_the_engine_says_where_and_with_what():
    assert QdrantMemory.in_memory(HashingEmbedder()).engine == "qdrant:ram+hashing-v1"
    assert on_disk(Path("/x")).engine == "qdrant:disk+hashing-v1"
    assert QdrantMemory.on_server("http://q", KEY, HashingEmbedder()).engine == "qdrant:server+hashing-v1"


# ── on disk: one owner at a time ─────────────────────────────────────────────────────────────────


def test_reading_makes_no_folder(tmp_path: Path):
    memory = on_disk(tmp_path / "memory")
    assert memory.search("default", "containers", limit=5) == memory.of_source("default", SHA) == ()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_private(tmp_path: Path):
    on_disk(tmp_path / "memory").keep([record("a")])
    assert (tmp_path / "memory").stat().st_mode & 0o077 == 0


def test_nothing_stays_open_between_calls_and_no_warning_is_left(tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        memory = on_disk(tmp_path)
        memory.keep([record("a", "containers")])
        assert titles(memory.search("default", "containers", limit=5)) == ["a"]
    with closing(QdrantClient(path=str(tmp_path))) as other_owner:
        assert other_owner.count("omni").count == 1


def test_a_session_opens_once_and_closes_at_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    memory, opened = on_disk(tmp_path), []
    load = Rows.__init__
    monkeypatch.setattr(Rows, "__init__", lambda self, *how: (opened.append(how), load(self, *how))[1])
    with memory.session():
        memory.keep([record("a", "containers")])
        with memory.session():
            assert len(memory.search("default", "containers", limit=5)) == 1
    assert len(opened) == 1
    assert len(memory.of_source("default", SHA)) == 1
    assert len(opened) == 1  # what was read inside is still so
    memory.keep([record("b")])
    assert len(opened) == 2


def test_an_error_inside_a_session_stays_what_it_is(tmp_path: Path):
    with pytest.raises(FileNotFoundError), on_disk(tmp_path).session():
        (tmp_path / "missing").read_text()


@pytest.mark.parametrize("place", ["ram", "disk"])
def test_eight_threads_lose_nothing(memory: QdrantMemory, place: str):
    failed: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            with memory.session() if place == "disk" else nullcontext():  # opening is what takes time
                for i in range(18):
                    memory.keep([record(f"{thread}-{i}", span=(i, i + 1))])
            for i in range(18, 20):
                memory.keep([record(f"{thread}-{i}", span=(i, i + 1))])
                memory.search("default", "containers", limit=1)
        except BaseException as error:  # noqa: BLE001 - reported below, in the main thread
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # a race that can happen happens
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)
    assert failed == []
    assert len({clip.id for clip in memory.of_source("default", SHA)}) == 160


def test_a_thread_that_waits_too_long_is_told_where_and_how_long(tmp_path: Path):
    memory, holding, done = on_disk(tmp_path, lock_seconds=0.2), threading.Event(), threading.Event()

    def hold() -> None:
        with memory.session():
            holding.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(10)
    for waiting in (memory, on_disk(tmp_path, lock_seconds=0.2)):  # the same object, and another owner
        began = time.monotonic()
        with pytest.raises(MemoryLocked) as caught:
            waiting.keep([record("a")])
        assert 0.15 < time.monotonic() - began < 5
        assert caught.value.facts == {"path": str(tmp_path), "seconds": 0.2, "holder": f"Process {os.getpid()}"}
    done.set()
    holder.join()
    memory.keep([record("a")])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Qdrant leaves its lock file open then
def test_an_owner_that_knows_only_qdrants_own_lock_is_a_lock_too(tmp_path: Path):
    on_disk(tmp_path).keep([record("a")])
    with closing(QdrantClient(path=str(tmp_path))), pytest.raises(MemoryLocked, match="Another Qdrant client"):
        on_disk(tmp_path).keep([record("b")])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as above
@pytest.mark.parametrize("gap", ["before the client", "after it"])
def test_an_owner_that_takes_the_folder_while_its_collection_is_made_is_a_lock_too(
    gap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    load, others = Disk._load, []

    def taken(disk: Disk) -> QdrantClient:
        def take() -> None:
            others.append(QdrantClient(path=str(tmp_path)))

        if gap == "before the client":
            take()
        ours = load(disk)
        close = ours.close
        ours.close = lambda: (close(), take())
        return ours

    with monkeypatch.context() as patched:
        patched.setattr(Disk, "_load", taken)
        with pytest.raises(MemoryLocked, match="Another Qdrant client"):
            on_disk(tmp_path).keep([record("a")])
    others.pop().close()
    on_disk(tmp_path).keep([record("a")])


def _write(folder: Path, name: str, count: int) -> None:
    memory = on_disk(folder)
    for i in range(count):
        memory.keep([record(f"{name}-{i}", span=(i, i + 1))])


def _write_for_ever(folder: Path, acknowledged: "multiprocessing.Queue[int]") -> None:
    memory = on_disk(folder)
    with memory.session():
        for i in range(100_000):
            memory.keep([record(f"k-{i}", span=(i, i + 1))])
            acknowledged.put(i)


def test_processes_take_turns_and_lose_nothing(tmp_path: Path):
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write, args=(tmp_path, name, 5)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    _write(tmp_path, "here", 5)
    for writer in writers:
        writer.join(300)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(on_disk(tmp_path).of_source("default", SHA)) == 15


def test_a_killed_owner_frees_the_memory_and_loses_nothing_that_it_kept(tmp_path: Path):
    spawn = multiprocessing.get_context("spawn")
    acknowledged = spawn.Queue()
    writer = spawn.Process(target=_write_for_ever, args=(tmp_path, acknowledged))
    writer.start()
    kept = [acknowledged.get(timeout=300) for _ in range(8)]
    with pytest.raises(MemoryLocked):
        on_disk(tmp_path, lock_seconds=0.1).of_source("default", SHA)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join(10)
    memory = on_disk(tmp_path, lock_seconds=5)
    memory.keep([record("after")])
    assert {f"k-{i}" for i in kept} <= set(titles(memory.of_source("default", SHA)))


def test_a_fork_inside_another_threads_session_neither_hangs_nor_splits_the_memory(tmp_path: Path):
    memory, holding, done = on_disk(tmp_path), threading.Event(), threading.Event()

    def hold() -> None:
        with memory.session():
            memory.keep([record("parent", span=(0, 1))])
            holding.set()
            done.wait(10)
            memory.keep([record("later", span=(2, 3))])

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(10)
    child = os.fork()
    if child == 0:
        try:
            memory.keep([record("child", span=(1, 2))])
        except BaseException:  # noqa: BLE001 - a forked child must not run pytest
            os._exit(1)
        os._exit(0)
    time.sleep(0.1)
    done.set()
    holder.join()
    assert os.waitpid(child, 0)[1] == 0
    assert titles(memory.of_source("default", SHA)) == ["parent", "child", "later"]


def test_a_kill_during_the_very_first_write_does_not_spoil_the_folder(tmp_path: Path):
    (tmp_path / "meta.json").touch()
    memory = on_disk(tmp_path)
    assert memory.of_source("default", SHA) == ()
    memory.keep([record("a", span=(0, 1))])
    assert titles(memory.of_source("default", SHA)) == ["a"]


def test_a_kill_between_collection_and_index_is_mended(tmp_path: Path):
    with closing(QdrantClient(path=str(tmp_path))) as client:
        shape = models.VectorParams(size=512, distance=models.Distance.COSINE)
        client.create_collection("omni_v1", vectors_config={"hashing-v1": shape})
    memory = on_disk(tmp_path)
    assert memory.search("default", "containers", limit=5) == ()
    memory.keep([record("a", "containers")])
    assert titles(memory.search("default", "containers", limit=5)) == ["a"]


def damage_meta(folder: Path) -> None:
    (folder / "meta.json").write_text('{"collections": ')


def damage_storage(folder: Path) -> None:
    next(folder.rglob("storage.sqlite")).write_bytes(b"not a database, " * 100)


def put_a_file_there(folder: Path) -> None:
    (folder / "owner.lock").unlink(missing_ok=True)
    (folder / "owner.lock").mkdir()


@pytest.mark.parametrize("damage", [damage_meta, damage_storage, put_a_file_there])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_folder_is_a_typed_error_that_names_it(tmp_path: Path, damage):
    memory = on_disk(tmp_path)
    memory.keep([record("a")])
    damage(tmp_path)
    with pytest.raises(MemoryUnavailable, match=tmp_path.name):
        memory.search("default", "containers", limit=5)


# ── on a server ──────────────────────────────────────────────────────────────────────────────────


def refuse(status: int, only: str = ""):
    body = '{"status": {"error": "no, ' + KEY + '"}}'
    return lambda method, path: (status, body) if only in f"{method} {path}" else None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (refuse(401), "HTTP 401 Unauthorized; check QDRANT_API_KEY"),
        (refuse(403), "HTTP 403 Forbidden; check QDRANT_API_KEY"),
        (refuse(503), "HTTP 503 Service Unavailable"),
        (refuse(500, "PUT /collections/omni/points"), "HTTP 500 Internal Server Error"),
        (lambda method, path: (200, "<html>log in</html>"), ""),
        (lambda method, path: (200, ""), ""),
    ],
)
def test_a_servers_errors_are_transient_and_hold_no_key(fault, reason: str):
    with qdrant_server(fault) as (url, _):
        memory = QdrantMemory.on_server(url, KEY, HashingEmbedder())
        with pytest.raises(MemoryUnavailable) as caught:
            memory.keep([record("a")])
    error = caught.value
    assert error.transient
    assert error.facts["where"] == url
    assert reason in str(error)
    assert error.__cause__ is not None or error.__suppress_context__  # a server's answer may repeat the key
    assert KEY not in f"{error!r} {error}"
    assert KEY.encode() not in pickle.dumps(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_server_that_is_not_there_is_told_without_its_credentials():
    memory = QdrantMemory.on_server("http://user:pass-word@127.0.0.1:1/base?token=abc", KEY, HashingEmbedder())
    with pytest.raises(MemoryUnavailable, match="Connection refused") as caught:
        memory.search("default", "containers", limit=5)
    assert caught.value.facts["where"] == "http://127.0.0.1:1/base"
    told = "".join(traceback.format_exception(caught.value))
    assert all(secret not in told for secret in (KEY, "pass-word", "token=abc"))


@pytest.mark.parametrize(
    ("url", "key", "reason"),
    [
        ("qdrant:6333", KEY, "not an http or https address"),
        ("http://[broken", KEY, "not an http or https address"),
        ("http://127.0.0.1:1", f"{KEY}\n\x00", "no header can carry"),
        ("http://127.0.0.1:1", f"{KEY}é", "no header can carry"),
    ],
)
def test_settings_that_can_not_work_are_told_like_a_server_that_is_away(url: str, key: str, reason: str):
    with pytest.raises(MemoryUnavailable, match=reason) as caught:
        QdrantMemory.on_server(url, key, HashingEmbedder()).keep([record("a")])
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_the_key_reaches_the_server_and_no_warning_the_user():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with qdrant_server() as (url, seen):
            QdrantMemory.on_server(url, f"{KEY}\n", HashingEmbedder()).keep([record("a")])
    assert {headers["api-key"] for headers in seen} == {KEY}


def test_a_worker_that_makes_the_collection_at_the_same_moment_is_no_error():
    answers = iter([(200, '{"result": {"exists": false}, "status": "ok", "time": 0}')])

    def late(method: str, path: str):
        return next(answers, None) if path.endswith("/exists") and started else None

    started: list[bool] = []
    with qdrant_server(late) as (url, _):
        QdrantMemory.on_server(url, None, HashingEmbedder()).keep([record("first", span=(0, 1))])
        started.append(True)
        memory = QdrantMemory.on_server(url, None, HashingEmbedder())
        memory.keep([record("second", span=(1, 2))])
        assert titles(memory.of_source("default", SHA)) == ["first", "second"]
