"""Uploads: complete or not there, whatever comes, however it ends."""

import asyncio
import errno
import hashlib
import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fakes.door import Door, code_of, opened, raw
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect

from deployments.door import uploads
from deployments.door.uploads import NOTE, Uploads, prune, safe_name
from deployments.errors import UploadUnusable
from omni.settings import Settings

LIMIT = 100_000


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path, max_upload_bytes=LIMIT) as door:
        yield door


def left(door: Door) -> list[str]:
    """Everything in the folder of uploads."""
    return sorted(p.name for p in door.settings.uploads.rglob("*"))


def pieces(size: int) -> Iterator[bytes]:
    return (b"x" * min(7000, size - at) for at in range(0, size, 7000))


@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_file_is_kept_under_a_name_of_ours_with_its_size_and_digest(door: Door, *, is_chunked: bool) -> None:
    data = b"".join(pieces(LIMIT))

    answer = door.client.post("/uploads", params={"name": "my talk.mp4"}, content=pieces(LIMIT) if is_chunked else data)

    told = answer.json()
    assert answer.status_code == 201
    assert (told["name"], told["size_bytes"]) == ("my talk.mp4", LIMIT)
    assert told["sha256"] == hashlib.sha256(data).hexdigest()
    folder = door.settings.uploads / told["upload_id"]
    assert (folder / "my talk.mp4").read_bytes() == data
    assert left(door) == sorted([told["upload_id"], "my talk.mp4", NOTE])


def test_a_file_that_says_it_is_too_large_is_refused_before_it_is_read(door: Door) -> None:
    headers = {"content-length": str(LIMIT + 1)}
    status, body = raw(door.app, "/uploads?name=a.mp4", "POST", headers=headers, messages=[{"type": "http.disconnect"}])

    assert (status, json.loads(body)["code"]) == (413, "too_large")
    assert left(door) == []


def test_a_stream_that_becomes_too_large_leaves_nothing(door: Door) -> None:
    answer = door.client.post("/uploads", params={"name": "a.mp4"}, content=pieces(LIMIT + 1))

    assert (answer.status_code, code_of(answer)) == (413, "too_large")
    assert left(door) == []


def test_an_empty_file_is_refused(door: Door) -> None:
    answer = door.client.post("/uploads", params={"name": "a.mp4"}, content=b"")

    assert (answer.status_code, code_of(answer)) == (422, "upload_unusable")
    assert left(door) == []


def test_a_form_is_refused(door: Door) -> None:
    answer = door.client.post("/uploads", params={"name": "a.mp4"}, files={"file": b"x"})

    assert (answer.status_code, code_of(answer)) == (415, "unsupported_media_type")
    assert left(door) == []


def test_what_curl_sends_by_itself_is_taken(door: Door) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert door.client.post("/uploads", params={"name": "a"}, content=b"x", headers=headers).status_code == 201


def test_an_upload_that_breaks_off_leaves_nothing(door: Door) -> None:
    messages = [{"type": "http.request", "body": b"x" * 5000, "more_body": True}, {"type": "http.disconnect"}]

    status, _ = raw(door.app, "/uploads?name=a.mp4", "POST", headers={"content-length": "50000"}, messages=messages)

    assert status == 422
    assert left(door) == []


def test_a_body_shorter_than_it_said_is_broken_off(tmp_path: Path) -> None:
    async def short() -> AsyncIterator[bytes]:
        yield b"x" * 10

    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 10
        raise ClientDisconnect

    keeper = Uploads(Settings(home=tmp_path, _env_file=None), None)  # pyright: ignore[reportCallIssue]
    for chunks in (short(), broken()):
        with pytest.raises(UploadUnusable, match="broke off after 10 bytes"):
            asyncio.run(keeper.receive("a.mp4", "ann", chunks, 11))
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_cancelled_upload_leaves_nothing(tmp_path: Path) -> None:
    keeper = Uploads(Settings(home=tmp_path, _env_file=None), None)  # pyright: ignore[reportCallIssue]

    async def cancel() -> None:
        begun = asyncio.Event()

        async def endless() -> AsyncIterator[bytes]:
            yield b"x"
            begun.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(keeper.receive("a.mp4", "ann", endless(), None))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())

    assert list((tmp_path / "uploads").iterdir()) == []


class FullDisk:
    """A file on a disk that has no space left."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, *_: object) -> None:
        raise OSError(self.number, os.strerror(self.number))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing(door: Door, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(uploads, "_settle", FullDisk(number))

    answer = door.client.post("/uploads", params={"name": "a.mp4"}, content=b"x")

    assert (answer.status_code, code_of(answer)) == (507, "disk_full")
    assert left(door) == []


def test_a_disk_that_is_full_for_the_note_leaves_nothing(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Uploads, "_note", FullDisk(errno.ENOSPC))

    assert code_of(door.client.post("/uploads", params={"name": "a.mp4"}, content=b"x")) == "disk_full"
    assert left(door) == []


def test_a_folder_that_cannot_be_written_is_not_called_a_full_disk(tmp_path: Path) -> None:
    with opened(tmp_path) as door:
        door.settings.home.mkdir()
        door.settings.uploads.write_text("a file in the way")
        answer = door.client.post("/uploads", params={"name": "a.mp4"}, content=b"x")

    assert (answer.status_code, code_of(answer)) == (503, "store_unavailable")
    assert str(tmp_path) not in answer.text


HOSTILE = st.text(max_size=300) | st.lists(
    st.sampled_from(
        [
            "..",
            "/",
            "\\",
            ".",
            "-",
            "\0",
            "\n",
            "upload.json",
            "~",
            " ",
            "a" * 250,
            ".mp4",
            "\ud800",
            "\u202e",
            ":",
            "CON",
        ]
    ),
    max_size=6,
).map("".join)


@given(HOSTILE)
@settings(max_examples=1000, deadline=None)
def test_no_name_leaves_its_folder_or_takes_ours(name: str) -> None:
    safe = safe_name(name)

    assert safe not in {"", ".", "..", NOTE}
    assert safe == Path(safe).name
    assert not safe.startswith((".", "-"))
    assert safe.isprintable()
    assert len(safe.encode()) <= 255
    assert "\\" not in safe


@given(HOSTILE.filter(lambda name: 0 < len(name) <= 255))
@settings(max_examples=60, deadline=None)
def test_a_hostile_name_writes_into_its_own_folder_only(shared: Door, name: str) -> None:
    name = name.encode(errors="replace").decode()
    before = {p for p in shared.settings.home.parent.rglob("*") if p.name != NOTE}

    answer = shared.client.post("/uploads", params={"name": name}, content=b"x")

    assert answer.status_code == 201, answer.text
    folder = shared.settings.uploads / answer.json()["upload_id"]
    fresh = {p for p in shared.settings.home.parent.rglob("*") if p.name != NOTE} - before
    assert fresh - {shared.settings.home, shared.settings.uploads} == {folder, folder / answer.json()["name"]}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("door")) as door:
        yield door


def test_the_worker_finds_an_upload_by_what_the_door_noted(door: Door) -> None:
    from omni.sourcing.uploading import _Facts  # pyright: ignore[reportPrivateUsage]

    told = door.client.post("/uploads", params={"name": "..hidden/.talk.mp4"}, content=b"x").json()
    noted = (door.settings.uploads / told["upload_id"] / NOTE).read_bytes()

    facts = _Facts.model_validate_json(noted)
    assert (facts.name, facts.sha256) == (told["name"], told["sha256"])
    assert json.loads(noted)["owner"] == "local"


@pytest.mark.parametrize("note", ["", "[]", "{}", "nonsense"])
def test_an_upload_whose_note_is_damaged_is_not_found(door: Door, note: str) -> None:
    upload = door.client.post("/uploads", params={"name": "a.mp4"}, content=b"x").json()["upload_id"]
    (door.settings.uploads / upload / NOTE).write_text(note)

    assert code_of(door.client.post("/process", json={"upload_id": upload})) == "upload_not_found"


def test_old_uploads_go_unless_a_job_uses_them(door: Door) -> None:
    used, unused, fresh = (
        door.client.post("/uploads", params={"name": "a.mp4"}, content=b"x").json()["upload_id"] for _ in range(3)
    )
    for upload in (used, unused):
        os.utime(door.settings.uploads / upload, (0, 0))

    assert prune(door.settings, frozenset({used})) == 1
    assert {p.name for p in door.settings.uploads.iterdir()} == {used, fresh}


def test_an_upload_into_the_store_is_complete_or_not_there(tmp_path: Path) -> None:
    from fastapi import FastAPI

    from omni.adapters.storage import Store

    with opened(tmp_path, store=f"file://{tmp_path}/store", max_upload_bytes=LIMIT) as door:
        assert isinstance(door.app, FastAPI)
        store = Store(f"file://{tmp_path}/store")
        good = door.client.post("/uploads", params={"name": "a.mp4"}, content=pieces(5000)).json()
        bad = door.client.post("/uploads", params={"name": "a.mp4"}, content=pieces(LIMIT + 1))
        job = door.client.post("/process", json={"upload_id": good["upload_id"]})
        nobodys = door.client.post("/process", json={"upload_id": f"up_{'0' * 32}"})

    assert sorted(store.list("uploads")) == [f"uploads/{good['upload_id']}/{name}" for name in ("a.mp4", NOTE)]
    assert code_of(bad) == "too_large"
    assert job.status_code == 202
    assert (nobodys.status_code, code_of(nobodys)) == (404, "upload_not_found")
