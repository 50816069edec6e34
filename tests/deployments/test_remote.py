"""The commands that ask an API: what goes to stdout, what is said, and every exit code."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from fakes.api import DROP, FakeApi, Reply, entry, event, fake_api, problem

from deployments import cli
from deployments.errors import ApiUnreachable
from deployments.remote import client, following, sending

TIRED = problem(503, "orchestrator_unavailable", "Prefect's API does not answer.")
RESULT = {"shorts_count": 4, "output_dir": "/out/talk-1", "strategy_id": "s"}
ERROR = {"code": "x", "cause": "It broke.", "next_step": "Mend it."}


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    """A fake API; nobody really waits."""
    monkeypatch.setattr("deployments.remote.client.sleep", lambda _: None)
    monkeypatch.delenv("OMNI_API_KEY", raising=False)
    with fake_api() as served:
        monkeypatch.setenv("OMNI_API_URL", served.url)
        yield served


@pytest.fixture
def omni(api: FakeApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, asking the fake API."""
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["omni", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


def sent(api: FakeApi) -> dict[str, object]:
    return json.loads(next(seen.body for seen in api.seen if seen.path == "/process"))


def test_help_loads_neither_the_client_nor_prefect() -> None:
    show = "import sys, deployments.cli as c; sys.argv = ['omni', '--help']\ntry: c.main()\nexcept SystemExit: pass"
    told = f"{show}\nprint([m for m in ('httpx', 'prefect', 'deployments.remote.commands') if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", [*cli.ASKING, *cli.JUDGING])
def test_every_command_is_there_under_its_own_words(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    home = import_module(f"deployments.remote.{'commands' if name in cli.ASKING else 'judging'}")
    function = getattr(home, "list_jobs" if name == "list" else name)

    with pytest.raises(SystemExit):
        cli.app([name, "--help"])

    assert function.__doc__ == (cli.ASKING | cli.JUDGING)[name]
    assert f"Usage: omni {name}" in capsys.readouterr().out


def test_submit_prints_the_id_and_says_what_comes_next(omni: Run, api: FakeApi) -> None:
    ran = omni("submit", "talks/a.mp4", "--clips", "3", "--platforms", "x", "--webhook", "https://example.org/hook")

    (job_id,) = api.jobs
    assert (ran.code, ran.out) == (0, f"{job_id}\n")
    assert f"omni watch {job_id}" in ran.err
    assert sent(api) == {
        "video_path": "talks/a.mp4",
        "brief": {"clips": 3, "platforms": ["x"]},
        "webhook": {"url": "https://example.org/hook"},
    }


def test_a_dry_run_is_asked_for_and_its_estimate_is_shown(omni: Run, api: FakeApi) -> None:
    charge = {"role": "analyst", "model": "m", "calls": 1, "input_tokens": 9, "output_tokens": 3, "usd": 0.0312}
    estimate = {"charges": [charge], "usd": 0.0312, "seconds": 3600, "warnings": []}

    ran = omni("submit", "talk.mp4", "--dry-run")
    job_id = ran.out.strip()
    api.move(job_id, "COMPLETED", dry_run=True, estimate=estimate, warnings=["Mind the gap."])
    watched, shown = omni("watch", job_id), omni("status", job_id)

    assert sent(api)["dry_run"] is True
    assert watched.code == 0
    assert "about $0.0312 for 1:00:00 of source" in watched.err
    assert "Mind the gap." in watched.err
    assert "fetch them" not in watched.err
    assert re.search(r"^estimate  analyst +m +1 call, 9 tokens read, 3 written, \$0.0312$", shown.out, re.MULTILINE)


def test_what_a_job_has_spent_is_shown_where_it_is_something(omni: Run, api: FakeApi) -> None:
    free, paid, unknown = api.add(), api.add(cost_usd=0.25), api.add(cost_usd=None)

    assert "cost" not in omni("status", free).out
    assert "cost      $0.2500\n" in omni("status", paid).out
    assert "cost      not known\n" in omni("status", unknown).out


def test_a_file_that_is_here_is_named_by_its_whole_path(
    omni: Run, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("talk.mp4").write_bytes(b"x")
    Path("logo.png").write_bytes(b"x")

    omni("submit", "talk.mp4", "--logo", "logo.png")

    assert sent(api) == {"video_path": f"{tmp_path}/talk.mp4", "brief": {"logo": f"{tmp_path}/logo.png"}}


def test_layouts_are_asked_for_clip_by_clip(omni: Run, api: FakeApi) -> None:
    omni("submit", "https://example.org/talk.mp4", "--layout", "fit", "--layouts.2", "split")

    assert sent(api)["brief"] == {"layout": "fit", "layouts": {"2": "split"}}


def test_an_address_stays_as_it_is(omni: Run, api: FakeApi) -> None:
    omni("submit", "https://example.org/talk.mp4")

    assert sent(api) == {"video_path": "https://example.org/talk.mp4"}


@pytest.mark.parametrize("name", ["talk.mp4", "line\nbreak.mp4"])
def test_a_file_is_sent_when_the_api_could_not_open_it(name: str, omni: Run, api: FakeApi, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"video")

    ran = omni("submit", str(tmp_path / name), *(["--upload"] if name == "talk.mp4" else []))

    ((upload_id, body),) = api.uploads.items()
    assert (ran.code, body) == (0, b"video")
    assert sent(api) == {"upload_id": upload_id}


def test_a_file_is_sent_to_an_api_on_another_machine(
    omni: Run, api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.ApiClient, "is_local", property(lambda _: False))
    monkeypatch.setenv("OMNI_API_KEY", "omni_k")
    (tmp_path / "talk.mp4").write_bytes(b"video")

    ran = omni("submit", str(tmp_path / "talk.mp4"))

    assert api.uploads != {}
    assert "The key travels unencrypted" in ran.err
    assert "omni_k" not in ran.err


def test_an_upload_can_be_submitted_again_by_its_id(omni: Run, api: FakeApi) -> None:
    omni("submit", f"upload:up_{7:032x}", "--idempotency-key", "k")

    assert sent(api) == {"upload_id": f"up_{7:032x}"}


def test_a_key_that_came_before_is_said(omni: Run, api: FakeApi) -> None:
    first = omni("submit", "a.mp4", "--idempotency-key", "k")
    again = omni("submit", "a.mp4", "--idempotency-key", "k")

    assert first.out == again.out
    assert "had made" in again.err


def test_a_submit_that_fails_names_the_key_that_makes_it_safe_to_repeat(omni: Run, api: FakeApi) -> None:
    api.fail("POST", "/process", DROP, times=5)

    ran = omni("submit", "a.mp4")

    (key,) = api.by_key
    assert ran.code == 6
    assert f"omni submit a.mp4 --idempotency-key {key}" in ran.err


def test_waiting_ends_with_the_job(omni: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.remote.client.sleep", lambda _: finish(api, "COMPLETED", result=RESULT))

    plain = omni("submit", "a.mp4", "--wait")
    as_json = omni("submit", "b.mp4", "--wait", "--json")

    assert plain.code == as_json.code == 0
    assert plain.out.strip() in api.jobs
    assert "4 Shorts" in plain.err
    assert json.loads(as_json.out)["status"] == "COMPLETED"


def finish(api: FakeApi, status: str, **fields: object) -> None:
    for job_id in api.jobs:
        api.move(job_id, status, **fields)


@pytest.mark.parametrize(
    ("status", "fields", "code"),
    [
        ("COMPLETED", {"result": RESULT}, 0),
        ("COMPLETED", {"result": RESULT, "warnings": ["A Short is missing. FFmpeg failed."]}, 8),
        ("FAILED", {}, 1),
        ("FAILED", {"error": ERROR}, 1),
        ("FAILED", {"error": ERROR | {"exit_code": 7}}, 7),
        ("FAILED", {"error": ERROR | {"exit_code": 75}}, 75),
        ("FAILED", {"error": ERROR | {"exit_code": 0}}, 1),
        ("CANCELLED", {}, 1),
    ],
)
def test_the_end_of_a_job_is_an_exit_code(
    status: str, fields: dict[str, object], code: int, omni: Run, api: FakeApi
) -> None:
    job_id = api.add(status, **fields)

    watched = omni("watch", job_id)

    assert watched.code == code
    assert watched.out == ("/out/talk-1\n" if status == "COMPLETED" else "")
    assert omni("status", job_id).code == 0


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (problem(422, "invalid_request", "body/brief/clips: too many"), 2),
        (problem(404, "video_not_found", "Video file not found."), 3),
        (problem(401, "not_authenticated", "Who?"), 4),
        (problem(403, "scope_missing", "Not with this key."), 4),
        (problem(409, "conflict", "Not now."), 5),
        (Reply(200, b"<html>"), 6),
        (DROP, 6),
        (problem(413, "too_large", "Too large."), 7),
        (problem(415, "unsupported_media_type", "What is that?"), 7),
        (problem(429, "queue_full", "Full."), 75),
        (TIRED, 75),
    ],
)
def test_every_refusal_is_an_exit_code(reply: Reply, code: int, omni: Run, api: FakeApi) -> None:
    api.fail("POST", "/process", reply, times=5)

    ran = omni("submit", "a.mp4")

    assert (ran.code, ran.out) == (code, "")
    assert "✗" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("submit",),
        ("submit", "a.mp4", "--clips", "0"),
        ("submit", "a.mp4", "--webhook", "ftp://x"),
        ("submit", "a.mp4", "--timeout", "0"),
        ("submit", "a.mp4", "--idempotency-key", "é"),
        ("submit", "a.mp4", "--api", "nonsense"),
        ("submit", "a\x07.mp4"),
        ("status", "no-uuid"),
        ("list", "--limit", "101"),
        ("list", "--status", "happy"),
        ("delete", "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_wrong_use_asks_nobody(arguments: tuple[str, ...], omni: Run, api: FakeApi) -> None:
    assert omni(*arguments).code == 2
    assert api.seen == []


def test_a_file_to_upload_that_is_not_here_is_not_found(omni: Run, api: FakeApi) -> None:
    assert omni("submit", "/nowhere/a.mp4", "--upload").code == 3
    assert api.seen == []


def test_nothing_listening_is_six(omni: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_api() as gone:
        url = gone.url

    ran = omni("list", "--api", url)

    assert ran.code == ApiUnreachable.exit_code == 6
    assert "omni serve" in ran.err


def test_the_key_of_the_settings_opens_the_door(omni: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    api.key = "omni_right"

    assert omni("list").code == 4
    monkeypatch.setenv("OMNI_API_KEY", "omni_right")
    assert omni("list").code == 0


def test_a_timeout_leaves_the_job_alone(omni: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("deployments.remote.client.sleep", slept.append)
    monkeypatch.setattr(following, "monotonic", lambda: sum(slept))
    job_id = api.add()

    ran = omni("watch", job_id, "--timeout", "5")

    assert ran.code == 124
    assert f"omni watch {job_id}" in ran.err
    assert api.jobs[job_id]["status"] == "PENDING"


def test_ctrl_c_ends_the_waiting_only(omni: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.remote.client.sleep", interrupt)

    ran = omni("submit", "a.mp4", "--wait", "--api", api.url)

    (job_id,) = api.jobs
    assert (ran.code, ran.out) == (130, f"{job_id}\n")
    assert f"job {job_id} goes on. Watch it again: omni watch {job_id} --api {api.url}" in ran.err
    assert api.count("POST", f"/jobs/{job_id}/cancel") == 0


def test_ctrl_c_before_an_answer_says_how_to_find_out(
    omni: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("deployments.remote.client.sleep", interrupt)
    api.fail("POST", "/process", TIRED)

    ran = omni("submit", "a.mp4", "--idempotency-key", "k")

    assert ran.code == 130
    assert "--idempotency-key k" in ran.err


def test_ctrl_c_while_a_file_is_sent_has_submitted_nothing(
    omni: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_here", interrupt)

    ran = omni("submit", "a.mp4")

    assert ran.code == 130
    assert "Nothing was submitted" in ran.err


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_watch_shows_stages_clips_and_notes_without_a_bar(omni: Run, api: FakeApi) -> None:
    job_id = api.add("ANALYZING", note="The job waits for a worker.")
    clip = {"number": 2, "title": "The [box] \x1b[2J", "start": 0, "end": 9, "state": "rendered", "progress": 1}
    done = api.jobs[job_id] | {"status": "COMPLETED", "result": RESULT, "warnings": ["The picture is [small]."]}
    api.streams = [
        [
            event("progress", {"progress": 0.42, "stage": "render", "clips": []}),
            event("mystery", {"from": "a newer API"}),
            event("clip", clip),
            event("clip", clip),
            event("done", done),
        ]
    ]

    ran = omni("watch", job_id)

    assert (ran.code, ran.out) == (0, "/out/talk-1\n")
    for words in ("waits for a worker", "42%  rendering", "The picture is [small].", "4 Shorts"):
        assert words in ran.err
    assert ran.err.count("Short 2 rendered: The [box]") == 1
    assert "\x1b" not in ran.err


def test_watch_as_json_is_one_event_a_line(omni: Run, api: FakeApi) -> None:
    job_id = api.add("ANALYZING")
    progress = {"progress": 0.5, "stage": "watch", "clips": []}
    api.streams = [
        [event("progress", progress, 4), event("done", api.jobs[job_id] | {"status": "FAILED", "error": ERROR}, 5)]
    ]

    ran = omni("watch", job_id, "--json")

    told = [json.loads(text) for text in ran.out.splitlines()]
    assert [one["event"] for one in told] == ["state", "progress", "done"]
    assert told[1] == {"event": "progress", "id": "4", "data": progress}
    assert "It broke." in ran.err
    assert ran.code == 1


@pytest.mark.parametrize(("code", "offered"), [(75, True), (1, True), (7, False)])
def test_a_retry_is_offered_where_it_can_help(code: int, *, offered: bool, omni: Run, api: FakeApi) -> None:
    job_id = api.add("FAILED", error=ERROR | {"exit_code": code})

    assert (f"omni retry {job_id}" in omni("watch", job_id).err) is offered


def test_status_tells_what_failed_and_what_to_do(omni: Run, api: FakeApi) -> None:
    job_id = api.add("FAILED", error=ERROR, attempt=2)

    plain, as_json = omni("status", job_id), omni("status", job_id, "--json")

    assert all(words in plain.out for words in ("FAILED", "It broke.", "Mend it.", "attempt   2", "http://ui"))
    assert json.loads(as_json.out) == api.jobs[job_id]


def test_list_is_a_line_a_job_and_names_the_next_page(omni: Run, api: FakeApi) -> None:
    ids = [api.add("FAILED") for _ in range(3)]
    api.add("RENDERING")

    ran = omni("list", "--status", "failed", "--limit", "2")
    more = omni(*re.findall(r"More: omni (.*)", ran.err)[0].split())

    assert [text.split()[:2] for text in ran.out.splitlines()] == [[ids[0], "FAILED"], [ids[1], "FAILED"]]
    assert more.out.startswith(ids[2])
    assert json.loads(omni("list", "--json").out)["items"] == list(api.jobs.values())


def test_an_upload_is_listed_by_the_name_of_its_file(omni: Run, api: FakeApi) -> None:
    upload = f"upload:up_{7:032x}"
    job_id = api.add("RENDERING", video_path=upload, video_name="my talk.mp4")

    assert omni("list").out.endswith("  my talk.mp4\n")
    assert f"video     my talk.mp4 ({upload})\n" in omni("status", job_id).out


def test_no_jobs_says_how_to_make_one(omni: Run) -> None:
    ran = omni("list", "--status", "writing-strategy")

    assert (ran.code, ran.out) == (0, "")
    assert "omni submit FILE" in ran.err


def test_cancel_and_retry_print_the_id_and_keep_their_conflicts(omni: Run, api: FakeApi) -> None:
    job_id = api.add("RENDERING")

    assert omni("retry", job_id).code == 5
    assert omni("cancel", job_id).out == f"{job_id}\n"
    assert omni("cancel", job_id).code == 5
    assert json.loads(omni("retry", job_id, "--json").out)["status"] == "PENDING"


def test_delete_asks_first(omni: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = api.add("COMPLETED")

    for answer, code in (("n\n", 130), ("\n", 130), ("", 130), ("y\n", 0)):
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        assert job_id in api.jobs
        assert omni("delete", job_id).code == code
    assert api.jobs == {}


def test_delete_can_be_told_not_to_ask(omni: Run, api: FakeApi) -> None:
    job_id, running = api.add("FAILED"), api.add("RENDERING")

    assert json.loads(omni("delete", job_id, "--yes", "--json").out) == {"job_id": job_id, "deleted": True}
    assert omni("delete", running, "-y").code == 5
    assert omni("delete", job_id, "-y").code == 3


class Terminal:
    """Somebody who types."""

    def __init__(self, text: str) -> None:
        self._text = text

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self._text


def test_files_are_listed_and_brought(omni: Run, api: FakeApi, tmp_path: Path) -> None:
    job_id = api.add("COMPLETED", result=RESULT)
    api.files = {"clips/01.mp4": b"video", "strategy.md": b"# plan"}

    listed = omni("files", job_id)
    brought = omni("files", job_id, "--fetch", str(tmp_path))

    assert listed.out.split() == ["5", "clips/01.mp4", "6", "strategy.md"]
    assert brought.out.splitlines() == [f"{tmp_path}/clips/01.mp4", f"{tmp_path}/strategy.md"]
    assert (tmp_path / "clips/01.mp4").read_bytes() == b"video"
    assert json.loads(omni("files", job_id, "--json").out)["items"][0] == entry("clips/01.mp4", b"video")


def test_a_damaged_file_is_tried_later(omni: Run, api: FakeApi, tmp_path: Path) -> None:
    job_id = api.add("COMPLETED", result=RESULT)
    api.files = {"a.mp4": b"video"}
    api.fail("GET", f"/jobs/{job_id}/files/a.mp4", Reply(200, b"vidEo"))

    assert omni("files", job_id, "--fetch", str(tmp_path)).code == 75
    assert omni("files", job_id, "--fetch", str(tmp_path)).code == 0
