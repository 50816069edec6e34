"""What a job is told about earlier ones."""

from pathlib import Path

import pytest
from fakes.qdrant import EMBEDDER_AWAY, LOCKED, UNAVAILABLE, FakeMemory

from omni.contracts import Brief, Precedents, Source, Span, Transcript, Word
from omni.memory.recalling import question_of, recall, recall_posts, recall_topic, remember
from omni.memory.records import strategy_id
from omni.ports import MemoryRecord

SHA, OTHER_SHA = "a" * 64, "b" * 64
TALK = "containers containers containers harbour harbour and the of cranes"


def source(title: str = "Talk") -> Source:
    return Source(
        path=Path("/m/talk.mp4"),
        sha256=SHA,
        size_bytes=1,
        container="mp4",
        duration=200,
        video=None,
        audio=None,
        title=title,
    )


def transcript(text: str = TALK) -> Transcript:
    words = tuple(Word(start=i, end=i + 1, text=word) for i, word in enumerate(text.split()))
    return Transcript(words=words, engine="test", word_times="measured")


def record(
    key: str,
    *,
    strategy: str = "s",
    kind: str = "clip",
    sha: str = OTHER_SHA,
    span: tuple[float, float] | None = None,
    text: str = "containers",
    workspace: str = "default",
) -> MemoryRecord:
    return MemoryRecord(
        id=key,
        workspace=workspace,
        kind=kind,
        strategy_id=strategy,
        source_sha256=sha,
        source_title="Other",
        title=key,
        text=text,
        span=Span(start=span[0], end=span[1]) if span else None,
    )


def own_id(brief: Brief) -> str:
    return strategy_id(brief.workspace, SHA, brief)


def test_an_empty_memory_recalls_nothing_and_says_who_it_is():
    assert recall(FakeMemory(), source(), transcript(), Brief()) == Precedents(engine="fake:dict")


def test_the_question_is_what_the_talk_says_most():
    assert question_of(source(), transcript()) == "containers harbour cranes"


def test_case_and_punctuation_do_not_split_a_word():
    assert question_of(source(), transcript("Harbour, harbour! «HARBOUR» (cranes).")) == "harbour cranes"


def test_short_words_are_better_than_none_and_the_title_better_than_nothing():
    assert question_of(source(), transcript("so it is")) == "so it is"
    assert question_of(source("Boxes at sea"), transcript("")) == "Boxes at sea"
    assert question_of(source("Boxes at sea"), transcript("… — !")) == "Boxes at sea"


def test_the_question_stays_short_for_a_long_talk():
    long = " ".join(f"word{i:05d}" for i in range(5000))
    assert len(question_of(source(), transcript(long)).split()) == 24


def test_the_five_nearest_come_best_first():
    memory = FakeMemory(
        [record(f"r{i}", strategy=f"s{i}", text="containers " + "harbour " * (i % 2)) for i in range(8)]
    )
    nearest = recall(memory, source(), transcript(), Brief()).nearest
    assert [p.id for p in nearest] == ["r1", "r3", "r5", "r7", "r0"]


def test_one_earlier_job_does_not_fill_the_list():
    crowd = [record(f"a{i}", strategy="crowd", text="containers harbour") for i in range(9)]
    memory = FakeMemory([*crowd, record("z", strategy="other")])
    assert [p.id for p in recall(memory, source(), transcript(), Brief()).nearest] == ["a0", "a1", "z"]


def test_what_this_request_kept_itself_is_neither_near_nor_used():
    brief = Brief(clips=3)
    mine = own_id(brief)
    memory = FakeMemory(
        [
            record("strategy", strategy=mine, kind="strategy", sha=SHA),
            record("clip", strategy=mine, sha=SHA, span=(10, 40)),
        ]
    )
    assert recall(memory, source(), transcript(), brief) == Precedents(engine="fake:dict")


def test_all_pages_of_a_request_recall_the_same_but_what_the_pages_before_showed():
    """Else a further page would be analysed anew, and a model paid again."""
    pages = [Brief(clips=3, page=page) for page in (1, 2, 3)]
    kept = [
        record(f"{kind} {i}", strategy=own_id(page), kind=kind, sha=SHA, span=(10 * i, 10 * i + 8))
        for i, page in enumerate(pages)
        for kind in ("clip", "strategy")
    ]
    elsewhere = record("elsewhere", strategy="x", sha=SHA, span=(90, 120)), record("near", strategy="y")
    first, second, third = (recall(FakeMemory([*kept, *elsewhere]), source(), transcript(), page) for page in pages)
    shown = tuple(Span(start=10 * i, end=10 * i + 8) for i in range(2))
    assert (first.shown, second.shown, third.shown) == ((), shown[:1], shown)
    assert len({answer.model_copy(update={"shown": ()}) for answer in (first, second, third)}) == 1
    assert (first.used, [p.id for p in first.nearest]) == ((Span(start=90, end=120),), ["near"])


def test_moments_that_other_briefs_took_are_used_in_time_order_and_once():
    memory = FakeMemory(
        [
            record("1", strategy="x", sha=SHA, span=(90, 120)),
            record("2", strategy="y", sha=SHA, span=(10, 40)),
            record("3", strategy="z", sha=SHA, span=(10, 40)),
            record("4", strategy="x", sha=OTHER_SHA, span=(50, 60)),
            record("5", strategy="x", sha=SHA, kind="strategy"),
        ]
    )
    assert recall(memory, source(), transcript(), Brief()).used == (Span(start=10, end=40), Span(start=90, end=120))


def test_clips_of_the_same_video_are_no_precedents_but_its_other_strategies_are():
    memory = FakeMemory(
        [
            record("clip", strategy="x", sha=SHA, span=(0, 20)),
            record("strategy", strategy="x", sha=SHA, kind="strategy"),
        ]
    )
    assert [p.id for p in recall(memory, source(), transcript(), Brief()).nearest] == ["strategy"]


def test_repeat_frees_every_moment_but_keeps_the_precedents():
    memory = FakeMemory([record("1", strategy="x", sha=SHA, span=(10, 40)), record("2", strategy="y")])
    answer = recall(memory, source(), transcript(), Brief(repeat=True))
    assert answer.used == ()
    assert [p.id for p in answer.nearest] == ["2"]


def test_a_moment_that_this_request_took_first_stays_free_for_it_when_another_brief_repeats_it():
    mine = own_id(Brief())
    memory = FakeMemory(
        [
            record("1", strategy=mine, sha=SHA, span=(10, 40)),
            record("2", strategy="repeat", sha=SHA, span=(12, 41)),
            record("3", strategy="repeat", sha=SHA, span=(60, 80)),
        ]
    )
    assert recall(memory, source(), transcript(), Brief()).used == (Span(start=60, end=80),)


def test_a_second_run_of_the_same_request_is_told_the_same():
    """Else its analysis wouldn't come from the cache."""
    others = [record(f"o{i}", strategy=f"s{i}", sha=SHA if i < 2 else OTHER_SHA, span=(i, i + 9)) for i in range(6)]
    memory = FakeMemory(others)
    first = recall(memory, source(), transcript(), Brief())
    mine = own_id(Brief())
    remember(memory, [record(f"m{i}", strategy=mine, sha=SHA, span=(100 + i, 101 + i)) for i in range(60)])
    assert recall(memory, source(), transcript(), Brief()) == first


def test_another_workspace_is_not_heard():
    memory = FakeMemory([record("1", workspace="acme"), record("2", workspace="acme", sha=SHA, span=(1, 2))])
    assert recall(memory, source(), transcript(), Brief()) == Precedents(engine="fake:dict")


@pytest.mark.parametrize("error", [LOCKED, UNAVAILABLE])
def test_a_memory_out_of_reach_is_a_warning_that_says_what_to_do(error: Exception):
    answer = recall(FakeMemory([record("1")], failing=error), source(), transcript(), Brief())
    assert answer == Precedents(engine="fake:dict", warnings=(f"Nothing was recalled. {error}",))


def test_any_other_error_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        recall(FakeMemory(failing=ZeroDivisionError()), source(), transcript(), Brief())


def test_remember_keeps_what_a_job_made():
    memory = FakeMemory()
    assert remember(memory, [record("1", strategy="s"), record("2", strategy="s")]) == ()
    assert set(memory.kept) == {"1", "2"}
    assert remember(memory, []) == ()


def test_remember_lets_the_error_through_so_that_the_task_tries_again():
    memory = FakeMemory(failing=LOCKED, failures=1)
    with pytest.raises(type(LOCKED)):
        remember(memory, [record("1")])
    assert remember(memory, [record("1")]) == ()


def test_without_an_embedder_a_job_is_kept_and_found_by_its_words_and_both_are_told():
    memory = FakeMemory(failing=EMBEDDER_AWAY)

    (kept,) = remember(memory, [record("1")])
    recalled = recall(memory, source(), transcript(), Brief())

    assert kept.startswith("This job is remembered by its words only")
    assert [p.id for p in recalled.nearest] == ["1"]
    assert recalled.warnings[0].startswith("The memory was searched by words only")
    assert all(EMBEDDER_AWAY.next_step in told for told in (kept, *recalled.warnings))


def test_posts_are_looked_up_by_their_words_where_they_are_asked_for():
    memory = FakeMemory([record("1"), record("2", kind="post"), record("3", kind="post", text="guitar")])
    assert [p.id for p in recall_posts(memory, "default", "containers", 5)] == ["2"]
    assert [p.id for p in recall_topic(memory, "default", "containers", 5)[0]] == ["1"]


def test_a_topic_is_looked_up_in_its_workspace():
    memory = FakeMemory([record("1"), record("2", workspace="acme"), record("3", text="guitar")])
    found, told = recall_topic(memory, "default", "containers", 5)
    assert ([p.id for p in found], told) == (["1"], ())
