"""Lists of jobs: every job once, whatever comes meanwhile, and no cursor that breaks them."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fakes.door import Door, code_of, opened
from fakes.gateway import BEGUN
from hypothesis import given, settings
from hypothesis import strategies as st
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed, Crashed, Failed, Running

from deployments.states import RECOVERY_SECONDS
from omni.record import Status


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


def pages(door: Door, between: Callable[[], object] = lambda: None, **asked: Any) -> Iterator[list[dict[str, str]]]:
    """Follow next_cursor to the end; ``between`` happens after each page."""
    cursor = None
    while True:
        answer = door.client.get("/jobs", params=asked | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        yield answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if not cursor:
            return
        between()


def listed(door: Door, between: Callable[[], object] = lambda: None, **asked: Any) -> list[str]:
    return [job["job_id"] for page in pages(door, between, **asked) for job in page]


def crashed(seconds_ago: float) -> State[object]:
    return Crashed(timestamp=datetime.now(UTC) - timedelta(seconds=seconds_ago))


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_every_job_is_listed_once_newest_first(door: Door, limit: int) -> None:
    made = [str(door.job()) for _ in range(250 if limit > 1 else 9)]

    assert listed(door, limit=limit) == made[::-1]


def test_jobs_that_come_meanwhile_make_no_gap_and_no_double(door: Door) -> None:
    made = [str(door.job()) for _ in range(250)]

    assert listed(door, door.job, limit=20) == made[::-1]


def test_jobs_of_the_same_moment_are_all_listed(door: Door) -> None:
    made = {str(door.job()) for _ in range(60)}
    for run in door.gateway.stored.values():
        run.expected_start_time = BEGUN  # pyright: ignore[reportAttributeAccessIssue]

    found = listed(door, limit=7)

    assert sorted(found) == sorted(made)


def a_job_in_each_status(door: Door) -> dict[str, UUID]:
    jobs = {status.value: door.job() for status in Status}
    for status in (Status.ANALYZING, Status.WRITING_STRATEGY, Status.RENDERING):
        door.gateway.enter(jobs[status], Running(name=status.value), reached=status)
    door.draft(jobs["NEEDS_REVIEW"])
    door.deliver(jobs["COMPLETED"])
    door.gateway.enter(jobs["FAILED"], Failed())
    door.gateway.enter(jobs["CANCELLED"], Cancelled())
    return jobs


def test_the_list_can_be_narrowed_to_each_status(door: Door) -> None:
    jobs = a_job_in_each_status(door)

    assert {status: listed(door, status=status) for status in jobs} == {s: [str(j)] for s, j in jobs.items()}
    assert set(listed(door, status=["FAILED", "PENDING"])) == {str(jobs["FAILED"]), str(jobs["PENDING"])}


def test_failed_jobs_are_those_that_say_so_whatever_prefect_calls_them(door: Door) -> None:
    lost, given_up, no_result, resumed = (door.job() for _ in range(4))
    (door.deliver(lost).output_dir / "manifest.json").unlink()
    door.gateway.enter(given_up, crashed(RECOVERY_SECONDS + 1))
    door.gateway.enter(no_result, Completed())
    door.gateway.enter(resumed, crashed(1))

    assert set(listed(door, status="FAILED")) == {str(lost), str(given_up), str(no_result)}
    assert listed(door, status="PENDING") == [str(resumed)]
    assert listed(door, status="COMPLETED") == []


def test_a_rare_status_is_found_behind_many_others_page_by_page(door: Door) -> None:
    rare = door.job()
    door.gateway.enter(rare, Running(name="RENDERING"), reached=Status.RENDERING)
    for _ in range(40):
        door.job()

    assert listed(door, status="RENDERING", limit=3) == [str(rare)]


def test_an_owner_sees_its_own_jobs_and_an_admin_all(door: Door) -> None:
    keys = {name: door.key(name, "submit", "read") for name in ("ann", "bob")}
    root = door.caller(door.key("root", "admin"))
    jobs = {name: str(door.job(door.caller(key))) for name, key in keys.items()}

    for name, key in keys.items():
        assert [job["job_id"] for job in door.caller(key).get("/jobs").json()["items"]] == [jobs[name]]
    assert len(root.get("/jobs").json()["items"]) == 2


def cursor_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("door")) as door:
        for _ in range(3):
            door.job()
        yield door


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.text(max_size=60) | ODD.map(cursor_of) | st.binary(max_size=60).map(lambda b: base64.b64encode(b).decode()))
@settings(max_examples=300, deadline=None)
def test_no_cursor_breaks_the_list(shared: Door, cursor: str) -> None:
    answer = shared.client.get("/jobs", params={"cursor": cursor})

    assert answer.status_code == 200 or code_of(answer) == "cursor_unusable"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!",
        "[" * 4000,
        base64.urlsafe_b64encode(b"[" * 3000).decode(),
        cursor_of(["2026-11-22T12:00:00"]),
        cursor_of(["0001-01-01T00:00:00+23:59"]),
        cursor_of(["9999-12-31T23:59:59-23:59"]),
        cursor_of(["2026-11-22T12:00:00+00:00", 7]),
        cursor_of(["2026-11-22T12:00:00+00:00", *["0" * 32] * 101]),
        cursor_of({"2026-11-22T12:00:00+00:00": 1, "b": 2}),
    ],
)
def test_a_cursor_that_we_did_not_give_is_refused(shared: Door, cursor: str) -> None:
    answer = shared.client.get("/jobs", params={"cursor": cursor})

    assert (answer.status_code, code_of(answer)) == (422, "cursor_unusable")


def test_a_truncated_cursor_is_refused(shared: Door) -> None:
    cursor = shared.client.get("/jobs", params={"limit": 1}).json()["next_cursor"]

    for length in range(1, len(cursor)):
        assert shared.client.get("/jobs", params={"cursor": cursor[:length]}).status_code == 422
