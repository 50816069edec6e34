"""Delivered files over HTTP: whole, in part, not again, and never a file that the job didn't leave."""

import hashlib
import json
import os
from collections.abc import Iterator
from urllib.parse import quote, unquote
from uuid import UUID

import pytest
from fakes.door import FILES, Door, code_of, opened, raw
from hypothesis import given, settings
from hypothesis import strategies as st
from prefect.states import Failed, Running

VIDEO = "clips/01-one good-idea.mp4"
DATA = FILES[VIDEO]
ETAG = f'"{hashlib.sha256(DATA).hexdigest()}"'
STRANGE = {
    "clips/100% sure?.mp4": b"percent",
    "clips/Ünïcödé – 日本語 🎬.mp4": b"unicode",
    "clips/a%2fb.mp4": b"escaped",
    "clips/semi;colon\"quote'.mp4": b"quotes",
    "clips/hash#and&amp=.mp4": b"hash",
    "clips/back\\slash.mp4": b"backslash",
    "clips/plus+ space.mp4": b"plus",
    "deep/er/and deeper/x": b"deep",
    "empty.txt": b"",
}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    with opened(folder) as door:
        (folder / "secret.txt").write_text("canary-private")
        (door.settings.home).mkdir()
        (door.settings.home / "api-notes.txt").write_text("canary-home")
        yield door


@pytest.fixture(scope="module")
def job(door: Door) -> UUID:
    return door.finished()


@pytest.fixture(scope="module")
def odd(door: Door) -> UUID:
    """A job with files of strange names, and links that lead out."""
    job_id = door.finished(files=FILES | STRANGE)
    folder = door.settings.output / f"talk-{str(job_id)[:8]}"
    (folder / "link.txt").symlink_to(door.settings.output.parent / "secret.txt")
    (folder / "way-out").symlink_to(door.settings.output.parent)
    os.mkfifo(folder / "pipe")
    (folder / os.fsdecode(b"latin-\xe9.txt")).write_bytes(b"canary-latin")
    (folder / "line\nbreak.txt").write_bytes(b"canary-line")
    (door.settings.output / "loose.txt").write_text("canary-output")
    return job_id


def address(job: UUID, name: str = VIDEO) -> str:
    return f"/jobs/{job}/files/{quote(name)}"


def test_a_file_comes_whole_with_its_digest_as_etag(door: Door, job: UUID) -> None:
    answer = door.client.get(address(job))

    assert (answer.status_code, answer.content) == (200, DATA)
    assert answer.headers["etag"] == ETAG
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-length"] == str(len(DATA))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_list_names_every_file_with_size_and_digest_and_each_link_works(door: Door, odd: UUID) -> None:
    items = door.client.get(f"/jobs/{odd}/files").json()["items"]

    named = {item["name"]: item for item in items}
    assert named.keys() == (FILES | STRANGE).keys() | {"manifest.json"}
    for name, data in (FILES | STRANGE).items():
        assert raw(door.app, named[name]["href"]) == (200, data), name
        assert named[name]["size_bytes"] == len(data)
    assert named[VIDEO]["sha256"] == ETAG.strip('"')


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=690-", (690, len(DATA))),
        ("bytes=-5", (len(DATA) - 5, len(DATA))),
        ("bytes=0-999999", (0, len(DATA))),
    ],
)
def test_a_part_comes_alone(door: Door, job: UUID, asked: str, part: tuple[int, int]) -> None:
    answer = door.client.get(address(job), headers={"Range": asked})

    assert (answer.status_code, answer.content) == (206, DATA[slice(*part)])
    assert answer.headers["content-range"] == f"bytes {part[0]}-{part[1] - 1}/{len(DATA)}"
    assert answer.headers["content-length"] == str(part[1] - part[0])


@pytest.mark.parametrize("asked", ["bytes=5-2", "lines=1-2", "bytes=a-b", "bytes=0-1,4-5", "nonsense", ""])
def test_a_range_that_is_not_understood_is_left_alone(door: Door, job: UUID, asked: str) -> None:
    answer = door.client.get(address(job), headers={"Range": asked})

    assert (answer.status_code, answer.content) == (200, DATA)


@pytest.mark.parametrize("asked", [f"bytes={len(DATA)}-", "bytes=999999-1000000", "bytes=-0"])
def test_a_range_behind_the_end_is_a_problem_that_tells_the_size(door: Door, job: UUID, asked: str) -> None:
    answer = door.client.get(address(job), headers={"Range": asked})

    assert (answer.status_code, code_of(answer)) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(DATA)}"


@pytest.mark.parametrize(
    ("named", "status"), [(ETAG, 206), ('"other"', 200), (f"W/{ETAG}", 200), ("Sun, 22 Nov 2026 12:00:00 GMT", 200)]
)
def test_a_part_is_only_sent_of_the_very_version_that_is_named(door: Door, job: UUID, named: str, status: int) -> None:
    answer = door.client.get(address(job), headers={"Range": "bytes=0-3", "If-Range": named})

    assert (answer.status_code, answer.content) == (status, DATA[:4] if status == 206 else DATA)


def test_a_weak_etag_names_no_version_for_a_part(door: Door, job: UUID) -> None:
    etag = door.client.get(address(job, "manifest.json")).headers["etag"]

    answer = door.client.get(address(job, "manifest.json"), headers={"Range": "bytes=0-3", "If-Range": etag})

    assert etag.startswith("W/")
    assert answer.status_code == 200


@pytest.mark.parametrize("known", [ETAG, f"W/{ETAG}", f'"x", {ETAG}', "*"])
def test_a_file_that_is_known_is_not_sent_again(door: Door, job: UUID, known: str) -> None:
    answer = door.client.get(address(job), headers={"If-None-Match": known, "Range": "bytes=0-3"})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == ETAG


def test_head_tells_the_whole_size_and_sends_nothing(door: Door, job: UUID) -> None:
    answer = door.client.head(address(job), headers={"Range": "bytes=0-3"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(DATA))
    assert answer.headers["etag"] == ETAG
    assert door.client.head(address(job), headers={"If-None-Match": ETAG}).status_code == 304


def test_a_file_is_shown_or_saved_under_its_own_name(door: Door, odd: UUID) -> None:
    name = "clips/Ünïcödé – 日本語 🎬.mp4"

    shown, saved = (door.client.get(address(odd, name), params={"download": d}) for d in ("false", "true"))

    assert shown.headers["content-disposition"].startswith("inline; filename*=UTF-8''")
    kind, _, encoded = saved.headers["content-disposition"].partition("; filename*=UTF-8''")
    assert (kind, unquote(encoded)) == ("attachment", name.rpartition("/")[2])


def test_a_job_that_runs_or_failed_has_no_files(door: Door) -> None:
    for state in (Running(), Failed()):
        job_id = door.job()
        door.gateway.enter(job_id, state)
        assert code_of(door.client.get(f"/jobs/{job_id}/files")) == "file_not_found"
        assert code_of(door.client.get(address(job_id))) == "file_not_found"


ATTEMPTS = [
    "..%2f..%2fsecret.txt",
    "../../secret.txt",
    "%2e%2e/%2e%2e/secret.txt",
    "..%5c..%5csecret.txt",
    "clips/../../loose.txt",
    "clips/../manifest.json",
    "./manifest.json",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "manifest.json%00",
    "manifest.json%00.mp4",
    "link.txt",
    "way-out/secret.txt",
    "way-out/home/api-notes.txt",
    "pipe",
    "latin-%e9.txt",
    "clips",
    "clips/",
    "",
    ".",
    "..",
    "~/.ssh/id_rsa",
    "C:\\windows",
    "MANIFEST.JSON",
    "..%252f..%252fsecret.txt",
    "a" * 5000,
]


@pytest.mark.parametrize("name", ATTEMPTS)
def test_no_way_leads_out_of_the_jobs_folder(door: Door, odd: UUID, name: str) -> None:
    status, body = raw(door.app, f"/jobs/{odd}/files/{name}")

    assert status == 404
    assert json.loads(body)["code"] in {"file_not_found", "not_found"}
    assert b"canary" not in body


PIECES = st.sampled_from([
    "..", ".", "/", "\\", "%2e", "%2f", "\0", "%00", "clips", "manifest.json", "link.txt", "way-out", "secret.txt",
    "home", "etc", "passwd", "proc", "self", "environ", "talk-", "01-one good-idea.mp4", " ", "\n", "~", "empty.txt", ":",
])  # fmt: skip
NAMES = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=30) | st.lists(PIECES, max_size=6).map("/".join)


@given(st.lists(NAMES, min_size=50, max_size=50))
@settings(max_examples=200, deadline=None)
def test_of_ten_thousand_names_only_listed_ones_are_served(door: Door, odd: UUID, names: list[str]) -> None:
    from deployments.door.shelf import FolderShelf, find
    from deployments.errors import FileNotDelivered
    from omni.record import record_of

    shelf, result = FolderShelf(door.settings), record_of(door.gateway.stored[odd].labels).result
    assert result is not None
    files = shelf.files(result)
    served = {name: b"".join(shelf.read(file, 0, file.size_bytes)) for name, file in files.items()}
    assert not any(b"canary" in data for data in served.values())
    for name in names:
        try:
            found = find(shelf, result, name)
        except FileNotDelivered:
            continue
        assert found.name == name
        assert name in served


@given(NAMES)
@settings(max_examples=150, deadline=None)
def test_over_http_too_only_listed_names_are_served(door: Door, odd: UUID, name: str) -> None:
    status, body = raw(door.app, f"/jobs/{odd}/files/{quote(name, safe='/%', errors='replace')}")

    assert b"canary" not in body
    assert status == 404 or (status == 200 and (body in {*FILES.values(), *STRANGE.values()} or b"schema" in body))
