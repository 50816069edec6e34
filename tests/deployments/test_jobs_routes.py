"""How a job is cancelled, retried and deleted in each of its states."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fakes.door import Door, code_of, opened
from prefect.client.schemas.objects import State, StateType
from prefect.states import Cancelled, Cancelling, Completed, Crashed, Failed, Paused, Pending, Running

from deployments.states import RECOVERY_SECONDS, RETRIED
from omni.contracts import Production
from omni.record import Status


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


def crashed(seconds_ago: float) -> State[object]:
    return Crashed(timestamp=datetime.now(UTC) - timedelta(seconds=seconds_ago))


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


def retried(state: State[object]) -> list[State[object]]:
    """Return the states that a retry of a run in this state sets."""
    import asyncio
    from types import SimpleNamespace

    from deployments.gateway import Gateway

    class Client:
        def __init__(self) -> None:
            self.states: list[State[object]] = []

        async def read_flow_run(self, _: UUID) -> object:
            return SimpleNamespace(state=state, labels={})

        async def set_flow_run_state(self, _: UUID, state: State[object]) -> None:
            self.states.append(state)

        async def update_flow_run_labels(self, *_: object) -> None:
            pass

    client = Client()

    async def retry() -> None:
        await Gateway(client).retry(uuid4(), 2)  # pyright: ignore[reportArgumentType]

    asyncio.run(retry())
    return client.states


def test_the_gateway_marks_a_retry_with_the_words_that_the_events_look_for() -> None:
    assert [(s.type, s.message) for s in retried(Failed())] == [(StateType.SCHEDULED, RETRIED)]


def test_a_second_retry_does_not_disturb_the_first() -> None:
    assert retried(Running()) == []


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
    assert str(sent.id) not in door.client.get("/jobs").text
