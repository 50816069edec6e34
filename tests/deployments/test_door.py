"""The contract of the door: what it takes, what it answers, and that no error leaves it as anything but a problem."""

import asyncio
import inspect
import json
import os
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from fakes.door import ADDRESS, Door, code_of, opened
from fakes.gateway import FakeGateway
from hypothesis import given, settings
from hypothesis import strategies as st
from prefect.states import Failed, Running

from deployments.gateway import Gateway
from omni.record import Failure, Status


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


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"video_path": "talk.mp4", "surprise": 1},
        {"video_path": "talk.mp4", "brief": {"surprise": 1}},
        {"video_path": "talk.mp4", "brief": {"clips": 0}},
        {"video_path": "talk.mp4", "brief": {"clips": "3"}},
        {"video_path": "talk.mp4", "brief": {"captions": "no"}},
        {"video_path": "talk.mp4", "brief": {"repeat": 0}},
        {"video_path": "talk.mp4", "brief": {"directives": "\ud800"}},
        {"video_path": "talk.mp4", "brief": None},
        {"video_path": "talk.mp4", "brief": {"min_seconds": 60, "max_seconds": 20}},
        {"video_path": "talk.mp4", "\ud800": 1},
        {"video_path": "talk\ud800.mp4"},
        {"video_path": "talk\u0000.mp4"},
        {"video_path": "talk.mp4", "webhook": {"url": "ftp://example.org/x"}},
        [],
        7,
    ],
)
def test_a_body_that_is_not_understood_is_refused(door: Door, body: object) -> None:
    door.video()

    answer = door.client.post(
        "/process", content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )

    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert door.gateway.stored == {}


@pytest.mark.parametrize("body", [b"{", b'{"video_path": "\xff"}', b"[" * 30_000, b'{"video_path": ' + b"1" * 9_000])
def test_a_body_that_is_no_json_is_refused(door: Door, body: bytes) -> None:
    answer = door.client.post("/process", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in {400, 422}
    assert code_of(answer) in {"bad_request", "invalid_request"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_body_that_says_it_is_no_json_is_not_read(door: Door, kind: str) -> None:
    door.video()

    answer = door.client.post("/process", content=b'{"video_path": "talk.mp4"}', headers={"Content-Type": kind})

    assert (answer.status_code, code_of(answer)) == (415, "unsupported_media_type")


@pytest.mark.parametrize("is_declared", [True, False])
def test_a_body_that_is_too_long_is_a_problem_whether_it_says_so_or_not(door: Door, *, is_declared: bool) -> None:
    body = b'{"video_path": "' + b"a" * 70_000 + b'"}'

    answer = door.client.post(
        "/process",
        content=body if is_declared else iter([body[at : at + 1000] for at in range(0, len(body), 1000)]),
        headers={"Content-Type": "application/json"},
    )

    assert (answer.status_code, code_of(answer)) == (413, "too_large")


@given(st.binary(max_size=200), st.sampled_from(["5", "-1", "²", "1e3", "", "99999999999999999999"]))
@settings(max_examples=30, deadline=None)
def test_no_content_length_disturbs_the_door(length_door: Door, body: bytes, length: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Length": length.encode("latin-1")}

    answer = length_door.client.request("POST", "/process", content=body, headers=headers)

    assert 400 <= answer.status_code < 500


@pytest.fixture(scope="module")
def length_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("door")) as door:
        yield door


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


@pytest.mark.parametrize("job", [str(uuid4()), "no-id-at-all", "%00", "1"])
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


def test_anothers_upload_is_not_found_by_any_way(door: Door) -> None:
    ann, bob = door.caller(door.key("ann", "submit", "read")), door.caller(door.key("bob", "submit", "read"))
    upload = ann.post("/uploads", params={"name": "talk.mp4"}, content=b"a talk").json()["upload_id"]
    nobodys = f"up_{'0' * 32}"

    asked = [{"json": {"upload_id": u}} for u in (upload, nobodys)]
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
    assert (folder["engine"], folder["memory"]) == ("offline", "qdrant, in a folder")
    assert "not reachable" in away.json()["memory"]
    assert "hush" not in away.text


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


@pytest.mark.parametrize(("knob", "code"), [("away", "orchestrator_unavailable"), ("registered", "deployment_missing")])
def test_without_prefect_every_route_of_jobs_says_try_again(door: Door, knob: str, code: str) -> None:
    job_id = door.job()
    setattr(door.gateway, knob, knob == "away")
    job = f"/jobs/{job_id}"
    asked = [("GET", f"/status/{job_id}"), ("GET", "/jobs"), ("GET", f"{job}/events"), ("GET", f"{job}/files")]
    asked += [
        ("POST", f"{job}/cancel"),
        ("POST", f"{job}/retry"),
        ("DELETE", job),
        ("POST", "/process?video_path=talk.mp4"),
    ]
    asked += [("GET", f"{job}/webhooks"), ("POST", f"{job}/webhooks/replay"), ("GET", f"{job}/files/a")]

    for method, path in asked:
        answer = door.client.request(method, path)
        assert (answer.status_code, code_of(answer)) == (503, code), path
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.expects_errors
def test_an_error_that_nobody_foresaw_is_a_problem_without_details(
    door: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise FileNotFoundError(2, "No such file", "/private/path and a password")

    monkeypatch.setattr(door.gateway, "run", fail)
    answer = door.client.get(f"/status/{uuid4()}")

    assert (answer.status_code, code_of(answer)) == (500, "internal")
    assert "private" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unforeseen" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/jobs/", 404, "not_found"),
        ("PUT", "/process", 405, "method_not_allowed"),
        ("TRACE", "/", 405, "method_not_allowed"),
        ("GET", "/jobs?limit=0", 422, "invalid_request"),
        ("GET", "/jobs?limit=101", 422, "invalid_request"),
        ("GET", "/jobs?status=DONE", 422, "invalid_request"),
        ("POST", f"/jobs/{uuid4()}/cancel", 404, "job_not_found"),
        ("POST", "/jobs/x/cancel", 404, "job_not_found"),
        ("POST", "/uploads", 422, "invalid_request"),
    ],
)
def test_every_error_is_a_problem_with_a_stable_code(
    door: Door, method: str, path: str, status: int, code: str
) -> None:
    answer = door.client.request(method, path)

    assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/process", "POST"),
        (f"/status/{uuid4()}", "GET, HEAD"),
        (f"/jobs/{uuid4()}", "DELETE"),
        (f"/jobs/{uuid4()}/files/a/b", "GET, HEAD"),
        ("/docs", "GET, HEAD"),
    ],
)
def test_a_wrong_method_learns_all_right_ones(door: Door, path: str, methods: str) -> None:
    assert door.client.patch(path).headers["allow"] == methods


def test_a_request_keeps_the_name_its_sender_gave_it_when_that_is_harmless(door: Door) -> None:
    assert door.client.get("/healthz", headers={"X-Request-ID": "abc.1-2_3"}).headers["x-request-id"] == "abc.1-2_3"
    for odd in ("a b", "x" * 65, "", "é"):
        given_name = door.client.get("/healthz", headers={"X-Request-ID": odd.encode()}).headers["x-request-id"]
        assert len(given_name) == 32


@pytest.mark.parametrize("host", ["[", "127.0.0.1:port", "", "localhost:99999999", "[::1]:8000"])
def test_no_host_header_breaks_the_door(door: Door, host: str) -> None:
    assert door.client.get("/healthz", headers={"Host": host}).status_code in {200, 403}
    assert door.client.get("/%ff%0a?q=%ff", headers={"Host": host}).status_code in {403, 404}


def test_a_line_of_the_log_cannot_be_forged(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="omni.api")

    door.client.get("/x%0aGET%20/forged%20200%1b[2J")

    assert [
        r.getMessage().count("\n") + r.getMessage().count("\x1b") for r in caplog.records if r.name == "omni.api"
    ] == [0]


# idempotency


def post(door: Door, key: str | None = None, **body: object) -> httpx.Response:
    door.video()
    headers = {"Idempotency-Key": key} if key is not None else {}
    return door.client.post("/process", json={"video_path": "talk.mp4"} | body, headers=headers)


def test_the_same_key_and_request_are_one_job(door: Door) -> None:
    first, again, quoted = post(door, "k-1"), post(door, "k-1"), post(door, '"k-1"')

    assert {a.json()["job_id"] for a in (first, again, quoted)} == {first.json()["job_id"]}
    assert "idempotency-replayed" not in first.headers
    assert (again.status_code, again.headers["idempotency-replayed"]) == (202, "true")
    assert len(door.gateway.stored) == 1


def test_a_job_that_has_failed_is_replayed_too(door: Door) -> None:
    job_id = UUID(post(door, "k-1").json()["job_id"])
    door.gateway.enter(job_id, Failed())

    assert post(door, "k-1").json()["status"] == "FAILED"


def test_the_same_key_with_another_request_is_refused(door: Door) -> None:
    post(door, "k-1")
    other = post(door, "k-1", brief={"clips": 2})

    assert (other.status_code, code_of(other)) == (422, "idempotency_key_reused")
    assert len(door.gateway.stored) == 1


def test_requests_without_a_key_are_jobs_of_their_own(door: Door) -> None:
    assert post(door).json()["job_id"] != post(door).json()["job_id"]


def test_a_key_belongs_to_its_owner(door: Door) -> None:
    door.video()
    callers = [door.caller(door.key(name, "submit")) for name in ("ann", "bob")]
    asked = {"params": {"video_path": "talk.mp4"}, "headers": {"Idempotency-Key": "k-1"}}

    ids = {caller.post("/process", **asked).json()["job_id"] for caller in callers}

    assert len(ids) == 2


@pytest.mark.parametrize("key", ["", '""', " ", "x" * 256, "é", "tab\there", '"'])
def test_a_key_that_is_malformed_is_refused(door: Door, key: str) -> None:
    door.video()
    answer = door.client.post(
        "/process", params={"video_path": "talk.mp4"}, headers={"Idempotency-Key": key.encode("latin-1")}
    )

    if key == '"':
        assert answer.status_code == 202
    else:
        assert (answer.status_code, code_of(answer)) == (422, "idempotency_key_unusable")


def test_a_key_is_not_kept_as_it_was_shown(door: Door) -> None:
    post(door, "my-secret-key")

    assert "my-secret-key" not in repr(door.gateway.stored)


def test_fifty_parallel_posts_of_twenty_keys_make_twenty_runs(door: Door) -> None:
    door.video()
    dice = random.Random(20)

    async def pause() -> None:
        for _ in range(dice.randrange(4)):
            await asyncio.sleep(0)

    async def storm() -> list[httpx.Response]:
        transport = httpx.ASGITransport(door.app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            asked = [f"key-{number}" for number in range(20) for _ in range(50)]
            dice.shuffle(asked)
            free = asyncio.Semaphore(50)

            async def submit(key: str) -> httpx.Response:
                async with free:
                    return await client.post(
                        "/process", params={"video_path": "talk.mp4"}, headers={"Idempotency-Key": key}
                    )

            return await asyncio.gather(*map(submit, asked))

    door.gateway.pause = pause
    answers = asyncio.run(storm())

    assert {a.status_code for a in answers} == {202}
    assert len({a.json()["job_id"] for a in answers}) == len(door.gateway.stored) == 20
    assert sum("idempotency-replayed" not in a.headers for a in answers) == 20


def test_a_status_never_goes_back_while_a_run_is_resumed(door: Door) -> None:
    job_id = door.job()
    door.gateway.enter(job_id, Running(name="RENDERING"), reached=Status.RENDERING)
    door.gateway.change(job_id, lambda: None, lambda: door.gateway.enter(job_id, Running(name="Running")))

    told = [door.client.get(f"/status/{job_id}").json()["status"] for _ in range(3)]

    assert told == ["RENDERING"] * 3
