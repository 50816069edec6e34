"""Outcomes in the memory: kept once, the last word counting, and told with the precedents they belong to."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fakes.qdrant import FakeMemory
from pasts import FIRST_DAY, clip_record, figures, sha, strategy, verdict
from pydantic import JsonValue, ValidationError
from test_memory_recalling import SHA, own_id, source, transcript
from test_retelling import CLIP, OTHER

from omni.contracts import Brief, Platform, Span
from omni.memory.outbox import Outbox, keep_in_turn
from omni.memory.outcomes import outcome_of, outcome_records
from omni.memory.recalling import recall, recall_topic, remember
from omni.memory.receptions import past_of
from omni.memory.verdicts import lessons_of, verdict_records
from omni.outcomes import ClipOutcome, Outcome, clip_id, objection
from omni.review import Decision, Revision, Verdict

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def told(outcome: Outcome, *, video: int = 1, clip: int = 1, at: datetime | None = NOON) -> ClipOutcome:
    return ClipOutcome(workspace="default", strategy_id=strategy(video), clip=clip, outcome=outcome, told_at=at)


def keep(memory: FakeMemory, *outcomes: ClipOutcome) -> None:
    remember(memory, outcome_records(outcomes))


def kept(memory: FakeMemory) -> list[ClipOutcome]:
    return [outcome_of(record) for record in memory.records("default", "outcome")]


def test_an_outcome_comes_back_as_it_was_told() -> None:
    memory = FakeMemory([clip_record(1, 1)])
    one = told(figures(1200, likes=90, watch_seconds=14.5))

    keep(memory, one)

    assert kept(memory) == [one]


def test_told_again_it_is_kept_once_and_a_days_correction_replaces_it() -> None:
    memory = FakeMemory()
    keep(memory, told(figures(100)), told(figures(100)))
    keep(memory, told(figures(120), at=NOON + timedelta(hours=1)))

    assert [one.outcome.views for one in kept(memory)] == [120]


def test_each_day_and_platform_stays_and_of_verdicts_the_last() -> None:
    memory = FakeMemory()
    keep(memory, told(figures(100)), told(figures(90, platform=Platform.X)), told(figures(200, on=date(2026, 4, 1))))
    keep(memory, told(verdict("approved")), told(verdict("rejected", "dull"), at=NOON + timedelta(days=1)))

    assert sorted(one.outcome.views or 0 for one in kept(memory)) == [0, 90, 100, 200]
    assert [one.outcome.reason for one in kept(memory) if one.outcome.verdict] == ["dull"]


def test_an_order_that_arrives_late_doesnt_undo_a_newer_one() -> None:
    memory = FakeMemory()
    keep(memory, told(verdict("rejected"), at=NOON + timedelta(hours=2)))
    keep(memory, told(verdict("approved"), at=NOON))

    assert [one.outcome.verdict for one in kept(memory)] == ["rejected"]


def test_of_one_batch_the_later_told_counts_too() -> None:
    memory = FakeMemory()
    keep(memory, told(verdict("rejected"), at=NOON + timedelta(hours=2)), told(verdict("approved"), at=NOON))

    assert [one.outcome.verdict for one in kept(memory)] == ["rejected"]


def test_what_waited_in_the_outbox_doesnt_undo_what_was_told_later(tmp_path: Path) -> None:
    memory, outbox = FakeMemory([clip_record(1, 1)]), Outbox(tmp_path / "outbox", 1)
    outbox.post(outcome_records([told(verdict("approved"), at=NOON)]))
    keep(memory, told(verdict("rejected"), at=NOON + timedelta(hours=2)))

    outbox.flush(memory)

    assert [one.outcome.verdict for one in kept(memory)] == ["rejected"]


def test_what_is_told_counts_against_what_waited_until_then(tmp_path: Path) -> None:
    memory, outbox = FakeMemory([clip_record(1, 1)]), Outbox(tmp_path / "outbox", 1)
    outbox.post(outcome_records([told(verdict("rejected"), at=NOON + timedelta(hours=2))]))

    keep_in_turn(memory, outbox, outcome_records([told(verdict("approved"), at=NOON)]))

    assert [one.outcome.verdict for one in kept(memory)] == ["rejected"]


@pytest.mark.parametrize("at", [NOON, None])
def test_a_job_that_runs_again_doesnt_undo_what_was_decided_since(at: datetime | None) -> None:
    clip = clip_record(1, 1)
    memory = FakeMemory([clip])
    keep(memory, told(verdict("rejected"), at=NOON + timedelta(hours=2)))
    decided = Revision(decisions=(Decision(clip=1, verdict=Verdict.APPROVED, at=at),))

    remember(memory, (clip, *verdict_records([clip], decided)))

    assert [one.outcome.verdict for one in kept(memory)] == ["rejected"]


@pytest.mark.parametrize(
    "payload", [{}, {"clip": 1}, {"on": "soon", "clip": 1}, {"on": [], "verdict": {}, "told_at": 3}]
)
def test_an_outcome_that_cant_be_read_costs_a_workspace_nothing(payload: dict[str, JsonValue]) -> None:
    memory = FakeMemory([clip_record(1, 1)])
    keep(memory, told(verdict("rejected")))
    (good,) = memory.records("default", "outcome")
    memory.keep([good.model_copy(update={"id": str(uuid4()), "payload": payload})])
    memory.keep([good.model_copy(update={"id": str(uuid4()), "strategy_id": "none"})])

    keep(memory, told(figures(100)))

    assert len(past_of(memory, "default").refused) == 1


def test_a_source_that_was_known_stays_known_when_its_clip_is_gone() -> None:
    memory = FakeMemory([clip_record(1, 1)])
    keep(memory, told(figures(100)))
    memory.forget([clip_id(strategy(1), 1)])
    keep(memory, told(figures(120), at=NOON + timedelta(hours=1)))

    assert [record.source_sha256 for record in memory.records("default", "outcome")] == [sha(1)]


def test_an_outcome_belongs_to_the_video_of_its_clip_so_that_both_are_forgotten_together() -> None:
    memory = FakeMemory([clip_record(1, 1)])
    keep(memory, told(figures(100)))
    (record,) = memory.records("default", "outcome")

    assert (record.source_sha256, record.source_title, record.span) == (sha(1), "Video 1", Span(start=100, end=125))
    assert outcome_records([told(figures(100))])[0].source_sha256 == ""


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"views": 3},
        {"platform": "x"},
        {"platform": "x", "views": 3, "likes": 4},
        {"platform": "x", "verdict": "approved"},
        {"platform": "x", "views": 3, "reason": "why"},
        {"platform": "x", "watch_seconds": float("inf")},
        {"platform": "x", "views": -1},
        {"verdict": "maybe"},
    ],
)
def test_an_outcome_that_says_nothing_or_contradicts_itself_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Outcome.model_validate({"on": "2026-03-09", **fields})


def test_what_cant_be_true_is_named() -> None:
    today = date(2026, 3, 20)

    assert objection(figures(1, on=today + timedelta(days=1)), today) == ""  # another time zone's tomorrow
    assert "future" in objection(figures(1, on=date(2027, 1, 1)), today)
    assert "before the day" in objection(figures(1, on=date(2026, 3, 1)), today, made_on=date(2026, 3, 9))
    assert "the mean of a viewer" in objection(figures(1, watch_seconds=99_000), today, seconds=30)
    assert objection(figures(1, watch_seconds=40), today, seconds=30) == ""  # looped


# what a job is told of it


def test_a_precedent_is_told_with_what_came_of_it_and_why_it_was_rejected() -> None:
    clips = [clip_record(video, 1, text="containers of the harbour") for video in range(6)]
    memory = FakeMemory(clips)
    keep(memory, *(told(figures(100 * 2**video, likes=9), video=video) for video in range(6)))
    keep(memory, told(verdict("rejected", "too slow"), video=5))

    nearest = recall(memory, source(), transcript(), Brief()).nearest
    found, _ = recall_topic(memory, "default", "containers", 9)

    assert len(nearest) == 5
    assert all(p.reception and p.reception.text.endswith("views and 9 likes on tiktok") for p in nearest[:-1])
    liked = next(p.reception for p in found if p.strategy_id == strategy(4))
    assert liked is not None
    assert (liked.text, liked.views) == ("1 600 views and 9 likes on tiktok", 1600)
    assert (liked.merit or 0) > 0
    refused = next(p.reception for p in found if p.strategy_id == strategy(5))
    assert refused is not None
    assert (refused.verdict, refused.reason) == ("rejected", "too slow")
    assert refused.text.endswith("rejected: too slow")


def test_what_a_clip_of_the_same_talk_in_another_file_showed_is_barred_unless_it_is_to_be_repeated() -> None:
    memory = FakeMemory([clip_record(1, 1, text=CLIP), clip_record(2, 1, text=OTHER)])
    talk = transcript(f"Good morning to all of you today. {CLIP} Thank you very much.")

    found = recall(memory, source(), talk, Brief())
    again = recall(memory, source(), talk, Brief(repeat=True))

    assert len(found.retold) == 1
    assert found.retold[0].length > 20
    assert found.barred(Brief()) == found.retold
    assert again.barred(Brief(repeat=True)) == ()


def test_a_rejected_moment_stays_out_even_when_used_ones_are_repeated() -> None:
    same_file = clip_record(1, 1).model_copy(update={"source_sha256": SHA})
    memory = FakeMemory([same_file, clip_record(2, 1, text=CLIP)])
    keep(memory, told(verdict("rejected", "dull")), told(verdict("rejected", "dull"), video=2))
    talk = transcript(f"Good morning to all of you today. {CLIP} Thank you very much.")
    brief = Brief(repeat=True)

    refused = recall(memory, source(), talk, brief).barred(brief)

    assert len(refused) == 2
    assert Span(start=100, end=125) in refused


def test_a_request_is_told_the_same_after_outcomes_of_its_own_clips() -> None:
    """Else a second run would find other clips, and nothing in the cache."""
    brief = Brief()
    ids = {"id": clip_id(own_id(brief), 1), "strategy_id": own_id(brief), "source_sha256": SHA}
    mine = clip_record(1, 1, text=CLIP).model_copy(update=ids)
    others = [clip_record(video, 1, text="containers of the harbour") for video in range(6)]
    memory = FakeMemory(others)
    keep(memory, *(told(figures(100 * 2**video), video=video) for video in range(6)))
    before = recall(memory, source(), transcript(), brief)

    remember(memory, [mine])
    own = ClipOutcome(workspace="default", strategy_id=own_id(brief), clip=1, outcome=verdict("rejected"))
    keep(memory, own, own.model_copy(update={"outcome": figures(10**6, on=FIRST_DAY + timedelta(days=400))}))

    assert recall(memory, source(), transcript(), brief) == before


def test_another_brief_of_the_same_talk_does_learn_from_them() -> None:
    mine = clip_record(1, 1).model_copy(update={"source_sha256": SHA})
    memory = FakeMemory([mine])
    keep(memory, told(verdict("rejected")))

    assert recall(memory, source(), transcript(), Brief(clips=3)).refused == (Span(start=100, end=125),)


def test_of_a_job_that_came_to_nothing_the_rejected_moment_is_refused_and_the_approved_one_stays_free() -> None:
    drafts = [
        clip_record(1, n, text=text).model_copy(update={"source_sha256": SHA}) for n, text in ((1, CLIP), (2, OTHER))
    ]
    decided = Revision().decided(
        [Decision(clip=1, verdict=Verdict.APPROVED), Decision(clip=2, verdict=Verdict.REJECTED, reason="dull")]
    )
    memory = FakeMemory()
    outcomes, clips = lessons_of(drafts, decided)

    remember(memory, (*clips, *outcome_records(outcomes, clips)))
    found = recall(memory, source(), transcript(), Brief())
    other = source().model_copy(update={"sha256": "f" * 64})
    elsewhere = recall(
        memory, other, transcript(f"Good morning to all of you today. {CLIP} {OTHER} Thank you."), Brief()
    )

    assert found.refused == found.used == (Span(start=200, end=225),)
    assert elsewhere.retold == elsewhere.refused
    assert {(one.clip, one.outcome.verdict) for one in kept(memory)} == {(1, "approved"), (2, "rejected")}


def test_a_clip_that_was_made_is_not_called_unmade_by_a_later_job_of_the_same_request() -> None:
    made = clip_record(1, 1)
    memory = FakeMemory([made])
    outcomes, clips = lessons_of([made], Revision().decided([Decision(clip=1, verdict=Verdict.APPROVED, at=NOON)]))

    remember(memory, (*clips, *outcome_records(outcomes, clips)))

    assert list(memory.records("default", "clip")) == [made]
    assert [one.outcome.verdict for one in kept(memory)] == ["approved"]
    remember(memory, (made.model_copy(update={"text": "New."}),))
    assert [one.text for one in memory.records("default", "clip")] == ["New."]
