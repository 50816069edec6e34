"""`omni review`, `edit` and `more`: what they send, what they say, and how watching ends when people are due."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakes.api import FakeApi, event, fake_api

from deployments import cli

CLIPS = [
    {"number": 1, "title": "One", "start": 1, "end": 21, "state": "rendered", "progress": 1},
    {"number": 2, "title": "Two", "start": 31, "end": 51, "state": "rendered", "progress": 1},
]
OPEN = {"open": [1, 2], "until": "2026-11-29T12:00:00Z", "then": "approved"}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    with fake_api() as api:
        monkeypatch.setenv("OMNI_API_URL", api.url)
        yield api


@pytest.fixture
def omni(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["omni", *words])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def waiting(api: FakeApi) -> str:
    return api.add("NEEDS_REVIEW", clips=CLIPS, review=OPEN)


def sent(api: FakeApi, method: str, path: str) -> Any:
    return json.loads(next(seen.body for seen in api.seen if (seen.method, seen.path) == (method, path)))


def test_verdicts_are_sent_with_their_reason(omni: Run, api: FakeApi, waiting: str) -> None:
    code, out, err = omni("review", waiting, "--approve", "1", "--reject", "2", "--reason", "too long")

    assert (code, out) == (0, f"{waiting}\n")
    assert "It is recorded; clips 1, 2 are open until" in err  # so says this API, which lets nothing go on
    assert sent(api, "POST", f"/jobs/{waiting}/review") == {
        "decisions": [{"clip": 1, "verdict": "approved"}, {"clip": 2, "verdict": "rejected", "reason": "too long"}]
    }


@pytest.mark.parametrize(
    ("words", "reasons", "rest"),
    [
        (("--approve", "1"), {1: "why"}, None),
        (("--approve", "rest"), {1: "why", 2: "why"}, "approved"),
        (("--approve", "1", "--reject", "rest"), {1: None, 2: "why"}, "rejected"),
        (("--reject", "1", "--approve", "rest"), {1: "why"}, "approved"),
    ],
)
def test_no_reason_is_lost(  # one belongs to the rejected clips where there are any
    omni: Run, api: FakeApi, waiting: str, words: tuple[str, ...], reasons: dict[int, str | None], rest: str | None
) -> None:
    omni("review", waiting, *words, "--reason", "why")

    told = sent(api, "POST", f"/jobs/{waiting}/review")
    assert {one["clip"]: one.get("reason") for one in told["decisions"]} == reasons
    assert told.get("rest") == rest


def test_the_rest_is_one_word(omni: Run, api: FakeApi, waiting: str) -> None:
    omni("review", waiting, "--reject", "2", "--approve", "rest")

    assert sent(api, "POST", f"/jobs/{waiting}/review") == {
        "decisions": [{"clip": 2, "verdict": "rejected"}],
        "rest": "approved",
    }


@pytest.mark.parametrize(
    "words",
    [
        ("review",),
        ("review", "--approve", "one"),
        ("review", "--approve", "1", "--reject", "1"),
        ("review", "--approve", "rest", "--reject", "rest"),
        ("review", "--reject", "1", "--reason", "x" * 501),
        ("edit", "1"),
        ("edit", "1", "--caption", "other words"),
        ("edit", "1", "--caption", "5-3=other words"),
        ("edit", "1", "--post", "myspace=Hello"),
    ],
)
def test_what_is_unclear_is_not_sent(omni: Run, api: FakeApi, waiting: str, words: tuple[str, ...]) -> None:
    code, _, err = omni(words[0], waiting, *words[1:])

    assert (code, "The command can't be followed" in err) == (2, True)
    assert not [seen for seen in api.seen if seen.method != "GET"]


def test_a_second_edit_keeps_what_the_first_one_changed(omni: Run, api: FakeApi) -> None:
    before = {"clip": 1, "title": "Mine", "captions": [{"first": 0, "last": 2, "text": "Hi"}]}
    job_id = api.add("NEEDS_REVIEW", clips=[{**CLIPS[0], "edit": before}])

    omni("edit", job_id, "1", "--start", "2.5", "--caption", "4-5=other words", "--caption", "9=", "--post", "x=Look.")

    assert sent(api, "PUT", f"/jobs/{job_id}/clips/1") == {
        "start": 2.5,
        "title": "Mine",
        "captions": [
            {"first": 0, "last": 2, "text": "Hi"},
            {"first": 4, "last": 6, "text": "other words"},
            {"first": 9, "last": 10, "text": ""},
        ],
        "posts": {"x": {"text": "Look."}},
    }


def test_undo_takes_everything_back(omni: Run, api: FakeApi) -> None:
    job_id = api.add("COMPLETED", clips=[{**CLIPS[0], "edit": {"clip": 1, "title": "Mine"}}])

    omni("edit", job_id, "1", "--undo")

    assert sent(api, "PUT", f"/jobs/{job_id}/clips/1") == {}


def test_more_prints_the_new_job_once(omni: Run, api: FakeApi, waiting: str) -> None:
    first, again = omni("more", waiting), omni("more", waiting)

    assert first[1] == again[1] != f"{waiting}\n"
    assert "was made of it before" in again[2]


def test_a_conflict_is_an_exit_code(omni: Run, api: FakeApi) -> None:
    code, _, err = omni("review", api.add("RENDERING"), "--approve", "1")

    assert (code, "job_not_reviewable" in err) == (5, True)


def test_watching_ends_when_people_are_due_and_says_how_to_decide(omni: Run, api: FakeApi) -> None:
    job_id = api.add("RENDERING", clips=CLIPS)
    told = api.jobs[job_id]
    api.streams = [
        [event("state", told), lambda: api.move(job_id, "NEEDS_REVIEW", review=OPEN), event("state", {**told, "status": "NEEDS_REVIEW"})],
    ]  # fmt: skip

    code, out, err = omni("watch", job_id)

    assert (code, out) == (9, "")
    assert "clips 1, 2 are open until 2026-11-29" in err
    assert f"omni review {job_id} --approve" in err


def test_a_review_that_is_over_is_only_history(omni: Run, api: FakeApi) -> None:
    job_id = api.add("RENDERING", clips=CLIPS, attempt=2)
    result = {"shorts_count": 1, "output_dir": "/o", "strategy_id": None}
    done = {**api.jobs[job_id], "status": "COMPLETED", "result": result}
    api.streams = [
        [event("state", {**api.jobs[job_id], "status": "NEEDS_REVIEW", "attempt": 1})],
        [lambda: api.move(job_id, "COMPLETED", result=result), event("done", done)],
    ]

    code, out, _ = omni("watch", job_id)

    assert (code, out) == (0, "/o\n")


def test_status_tells_what_is_open_and_what_was_said(omni: Run, api: FakeApi, waiting: str) -> None:
    api.jobs[waiting]["clips"][1] = {**CLIPS[1], "decision": {"clip": 2, "verdict": "rejected"}}

    _, out, err = omni("status", waiting)

    assert "review    clips 1, 2 are open until" in out
    assert "Shorts    1 rendered, 2 rejected" in out
    assert f"omni files {waiting} --fetch" in err
    assert f"omni review {waiting} --approve 1 --reject 2 --reason WHY" in err
    assert omni("status", waiting, "--json")[2] == ""


def test_clips_that_nobody_approved_are_no_reason_to_resume(omni: Run, api: FakeApi) -> None:
    error = {"code": "nothing_approved", "cause": "None.", "next_step": "omni more", "exit_code": 9, "stage": None}
    job_id = api.add("RENDERING", clips=CLIPS)
    api.streams = [
        [
            lambda: api.move(job_id, "FAILED", error=error),
            event("done", {**api.jobs[job_id], "status": "FAILED", "error": error}),
        ]
    ]

    code, _, err = omni("watch", job_id)

    assert (code, "Resume it" in err) == (9, False)
