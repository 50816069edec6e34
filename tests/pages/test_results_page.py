"""The page on which people tell what came of a Short: what they type is what the memory is told, and what it knows is shown."""

import json
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from uuid import UUID

import pytest
from fakes.door import Door
from fakes.finished_job import STRATEGY, Made, finish
from fakes.reader import Reader
from prefect.states import Completed, Crashed, Running

from deployments.gateway import LEARN
from omni.contracts import Lesson
from omni.outcomes import TAUGHT, ClipOutcome, Taught

TODAY = datetime.now(UTC).date().isoformat()
LESSON = Lesson(kind="hook", value="question", effect=0.4, count=14, because="14 clips that open with <a> question did")


@pytest.fixture
def job(door: Door) -> UUID:
    """A job that is ready, made today: of another day its Shorts could have no figures of today."""
    job_id = door.job()
    finish(door, job_id)
    made = door.gateway.stored[job_id]
    door.gateway.stored[job_id] = made.model_copy(update={"created": datetime.now(UTC)})
    return job_id


def address(job: UUID, clip: int = 1) -> str:
    return f"/ui/jobs/{job}/clips/{clip}/results"


def told(door: Door) -> list[ClipOutcome]:
    runs = [run for run in door.gateway.stored.values() if run.name == LEARN]
    return [ClipOutcome.model_validate(one) for run in runs for one in run.parameters["outcomes"]]


def end(door: Door, state: Any, **labels: str) -> None:
    """Let the runs that tell the memory end."""
    for run_id, run in list(door.gateway.stored.items()):
        if run.name == LEARN:
            door.gateway.enter(run_id, state)
            ended = door.gateway.stored[run_id]
            door.gateway.stored[run_id] = ended.model_copy(update={"labels": ended.labels | labels})


def test_what_a_person_types_is_what_the_memory_is_told(door: Door, reader: Reader, job: UUID) -> None:
    form = {
        "on": TODAY,
        "tiktok-views": "12 400",
        "tiktok-likes": "1.900",
        "tiktok-watch_seconds": "6,5",
        "x-views": "0",
    }
    answer = reader.post(address(job), form | {"youtube-views": ""})

    assert (answer.status_code, answer.headers["location"]) == (303, f"{address(job)}#known")
    tiktok, x = told(door)
    assert (tiktok.strategy_id, tiktok.clip, tiktok.outcome.on.isoformat()) == (STRATEGY, 1, TODAY)
    figures = tiktok.outcome.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    assert figures == {"on": TODAY, "platform": "tiktok", "views": 12400, "likes": 1900, "watch_seconds": 6.5}
    assert (x.outcome.platform, x.outcome.views) == ("x", 0)


def test_what_is_known_is_shown_with_its_way_into_the_memory(door: Door, reader: Reader, job: UUID) -> None:
    assert "No figures yet." in reader.get(address(job)).text
    reader.post(address(job), {"on": TODAY, "tiktok-views": "12400"})
    reader.post(address(job, 2), {"on": TODAY, "x-views": "777"})
    coming = reader.get(address(job)).text

    assert "12 400" in coming
    assert "777" not in coming  # another Short's
    assert "on its way into the memory" in coming
    assert "data-moving" in coming
    end(door, Completed(message="1 kept."))
    kept = reader.get(address(job)).text
    assert "on its way" not in kept
    assert "data-moving" not in kept


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (Completed(message="The memory is locked: omni memory flush"), "omni memory flush"),
        (Crashed(message="killed"), "it did not reach the memory"),
    ],
)
def test_what_did_not_arrive_is_said(door: Door, reader: Reader, job: UUID, state: Any, said: str) -> None:
    reader.post(address(job), {"on": TODAY, "tiktok-views": "5"})
    end(door, state)

    assert said in reader.get(address(job)).text


def test_of_a_day_told_twice_the_later_word_stands(door: Door, reader: Reader, job: UUID) -> None:
    reader.post(address(job), {"on": TODAY, "tiktok-views": "100"})
    run = next(run for run in door.gateway.stored.values() if run.name == LEARN)
    earlier = datetime.now(UTC) - timedelta(hours=1)
    run.parameters["outcomes"][0]["told_at"] = earlier.isoformat()
    reader.post(address(job), {"on": TODAY, "tiktok-views": "250"})
    text = reader.get(address(job)).text

    assert '<td class="num">250</td>' in text
    assert '<td class="num">100</td>' not in text


def test_what_the_memory_learned_is_told_and_what_this_short_owes_it(door: Door, reader: Reader, job: UUID) -> None:
    learned = {"kind": "learned", "weight": 0.4, "text": "does what worked for you: 14 clips that open so"}
    folder = next(door.settings.output.iterdir()) / "manifest.json"
    manifest = json.loads(folder.read_text())
    manifest["shorts"][0]["evidence"].append(learned)
    folder.write_text(json.dumps(manifest))
    reader.post(address(job), {"on": TODAY, "tiktok-views": "100"})
    end(door, Completed(message="1 kept."), **{TAUGHT: Taught(clips=31, lessons=(LESSON,)).model_dump_json()})
    text = reader.get(address(job)).text

    assert "From the results of 31 Shorts" in text
    assert "because 14 clips that open with &lt;a&gt; question did" in text
    assert "does what worked for you: 14 clips that open so" in text
    on_the_job = reader.get(f"/ui/jobs/{job}").text
    assert "<strong>From the memory:</strong> does what worked for you" in on_the_job
    assert f'href="{address(job)}"' in on_the_job


def test_before_anything_stands_out_of_chance_that_is_said(door: Door, reader: Reader, job: UUID) -> None:
    reader.post(address(job), {"on": TODAY, "tiktok-views": "100"})
    end(door, Completed(message="1 kept."), **{TAUGHT: Taught(clips=1).model_dump_json()})

    assert "Results of 1 Short is known in this workspace: nothing beyond chance yet." in reader.get(address(job)).text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"on": TODAY}, "it has no figure"),
        ({"on": "soon", "x-views": "1"}, "it names no day"),
        ({"on": TODAY, "x-views": "many"}, "X: Views is no whole number: &#39;many&#39;"),
        ({"on": TODAY, "x-views": "<b>"}, "&lt;b&gt;"),
        ({"on": TODAY, "x-views": "1.5"}, "X: Views is no whole number"),
        ({"on": TODAY, "tiktok-views": "10", "tiktok-likes": "11"}, "TikTok: 11 likes of 10 views"),
        ({"on": "2031-01-01", "x-views": "1"}, "lies in the future"),
        ({"on": "2020-01-01", "x-views": "1"}, "lies before the day"),
        ({"on": TODAY, "x-watch_seconds": "90000"}, "the mean of a viewer"),
    ],
)
def test_what_cant_be_true_is_told_and_nothing_typed_is_lost(
    door: Door, reader: Reader, job: UUID, form: dict[str, str], said: str
) -> None:
    answer = reader.post(address(job), form)

    assert (answer.status_code, told(door)) == (422, [])
    assert 'role="alert"' in answer.text
    assert said in answer.text
    for name, value in form.items():
        assert f'name="{name}"' in answer.text
        assert f'value="{escape(value)}"' in answer.text


def test_a_verdict_stands_beside_the_figures(door: Door, reader: Reader, job: UUID) -> None:
    reader.post(f"/ui/jobs/{job}/review", {"clip": "1", "verdict": "rejected", "reason": "the <joke> is lost"})

    assert "“the &lt;joke&gt; is lost”" in reader.get(address(job)).text
    assert [one.outcome.verdict for one in told(door)] == ["rejected"]


def test_only_a_job_that_is_ready_and_remembered_is_asked_about(door: Door, reader: Reader) -> None:
    running, forgotten = door.job(), door.job()
    finish(door, running, Made(draft=True), state=Running(name="RENDERING"))
    door.deliver(forgotten, strategy_id=None)

    for job, said in ((running, "once the job is ready"), (forgotten, "not in the memory")):
        text = reader.get(address(job)).text
        assert said in text
        assert "Tell the memory" not in text
        assert f'href="{address(job)}"' not in reader.get(f"/ui/jobs/{job}").text
        refused = reader.post(address(job), {"on": TODAY, "x-views": "4711"})
        assert refused.status_code == 409
        assert 'value="4711"' in refused.text  # nobody types it twice


def test_a_short_that_isnt_there_has_no_results(reader: Reader, job: UUID) -> None:
    assert reader.get(address(job, 9)).status_code == 404
