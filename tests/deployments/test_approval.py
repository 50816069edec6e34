"""Approval through the real stack: drafts, the waiting, what people say over HTTP and in the Prefect UI, and what is made of it."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from media import make_talk
from serving import Stack

pytestmark = [pytest.mark.prefect, pytest.mark.ffmpeg]
WISH = {"clips": 2, "min_seconds": 4, "max_seconds": 9, "approval": "clips", "platforms": ["x"]}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("approval")
    running = Stack(folder / "home", OMNI_MEDIA_ROOTS=json.dumps([str(folder)]), OMNI_OUTPUT=str(folder / "out"))
    yield running
    running.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def video(ffmpeg: str, stack: Stack) -> str:
    return str(make_talk(ffmpeg, stack.home.parent))


def submitted(stack: Stack, video: str, **more: object) -> str:
    return stack.ask("POST", "/process", {"video_path": video, "brief": WISH | more})["job_id"]


def when(stack: Stack, job_id: str, status: str, attempt: int, seconds: float = 120) -> dict[str, Any]:
    """Return a job as soon as it has come to a status in an attempt."""
    deadline = time.monotonic() + seconds
    while (job := stack.ask("GET", f"/status/{job_id}"))["status"] != status or job["attempt"] != attempt:
        assert time.monotonic() < deadline, job
        assert job["status"] not in {"FAILED", "CANCELLED"}, job
        time.sleep(0.2)
    return job


def manifest(stack: Stack, job_id: str) -> dict[str, Any]:
    return stack.ask("GET", f"/jobs/{job_id}/files/manifest.json")


def test_an_edited_and_approved_clip_is_made_in_full_and_a_rejected_one_is_not(stack: Stack, video: str) -> None:
    job_id = submitted(stack, video)
    drafts = when(stack, job_id, "NEEDS_REVIEW", 1)
    shown = manifest(stack, job_id)

    assert (drafts["result"], drafts["review"]["open"]) == (None, [1, 2])
    assert all(clip["video"] and clip["state"] == "rendered" for clip in drafts["clips"])
    assert [short["draft"] for short in shown["shorts"]] == [True, True]
    assert stack.ask_prefect("/flow_runs/filter", flow_runs={"id": {"any_": [job_id]}})[0]["state_name"] == "Suspended"

    start, end = drafts["clips"][0]["start"] + 0.4, drafts["clips"][0]["end"]
    transcript = stack.ask("GET", f"/jobs/{job_id}/files/transcript.json")["words"]
    inside = [number for number, (begins, ends, _) in enumerate(transcript) if start + 0.5 < begins < ends < end - 0.5]
    words = [{"first": inside[0], "last": inside[-1], "text": "Otherwise"}]
    mine: dict[str, Any] = {"start": start, "title": "By hand", "captions": words}
    stack.ask("PUT", f"/jobs/{job_id}/clips/1", mine)
    again = when(stack, job_id, "NEEDS_REVIEW", 2)
    redrawn = manifest(stack, job_id)

    assert (again["clips"][0]["title"], again["clips"][0]["start"]) == ("By hand", pytest.approx(start, abs=0.002))
    assert redrawn["shorts"][1]["files"]["video"]["sha256"] == shown["shorts"][1]["files"]["video"]["sha256"]
    assert redrawn["shorts"][0]["files"]["video"]["sha256"] != shown["shorts"][0]["files"]["video"]["sha256"]

    verdicts = [{"clip": 1, "verdict": "approved"}, {"clip": 2, "verdict": "rejected", "reason": "dull"}]
    stack.ask("PUT", f"/jobs/{job_id}/clips/1", mine | {"posts": {"x": {"text": "Mine."}}})
    stack.ask("POST", f"/jobs/{job_id}/review", {"decisions": verdicts})
    done = when(stack, job_id, "COMPLETED", 3)
    made = manifest(stack, job_id)

    assert (done["result"]["shorts_count"], [clip["state"] for clip in done["clips"]]) == (1, ["rendered", "dropped"])
    assert done["result"]["strategy_id"]
    assert [(short["number"], short["title"], short["draft"]) for short in made["shorts"]] == [(1, "By hand", False)]
    assert [(post["clip"], post["text"]) for post in made["posts"]] == [(1, "Mine.")]
    said = Path(done["result"]["output_dir"], made["shorts"][0]["files"]["srt"]["path"]).read_text()
    assert "Otherwise" in said


def test_the_form_of_the_prefect_ui_decides_and_an_edit_afterwards_makes_one_clip_anew(
    stack: Stack, video: str
) -> None:
    job_id = submitted(stack, video, workspace="form")
    when(stack, job_id, "NEEDS_REVIEW", 1)

    refused = stack.ask_prefect(f"/flow_runs/{job_id}/resume", run_input={"clip_1": "perhaps"})
    stack.ask_prefect(f"/flow_runs/{job_id}/resume", run_input={"clip_2": "rejected", "reason": "too long"})
    done = when(stack, job_id, "COMPLETED", 2)

    assert refused["status"] == "REJECT"
    told = [(clip["decision"]["verdict"], clip["decision"]["by"], clip["decision"]["reason"]) for clip in done["clips"]]
    assert told == [("approved", "person", ""), ("rejected", "person", "too long")]
    assert [short["number"] for short in manifest(stack, job_id)["shorts"]] == [1]

    stack.ask("PUT", f"/jobs/{job_id}/clips/1", {"title": "Afterwards"})
    when(stack, job_id, "COMPLETED", 3)

    assert [(short["title"], short["draft"]) for short in manifest(stack, job_id)["shorts"]] == [("Afterwards", False)]


def test_what_was_said_of_a_job_that_is_then_cancelled_is_remembered(stack: Stack, video: str) -> None:
    job_id = submitted(stack, video)
    when(stack, job_id, "NEEDS_REVIEW", 1)
    stack.ask("POST", f"/jobs/{job_id}/review", {"decisions": [{"clip": 2, "verdict": "rejected", "reason": "dull"}]})
    assert stack.ask("POST", f"/jobs/{job_id}/cancel")["status"] == "CANCELLED"

    told: dict[str, Any] = {}
    deadline = time.monotonic() + 120
    while told.get("state_type") != "COMPLETED":
        assert time.monotonic() < deadline, told
        time.sleep(0.5)
        tags = {"all_": ["outcome", f"job:{job_id}"]}
        [told] = stack.ask_prefect("/flow_runs/filter", flow_runs={"tags": tags}) or [{}]

    [outcome], [clip] = told["parameters"]["outcomes"], told["parameters"]["clips"]
    assert (outcome["clip"], outcome["outcome"]["verdict"], outcome["outcome"]["reason"]) == (2, "rejected", "dull")
    assert (clip["payload"]["number"], clip["payload"]["unmade"]) == (2, True)
