"""Lists of jobs, and how a job is cancelled, retried and deleted in each of its states."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fakes.door import Door, code_of, opened
from fakes.gateway import BEGUN
from hypothesis import given, settings
from hypothesis import strategies as st
from prefect.client.schemas.objects import State, StateType
from prefect.states import Cancelled, Cancelling, Completed, Crashed, Failed, Paused, Pending, Running

from deployments.states import RECOVERY_SECONDS
from deployments.views import RETRIED
from omni.contracts import Production
from omni.record import Status


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


def pages(door: Door, between: Callable[[], object] = lambda: None, **asked: object) -> Iterator[list[dict[str, str]]]:
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


def listed(door: Door, between: Callable[[], object] = lambda: None, **asked: object) -> list[str]:
    return [job["job_id"] for page in pages(door, between, **asked) for job in page]


def crashed(seconds_ago: float) -> State[object]:
    return Crashed(timestamp=datetime.now(UTC) - timedelta(seconds=seconds_ago))


# the list


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
    keys = {name: door.key(name, *scopes) for name, *scopes in (("ann", "submit", "read"), ("bob", "submit", "read"))}
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


# cancel, retry, delete

STATES: dict[str, tuple[State[object], str]] = {
    "waiting": (Pending(), "live"),
    "analyzing": (Running(name="ANALYZING"), "live"),
    "paused": (Paused(), "live"),
    "cancelling": (Cancelling(), "live"),
    "dead, to be resumed": (crashed(0), "live"),
    "dead for good": (crashed(RECOVERY_SECONDS * 100), "failed"),
    "failed": (Failed(), "failed"),
    "completed without a result": (Completed(), "failed"),
    "cancelled": (Cancelled(), "cancelled"),
    "completed": (Completed(), "completed"),
}
ANSWERS = {
    "live": {"cancel": (202, None), "retry": (409, "job_not_ended"), "delete": (409, "job_running")},
    "failed": {"cancel": (409, "job_ended"), "retry": (202, None), "delete": (204, None)},
    "cancelled": {"cancel": (202, None), "retry": (202, None), "delete": (204, None)},
    "completed": {"cancel": (409, "job_ended"), "retry": (409, "job_not_ended"), "delete": (204, None)},
}


@pytest.mark.parametrize("verb", ["cancel", "retry", "delete"])
@pytest.mark.parametrize("state", STATES)
def test_what_can_be_done_depends_on_where_a_job_stands(door: Door, state: str, verb: str) -> None:
    job_id = door.job()
    entered, kind = STATES[state]
    if kind == "completed":
        door.deliver(job_id)
    else:
        door.gateway.enter(job_id, entered)

    path = f"/jobs/{job_id}"
    answer = door.client.delete(path) if verb == "delete" else door.client.post(f"{path}/{verb}")

    status, code = ANSWERS[kind][verb]
    assert answer.status_code == status, answer.text
    assert code is None or code_of(answer) == code


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_soon(door: Door) -> None:
    waiting, running = door.job(), door.job()
    door.gateway.enter(running, Running(name="ANALYZING"), reached=Status.ANALYZING)

    assert door.client.post(f"/jobs/{waiting}/cancel").json()["status"] == "CANCELLED"
    soon = door.client.post(f"/jobs/{running}/cancel").json()
    assert (soon["status"], soon["note"]) == ("ANALYZING", "The job is being cancelled.")


def test_a_job_that_was_cancelled_stays_cancelled_without_asking_prefect(door: Door) -> None:
    job_id = door.job()
    door.client.post(f"/jobs/{job_id}/cancel")
    door.client.post(f"/jobs/{job_id}/cancel")

    assert door.gateway.asked["cancel"] == 1


def test_a_retry_begins_anew_under_the_same_id(door: Door) -> None:
    job_id = door.job()
    door.gateway.enter(job_id, Running(name="RENDERING"), reached=Status.RENDERING, progress=0.7, stage="render")
    door.gateway.enter(job_id, Failed())

    told = door.client.post(f"/jobs/{job_id}/retry").json()

    assert (told["job_id"], told["status"], told["attempt"]) == (str(job_id), "PENDING", 2)
    assert (told["progress"], told["error"], told["clips"]) == (0.0, None, [])


def test_the_gateway_marks_a_retry_with_the_words_that_the_events_look_for() -> None:
    import asyncio

    from deployments.gateway import Gateway

    class Client:
        def __init__(self) -> None:
            self.states: list[State[object]] = []

        async def set_flow_run_state(self, _: UUID, state: State[object]) -> None:
            self.states.append(state)

        async def update_flow_run_labels(self, *_: object) -> None:
            pass

    client = Client()

    async def retry() -> None:
        await Gateway(client).retry(uuid4(), 2)  # pyright: ignore[reportArgumentType]

    asyncio.run(retry())

    assert [(s.type, s.message) for s in client.states] == [(StateType.SCHEDULED, RETRIED)]


def test_a_job_whose_files_are_gone_can_be_retried(door: Door) -> None:
    job_id = door.finished()
    (door.settings.output / f"talk-{str(job_id)[:8]}" / "manifest.json").unlink()

    assert door.client.post(f"/jobs/{job_id}/retry").json()["status"] == "PENDING"


def test_a_deleted_job_is_gone_with_its_files_and_its_neighbour_is_not(door: Door) -> None:
    job_id, neighbour = door.finished(), door.finished()

    assert door.client.delete(f"/jobs/{job_id}").content == b""
    assert code_of(door.client.get(f"/status/{job_id}")) == "job_not_found"
    assert code_of(door.client.delete(f"/jobs/{job_id}")) == "job_not_found"
    assert [p.name for p in door.settings.output.iterdir()] == [f"talk-{str(neighbour)[:8]}"]


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_nothing_that_is_not_the_jobs_folder_is_ever_deleted(door: Door, tmp_path: Path) -> None:
    output, precious = door.settings.output, tmp_path / "precious"
    (precious / "deep").mkdir(parents=True)
    (precious / "deep" / "letter.txt").write_text("dear")
    mine, other = door.finished(), door.finished()
    folder = output / f"talk-{str(other)[:8]}"
    (output / "link-out").symlink_to(precious)
    (output / "link-in").symlink_to(folder)
    (output / "file").write_text("x")
    tries = [precious, output, output / ".", output / "..", tmp_path, Path("/"), Path(), Path("precious")]
    tries += [output / ".." / "precious", output / "link-out", output / "link-out" / "deep", output / "link-in"]
    tries += [
        folder / ".." / folder.name,
        folder / "clips",
        output / "file",
        output / "nothing",
        Path(str(output) + "2"),
    ]
    before = everything(tmp_path)

    for path in tries:
        job_id = door.job()
        result = Production(output_dir=path, shorts_count=1, strategy_id=None, source="x", engines={})
        door.gateway.enter(job_id, Failed(), result=result)
        answer = door.client.delete(f"/jobs/{job_id}")
        assert answer.status_code == 204, path
        assert before == everything(tmp_path), path

    assert door.client.delete(f"/jobs/{mine}").status_code == 204
    assert before - everything(tmp_path)


# webhooks


def test_the_delivery_log_of_a_webhook_can_be_read_and_the_last_one_sent_again(door: Door) -> None:
    job_id = door.job()
    sent = door.gateway.notice(job_id, "job.completed", "msg_1")
    door.gateway.enter(sent.id, Failed(message="410"))

    before = door.client.get(f"/jobs/{job_id}/webhooks").json()["items"]
    again = door.client.post(f"/jobs/{job_id}/webhooks/replay")

    assert [(d["event"], d["attempt"], d["state"]) for d in before] == [("job.completed", 1, "failed")]
    assert again.status_code == 202
    assert [d["attempt"] for d in again.json()["items"]] == [2, 1]


def test_there_is_nothing_to_send_again_where_nothing_was_sent(door: Door) -> None:
    answer = door.client.post(f"/jobs/{door.job()}/webhooks/replay")

    assert (answer.status_code, code_of(answer)) == (409, "webhook_missing")


def test_a_delivery_is_no_job(door: Door) -> None:
    sent = door.gateway.notice(door.job(), "job.completed", "msg_1")

    assert code_of(door.client.get(f"/status/{sent.id}")) == "job_not_found"
    assert str(sent.id) not in listed(door)
