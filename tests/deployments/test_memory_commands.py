"""`omni memory`: what an operator sees and does, on a real folder."""

import hashlib
import io
import json
from pathlib import Path
from types import SimpleNamespace
from uuid import NAMESPACE_OID, uuid5

import pytest

from deployments import cli, memory
from omni.ports import MemoryRecord
from omni.settings import Settings
from omni.wiring import Workshop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    shop = Workshop(Settings(home=tmp_path / "home", embedder="hashing"))
    monkeypatch.setattr(memory, "wire", lambda: shop)
    return shop


@pytest.fixture
def omni(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: Workshop):
    def run(*arguments: str, stdin: str = "", code: int = 0) -> tuple[str, str]:
        monkeypatch.setattr("sys.argv", ["omni", "memory", *arguments])
        monkeypatch.setattr("signal.signal", lambda *_: None)
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(stdin.encode()), isatty=lambda: False))
        ended = 0
        try:
            cli.main()
        except SystemExit as stop:
            ended = stop.code or 0
        said = capsys.readouterr()
        assert ended == code, said.err
        return said.out, " ".join(said.err.split())

    return run


def record(name: str, *, workspace: str = "default", kind: str = "clip", sha: str = "a" * 64) -> MemoryRecord:
    return MemoryRecord(
        id=str(uuid5(NAMESPACE_OID, f"{workspace}/{name}")), workspace=workspace, kind=kind, strategy_id=f"{workspace} {sha}",
        source_sha256=sha, source_title="Talk", title=name, text="harbour cranes",
    )  # fmt: skip


def verdict(name: str) -> MemoryRecord:
    told = {"clip": 1, "on": "2026-03-09", "verdict": "approved"}
    strategy = str(uuid5(NAMESPACE_OID, "a strategy"))
    return record(name, kind="outcome").model_copy(update={"strategy_id": strategy, "payload": told})


def test_an_empty_memory_says_so_and_makes_nothing(omni, shop: Workshop):
    out, _ = omni("show")
    assert "nothing is remembered yet" in out
    assert "qdrant:disk+hashing-v1" in out
    assert not shop.settings.home.exists()


def test_show_counts_by_workspace_and_kind_and_names_what_waits(omni, shop: Workshop):
    shop.memory.keep([record("a"), record("b"), record("p", kind="post"), record("c", workspace="acme")])
    shop.outbox.post([record("late")])
    out, _ = omni("show")
    assert "acme: 1 clip\ndefault: 2 clip, 1 post\n" in out
    assert "1 batches wait" in out
    told = json.loads(omni("show", "--json")[0])
    assert (told["counts"]["default"], told["outbox"]["waiting"]) == ({"clip": 2, "post": 1}, 1)


def test_flush_keeps_what_waits(omni, shop: Workshop):
    shop.outbox.post([record("late")])
    assert "1 records that had waited" in omni("flush")[1]
    assert [one.title for one in shop.memory.records()] == ["late"]
    assert "0 records" in omni("flush", "--again")[1]


def test_an_export_is_imported_elsewhere_and_a_second_time_changes_nothing(omni, shop: Workshop, tmp_path: Path):
    shop.memory.keep([record("a"), record("b", workspace="acme"), verdict("o")])
    file = tmp_path / "memory.jsonl"
    assert "3 records were exported" in omni("export", str(file))[1]
    assert omni("export", "-", "--workspace", "acme")[0].count("\n") == 1
    assert omni("export", "-")[0] == file.read_text()
    assert "2 records were forgotten" in omni("forget", "--workspace", "default", "--yes")[1]
    assert "1 records were forgotten" in omni("forget", "--workspace", "acme", "--yes")[1]

    for _ in range(2):
        assert "3 records were imported" in omni("import", str(file))[1]
        assert omni("export", "-")[0] == file.read_text()
    assert [one.title for one in shop.memory.search("default", "crane", limit=5)] == ["a"]


def test_a_bad_file_is_not_imported_at_all_unless_its_bad_lines_may_be_left_out(omni, shop: Workshop):
    shop.memory.keep([record("a")])
    (good, _) = omni("export", "-")
    omni("forget", "--workspace", "default", "-y")

    _, told = omni("import", "-", stdin=f'{good}{{"half\n', code=2)
    assert "nothing was imported: line 2: Invalid JSON" in told
    assert list(shop.memory.records()) == []

    _, told = omni("import", "-", "--skip-bad", stdin=f'{good}{{"half\n')
    assert "1 lines were left out: line 2" in told
    assert [one.title for one in shop.memory.records()] == ["a"]
    omni("import", "/nowhere.jsonl", code=3)


def test_forgetting_asks_first_and_takes_a_file_or_its_digest(omni, shop: Workshop, tmp_path: Path):
    video = tmp_path / "talk.mp4"
    video.write_bytes(b"a talk")
    sha = "b" * 64
    own = hashlib.sha256(b"a talk").hexdigest()
    shop.memory.keep([record("a", sha=own), record("b", sha=sha), record("c")])
    assert "needs a yes" in omni("forget", "--source", str(video), code=2)[1]
    assert "1 records were forgotten" in omni("forget", "--source", str(video), "--yes")[1]
    assert "1 records were forgotten" in omni("forget", "--source", sha.upper(), "--yes")[1]
    assert [one.title for one in shop.memory.records()] == ["c"]
    omni("forget", "--source", "/nowhere.mp4", code=3)
    omni("forget", code=2)


def test_reindex_moves_to_another_embedder_and_says_what_jobs_use(
    omni, shop: Workshop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(memory, "Settings", lambda **how: Settings(home=shop.settings.home, **how))
    shop.memory.keep([record("a"), record("b")])
    _, told = omni("reindex", "--embedder", "minilm")
    assert "2 records got their meaning from all-minilm-l6-v2" in told
    assert "set OMNI_EMBEDDER=minilm" in told
    assert "Every record has its meaning" in omni("reindex")[1]
    assert "all-minilm-l6-v2, hashing-v1" in omni("show")[0]
