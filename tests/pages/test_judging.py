"""Deciding and editing by forms: what a person says there is what the API records."""

import re
from typing import Any
from uuid import UUID

import pytest
from fakes.door import Door
from fakes.finished_job import Made, finish
from fakes.reader import Reader
from prefect.states import Failed, Suspended

from omni.contracts import Platform
from omni.record import Failure, Status, record_of
from omni.review import ClipEdit, PostEdit, Verdict, Wording

SHOWN = {
    "title": "Loading a ton by hand cost $5.83",
    "start": "0.00",
    "end": "8.00",
    "caption-0-11": "In 1937 a man sat in his truck on a pier.",
    "youtube-title": "Loading a ton by hand cost $5.83",
    "youtube-text": "He waited all day while men carried it away, bale by bale.",
    "youtube-tags": "box truck",
    "x-text": "He waited all day while men carried it away, bale by bale.",
    "x-tags": "box truck",
}
"""Fields of the edit page of Short 1, as nobody has changed them."""
VOID = Failure(code="nothing_approved", cause="None.", next_step="Approve one after all.", exit_code=9)


@pytest.fixture
def job(door: Door) -> UUID:
    """A job that needs review: two drafts."""
    job_id = door.job(brief={"approval": "clips"})
    finish(door, job_id, Made(draft=True), state=Suspended(), reached=Status.NEEDS_REVIEW)
    return job_id


def revision(door: Door, job: UUID) -> Any:
    return record_of(door.gateway.stored[job].labels).revision


def edit(door: Door, job: UUID) -> ClipEdit | None:
    return revision(door, job).edit_of(1)


def drawn(reader: Reader, job: UUID) -> str:
    """Return what the form of Short 1 says it was drawn from."""
    found = re.search(r'name="drawn" value="(\w+)"', reader.get(f"/ui/jobs/{job}/clips/1").text)
    assert found
    return found[1]


def save(reader: Reader, job: UUID, told: dict[str, str]) -> Any:
    """Send the form of Short 1, drawn just now unless it says otherwise."""
    return reader.post(f"/ui/jobs/{job}/clips/1", {"drawn": drawn(reader, job)} | told)


def test_a_job_that_waits_says_for_what_and_until_when(reader: Reader, job: UUID) -> None:
    text = reader.get(f"/ui/jobs/{job}").text

    assert "2 of 2 Shorts wait for your decision." in text
    assert "if nobody decides" in text
    assert "Approve the rest" in text
    assert "Draft" in text


def test_a_short_is_approved_and_another_rejected_with_a_reason(door: Door, reader: Reader, job: UUID) -> None:
    one = reader.post(f"/ui/jobs/{job}/review", {"clip": "1", "verdict": "approved"})
    two = reader.post(f"/ui/jobs/{job}/review", {"clip": "2", "verdict": "rejected", "reason": "Needs <the> context"})
    said = revision(door, job)

    assert (one.status_code, one.headers["location"]) == (303, f"/ui/jobs/{job}#clip-1")
    assert two.headers["location"] == f"/ui/jobs/{job}#clip-2"
    assert [(d.clip, d.verdict, d.reason, d.by) for d in said.decisions] == [
        (1, Verdict.APPROVED, "", "person"),
        (2, Verdict.REJECTED, "Needs <the> context", "person"),
    ]


def test_the_rest_is_decided_at_once_and_what_was_said_before_stays(door: Door, reader: Reader, job: UUID) -> None:
    reader.post(f"/ui/jobs/{job}/review", {"clip": "2", "verdict": "rejected"})
    reader.post(f"/ui/jobs/{job}/review", {"verdict": "approved"})

    assert [(d.clip, d.verdict) for d in revision(door, job).decisions] == [(1, "approved"), (2, "rejected")]


def test_what_was_decided_stands_on_the_page(door: Door, reader: Reader) -> None:
    job = door.job()
    finish(door, job)
    reader.post(f"/ui/jobs/{job}/review", {"clip": "2", "verdict": "rejected", "reason": "Needs <the> context"})
    text = reader.get(f"/ui/jobs/{job}").text

    assert '<span class="badge bad">Rejected</span>' in text
    assert "“Needs &lt;the&gt; context”" in text


def test_where_nothing_was_approved_one_can_be_approved_after_all(door: Door, reader: Reader, job: UUID) -> None:
    reader.post(f"/ui/jobs/{job}/review", {"verdict": "rejected"})
    rejected = revision(door, job)
    door.gateway.enter(job, Failed(), result=None, failure=VOID, made=rejected)
    text = reader.get(f"/ui/jobs/{job}").text

    assert text.count(">Approve</button>") == 2
    assert f'action="/ui/jobs/{job}/retry"' not in text  # it would end in the same way
    answer = reader.post(f"/ui/jobs/{job}/review", {"clip": "2", "verdict": "approved"})
    assert answer.headers["location"] == f"/ui/jobs/{job}#clip-2"
    assert revision(door, job).approved == {2}


def test_a_job_that_failed_otherwise_goes_on_as_it_is(door: Door, reader: Reader) -> None:
    job = door.job()
    door.gateway.enter(job, Failed())

    assert f'action="/ui/jobs/{job}/retry"' in reader.get(f"/ui/jobs/{job}").text


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"clip": "1", "verdict": "maybe"}, 422),
        ({"clip": "one", "verdict": "approved"}, 422),
        ({"clip": "21", "verdict": "approved"}, 422),
        ({"clip": "9", "verdict": "approved"}, 404),
        ({"clip": "1", "verdict": "approved", "reason": "x" * 501}, 422),
    ],
)
def test_a_verdict_that_is_none_is_refused(
    door: Door, reader: Reader, job: UUID, told: dict[str, str], status: int
) -> None:
    assert reader.post(f"/ui/jobs/{job}/review", told).status_code == status
    assert revision(door, job).decisions == ()


def test_more_of_the_same_is_a_job_of_its_own(door: Door, reader: Reader) -> None:
    job = door.job()
    finish(door, job)
    answer = reader.post(f"/ui/jobs/{job}/more")
    new = UUID(answer.headers["location"].rpartition("/")[2])

    assert door.gateway.stored[new].parameters["brief"] == {"page": 2}


# editing


def test_the_edit_page_shows_what_can_be_changed(reader: Reader, job: UUID) -> None:
    text = reader.get(f"/ui/jobs/{job}/clips/1").text

    for said in (
        'name="caption-0-11"',
        "In 1937 a man sat in his truck on a pier.",
        'name="youtube-title"',
        "71 of 5000",
        'type="number" step="any"',  # a step counts from the value: with 0.1, 12.34 would leave no way to 12.5
    ):
        assert said in text, said
    assert '<option value="3" >0:01 man</option>' in text  # words to start with, for who has no scripts


def test_a_form_that_changes_nothing_is_no_edit(door: Door, reader: Reader, job: UUID) -> None:
    answer = save(reader, job, SHOWN)

    assert answer.headers["location"] == f"/ui/jobs/{job}#clip-1"
    assert edit(door, job) is None


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        ({"start": "0.1"}, {"start": 0.1}),
        ({"end": "7,9"}, {"end": 7.9}),
        ({"start_word": "3"}, {"start": 1.45}),
        ({"end_word": "9"}, {"end": 4.95}),
        ({"title": "  A  better title "}, {"title": "A better title"}),
        (
            {"caption-0-11": "In 1973 a man sat in his truck on a pier."},
            {"captions": (Wording(first=1, last=2, text="1973"),)},
        ),
        ({"caption-0-11": ""}, {"captions": (Wording(first=0, last=11, text=""),)}),
        ({"x-text": "Short.\r\n\r\nShorter."}, {"posts": {Platform.X: PostEdit(text="Short.\n\nShorter.")}}),
        ({"x-tags": "#box, #ship"}, {"posts": {Platform.X: PostEdit(hashtags=("box", "ship"))}}),
        ({"youtube-title": "Boxes"}, {"posts": {Platform.YOUTUBE: PostEdit(title="Boxes")}}),
    ],
)
def test_only_what_is_changed_is_an_edit(
    door: Door, reader: Reader, job: UUID, told: dict[str, str], changed: dict[str, Any]
) -> None:
    line = next(name for name in SHOWN if name.startswith("caption"))
    text = reader.get(f"/ui/jobs/{job}/clips/1").text
    assert f'name="{line}"' in text

    assert save(reader, job, SHOWN | told).status_code == 303
    assert edit(door, job) == ClipEdit(clip=1, **changed)


def test_what_was_changed_before_is_kept_by_the_next_change(door: Door, reader: Reader, job: UUID) -> None:
    mine = {"start": "0.50", "x-text": "Mine."}
    save(reader, job, SHOWN | mine)
    finish(door, job, Made(draft=True), state=Suspended(), reached=Status.NEEDS_REVIEW)  # drawn again
    assert "Mine." in reader.get(f"/ui/jobs/{job}/clips/1").text
    save(reader, job, SHOWN | mine | {"title": "Another"})

    assert edit(door, job) == ClipEdit(clip=1, start=0.5, title="Another", posts={Platform.X: PostEdit(text="Mine.")})


def test_everything_can_be_taken_back(door: Door, reader: Reader, job: UUID) -> None:
    save(reader, job, SHOWN | {"title": "Another"})
    finish(door, job, Made(draft=True), state=Suspended(), reached=Status.NEEDS_REVIEW)
    save(reader, job, {"action": "undo"})

    assert edit(door, job) is None


@pytest.mark.parametrize("told", [SHOWN | {"title": "Mine <b>"}, {"action": "undo"}])
def test_a_form_from_before_anothers_change_takes_nothing_back(
    door: Door, reader: Reader, job: UUID, told: dict[str, str]
) -> None:
    before = drawn(reader, job)
    save(reader, job, SHOWN | {"start": "0.50", "x-text": "Theirs."})
    finish(door, job, Made(draft=True), state=Suspended(), reached=Status.NEEDS_REVIEW)  # drawn again
    theirs = edit(door, job)
    answer = save(reader, job, told | {"drawn": before})

    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert f'name="drawn" value="{drawn(reader, job)}"' in answer.text  # sent again it is meant
    assert ("Mine &lt;b&gt;" in answer.text) == ("title" in told)
    assert edit(door, job) == theirs is not None


def test_while_a_short_is_drawn_again_nothing_typed_is_lost(door: Door, reader: Reader, job: UUID) -> None:
    save(reader, job, SHOWN | {"title": "Another"})
    answer = save(reader, job, SHOWN | {"title": "A third"})

    assert answer.status_code == 409
    assert "A third" in answer.text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"start": "9"}, "end before it starts"),
        ({"start": "soon"}, "“Starts” is no number"),
        ({"end_word": "999"}, "a word that nobody said"),
        ({"x-text": "x" * 300}, "the text for X is 33 too long"),
        ({"youtube-title": "x" * 101}, "the title for YouTube Shorts is 1 too long"),
        ({"title": "x" * 101}, "title"),
    ],
)
def test_what_cant_be_saved_is_told_and_nothing_typed_is_lost(
    door: Door, reader: Reader, job: UUID, told: dict[str, str], said: str
) -> None:
    answer = save(reader, job, SHOWN | {"tiktok-text": "typed <before>"} | told)

    assert answer.status_code == 422
    assert said in answer.text
    assert "typed &lt;before&gt;" in answer.text
    assert edit(door, job) is None


def test_a_short_that_isnt_there_cant_be_edited(reader: Reader, job: UUID) -> None:
    assert reader.get(f"/ui/jobs/{job}/clips/7").status_code == 404
