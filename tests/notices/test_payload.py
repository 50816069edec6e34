"""What a webhook says, and what it never says."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omni.contracts import Estimate, Production
from omni.errors import OmniError, SourceEmpty
from omni.notices.payload import Ending, payload
from omni.notices.subscription import Event, subscription_of
from omni.record import ClipState, Failure, JobRecord, failure_of
from omni.review import Decision, Revision, Verdict

JOB = UUID("0f3c6a52-1f0e-4f6f-9a51-0a3b1c2d3e4f")
AT = datetime(2026, 11, 22, 21, 16, tzinfo=UTC)
DONE = JobRecord(
    result=Production(
        output_dir=Path("/srv/omni/output/talk"), shorts_count=4, strategy_id="s-1", source="talk.mp4", engines={}
    ),
    owner="key-7",
    host="worker-3",
)


def told(record: JobRecord, event: Event = "job.completed", video: str = "/srv/media/talk.mp4", **more: Any) -> Any:
    ending = Ending(JOB, event, more.pop("at", AT), video)
    return json.loads(payload(ending, record, more.pop("public_url", None)))


def failed(cause: str, next_step: str = "Try again.") -> JobRecord:
    return JobRecord(failure=Failure(code="media_tool_failed", cause=cause, next_step=next_step))


def test_a_job_that_needs_people_says_which_clips_are_open_and_where_the_drafts_are() -> None:
    clips = tuple(ClipState(number=n, title="A", start=0, end=9) for n in (1, 2))
    decided = Revision().decided([Decision(clip=1, verdict=Verdict.APPROVED)])
    record = DONE.model_copy(update={"clips": clips, "revision": decided})

    data = told(record, "job.needs_review")["data"]

    assert (data["status"], data["open"], data["error"]) == ("NEEDS_REVIEW", [2], None)
    assert data["links"]["files"] == f"/jobs/{JOB}/files"
    assert "open" not in told(record)["data"]


def test_what_an_earlier_round_delivered_is_not_told_as_made() -> None:
    data = told(DONE.model_copy(update={"stale": True}))["data"]

    assert (data["shorts_count"], "files" in data["links"]) == (0, False)


def test_a_completed_job_is_told_with_what_it_made_and_where_to_ask_for_more() -> None:
    assert told(DONE) == {
        "type": "job.completed",
        "timestamp": "2026-11-22T21:16:00Z",
        "data": {
            "job_id": str(JOB),
            "status": "COMPLETED",
            "video": "talk.mp4",
            "shorts_count": 4,
            "strategy_id": "s-1",
            "error": None,
            "links": {"self": f"/status/{JOB}", "files": f"/jobs/{JOB}/files"},
        },
    }


def test_a_dry_run_is_told_as_one_and_names_no_files() -> None:
    data = told(JobRecord(estimate=Estimate(charges=(), usd=0.0, seconds=60)))["data"]

    assert data["dry_run"] is True
    assert (data["status"], data["shorts_count"], data["links"]) == ("COMPLETED", 0, {"self": f"/status/{JOB}"})


def test_times_are_told_in_utc() -> None:
    at = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert told(DONE, at=at)["timestamp"] == "2026-11-22T21:16:00Z"


def test_a_failed_job_is_told_with_code_cause_and_next_step() -> None:
    record = JobRecord(failure=failure_of(SourceEmpty(path="/srv/media/talk.mp4"), "ingest"))

    data = told(record, "job.failed")["data"]

    assert data["status"] == "FAILED"
    assert data["error"] == {
        "code": "source_empty",
        "cause": "talk.mp4 has zero bytes.",
        "next_step": "The download or upload was probably interrupted: fetch the file again.",
    }
    assert data["links"] == {"self": f"/status/{JOB}"}


def test_a_job_that_failed_without_a_word_still_has_an_error() -> None:
    assert told(JobRecord(), "job.failed")["data"]["error"]["code"] == OmniError.code


def test_the_event_decides_whatever_the_job_does_since() -> None:
    cancelled = told(failed("an earlier failure"), "job.cancelled")["data"]
    failed_once = told(DONE, "job.failed")["data"]

    assert (cancelled["status"], cancelled["error"]) == ("CANCELLED", None)
    assert (failed_once["shorts_count"], failed_once["strategy_id"]) == (0, None)


def test_links_are_whole_where_the_public_address_is_known() -> None:
    assert (
        told(DONE, public_url="https://omni.example/")["data"]["links"]["self"] == f"https://omni.example/status/{JOB}"
    )


@pytest.mark.parametrize(
    ("video", "name"),
    [
        ("/srv/my media/a talk.mp4", "a talk.mp4"),
        ("samples/talk.mp4", "talk.mp4"),
        ("https://user:pass@cdn.example.org/private/talk.mp4?X-Signature=abc#t", "talk.mp4"),
        ("HTTPS://cdn.example.org/?file=talk", ""),
        ("upload:up_0123456789abcdef0123456789abcdef", "upload:up_0123456789abcdef0123456789abcdef"),
        ("odd\ud800name.mp4", "odd?name.mp4"),
    ],
)
def test_of_the_video_only_its_name_is_told(video: str, name: str) -> None:
    assert told(DONE, video=video)["data"]["video"] == name


@pytest.mark.parametrize(
    ("cause", "shown"),
    [
        ("/srv/my media/talk.mp4 has zero bytes.", "talk.mp4 has zero bytes."),
        ("There is no space left to write /var/lib/omni/work/ab/short.mp4.part.", "There is no space left to write short.mp4.part."),
        ("Its log is '/root/.local/share/omni/prefect/server.log'; read it", "Its log is 'server.log'; read it"),
        ("error:/opt/omni/lib.so file:///opt/omni/b.so", "error:lib.so b.so"),
        ("https://cdn.example.org/… can't be reached: and/or 24/7 OMNI_HOME/prefect ./a/b", None),
    ],
)  # fmt: skip
def test_folders_of_the_server_are_not_told(cause: str, shown: str | None) -> None:
    error = told(failed(cause, cause), "job.failed", "/srv/my media/talk.mp4")["data"]["error"]

    assert (error["cause"], error["next_step"]) == (shown or cause, shown or cause)


part = st.text(st.characters(codec="utf-8", exclude_characters="/\n", exclude_categories=["Cs", "Z", "Cc"]), min_size=1)


@given(st.lists(part, min_size=2, max_size=5), st.sampled_from(["reading {} failed", "{}: broken", '"{}"', "={}"]))
@example(["srv", "my media", "talk.mp4"], "{}: broken")
def test_no_folder_of_the_videos_path_leaves(parts: list[str], cause: str) -> None:
    path = "/" + "/".join(parts)

    shown = told(failed(cause.format(path)), "job.failed", path)["data"]["error"]["cause"]

    assert f"/{parts[0]}/" not in shown


@given(st.text(), st.text(), st.text())
@example("\x00" * 9000, "\x00" * 9000, "\x00" * 9000)
@example("😀" * 9000, "\ud800" * 9000, "\\" * 9000)
def test_whatever_is_told_is_json_below_twenty_thousand_bytes(cause: str, next_step: str, video: str) -> None:
    body = payload(Ending(JOB, "job.failed", AT, video), failed(cause, next_step), None)

    assert len(body) < 20_000
    assert json.loads(body)["type"] == "job.failed"


def test_nothing_of_the_machine_is_told() -> None:
    body = json.dumps(told(DONE))

    assert not [word for word in ("key-7", "worker-3", "/srv", "output_dir", "pid") if word in body]


def test_a_webhook_is_read_from_the_record_as_the_door_writes_it() -> None:
    from deployments.schemas import Webhook

    written = Webhook(url="https://example.org/hook", events=("job.failed",)).model_dump_json()

    subscription = subscription_of(written)

    assert subscription
    assert (subscription.url, subscription.events) == ("https://example.org/hook", ("job.failed",))


@pytest.mark.parametrize("record", ["", "{}", "null", '{"url": 5}', "not json"])
def test_a_job_without_a_webhook_that_can_be_read_has_none(record: str) -> None:
    assert subscription_of(record) is None
