"""The source of a job in ranges, and all it left as one archive."""

import hashlib
import io
import os
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from fakes.door import FILES, Door, code_of
from fakes.finished_job import Made, finish

from deployments.door.errors import SourceNotShown
from deployments.door.shelf import Listed
from deployments.door.sources import Sources


def seen(door: Door, video: Path) -> UUID:
    """Return a job that was made from this file and has ended."""
    job = door.job(video_path=str(video))
    finish(door, job)
    return job


def named(door: Door, name: str, data: bytes = b"a talk of some length") -> Path:
    path = door.settings.media_roots[0] / name
    path.write_bytes(data)
    return path


def test_the_source_comes_whole_and_in_ranges(door: Door) -> None:
    job = seen(door, named(door, "keynote.mp4"))
    whole = door.client.get(f"/jobs/{job}/source")
    part = door.client.get(f"/jobs/{job}/source", headers={"Range": "bytes=2-5"})

    assert (whole.status_code, whole.content) == (200, b"a talk of some length")
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["etag"] == part.headers["etag"]
    assert (part.status_code, part.content) == (206, b"talk")


def test_what_was_written_over_is_another_version(door: Door) -> None:
    video = named(door, "talk.mp4")
    job = seen(door, video)
    known = {"If-None-Match": door.client.get(f"/jobs/{job}/source").headers["etag"]}
    same = door.client.get(f"/jobs/{job}/source", headers=known)
    video.write_bytes(video.read_bytes()[::-1])  # as long as before
    os.utime(video, ns=(1, 1))

    assert same.status_code == 304
    assert door.client.get(f"/jobs/{job}/source", headers=known).status_code == 200


@pytest.mark.parametrize("put", ["link", "file"])
def test_what_is_put_in_place_of_a_file_that_was_found_is_not_read(door: Door, tmp_path: Path, put: str) -> None:
    video, sources = named(door, "talk.mp4"), Sources(door.settings, None)
    digest = hashlib.sha256(video.read_bytes()).hexdigest()
    found = sources.find(str(video), Listed(path="talk.mp4", sha256=digest, size_bytes=video.stat().st_size))
    secret = (tmp_path if put == "link" else video.parent) / "secret.mp4"
    secret.write_bytes(b"canary of that length")
    if put == "link":
        video.unlink()
        video.symlink_to(secret)
    else:
        secret.replace(video)

    with pytest.raises(SourceNotShown):
        next(sources.read(found, 0, found.size_bytes))


def test_an_upload_is_shown_too(door: Door) -> None:
    upload = door.client.post("/uploads?name=talk.mp4", content=b"sent").json()["upload_id"]
    job = door.job(video_path=None, upload_id=upload)
    result = finish(door, job)
    manifest = result.output_dir / "manifest.json"
    told = (
        manifest.read_text()
        .replace(f'"file": "upload:{upload}"', '"file": "talk.mp4"')
        .replace('"size_bytes": 0', '"size_bytes": 4')
    )
    manifest.write_text(told)

    assert door.client.get(f"/jobs/{job}/source").content == b"sent"


def test_a_file_that_was_never_found_to_be_a_video_is_not_given_away(door: Door) -> None:
    secret = named(door, "id_rsa.mp4", b"canary-private")
    job = door.job(video_path=str(secret))
    answer = door.client.get(f"/jobs/{job}/source")

    assert code_of(answer) == "source_not_shown"
    assert "canary" not in answer.text


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "notes.txt", "video"])
def test_a_name_that_isnt_a_videos_is_not_shown(door: Door, name: str) -> None:
    answer = door.client.get(f"/jobs/{seen(door, named(door, name))}/source")

    assert answer.status_code == 404
    assert "no ending that a browser plays" in answer.json()["detail"]


def test_a_file_that_changed_is_not_shown(door: Door) -> None:
    video = named(door, "talk.mp4")
    job = seen(door, video)
    video.write_bytes(b"canary: something else")

    assert code_of(door.client.get(f"/jobs/{job}/source")) == "source_not_shown"


def test_a_link_that_leads_out_of_the_roots_is_not_followed(door: Door, tmp_path: Path) -> None:
    video = named(door, "talk.mp4")
    job = seen(door, video)
    (tmp_path / "secret.mp4").write_bytes(video.read_bytes())
    video.unlink()
    video.symlink_to(tmp_path / "secret.mp4")

    assert code_of(door.client.get(f"/jobs/{job}/source")) == "source_not_shown"


def test_a_source_from_an_address_is_not_fetched_again(door: Door) -> None:
    job = seen(door, named(door, "talk.mp4"))
    run = door.gateway.stored[job]
    door.gateway.stored[job] = run.model_copy(update={"parameters": {"video": "https://example.org/talk.mp4"}})

    answer = door.client.get(f"/jobs/{job}/source")

    assert "fetched from an address" in answer.json()["detail"]


def test_the_archive_holds_every_file_as_it_is(door: Door) -> None:
    job = door.job()
    finish(door, job, Made(extra={"tiktok/Ünïcödé 🎬.txt": b"post", "empty.txt": b""}))
    answer = door.client.get(f"/jobs/{job}/zip")
    listed = {f["name"]: f["sha256"] for f in door.client.get(f"/jobs/{job}/files").json()["items"]}

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        folder = f"talk-{str(job)[:8]}/"
        assert {name.removeprefix(folder) for name in archive.namelist()} == set(listed)
        assert archive.read(f"{folder}tiktok/Ünïcödé 🎬.txt") == b"post"
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
        for name, digest in listed.items():
            assert digest in {None, hashlib.sha256(archive.read(folder + name)).hexdigest()}
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_the_same_job_is_the_same_archive(door: Door) -> None:
    job = door.finished()
    one, two = (door.client.get(f"/jobs/{job}/zip").content for _ in range(2))

    assert one == two
    assert FILES["clips/01-one good-idea.mp4"] in one


def test_a_job_that_left_nothing_has_no_archive(door: Door) -> None:
    assert code_of(door.client.get(f"/jobs/{door.job()}/zip")) == "file_not_found"


@pytest.mark.parametrize("name", ["evidence.html", "sign.svg"])
def test_a_document_that_a_job_left_may_do_nothing_beside_the_pages(door: Door, name: str) -> None:
    job = door.job()
    finish(door, job, Made(extra={name: b"<script>alert(1)</script>"}))
    policy = door.client.get(f"/jobs/{job}/files/{name}").headers["content-security-policy"]

    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
