"""Fifty clients at once under twenty keys: the real server, on SQLite, makes twenty jobs."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prefect_server import settle

from deployments.stack.processes import Process, answers, finish, free_port, temporary_server

KEYS, POSTS = 20, 50
API = ("-c", "from deployments.stack.operating import api; api()")


@pytest.fixture
def door(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The API as `omni api` runs it, over a Prefect server with the deployments registered."""
    port = free_port()
    (tmp_path / "talk.mp4").write_bytes(b"a talk")
    for name, value in {
        "OMNI_HOME": str(tmp_path),
        "OMNI_MEDIA_ROOTS": json.dumps([str(tmp_path)]),
        "OMNI_PORT": str(port),
        "PREFECT_HOME": str(tmp_path / "prefect"),
    }.items():
        monkeypatch.setenv(name, value)
    with temporary_server(settle(tmp_path, migrated) / "prefect") as prefect:
        monkeypatch.setenv("PREFECT_API_URL", prefect)
        code, said = finish((sys.executable, "-m", "deployments.stack.registering"), folder=tmp_path, seconds=120)
        assert code == 0, said
        api = Process((sys.executable, "-P", *API), env={}, folder=tmp_path, log=tmp_path / "api.log")
        try:
            while not answers(f"http://127.0.0.1:{port}/healthz"):
                assert api.exit_code() is None, api.tail()
            yield f"http://127.0.0.1:{port}"
        finally:
            api.end()


@pytest.mark.prefect
def test_fifty_posts_at_once_of_each_of_twenty_keys_make_twenty_jobs(door: str) -> None:
    answered = asyncio.run(_posted(door))

    made = {key: {answer.json()["job_id"] for posted, answer in answered if posted == key} for key, _ in answered}
    assert Counter(answer.status_code for _, answer in answered) == {202: KEYS * POSTS}
    assert [len(jobs) for jobs in made.values()] == [1] * KEYS
    first = [answer for _, answer in answered if "Idempotency-Replayed" not in answer.headers]
    assert len(first) == KEYS
    listed = httpx.get(f"{door}/jobs", params={"limit": 100}, timeout=30).json()
    assert {job["job_id"] for job in listed["items"]} == set().union(*made.values())
    assert listed["next_cursor"] is None


async def _posted(door: str) -> list[tuple[int, Any]]:
    """Let each client post under all keys, in the same order as the others, and return every answer."""

    async def post_all() -> list[tuple[int, Any]]:
        async with httpx.AsyncClient(base_url=door, timeout=60) as client:
            return [
                (
                    key,
                    await client.post(
                        "/process", params={"video_path": "talk.mp4"}, headers={"Idempotency-Key": f"k{key}"}
                    ),
                )
                for key in range(KEYS)
            ]

    return [one for many in await asyncio.gather(*(post_all() for _ in range(POSTS))) for one in many]
