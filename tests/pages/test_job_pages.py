"""What the pages show, and that their forms do what the API does; no script runs here."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fakes.door import Door
from fakes.finished_job import Made, finish
from fakes.reader import Reader
from prefect.states import Failed, Running, Suspended

from deployments.door.shelf import FolderShelf, Shelved
from deployments.pages import FORM_BYTES
from deployments.pages.answers import POLICY
from omni.record import ClipState, Failure, Status

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}'
PAGES = ("/ui", "/ui/jobs/{job}", "/ui/jobs/{job}/clips/1", "/ui/jobs/{job}/delete", "/ui/nothing", "/ui/login")


def made(door: Door, told: Made | None = None, name: str = "talk.mp4") -> UUID:
    job = door.job(video_path=str(door.video(name)))
    finish(door, job, told)
    return job


def folder_of(door: Door, job: UUID) -> Path:
    return door.settings.output / f"talk-{str(job)[:8]}"


# what every page keeps


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(door: Door, reader: Reader, path: str) -> None:
    answer = reader.client.get(path.replace("{job}", str(made(door))))

    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", answer.text)
    assert re.findall(r"<script[^>]*>", answer.text) == ['<script type="module" src="/ui/static/page.js">']
    assert set(re.findall(r'(?:href|src|action)="(https?://[^/"]+)', answer.text)) <= {"http://127.0.0.1:4200"}


@pytest.mark.parametrize("path", PAGES[:3])
def test_what_a_video_says_is_text_and_nothing_else(door: Door, reader: Reader, path: str) -> None:
    hostile = Made(
        titles=(HOSTILE,), said=f"{HOSTILE} so.", reason=HOSTILE, post=HOSTILE, subject=HOSTILE, failed_check=HOSTILE
    )
    job = made(door, hostile, name='"><script>alert(3)<.mp4')
    text = reader.get(path.replace("{job}", str(job))).text

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "{{7*7}}" in text or path == "/ui"
    assert "&lt;script&gt;" in text


def test_every_file_that_a_page_needs_is_there(door: Door, reader: Reader) -> None:
    text = reader.get("/ui").text
    for path in re.findall(r'(?:href|src)="(/ui/static/[^"]+)"', text):
        answer = reader.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache"), path
    for path in (Path(__file__).parents[2] / "deployments/pages/static").glob("*.js"):
        for module in re.findall(r'from "\./([^"]+)"', path.read_text()):
            assert reader.get(f"/ui/static/{module}").status_code == 200, module


def test_an_address_that_leads_nowhere_is_a_page(reader: Reader) -> None:
    answer = reader.get("/ui/jobs/not-an-id")

    assert answer.status_code == 404
    assert "No job found" in answer.text


def test_a_prefect_that_is_away_is_told_on_the_page(door: Door, reader: Reader) -> None:
    door.gateway.away = True
    answer = reader.get("/ui")

    assert answer.status_code == 503
    assert "Prefect&#39;s API does not answer" in answer.text
    assert answer.headers["retry-after"]


def test_the_pages_are_no_part_of_the_api_that_is_documented(door: Door) -> None:
    assert not [path for path in door.client.get("/openapi.json").json()["paths"] if path.startswith("/ui")]


# all jobs


def test_the_first_visit_says_what_to_do(reader: Reader) -> None:
    text = reader.get("/ui").text

    assert "Nothing here yet." in text
    assert "Give a path or send a file" in text


def test_a_row_says_where_a_job_stands_and_what_to_do_about_it(door: Door, reader: Reader) -> None:
    running, failed = door.job(), door.job()
    door.gateway.enter(running, Running(name="RENDERING"), reached=Status.RENDERING, progress=0.614, stage="render")
    why = Failure(code="source_too_short", cause="The source is 12 s long.", next_step="Give a longer video.")
    door.gateway.enter(failed, Failed(), failure=why)
    text = reader.get("/ui").text

    assert "Rendering" in text
    assert 'value="61"' in text
    assert "The source is 12 s long." in text
    assert "Give a longer video." in text


def test_older_jobs_stand_on_further_pages(door: Door, reader: Reader) -> None:
    jobs = [door.job() for _ in range(25)]
    first = reader.get("/ui").text
    further = re.search(r'href="(/ui\?cursor=[^"]+)"', first)
    assert further
    second = reader.get(further[1].replace("&amp;", "&")).text

    assert all((str(job) in first) != (str(job) in second) for job in jobs)


def test_jobs_can_be_looked_at_by_where_they_stand(door: Door, reader: Reader) -> None:
    ready, waiting, failed, running = made(door), door.job(), door.job(), door.job()
    finish(door, waiting, Made(draft=True), state=Suspended(), reached=Status.NEEDS_REVIEW)
    door.gateway.enter(failed, Failed(), failure=Failure(code="x", cause="It broke.", next_step="Mend it."))
    door.gateway.enter(running, Running(name="RENDERING"), reached=Status.RENDERING)
    jobs = {"ready": ready, "review": waiting, "ended": failed, "work": running}

    for name, job in jobs.items():
        text = reader.get(f"/ui?show={name}").text
        assert [str(one) in text for one in jobs.values()] == [one is job for one in jobs.values()], name
        assert f'data-address="/ui?show={name}"' in text
    assert all(str(job) in reader.get("/ui?show=nonsense").text for job in jobs.values())
    assert f'src="/jobs/{ready}/files/clips/01-short.jpg"' in reader.get("/ui").text
    for _ in range(110):  # more than is searched at once
        door.deliver(door.job())
    further = re.search(r'href="(/ui\?show=ended&amp;cursor=[^"]+)"', reader.get("/ui?show=ended").text)
    assert further
    assert str(failed) in reader.get(further[1].replace("&amp;", "&")).text


# handing in


def parameters(door: Door, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 303, answer.text
    return door.gateway.stored[UUID(answer.headers["location"].rpartition("/")[2])].parameters


def test_a_path_and_some_wishes_become_a_job(door: Door, reader: Reader) -> None:
    video = str(door.video())
    wishes = {"clips": "3", "min_seconds": "15", "max_seconds": "45", "platforms": "tiktok", "caption_style": "marker"}
    more = {"tighten": "pauses", "approval": "clips", "directives": "topic: sleep", "language": ""}
    answer = reader.submit({"video_path": video, **wishes, **more})

    assert parameters(door, answer) == {
        "video": video,
        "brief": {
            "clips": 3,
            "max_seconds": 45.0,
            "platforms": ["tiktok"],
            "caption_style": "marker",
            "tighten": "pauses",
            "approval": "clips",
            "directives": "topic: sleep",
        },
    }


def test_a_file_is_kept_as_an_upload_and_becomes_a_job(door: Door, reader: Reader) -> None:
    told = parameters(door, reader.submit({"video_path": "", "clips": "2"}, file=("my talk.mp4", b"\x00video\r\n--")))
    upload = told["video"].removeprefix("upload:")

    assert (door.settings.uploads / upload / "my talk.mp4").read_bytes() == b"\x00video\r\n--"
    assert told["brief"] == {"clips": 2}
    assert "my talk.mp4" in reader.get("/ui").text


def test_a_form_that_is_sent_twice_is_one_job(door: Door, reader: Reader) -> None:
    told = {"video_path": str(door.video()), "once": "abc"}

    assert len({reader.submit(told).headers["location"] for _ in range(2)}) == 1


def test_a_file_that_is_sent_twice_is_one_job(reader: Reader) -> None:
    told = {"video_path": "", "once": "abc"}

    assert len({reader.submit(told, file=("a.mp4", b"film")).headers["location"] for _ in range(2)}) == 1


@pytest.mark.parametrize(
    ("told", "file", "said"),
    [
        ({"video_path": ""}, None, "it names no video"),
        ({"video_path": "/etc/passwd"}, None, "Video file not found."),
        ({"video_path": "talk.mp4"}, ("a.mp4", b"x"), "choose one of them"),
        (
            {"video_path": "talk.mp4", "min_seconds": "60", "max_seconds": "20"},
            None,
            "“Shortest, in seconds” 60.0 is above",
        ),
        ({"video_path": "talk.mp4", "names_platforms": "1"}, None, "no platform is ticked"),
        ({"video_path": "talk.mp4", "clips": "many"}, None, "“Shorts” is no number"),
        ({"video_path": "talk.mp4", "caption_style": "<b>"}, None, "caption_style"),
        ({"video_path": ""}, ("a.mp4", b""), "it is empty"),
    ],
)
def test_what_cant_be_done_is_told_above_the_form_which_keeps_what_was_typed(
    door: Door, reader: Reader, told: dict[str, str], file: tuple[str, bytes] | None, said: str
) -> None:
    door.video()
    answer = reader.submit({**told, "directives": "topic: <sleep>"}, file)

    assert answer.status_code in {404, 422}
    assert said in answer.text
    assert "topic: &lt;sleep&gt;" in answer.text
    assert door.gateway.stored == {}


def test_a_file_from_a_foreign_form_is_not_even_read(door: Door, reader: Reader) -> None:
    reader.get("/ui")
    answer = reader.submit({"video_path": ""}, ("a.mp4", b"x" * 1000), token="0" * 64)

    assert answer.status_code == 403
    assert not door.settings.uploads.exists()


# one job


def test_a_job_in_work_says_how_far_it_is_and_where_to_hear_more(door: Door, reader: Reader) -> None:
    job = door.job()
    clip = ClipState(number=1, title="One good idea", start=1, end=21, state="rendering", progress=0.3)
    door.gateway.enter(
        job, Running(name="RENDERING"), reached=Status.RENDERING, progress=0.6, stage="render", clips=(clip,)
    )
    text = reader.get(f"/ui/jobs/{job}").text

    assert f'data-events="/jobs/{job}/events"' in text
    assert "<span data-percent>60</span> % · rendering" in text
    door.gateway.tell(job, stage="analyze")  # moved last, and is over
    assert "<span data-percent>60</span> % · rendering" in reader.get(f"/ui/jobs/{job}").text
    door.gateway.enter(job, Running(name="ANALYZING"), reached=Status.ANALYZING, stage="")
    assert "% · starting" in reader.get(f"/ui/jobs/{job}").text
    assert "One good idea" in text
    assert "Cancel the job" in text


def test_a_finished_job_shows_all_that_is_known_of_a_short(door: Door, reader: Reader) -> None:
    job = made(door)
    text = reader.get(f"/ui/jobs/{job}").text

    for said in (
        "Loading a ton by hand cost $5.83",
        f'src="/jobs/{job}/files/clips/01-short.mp4"',
        f'src="/jobs/{job}/files/clips/01-short.vtt"',
        "83</span> of 100",
        "names a number at once",
        "is slow: 2.7 words a second",
        "−0.20",
        "-14.2 LUFS",
        "1 check missed",
        "<strong>longest dead air:</strong> 4.2 s",
        "In 1937 a man sat in his truck on a pier.",
        "YouTube Shorts",
        "bale by bale",
        f'src="/jobs/{job}/source#t=0.00,8.00"',
        f'href="/jobs/{job}/zip"',
        'class="area area-tiktok"',
        'href="#clip-2"',
        "box, truck",
    ):
        assert said in text, said


def test_a_job_of_an_older_version_without_evidence_and_transcript_is_shown_all_the_same(
    door: Door, reader: Reader
) -> None:
    job = door.finished()

    assert "One good idea" in reader.get(f"/ui/jobs/{job}").text
    assert "One good idea" in reader.get(f"/ui/jobs/{job}/clips/1").text


def test_documents_that_cant_be_read_are_only_not_shown(door: Door, reader: Reader) -> None:
    job = made(door)
    for name in ("evidence.json", "transcript.json"):
        (folder_of(door, job) / name).write_text("[]")
    (folder_of(door, job) / "manifest.json").write_text((folder_of(door, job) / "manifest.json").read_text())

    assert reader.get(f"/ui/jobs/{job}").status_code == 200
    assert reader.get(f"/ui/jobs/{job}/clips/1").status_code == 200


def test_a_document_is_read_once_until_its_file_is_another(
    door: Door, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, read, plain = made(door), list[str](), FolderShelf.read

    def counted(shelf: FolderShelf, file: Shelved, start: int, end: int) -> Iterator[bytes]:
        read.append(file.name)
        return plain(shelf, file, start, end)

    monkeypatch.setattr(FolderShelf, "read", counted)
    for _ in range(2):
        assert reader.get(f"/ui/jobs/{job}/clips/1").status_code == 200
    assert sorted(read) == ["evidence.json", "transcript.json"]

    transcript = folder_of(door, job) / "transcript.json"
    os.utime(transcript, ns=(0, 0))
    reader.get(f"/ui/jobs/{job}/clips/1")
    assert read.count("transcript.json") == 2


def test_a_source_that_is_gone_is_told_in_a_sentence(door: Door, reader: Reader) -> None:
    job = made(door)
    (door.settings.media_roots[0] / "talk.mp4").unlink()

    assert "The source can&#39;t be shown here: the file isn&#39;t where" in reader.get(f"/ui/jobs/{job}").text.replace(
        "can't", "can&#39;t"
    )


def test_ended_jobs_are_continued_and_deleted_by_forms(door: Door, reader: Reader) -> None:
    job = door.job()
    assert reader.post(f"/ui/jobs/{job}/cancel").headers["location"] == f"/ui/jobs/{job}"
    assert "Go on with it" in reader.get(f"/ui/jobs/{job}").text
    assert reader.post(f"/ui/jobs/{job}/retry").status_code == 303
    finish(door, job)
    assert "Delete the job" in reader.get(f"/ui/jobs/{job}/delete").text
    assert reader.post(f"/ui/jobs/{job}/delete").headers["location"] == "/ui"
    assert job not in door.gateway.stored
    assert not folder_of(door, job).exists()


def test_what_doesnt_fit_the_state_of_a_job_is_told_on_a_page(door: Door, reader: Reader) -> None:
    answer = reader.post(f"/ui/jobs/{made(door)}/cancel")

    assert answer.status_code == 409
    assert "<h1>" in answer.text


def test_the_pages_can_be_installed_from_a_wheel() -> None:
    from importlib.resources import files

    package = files("deployments.pages")
    assert (package / "templates" / "base.html").is_file()
    assert (package / "static" / "page.css").is_file()


@pytest.mark.parametrize("path", ["/ui/jobs", "/ui/jobs/{job}/review"])
def test_a_form_that_is_too_large_is_refused_with_a_page(door: Door, reader: Reader, path: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(1 << 50)}
    answer = reader.client.post(path.format(job=door.job()), content=b"csrf=x", headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert re.search(r"<h1>That is larger than this API takes: [\d.]+ [MG]B\.</h1>", answer.text)


def test_a_form_that_becomes_too_large_is_refused_with_a_page(door: Door, reader: Reader) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = reader.client.post(
        f"/ui/jobs/{door.job()}/review", content=iter([b"csrf=", b"x" * FORM_BYTES]), headers=headers
    )

    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
