"""The API's client on good and bad days, against a fake API."""

import json
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from uuid import UUID

import pytest
from fakes.api import DROP, FakeApi, Reply, entry, event, fake_api, problem, send
from pydantic import SecretStr

from deployments.errors import (
    ApiAddressUnusable,
    ApiBusy,
    ApiConflict,
    ApiFileRefused,
    ApiKeyRefused,
    ApiNotFound,
    ApiRequestRefused,
    ApiUnreachable,
    ApiUnusable,
    FolderUnwritable,
    TransferDamaged,
    WaitTimedOut,
)
from deployments.remote import following
from deployments.remote.client import ApiClient
from deployments.remote.fetching import fetch
from deployments.remote.following import Event, follow, parse
from deployments.schemas import FileEntry, Submission
from omni.errors import OmniError, SourceEmpty

VIDEO = Submission(video_path="talk.mp4")
BUSY = problem(503, "orchestrator_unavailable", "Prefect's API does not answer.", {"Retry-After": "9"})


class Pauses(list[float]):
    """The seconds that would have been slept; ``then`` is what happens in each pause."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)
        self.then()

    def then(self) -> object:
        return None


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """Nobody really waits."""
    slept = Pauses()
    monkeypatch.setattr("deployments.remote.client.sleep", slept)
    return slept


@pytest.fixture
def api(pauses: Pauses) -> Iterator[FakeApi]:
    """A fake API."""
    with fake_api() as served:
        yield served


@pytest.fixture
def client(api: FakeApi) -> Iterator[ApiClient]:
    """A client of it."""
    with ApiClient(api.url) as opened:
        yield opened


def followed(client: ApiClient, job_id: str, heard: list[str] | None = None) -> list[Event]:
    told = [] if heard is None else heard
    return list(follow(client, UUID(job_id), seconds=None, command="omni watch", tell=told.append))


def test_a_submit_whose_answer_is_lost_makes_one_job(api: FakeApi, client: ApiClient) -> None:
    api.fail("POST", "/process", DROP)

    told = client.submit(VIDEO, "k1")

    assert len(api.jobs) == 1
    assert told.replayed
    assert {seen.headers["Idempotency-Key"] for seen in api.seen} == {"k1"}
    assert api.count("POST", "/process") == 2


def test_what_is_sent_is_what_was_asked_and_no_more(api: FakeApi, client: ApiClient) -> None:
    client.submit(VIDEO, "k1")

    assert json.loads(api.seen[0].body) == {"video_path": "talk.mp4"}


def test_a_busy_api_is_asked_again_when_it_says(api: FakeApi, client: ApiClient, pauses: Pauses) -> None:
    api.fail("POST", "/process", BUSY, times=2)

    client.submit(VIDEO, "k1")

    assert pauses == [9.0, 9.0]


def test_an_api_that_stays_busy_is_told_as_busy(api: FakeApi, client: ApiClient) -> None:
    api.fail("POST", "/process", BUSY, times=9)

    with pytest.raises(ApiBusy, match="Prefect's API does not answer"):
        client.submit(VIDEO, "k1")
    assert api.count("POST", "/process") == 5


def test_nobody_waits_an_hour_in_silence(api: FakeApi, client: ApiClient, pauses: Pauses) -> None:
    api.fail("POST", "/process", problem(429, "queue_full", "Full.", {"Retry-After": "3600"}))

    with pytest.raises(ApiBusy):
        client.submit(VIDEO, "k1")
    assert pauses == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (problem(400, "bad_request", "No."), ApiRequestRefused),
        (problem(401, "not_authenticated", "Who?"), ApiKeyRefused),
        (problem(403, "scope_missing", "No."), ApiKeyRefused),
        (problem(404, "video_not_found", "Video file not found."), ApiNotFound),
        (problem(409, "job_ended", "No."), ApiConflict),
        (problem(413, "too_large", "No."), ApiFileRefused),
        (Reply(413, b"Payload Too Large"), ApiFileRefused),
        (problem(415, "unsupported_media_type", "No."), ApiFileRefused),
        (problem(422, "invalid_request", "No."), ApiRequestRefused),
        (problem(500, "internal", "Something failed."), ApiUnusable),
        (problem(507, "disk_full", "No space."), ApiBusy),
        (Reply(404, b"<html>nginx</html>"), ApiUnusable),
        (Reply(302, headers={"Location": "http://elsewhere/"}), ApiUnusable),
        (Reply(202, b"<html>Welcome</html>"), ApiUnusable),
        (Reply(202, b'{"job_id": "1"}'), ApiUnusable),
        (Reply(202, b"\xff\xfe\x00"), ApiUnusable),
    ],
)
def test_every_refusal_has_its_cause(reply: Reply, kind: type[OmniError], api: FakeApi, client: ApiClient) -> None:
    api.fail("POST", "/process", reply)

    with pytest.raises(kind) as refused:
        client.submit(VIDEO, "k1")
    assert refused.value.next_step
    assert api.count("POST", "/process") == 1


def test_the_apis_own_advice_is_passed_on(client: ApiClient) -> None:
    with pytest.raises(ApiNotFound) as refused:
        client.status(UUID(int=1))

    assert refused.value.cause == "No job found with this ID. (job_not_found)"
    assert refused.value.next_step == "Look at GET /jobs."


def test_what_an_api_says_cannot_steer_the_terminal(api: FakeApi, client: ApiClient) -> None:
    api.fail("POST", "/process", problem(422, "x\x1b", "clear \x1b[2J and \u202e turn"))

    with pytest.raises(ApiRequestRefused) as refused:
        client.submit(VIDEO, "k1")
    assert refused.value.cause.isprintable()


def test_a_newer_api_may_say_more(api: FakeApi, client: ApiClient) -> None:
    job_id = api.add("RENDERING", mood="fine", clips=[{"number": 1, "title": "t", "start": 0, "end": 3, "new": 1}])

    told = client.status(UUID(job_id))

    assert told.body.clips[0].title == "t"
    assert told.raw["mood"] == "fine"


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED"])
def test_a_retry_whose_answer_is_lost_is_no_conflict(status: str, api: FakeApi, client: ApiClient) -> None:
    job_id = api.add(status)
    api.fail("POST", f"/jobs/{job_id}/retry", DROP)

    assert client.retry(UUID(job_id)).body.status == "PENDING"


def test_a_delete_whose_answer_is_lost_has_deleted(api: FakeApi, client: ApiClient) -> None:
    job_id = api.add("COMPLETED")
    api.fail("DELETE", f"/jobs/{job_id}", DROP)

    client.delete(UUID(job_id))

    assert api.jobs == {}


def test_a_conflict_stays_one_when_nothing_was_lost(api: FakeApi, client: ApiClient) -> None:
    running = UUID(api.add("RENDERING"))

    for ask in (client.retry, client.delete):
        with pytest.raises(ApiConflict):
            ask(running)


def test_nothing_listening_is_unreachable_after_five_attempts(pauses: Pauses) -> None:
    with fake_api() as gone:
        url = gone.url
    heard: list[str] = []

    with pytest.raises(ApiUnreachable), ApiClient(url, tell=heard.append) as client:
        client.status(UUID(int=1))
    assert pauses == [0.5, 1.0, 2.0, 4.0]
    assert len(heard) == 1


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "http://", "http://me:secret@host", "http://[::1", ""])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ApiAddressUnusable) as refused:
        ApiClient(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://[::1]:8000", True),
        ("http://omni.example", False),
        ("http://evillocalhost", False),
        ("http://10.0.0.7", False),
    ],
)
def test_only_this_machine_is_local(url: str, *, local: bool) -> None:
    assert ApiClient(url).is_local is local


def test_the_key_is_shown_to_the_api_and_to_nobody_else(api: FakeApi) -> None:
    api.key = "omni_secret"
    heard: list[str] = []

    with ApiClient(api.url, SecretStr("omni_secret\n"), heard.append) as client:
        client.jobs(5)
        api.fail("GET", "/jobs", BUSY)
        client.jobs(5)
    for wrong in ("omni_secret\nX: y", "schlüssel"):
        with pytest.raises(ApiKeyRefused) as refused:
            ApiClient(api.url, SecretStr(wrong))
        heard += [str(refused.value), repr(refused.value.facts)]
    assert "omni_secret" not in " ".join(heard)
    assert "schl" not in " ".join(heard)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    with ApiClient(api.url) as client:
        assert client.jobs(5).body.items == ()


def test_an_upload_arrives_whole_and_is_sent_again_from_its_beginning(
    api: FakeApi, client: ApiClient, tmp_path: Path
) -> None:
    body = bytes(range(256)) * 10_000
    (tmp_path / "my talk & é.mp4").write_bytes(body)
    api.fail("POST", "/uploads", BUSY)
    moved: list[int] = []

    upload = client.upload(tmp_path / "my talk & é.mp4", moved.append).body

    assert api.uploads[upload.upload_id] == body
    assert upload.name == "my talk & é.mp4"
    assert moved == [1048576, 2097152, 2560000] * 2
    assert api.seen[0].headers["Content-Length"] == "2560000"


def test_an_upload_that_arrived_otherwise_is_not_used(api: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"abc")
    other = {"upload_id": "up_" + "0" * 32, "name": "a.mp4", "size_bytes": 3, "expires_at": "2026-12-01T00:00:00Z"}
    api.fail("POST", "/uploads", Reply(201, json.dumps(other | {"sha256": "00"}).encode()))

    with pytest.raises(TransferDamaged):
        client.upload(tmp_path / "a.mp4")


def test_an_empty_file_is_not_sent(api: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()

    with pytest.raises(SourceEmpty):
        client.upload(tmp_path / "a.mp4")
    assert api.seen == []


BODY = bytes(range(256)) * 4_000
ENTRY = FileEntry.model_validate(entry("clips/01 it's.mp4", BODY))
HREF = "/jobs/00000000-0000-0000-0000-000000000001/files/clips/01%20it%27s.mp4"


def bring(client: ApiClient, folder: Path, described: FileEntry = ENTRY) -> Path:
    return fetch(client, UUID(int=1), described, folder, lambda _: None)


@pytest.fixture
def shelf(api: FakeApi) -> FakeApi:
    """The fake API with a file."""
    api.jobs[str(UUID(int=1))] = api.jobs.pop(api.add("COMPLETED"))
    api.files[ENTRY.name] = BODY
    return api


def test_a_file_arrives_whole_under_its_name(shelf: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    path = bring(client, tmp_path)

    assert path == tmp_path / "clips" / "01 it's.mp4"
    assert path.read_bytes() == BODY
    assert list(tmp_path.rglob("*.part")) == []


def test_a_file_that_is_here_is_not_fetched_again(shelf: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    bring(client, tmp_path)
    bring(client, tmp_path)

    assert shelf.count("GET", HREF) == 1


def test_a_download_that_breaks_goes_on_where_it_was(shelf: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    whole = send(BODY, Message())
    shelf.fail("GET", HREF, Reply(200, whole.body, whole.headers, cut=300_000))

    assert bring(client, tmp_path).read_bytes() == BODY
    assert shelf.seen[-1].headers["Range"] == "bytes=300000-"


def test_a_part_of_another_run_is_resumed(shelf: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "01 it's.mp4.part").write_bytes(BODY[:1000])

    assert bring(client, tmp_path).read_bytes() == BODY
    assert shelf.seen[-1].headers["Range"] == "bytes=1000-"


def test_a_part_of_something_else_is_begun_anew(shelf: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "01 it's.mp4.part").write_bytes(b"something else")

    assert bring(client, tmp_path).read_bytes() == BODY


def test_a_damaged_file_never_gets_its_name(shelf: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    shelf.files[ENTRY.name] = BODY[:-1] + b"x"

    with pytest.raises(TransferDamaged):
        bring(client, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_connection_that_brings_nothing_is_given_up(shelf: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    shelf.fail("GET", HREF, Reply(200, BODY, cut=0), times=9)

    with pytest.raises(ApiUnreachable):
        bring(client, tmp_path)
    assert shelf.count("GET", HREF) == 5


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "", "a\\b", "a\x1bb", "."])
def test_no_file_leaves_its_folder(name: str, shelf: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    with pytest.raises(ApiUnusable):
        bring(client, tmp_path, ENTRY.model_copy(update={"name": name}))
    assert shelf.seen == []


def test_a_folder_that_cannot_be_written_is_told(shelf: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    (tmp_path / "clips").write_text("a file where the folder should be")

    with pytest.raises(FolderUnwritable):
        bring(client, tmp_path)


def test_events_end_at_cr_and_lf_only() -> None:
    title = "one\u2028two\x85three"
    stream = f': hello\r\nevent: clip\r\nid: 7\r\ndata: {{"title": "{title}",\r\ndata: "n": 1}}\r\n\r\nevent: x\rdata: {{}}\r\r'
    whole = stream.encode()

    for size in (1, 2, 7, len(whole)):
        heard = [e for e in parse(whole[at : at + size] for at in range(0, len(whole), size)) if e]
        assert heard[0] == Event("clip", {"title": title, "n": 1}, "7")
    assert list(parse([b":\n\n"])) == [None]


@pytest.mark.parametrize("text", [b"data: {\n\n", b"data: []\n\n", b'event: done\ndata: {"job_id": 1}\n\n'])
def test_what_is_no_event_breaks_the_stream(text: bytes) -> None:
    with pytest.raises(ValueError):
        list(parse([text]))


def test_a_job_is_followed_to_its_end(api: FakeApi, client: ApiClient) -> None:
    job_id = api.add()
    progress = event("progress", {"progress": 0.5, "stage": "watch", "clips": []}, 2)
    rendering = api.jobs[job_id] | {"status": "RENDERING"}
    done = api.jobs[job_id] | {"status": "COMPLETED"}
    api.streams = [[b": hello\n\n", event("state", rendering, 1), progress, event("done", done, 3)]]

    events = followed(client, job_id)

    assert [e.kind for e in events] == ["state", "state", "progress", "done"]
    assert events[-1].job is not None
    assert events[-1].job.status == "COMPLETED"


def test_a_status_never_goes_back_when_a_stream_begins_with_history(api: FakeApi, client: ApiClient) -> None:
    job_id = api.add("RENDERING", progress=0.4)
    past = [event("state", api.jobs[job_id] | {"status": s}, i) for i, s in enumerate(["PENDING", "ANALYZING"])]
    api.streams = [[*past, event("done", api.jobs[job_id] | {"status": "FAILED"}, 3)]]

    assert [e.data["status"] for e in followed(client, job_id)] == ["RENDERING", "FAILED"]


def test_a_broken_stream_is_taken_up_where_it_broke(api: FakeApi, client: ApiClient) -> None:
    job_id = api.add("ANALYZING")
    heard: list[str] = []
    first = event("progress", {"progress": 0.1, "stage": "watch"}, 41)
    api.streams = [[first, b"event: progress\nda"], [event("done", api.jobs[job_id] | {"status": "CANCELLED"}, 42)]]

    events = followed(client, job_id, heard)

    assert [e.kind for e in events] == ["state", "progress", "done"]
    assert [s.headers["Last-Event-ID"] for s in api.seen if s.path.endswith("/events")] == [None, "41"]
    assert heard == []


def test_a_job_that_ended_while_the_stream_was_broken_is_told(api: FakeApi, client: ApiClient) -> None:
    job_id = api.add("ANALYZING")
    api.streams = [[lambda: api.move(job_id, "COMPLETED")]]

    assert followed(client, job_id)[-1].kind == "done"


def test_questions_are_enough_where_no_stream_can_be_had(api: FakeApi, client: ApiClient, pauses: Pauses) -> None:
    job_id = api.add("ANALYZING")
    statuses = iter([*["ANALYZING"] * 8, "RENDERING", "COMPLETED"])
    pauses.then = lambda: api.move(job_id, next(statuses))

    events = followed(client, job_id)

    assert events[-1].data["status"] == "COMPLETED"
    assert api.count("GET", f"/jobs/{job_id}/events") == following.FRUITLESS
    assert pauses[-1] == 3.0  # as Retry-After said


def test_an_api_that_goes_away_is_told_of_once_and_waited_for(api: FakeApi, client: ApiClient, pauses: Pauses) -> None:
    job_id = api.add("ANALYZING")
    heard: list[str] = []
    api.fail("GET", f"/jobs/{job_id}/events", DROP, times=2)

    def fall() -> None:
        if len(pauses) == 1:
            api.fail("GET", f"/status/{job_id}", DROP, times=3)
            api.fail("GET", f"/status/{job_id}", BUSY)
        if len(pauses) == 6:
            api.move(job_id, "COMPLETED")

    pauses.then = fall

    assert followed(client, job_id, heard)[-1].kind == "done"
    assert len(heard) == 2
    assert "The job isn't touched" in heard[0]
    assert heard[1] == "The API is back."


def test_an_api_that_was_never_there_is_not_waited_for(client: ApiClient, api: FakeApi) -> None:
    job_id = api.add()
    api.fail("GET", f"/status/{job_id}", DROP, times=5)

    with pytest.raises(ApiUnreachable):
        followed(client, job_id)


def test_a_job_that_is_deleted_while_it_is_watched_is_not_found(
    api: FakeApi, client: ApiClient, pauses: Pauses
) -> None:
    job_id = api.add()
    pauses.then = api.jobs.clear

    with pytest.raises(ApiNotFound):
        followed(client, job_id)


def test_waiting_ends_on_time_and_names_the_way_back(
    api: FakeApi, client: ApiClient, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "monotonic", lambda: sum(pauses))

    with pytest.raises(WaitTimedOut, match=r"10 s .* omni watch X"):
        list(follow(client, UUID(api.add()), seconds=10, command="omni watch X", tell=print))
    assert sum(pauses) == 10.0
    assert not any(seen.path.endswith("/events") for seen in api.seen)
