"""Whatever is wrong with a request, its answer is a problem with a stable code."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.door import Door, code_of, opened
from hypothesis import given, settings
from hypothesis import strategies as st

NOBODY = "7d0c5fd4-65cf-4d8e-9c0e-2f6a1d0f6a11"
"""A job that isn't there; random names in test ids would differ between the processes of one run."""


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


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
    headers = {b"Content-Type": b"application/json", b"Content-Length": length.encode("latin-1")}

    answer = length_door.client.request("POST", "/process", content=body, headers=headers)

    assert 400 <= answer.status_code < 500


@pytest.fixture(scope="module")
def length_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("door")) as door:
        yield door


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
    answer = door.client.get(f"/status/{NOBODY}")

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
        ("POST", f"/jobs/{NOBODY}/cancel", 404, "job_not_found"),
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
        (f"/status/{NOBODY}", "GET, HEAD"),
        (f"/jobs/{NOBODY}", "DELETE"),
        (f"/jobs/{NOBODY}/files/a/b", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
    ],
)
def test_a_wrong_method_learns_all_right_ones(door: Door, path: str, methods: str) -> None:
    assert door.client.patch(path).headers["allow"] == methods


def test_a_request_keeps_the_name_its_sender_gave_it_when_that_is_harmless(door: Door) -> None:
    assert door.client.get("/healthz", headers={"X-Request-ID": "abc.1-2_3"}).headers["x-request-id"] == "abc.1-2_3"
    for odd in ("a b", "x" * 65, "", "é"):
        given_name = door.client.get("/healthz", headers={b"X-Request-ID": odd.encode()}).headers["x-request-id"]
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
