"""What a job costs and would cost, as the door tells it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from fakes.door import Door, code_of, opened
from prefect.states import Completed, Failed, Running

from omni.contracts import Charge, Estimate
from omni.record import Failure, Status

KNOWN = Charge(
    role="analyst", model="gemini-3.8-flash", calls=1, input_tokens=400_000, output_tokens=6000, usd=0.3225
)  # fmt: skip
UNKNOWN = KNOWN.model_copy(update={"model": "gemini-99", "usd": None})
ESTIMATE = Estimate(charges=(KNOWN,), usd=0.3225, seconds=3600, warnings=("A price isn't known.",))


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


def estimated(door: Door) -> UUID:
    """Return a dry run that has ended well."""
    job_id = door.job(dry_run=True)
    door.gateway.enter(job_id, Running(name="ANALYZING"), reached=Status.ANALYZING, progress=0.01)
    door.gateway.enter(job_id, Completed(), estimate=ESTIMATE, warnings=ESTIMATE.warnings, progress=1.0)
    return job_id


# what was spent


def test_a_running_and_a_failed_job_tell_what_they_have_spent(door: Door) -> None:
    job_id = door.job()
    assert door.client.get(f"/status/{job_id}").json()["cost_usd"] == 0.0

    door.gateway.enter(job_id, Running(name="ANALYZING"), charges=(KNOWN,))
    assert door.client.get(f"/status/{job_id}").json()["cost_usd"] == 0.3225

    broken = Failure(code="model_busy", cause="It broke.", next_step="Retry.")
    door.gateway.enter(job_id, Failed(), charges=(KNOWN, UNKNOWN), failure=broken)
    told = door.client.get(f"/status/{job_id}").json()
    assert (told["status"], told["cost_usd"]) == ("FAILED", None)


def test_a_completed_job_tells_what_each_model_was_paid(door: Door) -> None:
    job_id = door.job()
    door.deliver(job_id, cost_usd=0.3225, charges=(KNOWN,))

    result = door.client.get(f"/status/{job_id}").json()["result"]

    assert result["cost_usd"] == 0.3225
    assert result["charges"] == [KNOWN.model_dump()]


# what a job would cost


def test_a_dry_run_completes_with_an_estimate_and_without_a_result(door: Door) -> None:
    told = door.client.get(f"/status/{estimated(door)}").json()

    assert (told["status"], told["dry_run"], told["progress"]) == ("COMPLETED", True, 1.0)
    assert (told["result"], told["error"], told["links"]["files"]) == (None, None, None)
    assert told["estimate"] == ESTIMATE.model_dump(mode="json")
    assert told["warnings"] == list(ESTIMATE.warnings)
    assert told["cost_usd"] == 0.0


@pytest.mark.parametrize("where", ["query", "body"])
def test_a_dry_run_can_be_asked_for_in_query_and_body(where: str, door: Door) -> None:
    video = str(door.video())
    query = {"video_path": video, "dry_run": "true"} if where == "query" else {}
    body = {"video_path": video, "dry_run": True} if where == "body" else None

    answer = door.client.post("/process", params=query, json=body)

    told = answer.json()
    assert (answer.status_code, told["dry_run"], told["estimate"]) == (202, True, None)
    assert door.gateway.stored[UUID(told["job_id"])].parameters == {"video": video, "brief": {}, "dry_run": True}


def test_a_job_that_is_no_dry_run_gives_the_flow_no_such_parameter(door: Door) -> None:
    assert set(door.gateway.stored[door.job(dry_run=False)].parameters) == {"video", "brief"}


def test_query_and_body_that_contradict_each_other_are_refused(door: Door) -> None:
    body = {"video_path": str(door.video()), "dry_run": False}

    answer = door.client.post("/process", params={"dry_run": "true"}, json=body)

    assert answer.status_code == 422
    assert code_of(answer) == "invalid_request"
    assert "dry_run" in answer.text


@pytest.mark.parametrize("word", ["yes", 1, None])
def test_a_word_is_no_dry_run(word: object, door: Door) -> None:
    body = {"video_path": str(door.video()), "dry_run": word}

    assert door.client.post("/process", json=body).status_code == 422


def test_a_key_that_made_a_dry_run_does_not_make_the_job(door: Door) -> None:
    body, key = {"video_path": str(door.video())}, {"Idempotency-Key": "k"}
    first = door.client.post("/process", json=body | {"dry_run": True}, headers=key)

    again = door.client.post("/process", json=body | {"dry_run": True}, headers=key)
    other = door.client.post("/process", json=body, headers=key)

    assert again.json()["job_id"] == first.json()["job_id"]
    assert code_of(other) == "idempotency_key_reused"


def test_a_run_that_was_no_dry_run_still_never_completes_with_nothing(door: Door) -> None:
    job_id = door.job()
    door.gateway.enter(job_id, Completed())

    told = door.client.get(f"/status/{job_id}").json()

    assert (told["status"], told["error"]["code"], told["estimate"]) == ("FAILED", "result_missing", None)


def test_a_dry_run_has_no_files_and_can_be_deleted(door: Door) -> None:
    job_id = estimated(door)

    assert code_of(door.client.get(f"/jobs/{job_id}/files")) == "file_not_found"
    assert door.client.delete(f"/jobs/{job_id}").status_code == 204
    assert door.client.get(f"/status/{job_id}").status_code == 404


def test_the_events_of_a_dry_run_end_with_its_estimate(door: Door) -> None:
    told = door.client.get(f"/jobs/{estimated(door)}/events").text

    last = told.split("event: done")[1]
    assert '"estimate":{' in last
    assert '"estimate":{' not in told.split("event: done")[0]
