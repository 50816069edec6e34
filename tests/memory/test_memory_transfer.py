"""The memory as lines of JSON, and forgetting all that belongs together."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

import pytest
from fakes.qdrant import UNAVAILABLE, FakeMemory
from pydantic import JsonValue

from omni.contracts import Span
from omni.errors import MemoryUnavailable, NotForgotten
from omni.memory.forgetting import Doomed, doomed_ids, forget
from omni.memory.outbox import Outbox
from omni.memory.transfer import exported, imported
from omni.ports import MemoryRecord

SHA, OTHER_SHA = "a" * 64, "b" * 64


def record(
    name: str, *, kind: str = "clip", workspace: str = "default", sha: str = SHA, strategy: str = "s"
) -> MemoryRecord:
    return MemoryRecord(
        id=str(uuid5(NAMESPACE_OID, f"{workspace}/{name}")),
        workspace=workspace,
        kind=kind,
        strategy_id=strategy,
        source_sha256=sha,
        source_title="Talk",
        title=name,
        text="grüne Häfen\n\u2028\u0085起重机",
        span=Span(start=1.25, end=2),
        payload={"evidence": {"hook": 1.5}, "platforms": ["x"], "decision": None, "number": 1},
        created_at=datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
    )


def outcome(name: str, **payload: JsonValue) -> MemoryRecord:
    told = {"clip": 1, "on": "2026-03-09", "verdict": "approved", "told_at": None} | payload
    kept = record(name, kind="outcome", sha="", strategy=str(uuid5(NAMESPACE_OID, "a strategy")))
    return kept.model_copy(update={"payload": told})


def lines(*records: MemoryRecord) -> list[bytes]:
    return [line.encode() for line in exported(records)]


def test_what_was_exported_is_imported_as_it_was():
    records = (record("a"), outcome("b"), record("c", kind="post"))
    written = lines(*records)
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in written)
    assert imported([*written, b"\n"]) == (records, ())
    assert json.loads(written[0])["schema"] == 2


@pytest.mark.parametrize("payload", [{"clip": None}, {"on": "soon"}, {"views": -3}, {"verdict": None}, {"clip": "one"}])
def test_an_outcome_that_no_job_could_read_is_no_line_to_import(payload: dict[str, JsonValue]):
    records, (fault,) = imported(lines(record("a"), outcome("b", **payload)))
    assert [kept.title for kept in records] == ["a"]
    assert (fault.line, fault.reason != "") == (2, True)


def test_an_outcome_with_something_that_a_later_version_added_is_imported():
    (kept,), faults = imported(lines(outcome("b", mood="fine")))
    assert (kept.payload["mood"], faults) == ("fine", ())


def test_lines_of_the_first_schema_are_read():
    told = json.loads(lines(record("a"))[0]) | {"schema": 1}
    del told["created_at"], told["updated_at"]
    (found,), faults = imported([json.dumps(told).encode()])
    assert (found.title, found.created_at, faults) == ("a", None, ())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schema": 3}, "schema: 3 is of a later version, this one knows 2: update Omni-Operator and import again"),
        ({"schema": None}, "schema: "),
        ({"id": "7"}, "id: "),
        ({"workspace": "No Such"}, "workspace: "),
        ({"source_sha256": "abc"}, "source_sha256: "),
        ({"source_sha256": ""}, "a clip belongs to a source"),
        ({"span": {"start": 9, "end": 1}}, "span: a span ends before it starts"),
        ({"created_at": "2025-01-01T00:00:00"}, "created_at: Input should have timezone info"),
        ({"colour": "blue"}, "colour: Extra inputs"),
        ({"text": None}, "text: "),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_by_what_is_wrong(change: dict[str, object], reason: str):
    bad = json.dumps(json.loads(lines(record("bad"))[0]) | change).encode()
    found, faults = imported([*lines(record("a")), b"\n", bad, b'{"half', b"\xff\xfe", *lines(record("b"))])
    assert [one.title for one in found] == ["a", "b"]
    assert [fault.line for fault in faults] == [3, 4, 5]
    assert reason in faults[0].reason


# ── forgetting ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox", lock_seconds=5)


def everything(memory: FakeMemory, outbox: Outbox) -> set[str]:
    return {one.title for one in (*memory.records(), *outbox.records())}


def test_a_source_goes_with_the_outcomes_that_do_not_name_it_and_what_waits(outbox: Outbox):
    memory = FakeMemory(
        [record("clip"), record("outcome", kind="outcome", sha=""), record("other", sha=OTHER_SHA, strategy="o")]
    )
    outbox.post([record("late", kind="outcome", sha=""), record("stays", sha=OTHER_SHA, strategy="o")])
    outbox.post([record("late post", kind="post")])

    assert forget(memory, outbox, Doomed(None, SHA)) == 4

    assert everything(memory, outbox) == {"other", "stays"}


def test_a_workspace_goes_alone_and_so_does_a_source_in_one(outbox: Outbox):
    records = [
        record(f"{w}{s[0]}", workspace=w, sha=s, strategy=w + s[0]) for w in ("acme", "zeta") for s in (SHA, OTHER_SHA)
    ]
    memory = FakeMemory(records)
    assert forget(memory, outbox, Doomed("acme", SHA)) == 1
    assert everything(memory, outbox) == {"acmeb", "zetaa", "zetab"}
    assert forget(memory, outbox, Doomed("zeta", None)) == 2
    assert everything(memory, outbox) == {"acmeb"}
    assert forget(memory, outbox, Doomed("zeta", None)) == 0


def test_what_comes_back_while_it_is_forgotten_is_told(outbox: Outbox):
    class Busy(FakeMemory):
        """One that a job writes to meanwhile."""

        def forget(self, ids):
            super().forget(ids)
            self.keep([record("fresh")])

    with pytest.raises(NotForgotten, match="1 records"):
        forget(Busy([record("a")]), outbox, Doomed("default", None))


def test_a_memory_out_of_reach_leaves_the_outbox_as_it_was(outbox: Outbox):
    outbox.post([record("waits")])
    with pytest.raises(MemoryUnavailable):
        forget(FakeMemory(failing=UNAVAILABLE), outbox, Doomed("default", None))
    assert doomed_ids(FakeMemory(), outbox, Doomed("default", None)) == (record("waits").id,)
