"""The form of the Prefect UI: what it asks, and what an answer decides."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from builders import analysis, clip, source
from fakes.server import FakeServer
from prefect.exceptions import Abort, ObjectNotFound
from prefect.states import AwaitingRetry, Running, Scheduled, Suspended
from pydantic import ValidationError

from flows import job as frame
from flows import people
from flows.job import Job
from flows.people import SAID_MEANWHILE, decisions_of, form_of, heard_with_form, unsay
from flows.statements import say
from omni.contracts import Approval, Brief
from omni.errors import BriefUnusable
from omni.record import ClipState, JobRecord, labels_of
from omni.release import release_of
from omni.review import ClipEdit, Decision, Revision, Verdict
from omni.statements import Statement

NOW = datetime(2026, 11, 26, tzinfo=UTC)
CLIPS = analysis(clip(1, 10, 30), clip(2, 40, 60)).clips


def test_the_form_has_a_verdict_a_clip_under_its_title_and_nothing_else_passes() -> None:
    schema = form_of(CLIPS).model_json_schema()["properties"]

    assert (schema["clip_2"]["title"], schema["clip_2"]["enum"]) == ("2. Clip 2", ["approved", "rejected"])
    assert "0:40–1:00" in schema["clip_2"]["description"]
    for wrong in ({"clip_1": "perhaps"}, {"clip_3": "approved"}, {"reason": "x" * 501}):
        with pytest.raises(ValidationError):
            form_of(CLIPS)(**wrong)


def test_a_reason_is_no_markdown_in_the_form() -> None:
    told = form_of((clip(1, reason="See ![x](http://evil.example/x) <b>"),)).model_json_schema()

    assert told["properties"]["clip_1"]["description"].endswith(r"See !\[x\](http://evil.example/x) \<b\>")


def test_an_answer_decides_the_open_clips_and_a_reason_belongs_to_what_is_rejected() -> None:
    told = decisions_of({"clip_2": "rejected", "reason": "dull"}, (1, 2), NOW)

    assert told == (
        Decision(clip=1, verdict=Verdict.APPROVED, at=NOW),
        Decision(clip=2, verdict=Verdict.REJECTED, reason="dull", at=NOW),
    )


def test_the_reason_of_an_answer_that_rejects_nothing_is_why_it_approves() -> None:
    told = decisions_of({"clip_1": "approved", "reason": "funny"}, (1, 2), NOW)

    assert [one.reason for one in told] == ["funny", "funny"]


class Server(FakeServer):
    """The states of a run, and what was sent with its form."""

    def __init__(self, *states: Any, answer: str | None = None) -> None:
        super().__init__(Suspended())
        self.states, self.answer = states, answer

    def read_flow_run_states(self, _: object) -> Any:
        return [SimpleNamespace(timestamp=at, is_paused=s.is_paused, name=s.name, state_details=s.state_details) for at, s in enumerate(self.states)]  # fmt: skip

    def read_flow_run_input(self, _: object, key: str) -> str:
        assert key == "r"
        if self.answer is None:
            raise ObjectNotFound(Exception())
        return self.answer


def waited() -> Any:
    state = Suspended(pause_key="k")
    state.state_details.run_input_keyset = {"response": "r", "schema": "s", "description": "d"}
    return state


@pytest.mark.parametrize(
    ("states", "answer", "rejected"),
    [
        ((waited(), Scheduled(name="Resuming")), '{"clip_1": "rejected"}', {1}),
        ((waited(), Scheduled(name="Resuming"), AwaitingRetry()), '{"clip_1": "rejected"}', {1}),  # it died since
        ((waited(), Scheduled(name="Resuming")), None, set[int]()),  # sent as it was shown
    ],
)
def test_a_form_that_was_sent_decides(
    states: tuple[Any, ...], answer: str | None, rejected: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(*states, answer=answer)
    monkeypatch.setattr(people, "patiently", lambda ask: ask(server))

    told = heard_with_form(uuid4(), CLIPS)

    assert told.rejected == rejected
    assert told.approved == {1, 2} - rejected
    assert heard_with_form(uuid4(), CLIPS) == told  # a process that died is followed by one that reads the same
    assert len(server.inputs) == 1


@pytest.mark.parametrize(
    "states",
    [
        (),
        (waited(),),
        (waited(), AwaitingRetry()),  # an edit asked for new drafts
        (waited(), Scheduled(name="Resuming"), waited(), AwaitingRetry()),
        (Suspended(), Scheduled(name="Resuming")),  # somebody paused it by hand
    ],
)
def test_what_went_on_in_another_way_decides_nothing(states: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "patiently", lambda ask: ask(Server(*states, answer='{"clip_1": "rejected"}')))

    assert heard_with_form(uuid4(), CLIPS) == Revision()


def test_a_form_does_not_touch_what_was_decided_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(waited(), Scheduled(name="Resuming"), answer='{"clip_1": "approved", "clip_2": "approved"}')
    monkeypatch.setattr(people, "patiently", lambda ask: ask(server))
    before = Revision().decided([Decision(clip=1, verdict=Verdict.REJECTED, reason="no")])

    server.labels |= labels_of(revision=before)

    told = heard_with_form(uuid4(), CLIPS)

    assert (told.rejected, told.approved) == ({1}, {2})


@pytest.mark.parametrize("kept", [False, True])
def test_a_form_says_nothing_of_clips_that_were_found_anew(monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> None:
    server = Server(waited(), Scheduled(name="Resuming"), answer='{"clip_1": "approved"}')
    monkeypatch.setattr(people, "patiently", lambda ask: ask(server))
    if kept:
        assert heard_with_form(uuid4(), CLIPS).approved == {1, 2}

    unsay(uuid4())

    assert heard_with_form(uuid4(), CLIPS) == Revision()  # by the process that follows one that died


def test_a_run_that_nobody_can_answer_is_refused_before_any_work() -> None:
    from flows.produce import produce

    with pytest.raises(BriefUnusable, match="`omni serve` and `omni submit`") as refused:
        produce.fn("nowhere.mp4", Brief(approval=Approval.CLIPS))

    assert refused.value.exit_code == 2


def test_a_job_asks_the_memory_once_and_a_flow_without_one_each_time() -> None:
    from tasks.recall import _key

    def key(job: str | None) -> tuple[object, ...]:
        return _key({"job": job, "source": source(), "transcript": None, "brief": Brief()})

    assert key("a") == key("a") != key("b")
    assert key(None) != key(None)


def at_work(server: FakeServer, approval: Approval, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Return a job in its second round, on that server."""
    shown = tuple(ClipState(number=one.number, title="A", start=one.start, end=one.end) for one in CLIPS)
    ledger = SimpleNamespace(
        record=JobRecord(attempt=2, clips=shown), conclude=lambda **told: server.labels.update(labels_of(**told))
    )
    monkeypatch.setattr(people, "patiently", lambda ask: ask(server))
    return Job(str(uuid4()), Brief(approval=approval), ledger)  # pyright: ignore[reportArgumentType]


def test_an_edit_that_came_while_the_run_made_another_is_made_too_where_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = FakeServer(Running())
    run = at_work(server, Approval.NONE, monkeypatch)
    first = ClipEdit(clip=1, title="A")
    say(server, server.run, "said-1", Statement(edit=first))  # pyright: ignore[reportArgumentType]
    release = release_of(run.brief, Revision().edited(first), CLIPS)
    verdict = Statement(decisions=(Decision(clip=1, verdict=Verdict.APPROVED),))  # which changes nothing here
    say(server, server.run, "said-2", verdict)  # pyright: ignore[reportArgumentType]
    run.confirm(release)
    assert server.set == []

    say(server, server.run, "said-3", Statement(edit=ClipEdit(clip=2, title="B")))  # pyright: ignore[reportArgumentType]
    with pytest.raises(Abort):
        run.confirm(release)

    assert [edit.clip for edit in server.record.revision.edits] == [1, 2]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_was_said_in_a_form_is_not_taken_for_other_moments(
    monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool
) -> None:
    server = Server(waited(), Scheduled(name="Resuming"), answer='{"clip_1": "approved"}')
    run = at_work(server, Approval.CLIPS, monkeypatch)
    if elsewhere:  # somebody was quicker than the form
        told = Statement(decisions=tuple(Decision(clip=number, verdict=Verdict.APPROVED) for number in (1, 2)))
        say(server, server.run, "said-1", told)  # pyright: ignore[reportArgumentType]
    found = analysis(clip(1, 100, 130), clip(2, 40, 60))
    models = SimpleNamespace(analyst=None, copywriter=None)
    monkeypatch.setattr(frame, "wire", lambda: SimpleNamespace(models=lambda _: models))

    for warnings in (1, 0):  # the second is that of a process that follows one that died
        release = run.release(found)
        assert (len(release.warnings), release.clips, release.is_draft) == (warnings, {1, 2}, True)
        assert release.revision == Revision()


def test_a_verdict_that_came_while_the_run_worked_lets_it_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    server = FakeServer(Running())
    run = at_work(server, Approval.CLIPS, monkeypatch)
    release = release_of(run.brief, Revision().decided([Decision(clip=1, verdict=Verdict.APPROVED)]), CLIPS[:1])
    for number in (1, 2):
        told = Statement(decisions=(Decision(clip=number, verdict=Verdict.APPROVED),))
        say(server, server.run, f"said-{number}", told)  # pyright: ignore[reportArgumentType]
        if number == 1:
            run.confirm(release)
            assert server.set == []

    with pytest.raises(Abort):
        run.confirm(release)

    assert [(state.name, state.message) for state in server.set] == [("AwaitingRetry", SAID_MEANWHILE)]
    assert (server.record.attempt, server.record.revision.approved) == (3, {1, 2})
