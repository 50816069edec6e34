"""Who may ask: every route × every kind of caller, generated from the OpenAPI so that a new route is covered."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fakes.door import ADDRESS, Door, code_of, opened
from prefect.states import Failed
from starlette.testclient import TestClient

from deployments.api import create_app
from deployments.door.access import KeyRing, Scope
from omni.settings import Settings

OPEN = {"GET /", "GET /healthz", "GET /readyz"}
"""Answered to anybody: they tell no job, no name and no path."""
READ = {"GET /jobs", "GET /metrics"}
SUBMIT = {"POST /process", "POST /uploads"}
READ_JOB = {
    "GET /status/{job_id}",
    "GET /jobs/{job_id}/events",
    "GET /jobs/{job_id}/files",
    "GET /jobs/{job_id}/files/{name}",
    "GET /jobs/{job_id}/source",
    "GET /jobs/{job_id}/webhooks",
    "GET /jobs/{job_id}/zip",
}
SUBMIT_JOB = {
    "POST /jobs/{job_id}/cancel",
    "POST /jobs/{job_id}/retry",
    "POST /jobs/{job_id}/webhooks/replay",
    "POST /jobs/{job_id}/clips/{clip}/outcome",
    "POST /jobs/{job_id}/review",
    "PUT /jobs/{job_id}/clips/{clip}",
    "POST /jobs/{job_id}/more",
    "DELETE /jobs/{job_id}",
}
KEYED = READ | SUBMIT | READ_JOB | SUBMIT_JOB
HEADS = {"HEAD /status/{job_id}", "HEAD /jobs/{job_id}/files/{name}"}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


@dataclass
class Callers:
    """A job of Ann's, and keys of all kinds."""

    door: Door
    job: UUID
    keys: dict[str, str]


@pytest.fixture
def callers(door: Door) -> Callers:
    scopes: dict[str, tuple[Scope, ...]] = {
        "ann": ("submit", "read"),
        "bob": ("submit", "read"),
        "reader": ("read",),
        "submitter": ("submit",),
        "gone": ("admin",),
        "root": ("admin",),
    }
    keys = {owner: door.key(owner, *granted) for owner, granted in scopes.items()}
    ring = KeyRing(door.settings.keys)
    kept = ring.keys()
    assert ring.revoke(next(key.id for key in kept if key.owner == "gone"))
    job = door.finished(door.caller(keys["ann"]))
    return Callers(door, job, keys)


def ask(callers: Callers, route: str, key: str | None) -> Any:
    method, path = route.split(" ")
    path = path.replace("{job_id}", str(callers.job)).replace("{name}", "manifest.json").replace("{clip}", "1")
    more: dict[str, Any] = {}
    if route == "POST /process":
        more = {"json": {"video_path": "talk.mp4"}}
    elif route.endswith(("/review", "/clips/{clip}")):
        more = {"json": {}}
    elif route.endswith("/outcome"):
        more = {"json": {"on": "2026-11-23", "verdict": "approved"}}
    elif route == "POST /uploads":
        more = {"params": {"name": "a.mp4"}, "content": b"x"}
    return callers.door.caller(key).request(method, path, **more)


# the matrix


def test_every_route_is_in_one_of_the_lists_of_this_test() -> None:
    documented = {
        f"{method.upper()} {path}" for path, item in create_app().openapi()["paths"].items() for method in item
    }

    assert documented == OPEN | KEYED


@pytest.mark.parametrize("route", sorted(KEYED | HEADS))
@pytest.mark.parametrize("kind", ["no key", "a wrong key", "a revoked key"])
def test_nobody_unknown_is_let_in(callers: Callers, route: str, kind: str) -> None:
    key = {"no key": None, "a wrong key": "omni_wrong", "a revoked key": callers.keys["gone"]}[kind]

    answer = ask(callers, route, key)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert route.startswith("HEAD") or code_of(answer) == "not_authenticated"


@pytest.mark.parametrize("route", sorted(KEYED | HEADS))
def test_a_key_without_the_scope_is_refused(callers: Callers, route: str) -> None:
    lacking = "reader" if route in SUBMIT | SUBMIT_JOB else "submitter"

    answer = ask(callers, route, callers.keys[lacking])

    assert answer.status_code == 403
    assert route.startswith("HEAD") or code_of(answer) == "scope_missing"


@pytest.mark.parametrize("route", sorted(READ_JOB | SUBMIT_JOB | HEADS))
def test_anothers_job_is_not_there(callers: Callers, route: str) -> None:
    before = dict(callers.door.gateway.stored)

    answer = ask(callers, route, callers.keys["bob"])

    assert answer.status_code == 404
    assert route.startswith("HEAD") or code_of(answer) == "job_not_found"
    assert callers.door.gateway.stored == before


@pytest.mark.parametrize("route", sorted(OPEN))
def test_who_watches_needs_no_key_and_learns_no_name(callers: Callers, route: str) -> None:
    answer = ask(callers, route, None)

    assert answer.status_code == 200
    assert not re.search(rf"ann|bob|{callers.job}|{callers.door.settings.home}", answer.text)


@pytest.mark.parametrize("route", sorted(READ | READ_JOB))
@pytest.mark.parametrize("owner", ["ann", "root"])
def test_its_owner_and_an_admin_may(callers: Callers, route: str, owner: str) -> None:
    job = callers.job
    answer = ask(callers, route, callers.keys[owner])

    assert answer.status_code == 200, (job, answer.text)


@pytest.mark.parametrize("owner", ["ann", "root"])
def test_its_owner_and_an_admin_may_end_it_too(callers: Callers, owner: str) -> None:
    key, door = callers.keys[owner], callers.door
    door.gateway.notice(callers.job, "job.completed", "msg_1")
    sent = ask(callers, "POST /jobs/{job_id}/webhooks/replay", key)
    door.gateway.enter(callers.job, Failed())
    retried = ask(callers, "POST /jobs/{job_id}/retry", key)
    cancelled = ask(callers, "POST /jobs/{job_id}/cancel", key)
    deleted = ask(callers, "DELETE /jobs/{job_id}", key)

    assert [a.status_code for a in (sent, retried, cancelled, deleted)] == [202, 202, 202, 204]
    assert ask(callers, "POST /process", key).status_code == 202
    assert ask(callers, "POST /uploads", key).status_code == 201


def test_a_key_may_come_in_either_header(callers: Callers) -> None:
    key = callers.keys["ann"]
    nobody = callers.door.caller()

    for headers in ({"Authorization": f"bearer {key}"}, {"X-API-Key": key}):
        assert nobody.get("/jobs", headers=headers).status_code == 200
    for headers in ({"Authorization": key}, {"Authorization": f"Basic {key}"}, {"Cookie": f"key={key}"}):
        assert nobody.get("/jobs", headers=headers).status_code == 401
    assert nobody.get("/jobs", params={"api_key": key}).status_code == 401


# without keys


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1"])
def test_a_door_without_keys_lets_its_own_machine_do_everything(door: Door, host: str) -> None:
    caller = door.caller(host=host)
    job_id = door.job(caller)

    assert caller.post(f"/jobs/{job_id}/cancel").status_code == 202
    assert caller.delete(f"/jobs/{job_id}").status_code == 204
    assert caller.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    "host", ["192.168.1.7", "10.0.0.1", "8.8.8.8", "2001:db8::1", "", "testclient", "::ffff:8.8.8.8"]
)
def test_a_door_without_keys_lets_nobody_else_in(door: Door, host: str) -> None:
    answer = door.caller(host=host).get("/jobs")

    assert (answer.status_code, code_of(answer)) == (401, "not_authenticated")


# web pages


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example"]
)
def test_a_name_that_was_rebound_to_this_machine_is_not_answered(door: Door, host: str) -> None:
    for method, path in (("GET", "/jobs"), ("GET", "/"), ("POST", "/process?video_path=talk.mp4")):
        answer = door.client.request(method, path, headers={"Host": host})
        assert (answer.status_code, code_of(answer)) == (403, "origin_refused")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:8000", "[::1]:8000"])
def test_this_machines_own_names_are_answered(door: Door, host: str) -> None:
    assert door.client.get("/jobs", headers={"Host": host}).status_code == 200


def test_a_host_that_the_operator_names_is_answered(tmp_path: Path) -> None:
    with opened(tmp_path, allowed_hosts=("Shorts.Example",)) as door:
        assert door.client.get("/jobs", headers={"Host": "shorts.example:8000"}).status_code == 200
        assert door.client.get("/jobs", headers={"Host": "other.example"}).status_code == 403
    with opened(tmp_path, allowed_hosts=("*",)) as door:
        assert door.client.get("/jobs", headers={"Host": "other.example"}).status_code == 200


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:3000"},
    {"Origin": "http://localhost:8000"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": ADDRESS, "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_page_of_somebody_else_changes_nothing(door: Door, headers: dict[str, str]) -> None:
    door.video()
    job_id = door.job()
    asked = [("POST", "/process?video_path=talk.mp4"), ("POST", "/uploads?name=a"), ("DELETE", f"/jobs/{job_id}")]

    for method, path in asked:
        answer = door.client.request(method, path, headers=headers)
        assert (answer.status_code, code_of(answer)) == (403, "origin_refused"), path
    assert list(door.gateway.stored) == [job_id]


@pytest.mark.parametrize("headers", [{"Origin": ADDRESS}, {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}, {}])
def test_a_page_of_our_own_may(door: Door, headers: dict[str, str]) -> None:
    door.video()

    assert door.client.post("/process?video_path=talk.mp4", headers=headers).status_code == 202


def test_no_page_of_somebody_else_may_read_an_answer(door: Door) -> None:
    answer = door.client.get("/jobs", headers={"Origin": "https://evil.example"})

    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


# how often


def test_each_key_has_its_own_allowance_and_is_told_when_to_come_back(tmp_path: Path) -> None:
    with opened(tmp_path, reads_per_minute=3, submits_per_minute=2) as door:
        ann, bob = (door.caller(door.key(name, "submit", "read")) for name in ("ann", "bob"))
        reads = [ann.get("/jobs") for _ in range(5)]
        submits = [ann.post("/process", params={"video_path": str(door.video())}) for _ in range(3)]

        assert [a.status_code for a in reads] == [200, 200, 200, 429, 429]
        assert [a.status_code for a in submits] == [202, 202, 429]
        assert bob.get("/jobs").status_code == 200
        assert code_of(reads[-1]) == "too_many_requests"
        assert 1 <= int(reads[-1].headers["retry-after"]) <= 60


def test_wrong_keys_are_counted_by_address_and_keep_nobody_else_out(door: Door) -> None:
    key = door.key("ann", "read")
    guesses = [door.caller("omni_guess", host="10.0.0.1").get("/jobs").status_code for _ in range(40)]

    assert guesses == [401] * 30 + [429] * 10
    assert door.caller("omni_guess", host="10.0.0.2").get("/jobs").status_code == 401
    assert door.caller(key, host="10.0.0.1").get("/jobs").status_code == 200


def test_the_loopback_door_has_no_limit(tmp_path: Path) -> None:
    with opened(tmp_path, reads_per_minute=1) as door:
        assert {door.client.get("/jobs").status_code for _ in range(5)} == {200}


def test_no_key_is_ever_logged_or_answered(callers: Callers, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    key = callers.keys["ann"]
    answers = [ask(callers, route, key) for route in sorted(KEYED | OPEN)]
    answers += [ask(callers, route, f"{key}x") for route in sorted(KEYED | OPEN)]
    answers += [callers.door.caller(key).get("/nowhere"), callers.door.caller(key).patch("/jobs")]

    for answer in answers:
        assert key not in answer.text
        assert key not in str(answer.headers)
    assert "/status/" in caplog.text
    assert key not in caplog.text
    assert key not in (callers.door.settings.keys).read_text()


def test_the_api_opens_without_prefect_and_without_any_setting(tmp_path: Path) -> None:
    app = create_app(Settings(home=tmp_path, output=tmp_path, _env_file=None))  # pyright: ignore[reportCallIssue]

    assert json.loads(json.dumps(app.openapi()))["openapi"].startswith("3.")
    assert isinstance(TestClient(app), TestClient)
