"""What waits while the memory is out of reach, and how it gets there."""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.qdrant import EMBEDDER_AWAY, LOCKED, REFUSED, UNAVAILABLE, FakeMemory

from omni.errors import MemoryLocked, MemoryUnavailable
from omni.memory.outbox import Outbox, keep_in_turn, keep_or_post, post_instead
from omni.ports import MemoryRecord


def record(key: str, text: str = "containers", *, workspace: str = "default", sha: str = "a" * 64) -> MemoryRecord:
    return MemoryRecord(
        id=key,
        workspace=workspace,
        kind="clip",
        strategy_id="s",
        source_sha256=sha,
        source_title="Talk",
        title=key,
        text=text,
        payload={"evidence": {"hook.question": 1.5}, "platforms": ["x"], "decision": None},
    )


class Watched(FakeMemory):
    """One whose records somebody sees, and may refuse, before it keeps them."""

    def __init__(self, watch: Callable[[Sequence[MemoryRecord]], None]) -> None:
        super().__init__()
        self.watch = watch

    def keep(self, records: Sequence[MemoryRecord], *, by_meaning: bool = True) -> tuple[str, ...]:
        self.watch(records)
        return super().keep(records, by_meaning=by_meaning)


def failing_at(key: str, error: Exception) -> Watched:
    def watch(records: Sequence[MemoryRecord]) -> None:
        if records[0].id == key:
            raise error

    return Watched(watch)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox", lock_seconds=5)


@pytest.mark.parametrize("error", [LOCKED, UNAVAILABLE])
def test_what_a_memory_out_of_reach_was_told_is_kept_by_the_next_who_reaches_it(outbox: Outbox, error: Exception):
    first, second = record("1", "line one\nline two\u2028three"), record("2")

    (told,) = keep_or_post(FakeMemory(failing=error), outbox, [first])
    assert "not remembered yet" in told
    assert str(error) in told

    memory = FakeMemory()
    assert keep_or_post(memory, outbox, [second]) == ()
    assert memory.kept == {"1": first.model_copy(update={"created_at": memory.kept["1"].created_at}), "2": second}
    assert outbox.waiting() == ()


def test_what_waited_is_of_the_day_on_which_it_was_made(outbox: Outbox):
    known = datetime(2025, 1, 2, tzinfo=UTC)
    before = datetime.now(UTC)
    outbox.post([record("1"), record("2").model_copy(update={"created_at": known})])
    after = datetime.now(UTC)
    memory = FakeMemory()
    outbox.flush(memory)
    made = memory.kept["1"].created_at
    assert made is not None
    assert before <= made <= after
    assert memory.kept["2"].created_at == known


def test_batches_are_kept_in_the_order_of_posting_and_before_what_is_new(outbox: Outbox):
    for text in ("first", "second"):
        outbox.post([record("1", text)])
    seen: list[str] = []

    keep_in_turn(Watched(lambda records: seen.extend(r.text for r in records)), outbox, [record("1", "third")])

    assert seen == ["first", "second", "third"]


def test_a_batch_posted_again_waits_once_and_at_the_end(outbox: Outbox):
    for text in ("old", "other", "old"):
        outbox.post([record("1", text)])
    assert len(outbox.waiting()) == 2
    memory = FakeMemory()
    assert outbox.flush(memory).records == 2
    assert memory.kept["1"].text == "old"


def test_what_was_kept_before_the_memory_went_away_again_does_not_wait_any_more(outbox: Outbox):
    for key in "123":
        outbox.post([record(key)])
    memory = failing_at("2", UNAVAILABLE)
    with pytest.raises(MemoryUnavailable):
        outbox.flush(memory)
    assert [r.id for r in outbox.records()] == ["2", "3"]
    assert set(memory.kept) == {"1"}


def test_a_batch_that_nobody_can_take_is_laid_aside_and_told_and_holds_up_nobody(outbox: Outbox):
    outbox.post([record("damaged")])
    outbox.waiting()[0].write_bytes(b'{"id": "half a li')
    outbox.post([record("refused")])
    outbox.post([record("good")])
    memory = failing_at("refused", REFUSED)
    flushed = outbox.flush(memory)

    assert (flushed.records, set(memory.kept)) == (1, {"good"})
    assert len(flushed.warnings) == len(outbox.refused()) == 2
    assert all(str(path) in told for path, told in zip(outbox.refused(), flushed.warnings, strict=True))
    assert outbox.flush(memory).warnings == ()

    memory.watch = lambda _: None
    again = outbox.flush(memory, again=True)
    assert (again.records, len(again.warnings), set(memory.kept)) == (1, 1, {"good", "refused"})
    assert len(outbox.refused()) == 1


def test_a_batch_that_another_process_took_away_holds_nothing_up(outbox: Outbox):
    outbox.post([record("1")])
    outbox.post([record("2")])
    outbox.post([record("3")])

    def take(records: Sequence[MemoryRecord]) -> None:
        for batch in outbox.waiting() if records[0].id == "1" else ():
            batch.unlink() if b'"id":"3"' not in batch.read_bytes() else None

    memory = Watched(take)
    assert outbox.flush(memory).warnings == ()
    assert set(memory.kept) == {"1", "3"}


def test_an_outbox_that_can_not_be_read_is_a_memory_out_of_reach(outbox: Outbox, tmp_path: Path):
    odd = tmp_path / "outbox" / "00000000000000000001-odd.jsonl"
    odd.mkdir(parents=True)
    (told,) = keep_or_post(FakeMemory(), outbox, [record("1")])
    assert "not remembered yet" in told
    assert str(odd.parent) in told
    odd.rmdir()
    assert [r.id for r in outbox.records()] == ["1"]


def test_an_outbox_whose_turn_can_not_be_taken_is_a_memory_out_of_reach(outbox: Outbox, tmp_path: Path):
    outbox.post([record("1")])
    (tmp_path / "outbox" / ".lock").mkdir()
    with pytest.raises(MemoryUnavailable):
        outbox.flush(FakeMemory())


def test_an_embedder_that_is_away_holds_nothing_up(outbox: Outbox):
    outbox.post([record("1")])
    flushed = outbox.flush(FakeMemory(failing=EMBEDDER_AWAY))
    assert flushed.records == 1
    assert "by its words only" in flushed.warnings[0]


def test_two_never_empty_it_at_once(tmp_path: Path):
    outbox, impatient = Outbox(tmp_path, 5), Outbox(tmp_path, 0.05)
    outbox.post([record("1")])

    def meanwhile(_: Sequence[MemoryRecord]) -> None:
        with pytest.raises(MemoryLocked):
            impatient.flush(FakeMemory())

    assert outbox.flush(Watched(meanwhile)).records == 1


def test_an_outbox_that_nobody_used_makes_no_folder(outbox: Outbox, tmp_path: Path):
    assert outbox.flush(FakeMemory()).records == 0
    assert keep_or_post(FakeMemory(), outbox, [record("1")]) == ()
    assert outbox.forget(lambda _: True) == 0
    assert list(tmp_path.iterdir()) == []


def test_an_outbox_that_can_not_be_written_says_that_the_records_are_lost(tmp_path: Path):
    (tmp_path / "outbox").write_text("a file")
    (told,) = post_instead(Outbox(tmp_path / "outbox", 1), [record("1")], LOCKED)
    assert "the outbox took it neither" in told


def test_what_was_refused_is_among_the_records_to_forget(outbox: Outbox):
    outbox.post([record("1")])
    outbox.flush(failing_at("1", REFUSED))
    outbox.post([record("2")])
    assert [r.id for r in outbox.records()] == ["1", "2"]


def test_of_a_batch_that_can_not_be_read_only_what_matches_or_is_damaged_goes(outbox: Outbox, tmp_path: Path):
    outbox.post([record("1", workspace="acme"), record("2")])
    (batch,) = outbox.waiting()
    later = [line.replace(b'"id":', b'"mood":"fine","id":') for line in batch.read_bytes().splitlines(keepends=True)]
    batch.write_bytes(b"".join((*later, *batch.read_bytes().splitlines(keepends=True), b'{"workspace": "acme", "tex')))

    assert outbox.forget(lambda r: r.workspace == "acme") == 3
    assert batch.read_bytes().splitlines()[0] == later[1].strip()
    assert len(batch.read_bytes().splitlines()) == 2
    assert [r.id for r in outbox.records()] == ["2"]


@pytest.mark.parametrize("waiting", ["", "1"])
def test_what_a_killed_writer_left_goes_with_the_next_turn_but_not_what_is_being_written(
    outbox: Outbox, tmp_path: Path, waiting: str
):
    folder = tmp_path / "outbox"
    folder.mkdir()
    left, young = folder / ".1-a.jsonl.00ff.part", folder / ".2-b.jsonl.00ff.part"
    for part in (left, young):
        part.write_text("secret words")
    os.utime(left, (1, 1))
    outbox.post([record(key) for key in waiting])
    outbox.forget(lambda _: False)
    assert (left.exists(), young.exists()) == (False, True)


def test_what_is_forgotten_leaves_every_batch_and_the_rest_stays(outbox: Outbox, tmp_path: Path):
    outbox.post([record("1", "secret words", workspace="acme"), record("2")])
    outbox.post([record("3", "secret words", workspace="acme")])

    assert outbox.forget(lambda r: r.workspace == "acme") == 2

    assert [r.id for r in outbox.records()] == ["2"]
    assert not any(b"secret words" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
