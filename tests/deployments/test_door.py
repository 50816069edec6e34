"""The contract of the door: what it takes, what it answers, and that no error leaves it as anything but a problem."""

import inspect
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fakes.door import Door, code_of, opened
from fakes.gateway import FakeGateway
from prefect.states import Failed, Running

from deployments.door.uploads import Uploads
from deployments.gateway import Gateway
from omni.record import Failure, Status
from omni.settings import Settings


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


def is_iso_8601(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None


def test_the_stand_in_for_prefect_has_the_gateways_methods() -> None:
    def methods(kind: type) -> dict[str, inspect.Signature]:
        found = inspect.getmembers(kind, inspect.iscoroutinefunction)
        return {name: inspect.signature(method) for name, method in found if not name.startswith("_")}

    assert methods(FakeGateway) == methods(Gateway)


# the job


def test_a_video_in_the_query_makes_a_pending_job(door: Door) -> None:
    video = door.video()

    answer = door.client.post("/process", params={"video_path": str(video)})

    told = answer.json()
    assert answer.status_code == 202
    assert {"job_id", "status", "video_path", "created_at", "updated_at", "result", "error"} <= told.keys()
    assert told["status"] == "PENDING"
    assert told["video_path"] == str(video)
    assert (told["result"], told["error"]) == (None, None)
    assert is_iso_8601(told["created_at"])
    assert is_iso_8601(told["updated_at"])
    assert answer.headers["location"] == f"/status/{told['job_id']}"
    assert int(answer.headers["retry-after"]) > 0
    assert door.client.get(answer.headers["location"]).json() == told


def test_a_body_carries_the_brief_to_the_run(door: Door) -> None:
    job_id = door.job(brief={"clips": 3, "platforms": ["tiktok"]})

    parameters = door.gateway.stored[job_id].parameters
    assert parameters == {"video": str(door.video()), "brief": {"clips": 3, "platforms": ["tiktok"]}}


@pytest.mark.parametrize("body", [{}, {"brief": {"clips": 3}}, {"video_path": "talk.mp4", "brief": {"clips": 3}}])
def test_the_query_names_the_video_and_the_body_says_how(door: Door, body: dict[str, object]) -> None:
    door.video()

    answer = door.client.post("/process", params={"video_path": "talk.mp4"}, json=body)

    assert answer.status_code == 202
    assert door.gateway.stored[UUID(answer.json()["job_id"])].parameters["brief"] == body.get("brief", {})


def test_two_different_sources_are_refused(door: Door) -> None:
    door.video()

    both = door.client.post("/process", params={"video_path": "talk.mp4"}, json={"video_path": "other.mp4"})
    upload = door.client.post("/process", params={"video_path": "talk.mp4"}, json={"upload_id": f"up_{'a' * 32}"})

    assert (both.status_code, code_of(both)) == (422, "invalid_request")
    assert (upload.status_code, code_of(upload)) == (422, "invalid_request")
    assert door.gateway.stored == {}


def test_a_full_queue_says_when_to_come_back(tmp_path: Path) -> None:
    with opened(tmp_path, max_queued=2) as door:
        door.job()
        door.job()
        answer = door.client.post("/process", params={"video_path": "talk.mp4"})

    assert (answer.status_code, code_of(answer)) == (429, "queue_full")
    assert int(answer.headers["retry-after"]) > 0


# what isn't there, and what isn't shown


def test_a_missing_video_is_told_in_the_words_of_the_first_version(door: Door) -> None:
    answer = door.client.post("/process", params={"video_path": "/nowhere.mp4"})

    assert (answer.status_code, code_of(answer)) == (404, "video_not_found")
    assert answer.json()["detail"] == "Video file not found."


@pytest.mark.parametrize("job", ["7d0c5fd4-65cf-4d8e-9c0e-2f6a1d0f6a11", "no-id-at-all", "%00", "1"])
def test_a_missing_job_is_told_in_the_words_of_the_first_version(door: Door, job: str) -> None:
    answer = door.client.get(f"/status/{job}")

    assert (answer.status_code, code_of(answer)) == (404, "job_not_found")
    assert answer.json()["detail"] == "No job found with this ID."


def test_what_lies_outside_the_roots_gets_the_same_answer_as_nothing(door: Door, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(b"private")
    root = door.settings.media_roots[0]
    (root / "way-out.mp4").symlink_to(secret)
    (root / "folder").mkdir()
    os.mkfifo(root / "pipe.mp4")
    tries = [str(secret), f"{root}/../secret.mp4", "../secret.mp4", "way-out.mp4", "folder", "pipe.mp4", str(root)]
    tries += ["/etc/passwd", "/proc/self/environ", "~/.ssh/id_rsa", "file:///etc/passwd", "ftp://h/v.mp4", "."]

    def answer(path: str) -> tuple[int, bytes, dict[str, str]]:
        found = door.client.post("/process", params={"video_path": path}, headers={"X-Request-ID": "same"})
        return found.status_code, found.content, dict(found.headers)

    nothing = answer(str(root / "nothing.mp4"))
    assert nothing[0] == 404
    assert {path: answer(path) for path in tries} == dict.fromkeys(tries, nothing)
    assert str(tmp_path).encode() not in nothing[1]


def test_a_door_without_media_roots_takes_no_path(tmp_path: Path) -> None:
    with opened(tmp_path, media_roots=()) as door:
        (tmp_path / "talk.mp4").write_bytes(b"a talk")
        answer = door.client.post("/process", params={"video_path": str(tmp_path / "talk.mp4")})

    assert code_of(answer) == "video_not_found"


def test_an_address_is_refused_while_fetching_is_off(door: Door) -> None:
    answer = door.client.post("/process", params={"video_path": "https://example.org/talk.mp4"})

    assert (answer.status_code, code_of(answer)) == (422, "url_sources_off")


def test_only_allowed_hosts_are_fetched_from_and_the_refusal_repeats_no_secret(tmp_path: Path) -> None:
    with opened(tmp_path, url_sources=True, url_hosts=("example.org",)) as door:
        good = door.client.post("/process", params={"video_path": "https://example.org/talk.mp4?token=hush"})
        bad = door.client.post("/process", params={"video_path": "https://me:hush@127.0.0.1/talk.mp4?token=hush"})

    assert good.status_code == 202
    assert (bad.status_code, code_of(bad)) == (422, "address_refused")
    assert "hush" not in bad.text


# uploads as sources


def test_an_upload_becomes_a_job(door: Door) -> None:
    sent = door.client.post("/uploads", params={"name": "talk.mp4"}, content=b"a talk").json()

    by_id = door.client.post("/process", json={"upload_id": sent["upload_id"]})
    by_path = door.client.post("/process", params={"video_path": f"upload:{sent['upload_id']}"})

    assert (by_id.status_code, by_path.status_code) == (202, 202)
    assert by_id.json()["video_path"] == by_path.json()["video_path"] == f"upload:{sent['upload_id']}"
    assert by_id.json()["video_name"] == "talk.mp4"


def test_an_upload_that_is_gone_has_no_name(door: Door) -> None:
    gone = f"up_{'0' * 32}"

    assert Uploads(door.settings, None).named(f"upload:{gone}") is None
    assert Uploads(door.settings, None).named("talks/talk.mp4") is None


def test_anothers_upload_is_not_found_by_any_way(door: Door) -> None:
    ann, bob = door.caller(door.key("ann", "submit", "read")), door.caller(door.key("bob", "submit", "read"))
    upload = ann.post("/uploads", params={"name": "talk.mp4"}, content=b"a talk").json()["upload_id"]
    nobodys = f"up_{'0' * 32}"

    asked: list[dict[str, Any]] = [{"json": {"upload_id": u}} for u in (upload, nobodys)]
    asked += [{"params": {"video_path": f"upload:{u}"}} for u in (upload, nobodys, "up_", "../../etc/passwd", "")]
    answers = [bob.post("/process", headers={"X-Request-ID": "same"}, **how) for how in asked]

    assert {(a.status_code, code_of(a)) for a in answers} == {(404, "upload_not_found")}
    assert len({a.content for a in answers}) == 1
    assert ann.post("/process", json={"upload_id": upload}).status_code == 202


# how a job stands


def test_a_status_that_is_known_is_not_sent_again(door: Door) -> None:
    job_id = door.job()
    first = door.client.get(f"/status/{job_id}")

    same = door.client.get(f"/status/{job_id}", headers={"If-None-Match": first.headers["etag"]})
    door.gateway.enter(job_id, Running(name="ANALYZING"), progress=0.1, stage="listen")
    changed = door.client.get(f"/status/{job_id}", headers={"If-None-Match": first.headers["etag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert changed.status_code == 200
    assert changed.json()["status"] == "ANALYZING"
    assert (changed.json()["stage"], changed.json()["progress"]) == ("listen", 0.1)


def test_a_job_that_runs_says_when_to_ask_again_and_one_that_ended_does_not(door: Door) -> None:
    job_id = door.job()
    waiting = door.client.get(f"/status/{job_id}")
    door.deliver(job_id)
    ended = door.client.get(f"/status/{job_id}")

    assert int(waiting.headers["retry-after"]) > 0
    assert "retry-after" not in ended.headers


def test_a_completed_job_has_its_result_its_clips_and_its_links(door: Door) -> None:
    job_id = door.finished()

    told = door.client.get(f"/status/{job_id}").json()

    assert told["status"] == "COMPLETED"
    assert {"shorts_count", "output_dir", "strategy_id"} <= told["result"].keys()
    assert told["progress"] == 1.0
    assert told["error"] is None
    assert door.client.get(told["links"]["files"]).status_code == 200
    assert door.client.get(told["clips"][0]["video"]).status_code == 200
    assert door.client.get(told["clips"][0]["poster"]).status_code == 200


@pytest.mark.parametrize("lost", ["manifest.json", "clips/01-one good-idea.mp4", "clips/01-one good-idea.srt"])
def test_a_job_whose_files_are_gone_has_failed_and_says_what_to_do(door: Door, lost: str) -> None:
    job_id = door.finished()
    result = door.settings.output / f"talk-{str(job_id)[:8]}"
    (result / lost).unlink()

    told = door.client.get(f"/status/{job_id}").json()

    assert told["status"] == "FAILED"
    assert told["result"] is None
    assert told["error"]["code"] == "delivery_incomplete"
    assert told["error"]["next_step"]
    assert told["links"]["files"] is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"shorts": [{}]}', '{"shorts": null}', "\xff", "[" * 5000])
def test_a_damaged_manifest_is_a_failed_job_not_a_failed_answer(door: Door, text: str) -> None:
    job_id = door.finished()
    folder = door.settings.output / f"talk-{str(job_id)[:8]}"
    (folder / "manifest.json").write_bytes(text.encode("latin-1"))

    assert door.client.get(f"/status/{job_id}").json()["error"]["code"] == "delivery_incomplete"
    assert door.client.get(f"/jobs/{job_id}/files").status_code == 200
    assert door.client.delete(f"/jobs/{job_id}").status_code == 204


def test_a_failed_job_tells_cause_and_next_step(door: Door) -> None:
    job_id = door.job()
    failure = Failure(code="source_empty", cause="It has zero bytes.", next_step="Fetch it again.", exit_code=7)
    door.gateway.enter(job_id, Failed(), failure=failure)

    told = door.client.get(f"/status/{job_id}").json()

    assert told["status"] == "FAILED"
    assert told["error"] == failure.model_dump(mode="json")


def test_head_tells_what_get_would(door: Door) -> None:
    job_id = door.job()

    head, get = door.client.head(f"/status/{job_id}"), door.client.get(f"/status/{job_id}")

    assert head.status_code == 200
    assert head.headers["etag"] == get.headers["etag"]


# the door itself


def test_the_door_tells_the_truth_about_engine_and_memory(tmp_path: Path) -> None:
    with opened(tmp_path) as door:
        folder = door.client.get("/").json()
    with opened(tmp_path, qdrant_url="http://127.0.0.1:1", qdrant_api_key="hush") as door:
        away = door.client.get("/")

    assert folder["status"] == "online"
    assert (folder["engine"], folder["memory"]) == ("offline", "qdrant, in a folder; meanings by hashing")
    assert "not reachable" in away.json()["memory"]
    assert "hush" not in away.text


@pytest.mark.parametrize(
    ("told", "engine"),
    [
        ({}, "offline"),
        ({"gemini_api_key": "hush"}, "gemini/gemini-3.8-flash"),
        ({"gemini_api_key": "hush", "gemini_model": "gemini-4-argon"}, "gemini/gemini-4-argon"),
        ({"gemini_at_workers": True}, "gemini/gemini-3.8-flash"),
    ],
)
def test_the_door_names_the_engine_that_jobs_will_use_and_no_key(
    told: dict[str, Any], engine: str, tmp_path: Path
) -> None:
    names = {"gemini_api_key": "GEMINI_API_KEY"}
    with opened(tmp_path, **{names.get(name, name): value for name, value in told.items()}) as door:
        answer = door.client.get("/")

    assert answer.json()["engine"] == engine
    assert "hush" not in answer.text


def test_the_docs_can_be_read(door: Door) -> None:
    assert "text/html" in door.client.get("/docs").headers["content-type"]


def test_readiness_names_what_is_missing(door: Door) -> None:
    assert door.client.get("/readyz").json()["ready"] is True

    door.gateway.online = False
    no_worker = door.client.get("/readyz")
    door.gateway.away = True
    no_prefect = door.client.get("/readyz")

    assert (no_worker.status_code, no_worker.json()["checks"]["worker"]) == (503, "no worker is online")
    assert no_prefect.status_code == 503
    assert no_prefect.json()["checks"]["prefect"] != "ok"
    assert door.client.get("/healthz").status_code == 200


def test_a_status_never_goes_back_while_a_run_is_resumed(door: Door) -> None:
    job_id = door.job()
    door.gateway.enter(job_id, Running(name="RENDERING"), reached=Status.RENDERING)
    door.gateway.change(job_id, lambda: None, lambda: door.gateway.enter(job_id, Running(name="Running")))

    told = [door.client.get(f"/status/{job_id}").json()["status"] for _ in range(3)]

    assert told == ["RENDERING"] * 3


@pytest.mark.parametrize("variable", ["GEMINI_API_KEY", "OMNI_BUDGET_USD", "OMNI_MEDIA_ROOTS"])
def test_an_empty_variable_is_none(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(variable, raising=False)
    without = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    monkeypatch.setenv(variable, "")

    assert Settings(_env_file=None) == without  # pyright: ignore[reportCallIssue]
