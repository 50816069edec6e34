"""One key and one request make one job, however often and from however many sides they come."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fakes.door import ADDRESS, Door, code_of, opened
from prefect.states import Failed


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


def post(door: Door, key: str | None = None, **body: object) -> Any:
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


def test_a_file_that_is_sent_again_is_the_same_request_and_another_file_is_not(door: Door) -> None:
    def sent(data: bytes) -> httpx.Response:
        upload = door.client.post("/uploads?name=talk.mp4", content=data).json()["upload_id"]
        return door.client.post("/process", json={"upload_id": upload}, headers={"Idempotency-Key": "k-1"})

    first, again, other = sent(b"film"), sent(b"film"), sent(b"another film")

    assert (again.status_code, again.json()["job_id"]) == (202, first.json()["job_id"])
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, code_of(other)) == (422, "idempotency_key_reused")


def test_requests_without_a_key_are_jobs_of_their_own(door: Door) -> None:
    assert post(door).json()["job_id"] != post(door).json()["job_id"]


def test_a_key_belongs_to_its_owner(door: Door) -> None:
    door.video()
    callers = [door.caller(door.key(name, "submit")) for name in ("ann", "bob")]
    asked: dict[str, Any] = {"params": {"video_path": "talk.mp4"}, "headers": {"Idempotency-Key": "k-1"}}

    ids = {caller.post("/process", **asked).json()["job_id"] for caller in callers}

    assert len(ids) == 2


@pytest.mark.parametrize("key", ["", '""', " ", "x" * 256, "é", "tab\there", '"'])
def test_a_key_that_is_malformed_is_refused(door: Door, key: str) -> None:
    door.video()
    shown = {b"Idempotency-Key": key.encode("latin-1")}
    answer = door.client.post("/process", params={"video_path": "talk.mp4"}, headers=shown)

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
