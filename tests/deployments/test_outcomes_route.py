"""What came of a clip, as it comes through the door."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fakes.door import STRATEGY, Door, code_of, opened
from fakes.gateway import BEGUN
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed, Running

from deployments.door import outcomes
from deployments.gateway import LEARN
from omni.outcomes import ClipOutcome
from omni.review import Decision, Verdict

DAY = BEGUN.date()
VIEWS = {"on": DAY.isoformat(), "platform": "tiktok", "views": 1200, "likes": 90}


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setattr(outcomes, "_today", lambda: date(DAY.year, DAY.month, DAY.day))
    with opened(tmp_path) as door:
        yield door


def tell(door: Door, job_id: UUID, body: Any, clip: int = 1) -> Any:
    return door.client.post(f"/jobs/{job_id}/clips/{clip}/outcome", json=body)


def ordered(door: Door) -> list[ClipOutcome]:
    runs = [run for run in door.gateway.stored.values() if run.name == LEARN]
    return [ClipOutcome.model_validate(told) for run in runs for told in run.parameters["outcomes"]]


def test_figures_of_a_clip_become_a_run_that_tells_the_memory(door: Door) -> None:
    job_id = door.finished()

    answer = tell(door, job_id, VIEWS)

    assert answer.status_code == 202
    assert (answer.json()["clip"], answer.json()["outcomes"]) == (1, 1)
    (told,) = ordered(door)
    assert (told.strategy_id, told.workspace, told.clip, told.outcome.views) == (STRATEGY, "default", 1, 1200)
    assert door.gateway.stored[UUID(answer.json()["run_id"])].tags == ["outcome", f"job:{job_id}"]


def test_several_outcomes_come_in_one_request(door: Door) -> None:
    verdict = {"on": DAY.isoformat(), "verdict": "rejected", "reason": "the joke is lost"}

    assert tell(door, door.finished(), [VIEWS, verdict]).json()["outcomes"] == 2
    assert [each.outcome.verdict for each in ordered(door)] == [None, "rejected"]


def test_the_memory_that_is_told_is_the_jobs_own(door: Door) -> None:
    job_id = door.job(brief={"workspace": "acme"})
    door.deliver(job_id)

    tell(door, job_id, VIEWS)

    assert ordered(door)[0].workspace == "acme"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (VIEWS | {"likes": 1201}, "mixed up"),
        (VIEWS | {"views": "1200"}, "integer"),
        (VIEWS | {"views": -1}, "greater"),
        (VIEWS | {"platform": "myspace"}, "youtube"),
        (VIEWS | {"platform": None}, "platform"),
        (VIEWS | {"verdict": "approved"}, "two outcomes"),
        ({"on": DAY.isoformat()}, "needs a figure"),
        (VIEWS | {"watched": 3}, "Extra"),
        (VIEWS | {"on": "yesterday"}, "date"),
        ([], "item"),
    ],
)
def test_an_outcome_that_says_nothing_or_nonsense_is_refused_by_name(door: Door, body: Any, word: str) -> None:
    answer = tell(door, door.finished(), body)

    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert word in answer.text
    assert ordered(door) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"on": "2031-01-01"}, "future"),
        ({"on": "2026-11-02"}, "before the day"),
        ({"watch_seconds": 90_000}, "the mean of a viewer"),
    ],
)
def test_an_outcome_that_cant_be_true_is_refused_with_the_reason(door: Door, change: dict[str, Any], word: str) -> None:
    answer = tell(door, door.finished(), [VIEWS, VIEWS | change])

    assert code_of(answer) == "outcome_implausible"
    assert word in answer.json()["detail"]
    assert ordered(door) == []


def test_a_clip_that_the_job_doesnt_have_is_not_there(door: Door) -> None:
    answer = tell(door, door.finished(), VIEWS, clip=7)

    assert (answer.status_code, code_of(answer)) == (404, "clip_not_found")


def test_only_a_completed_job_that_is_remembered_has_outcomes(door: Door) -> None:
    running, forgotten = door.job(), door.job()
    door.gateway.enter(running, Running(name="RENDERING"))
    door.deliver(forgotten, strategy_id=None)

    assert code_of(tell(door, running, VIEWS)) == "job_not_completed"
    assert code_of(tell(door, forgotten, VIEWS)) == "job_not_remembered"


def test_the_same_outcomes_told_at_one_moment_are_one_run(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = door.finished()
    clock = type("Clock", (), {"now": staticmethod(lambda _zone: BEGUN)})
    monkeypatch.setattr(outcomes, "datetime", clock)

    first, second = tell(door, job_id, VIEWS), tell(door, job_id, VIEWS)

    assert first.json()["run_id"] == second.json()["run_id"]


def test_verdicts_of_people_go_to_the_memory_and_those_of_a_timeout_dont(door: Door) -> None:
    run = door.gateway.stored[door.finished()]
    decisions = [
        Decision(clip=1, verdict=Verdict.APPROVED, at=BEGUN),
        Decision(clip=2, verdict=Verdict.REJECTED, reason="dull", at=BEGUN),
        Decision(clip=3, verdict=Verdict.APPROVED, by="timeout", at=BEGUN),
    ]

    asyncio.run(outcomes.tell_verdicts(door.gateway, run, decisions))

    assert [(each.clip, each.outcome.verdict, each.outcome.reason) for each in ordered(door)] == [
        (1, "approved", ""),
        (2, "rejected", "dull"),
    ]


def test_nothing_is_ordered_for_a_job_that_isnt_remembered_yet(door: Door) -> None:
    waiting: FlowRun = door.gateway.stored[door.job()]

    decided = [Decision(clip=1, verdict=Verdict.APPROVED)]

    assert asyncio.run(outcomes.tell_verdicts(door.gateway, waiting, decided)) is None
    assert ordered(door) == []


def test_a_completed_state_alone_makes_no_clip(door: Door) -> None:
    job_id = door.job()
    door.gateway.enter(job_id, Completed())

    assert tell(door, job_id, VIEWS).status_code == 409
