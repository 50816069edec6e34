"""A job with Gemini, from POST /process to COMPLETED: the real stack and the real SDK, against a local server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.gemini_server import GeminiServer, gemini_server
from fakes.gemini_talent import answer
from media import make_talk
from prefect_server import settle
from serving import Stack

pytestmark = [pytest.mark.prefect, pytest.mark.ffmpeg]

KEY = "canary-AIza-0123456789abcdef"
WISH = {"clips": 1, "min_seconds": 10, "platforms": ["youtube", "x"], "repeat": True}
MODEL = "gemini/gemini-3.8-flash/"


@pytest.fixture(scope="module")
def gemini() -> Iterator[GeminiServer]:
    with gemini_server() as server:
        server.answer = answer
        yield server


@pytest.fixture(scope="module")
def stack(gemini: GeminiServer, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = settle(tmp_path_factory.mktemp("gemini") / "home", migrated)
    output = {"OMNI_OUTPUT": str(home.parent / "output"), "OMNI_WHISPER_FETCH_SECONDS": "0"}
    running = Stack(home, GEMINI_API_KEY=KEY, OMNI_GEMINI_BASE_URL=gemini.url, **output)
    yield running
    running.process.terminate()
    running.process.wait(timeout=30)


@pytest.fixture(scope="module")
def video(ffmpeg: str, stack: Stack) -> str:
    """The talk, below the folder in which the stack was started."""
    return str(make_talk(ffmpeg, stack.home.parent))


@pytest.fixture(scope="module")
def job(stack: Stack, video: str) -> dict[str, Any]:
    """The first job, ended."""
    return stack.finish({"video_path": video, "brief": WISH})


def manifest_of(job: dict[str, Any]) -> dict[str, Any]:
    return json.loads((Path(job["result"]["output_dir"]) / "manifest.json").read_text())


def test_the_door_tells_that_gemini_answers(stack: Stack) -> None:
    assert stack.ask("GET", "/")["engine"] == "gemini/gemini-3.8-flash"


def test_a_job_is_thought_by_the_model_from_the_request_to_the_result(job: dict[str, Any]) -> None:
    told = manifest_of(job)

    assert (job["status"], job["error"]) == ("COMPLETED", None)
    assert job["result"]["engines"]["analyst"].startswith(MODEL)
    assert job["result"]["engines"]["copywriter"].startswith(MODEL)
    assert job["result"]["engines"]["memory"] == "qdrant:disk+gemini-embedding-2-768"
    assert [short["score"] for short in told["shorts"]] == [91]
    assert {post["platform"] for post in told["posts"]} == {"youtube", "x"}
    assert all(post["text"].startswith("Think about this before you hire.") for post in told["posts"])
    assert not [warning for warning in job["warnings"] if "offline" in warning]


def test_the_model_saw_a_small_copy_of_the_video_that_is_gone_afterwards(
    job: dict[str, Any], video: str, gemini: GeminiServer
) -> None:
    sent = sum(len(call.body) for call in gemini.calls("chunk"))

    assert job["status"] == "COMPLETED"
    assert 0 < sent < Path(video).stat().st_size / 2
    assert gemini.files == {}
    assert gemini.verbs().count("delete") >= 1


def test_what_was_spent_stands_in_result_manifest_and_metrics(job: dict[str, Any], stack: Stack) -> None:
    charges = job["result"]["charges"]

    assert {(charge["role"], charge["calls"]) for charge in charges} >= {("analyst", 1), ("copywriter", 1)}
    assert job["result"]["cost_usd"] == pytest.approx(sum(charge["usd"] for charge in charges), abs=1e-6)
    assert manifest_of(job)["cost_usd"] > 0


def test_a_dry_run_asks_nothing_and_estimates(stack: Stack, video: str, gemini: GeminiServer) -> None:
    before = len(gemini.requests)

    told = stack.finish({"video_path": video, "brief": WISH, "dry_run": True})

    assert told["status"] == "COMPLETED"
    assert {charge["role"] for charge in told["estimate"]["charges"]} >= {"analyst", "copywriter"}
    assert told["estimate"]["usd"] > 0
    assert len(gemini.requests) == before


def test_a_model_that_fails_hands_over_to_the_offline_engines_and_it_is_told(
    stack: Stack, video: str, job: dict[str, Any], gemini: GeminiServer
) -> None:
    gemini.fail("generate", "429 day", "400 key")

    told = stack.finish({"video_path": video, "brief": WISH | {"directives": "calm"}})

    assert (told["status"], job["status"]) == ("COMPLETED", "COMPLETED")
    assert told["result"]["engines"]["analyst"].startswith("offline/")
    assert told["result"]["engines"]["copywriter"].startswith("offline/")
    assert any(
        warning.startswith("The offline analyst chose the moments. The daily quota") for warning in told["warnings"]
    )
    assert any(warning.startswith("The offline copywriter wrote strategy and posts.") for warning in told["warnings"])


def test_without_leave_to_fall_back_the_job_fails_with_the_models_cause_and_a_retry_finishes_it(
    stack: Stack, video: str, gemini: GeminiServer
) -> None:
    gemini.fail("generate", "429 day")

    failed = stack.finish({"video_path": video, "brief": WISH | {"fallback": False, "directives": "loud"}})
    stack.ask("POST", f"/jobs/{failed['job_id']}/retry")
    again = stack.ended(failed["job_id"])

    assert (failed["status"], failed["error"]["code"]) == ("FAILED", "model_quota_spent")
    assert (again["status"], again["attempt"]) == ("COMPLETED", 2)


def test_a_budget_stops_before_the_call_that_would_exceed_it(stack: Stack, video: str, gemini: GeminiServer) -> None:
    before = gemini.verbs().count("generate")

    told = stack.finish(
        {"video_path": video, "brief": WISH | {"budget_usd": 0.0001, "fallback": False, "directives": "x"}}
    )

    assert (told["status"], told["error"]["code"]) == ("FAILED", "budget_exceeded")
    assert gemini.verbs().count("generate") == before


def test_the_key_is_nowhere_but_in_the_requests_header(job: dict[str, Any], stack: Stack, gemini: GeminiServer) -> None:
    """After all that went wrong above: results, manifests, logs, Prefect's database and kept results are searched."""
    kept = [path for path in stack.home.parent.rglob("*") if path.is_file()]
    inside = [str(path) for path in kept if KEY.encode() in path.read_bytes()]
    sent = [call for call in gemini.requests if KEY in str(call.path) + str(call.body)]

    assert inside == []
    assert sent == []
    assert KEY not in json.dumps(job)
    assert gemini.calls("generate")[0].headers["x-goog-api-key"] == KEY
