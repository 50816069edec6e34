"""People decide, edit and ask for more: what is recorded, when a job goes on, and what is refused."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fakes.door import Door, code_of, opened
from prefect.states import AwaitingRetry, Cancelled, Completed, Failed, Pending, Running, Scheduled

from deployments.gateway import LEARN
from deployments.states import REVISED
from omni.outcomes import ClipOutcome
from omni.record import Failure, Status, record_of
from omni.review import Decision, Revision, Verdict

APPROVAL = {"brief": {"approval": "clips"}}
VOID = Failure(code="nothing_approved", cause="None.", next_step="Ask for more.", exit_code=9)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


@pytest.fixture
def waiting(door: Door) -> UUID:
    """A job with two drafts that waits for people."""
    job_id = door.job(**APPROVAL)
    door.draft(job_id)
    return job_id


def told(door: Door, job_id: UUID) -> Any:
    return door.client.get(f"/status/{job_id}").json()


def review(door: Door, job_id: UUID, *decisions: tuple[int, str], rest: str | None = None, reason: str = "") -> Any:
    body = {"decisions": [{"clip": clip, "verdict": verdict, "reason": reason} for clip, verdict in decisions]}
    return door.client.post(f"/jobs/{job_id}/review", json=body | {"rest": rest})


def edit(door: Door, job_id: UUID, clip: int = 1, **changes: object) -> Any:
    return door.client.put(f"/jobs/{job_id}/clips/{clip}", json=changes)


# ── a job that waits ─────────────────────────────────────────────────────────────────────────────


def test_a_job_that_waits_shows_its_drafts_and_what_it_waits_for(door: Door, waiting: UUID) -> None:
    job = told(door, waiting)

    assert (job["status"], job["result"]) == ("NEEDS_REVIEW", None)
    assert job["review"]["open"] == [1, 2]
    assert job["review"]["then"] is None  # it is cancelled then
    assert job["links"]["files"] == f"/jobs/{waiting}/files"
    assert door.client.get(job["clips"][0]["video"]).status_code == 200
    assert {f["name"] for f in door.client.get(job["links"]["files"]).json()["items"]} >= {"manifest.json"}
    assert [j["job_id"] for j in door.client.get("/jobs?status=NEEDS_REVIEW").json()["items"]] == [str(waiting)]


def test_the_review_says_when_the_time_out_decides_and_what(tmp_path: Path) -> None:
    with opened(tmp_path, review_hours=2, review_then="approve") as door:
        job_id = door.job(**APPROVAL)
        door.draft(job_id)
        run = door.gateway.stored[job_id]
        assert run.state is not None

        job = told(door, job_id)

    until = (run.state.timestamp + timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    assert (job["review"]["until"], job["review"]["then"]) == (until, "approved")


def test_no_time_out_is_no_date(tmp_path: Path) -> None:
    with opened(tmp_path, review_hours=0, review_then="approve") as door:
        job_id = door.job(**APPROVAL)
        door.draft(job_id)

        assert told(door, job_id)["review"] == {"open": [1, 2], "until": None, "then": None}


def test_it_goes_on_as_soon_as_nothing_is_open(door: Door, waiting: UUID) -> None:
    first = review(door, waiting, (1, "approved"))
    assert first.status_code == 202
    assert (first.json()["status"], first.json()["review"]["open"]) == ("NEEDS_REVIEW", [2])

    second = review(door, waiting, (2, "rejected"), reason="too long")

    job = second.json()
    assert (job["status"], job["review"], job["attempt"], job["progress"]) == ("PENDING", None, 2, 0.0)
    assert job["clips"][1]["decision"] | {"at": None} == {
        "clip": 2, "verdict": "rejected", "reason": "too long", "by": "person", "at": None,
    }  # fmt: skip
    state = door.gateway.stored[waiting].state
    assert state is not None
    assert (state.name, state.message) == ("AwaitingRetry", REVISED)


def test_the_rest_is_decided_in_one_word(door: Door, waiting: UUID) -> None:
    job = review(door, waiting, (1, "rejected"), rest="approved").json()

    assert [clip["decision"]["verdict"] for clip in job["clips"]] == ["rejected", "approved"]


def test_two_people_who_say_the_same_at_once_are_both_right(door: Door, waiting: UUID) -> None:
    assert review(door, waiting, rest="approved").status_code == 202

    again = review(door, waiting, (1, "approved"), (2, "approved"))

    assert (again.status_code, again.json()["status"]) == (202, "PENDING")
    assert review(door, waiting, (1, "rejected")).status_code == 409


def test_until_the_run_is_suspended_it_is_not_reviewable(door: Door) -> None:
    job_id = door.job(**APPROVAL)
    door.draft(job_id)
    door.gateway.enter(job_id, Running(name="RENDERING"))

    assert told(door, job_id)["status"] == "RENDERING"
    assert code_of(review(door, job_id, rest="approved")) == "job_not_reviewable"


def test_who_listens_hears_each_round(door: Door, waiting: UUID) -> None:
    review(door, waiting, rest="approved")
    for name in ("ANALYZING", "RENDERING"):
        door.gateway.enter(waiting, Running(name=name), reached=Status(name), attempt=2)
    door.deliver(waiting)

    with door.client.stream("GET", f"/jobs/{waiting}/events") as answer:
        lines = list(answer.iter_lines())

    kinds = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    states = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    heard = [told["status"] for kind, told in zip(kinds, states, strict=True) if kind in {"state", "done"}]
    assert heard == ["PENDING", "RENDERING", "NEEDS_REVIEW", "PENDING", "ANALYZING", "RENDERING", "COMPLETED"]


def test_a_job_whose_going_on_broke_off_goes_on_when_it_is_said_again(door: Door, waiting: UUID) -> None:
    both = Revision().decided(Decision(clip=n, verdict=Verdict.APPROVED) for n in (1, 2))
    door.gateway.tell(waiting, revision=both)  # written, and then Prefect was away

    assert review(door, waiting, rest="approved").json()["status"] == "PENDING"


# ── edits ────────────────────────────────────────────────────────────────────────────────────────


def test_an_edit_that_is_seen_asks_for_a_new_draft(door: Door, waiting: UUID) -> None:
    job = edit(door, waiting, start=31.5, title="Another").json()

    assert job["status"] == "PENDING"
    assert job["clips"][0]["edit"]["start"] == 31.5


def test_an_edit_of_a_post_waits_with_the_job(door: Door, waiting: UUID) -> None:
    job = edit(door, waiting, posts={"x": {"text": "Better."}}).json()

    assert job["status"] == "NEEDS_REVIEW"
    assert job["clips"][0]["edit"]["posts"]["x"]["text"] == "Better."


def test_an_empty_edit_takes_the_earlier_one_back(door: Door, waiting: UUID) -> None:
    edit(door, waiting, posts={"x": {"text": "Better."}})

    assert edit(door, waiting).json()["clips"][0]["edit"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"start": 5, "end": 5},
        {"captions": [{"first": 0, "last": 3, "text": "a"}, {"first": 2, "last": 4, "text": "b"}]},
        {"captions": [{"first": 3, "last": 3, "text": "a"}]},
        {"title": ""},
        {"posts": {"x": {"hashtags": ["#no"]}}},
        {"speed": 2},
        {"start": -1},
    ],
)
def test_an_edit_that_contradicts_itself_is_refused(door: Door, waiting: UUID, changes: Any) -> None:
    answer = edit(door, waiting, **changes)

    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")


# ── a job that has ended ─────────────────────────────────────────────────────────────────────────


def ended(door: Door, *, approval: bool = False, made: Revision | None = None) -> UUID:
    job_id = door.job(**(APPROVAL if approval else {}))
    door.draft(job_id)
    door.deliver(job_id)
    door.gateway.tell(job_id, reached=Status.RENDERING, revision=made or Revision(), made=made or Revision())
    return job_id


def test_an_opinion_on_a_completed_job_is_recorded_and_remembered_and_makes_nothing_anew(door: Door) -> None:
    job_id = ended(door)

    job = review(door, job_id, (2, "rejected"), reason="boring").json()

    assert (job["status"], job["clips"][1]["decision"]["reason"]) == ("COMPLETED", "boring")
    [learned] = [run for run in door.gateway.stored.values() if run.name == LEARN]
    [outcome] = learned.parameters["outcomes"]
    assert (outcome["clip"], outcome["outcome"]["verdict"], outcome["outcome"]["reason"]) == (2, "rejected", "boring")


def test_a_verdict_is_told_to_the_memory_once_and_as_old_as_it_is(door: Door) -> None:
    job_id = ended(door)

    review(door, job_id, (2, "rejected"), reason="boring")
    review(door, job_id, (1, "approved"))
    review(door, job_id, (2, "rejected"), reason="boring")

    learned = [run for run in door.gateway.stored.values() if run.name == LEARN]
    told = [[ClipOutcome.model_validate(one) for one in run.parameters["outcomes"]] for run in learned]
    decisions = record_of(door.gateway.stored[job_id].labels).revision
    assert [[(one.clip, one.told_at) for one in several] for several in told] == [
        [(clip, decision.at)] for clip in (2, 1) if (decision := decisions.decision_on(clip))
    ]


def test_an_edit_of_a_completed_job_makes_it_anew_under_its_id(door: Door) -> None:
    job_id = ended(door)

    job = edit(door, job_id, end=55.0).json()

    assert (job["job_id"], job["status"], job["attempt"]) == (str(job_id), "PENDING", 2)
    state = door.gateway.stored[job_id].state
    assert state is not None
    assert (state.name, state.message) == (AwaitingRetry().name, REVISED)
    assert record_of(door.gateway.stored[job_id].labels).progress == 0


def test_another_verdict_on_a_completed_job_makes_the_approved_clips_anew(door: Door) -> None:
    made = Revision().decided([Decision(clip=1, verdict=Verdict.APPROVED), Decision(clip=2, verdict=Verdict.REJECTED)])
    job_id = ended(door, approval=True, made=made)

    assert review(door, job_id, (1, "approved")).json()["status"] == "COMPLETED"
    assert review(door, job_id, (2, "approved")).json()["status"] == "PENDING"


def test_a_job_of_which_nothing_was_approved_can_be_thought_over(door: Door) -> None:
    job_id = door.job(**APPROVAL)
    door.draft(job_id)
    none = Revision().decided(Decision(clip=n, verdict=Verdict.REJECTED) for n in (1, 2))
    once = Revision().decided([Decision(clip=2, verdict=Verdict.APPROVED)])  # when the drafts were drawn again
    door.gateway.enter(job_id, Failed(), failure=VOID, revision=none, made=once, reached=Status.WRITING_STRATEGY)

    assert told(door, job_id)["status"] == "FAILED"
    assert review(door, job_id, (2, "approved")).json()["status"] == "PENDING"


@pytest.mark.parametrize("state", [Failed(), Cancelled()])
def test_a_round_that_made_nothing_leaves_the_files_of_the_one_before_until_the_job_is_deleted(
    door: Door, waiting: UUID, state: Any
) -> None:
    door.gateway.enter(waiting, state, failure=VOID, stale=True, reached=Status.WRITING_STRATEGY)

    assert told(door, waiting)["result"] is None
    assert {f["name"] for f in door.client.get(f"/jobs/{waiting}/files").json()["items"]} >= {"manifest.json"}
    assert door.client.get(f"/jobs/{waiting}/zip").status_code == 200
    assert door.client.delete(f"/jobs/{waiting}").status_code == 204
    assert list(door.settings.output.iterdir()) == []


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", [Scheduled(), Pending(), Running(name="RENDERING"), Failed(), Completed()])
def test_a_job_that_works_or_has_failed_is_not_reviewable(door: Door, waiting: UUID, state: Any) -> None:
    door.gateway.enter(waiting, state, reached=Status.RENDERING, result=None)

    for answer in (review(door, waiting, (1, "approved")), edit(door, waiting, end=50)):
        assert (answer.status_code, code_of(answer)) == (409, "job_not_reviewable")
    assert record_of(door.gateway.stored[waiting].labels).revision == Revision()


def test_a_clip_that_the_job_does_not_have_is_not_found(door: Door, waiting: UUID) -> None:
    for answer in (review(door, waiting, (3, "approved")), edit(door, waiting, 3, end=50)):
        assert (answer.status_code, code_of(answer)) == (404, "clip_not_found")


def test_one_order_does_not_approve_and_reject_the_same_clip(door: Door, waiting: UUID) -> None:
    answer = review(door, waiting, (1, "approved"), (1, "rejected"))

    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert record_of(door.gateway.stored[waiting].labels).revision == Revision()


def test_a_body_that_is_no_json_is_refused(door: Door, waiting: UUID) -> None:
    answer = door.client.post(f"/jobs/{waiting}/review", content=b"{}", headers={"content-type": "text/plain"})

    assert (answer.status_code, code_of(answer)) == (415, "unsupported_media_type")


# ── more ─────────────────────────────────────────────────────────────────────────────────────────


def test_more_is_the_next_page_of_the_same_brief_once(door: Door) -> None:
    job_id = door.job(brief={"clips": 2, "workspace": "mine"})

    first = door.client.post(f"/jobs/{job_id}/more")
    again = door.client.post(f"/jobs/{job_id}/more")

    assert first.status_code == again.status_code == 202
    assert first.json()["job_id"] == again.json()["job_id"] != str(job_id)
    assert again.headers["Idempotency-Replayed"] == "true"
    made = door.gateway.stored[UUID(first.json()["job_id"])]
    assert made.parameters["brief"] == {"clips": 2, "workspace": "mine", "page": 2}
    assert made.parameters["video"] == door.gateway.stored[job_id].parameters["video"]


def test_more_belongs_to_who_asks(door: Door) -> None:
    ann, root = door.key("ann", "submit", "read"), door.key("root", "admin")
    job_id = door.job(door.caller(ann))

    made = door.caller(root).post(f"/jobs/{job_id}/more").json()["job_id"]

    assert record_of(door.gateway.stored[UUID(made)].labels).owner == "root"
    assert door.caller(ann).post(f"/jobs/{job_id}/more").json()["job_id"] != made


@pytest.mark.parametrize("body", [{"brief": {"page": 5}}, {"dry_run": True}])
def test_there_is_not_always_more(door: Door, body: Any) -> None:
    answer = door.client.post(f"/jobs/{door.job(**body)}/more")

    assert (answer.status_code, code_of(answer)) == (409, "nothing_more")


# ── cancel, delete, retry ────────────────────────────────────────────────────────────────────────


def test_a_job_that_waits_can_be_cancelled_and_not_deleted(door: Door, waiting: UUID) -> None:
    assert code_of(door.client.delete(f"/jobs/{waiting}")) == "job_running"
    assert door.client.post(f"/jobs/{waiting}/cancel").json()["status"] == "CANCELLED"
    assert door.client.post(f"/jobs/{waiting}/retry").json()["status"] == "PENDING"
