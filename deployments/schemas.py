"""What goes through the door: requests and answers, the same for every client."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, model_validator
from pydantic.config import JsonDict
from pydantic_core import to_json

from omni.contracts import Brief, Estimate, Fraction01, Platform, Seconds
from omni.outcomes import Outcome
from omni.record import ClipState, Failure, Status
from omni.review import ClipEdit, ClipNumber, Decision, PostEdit, Reason, Verdict, Wording

UPLOAD_ID = r"^up_[0-9a-f]{32}$"
Event = Literal["job.completed", "job.failed", "job.cancelled", "job.needs_review"]
EVENTS: tuple[Event, ...] = ("job.completed", "job.failed", "job.cancelled")
"""What a webhook is told of when it names nothing else: the ends."""
Text = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Message(BaseModel):
    """Base of requests and answers."""

    model_config = ConfigDict(extra="forbid")


class Webhook(Message):
    """Where to tell of the end of a job, and of its need of people; signed by Standard Webhooks."""

    url: Annotated[str, Field(min_length=8, max_length=2048, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")]
    events: Annotated[tuple[Event, ...], Field(min_length=1, max_length=4)] = EVENTS


def _as_written(told: object) -> object:
    """Read a brief as the JSON that it is: ``"no"`` is no boolean and ``"3"`` no number."""
    return Brief.model_validate_json(to_json(told), strict=True) if isinstance(told, dict) else told


_TWO_SOURCES: JsonDict = {
    "required": ["video_path", "upload_id"],
    "properties": {"video_path": {"type": "string"}, "upload_id": {"type": "string"}},
}


class Wish(Message):
    """What to make Shorts of, and how; the source may stand in the query instead."""

    model_config = ConfigDict(json_schema_extra={"not": _TWO_SOURCES})

    video_path: Text | None = Field(
        default=None,
        description="A file below the media roots, relative to one or absolute; or an https address, where allowed.",
        examples=["samples/talk.mp4"],
    )
    upload_id: str | None = Field(default=None, pattern=UPLOAD_ID, description="A file sent to POST /uploads.")
    brief: Annotated[Brief, BeforeValidator(_as_written)] = Field(default_factory=Brief)
    webhook: Webhook | None = None
    dry_run: StrictBool = Field(
        default=False, description="Only look at the source and say what the job would cost, as `estimate` of the job."
    )


class Submission(Wish):
    """What to make Shorts of, and how. One of ``video_path`` and ``upload_id``."""

    @model_validator(mode="after")
    def _names_one_source(self) -> "Submission":
        if (self.video_path is None) == (self.upload_id is None):
            msg = "give either video_path or upload_id"
            raise ValueError(msg)
        return self

    @property
    def video(self) -> str:
        """What the flow takes."""
        return self.video_path or f"upload:{self.upload_id}"


class Links(Message):
    """Where everything of a job is."""

    self: str
    events: str
    files: str | None = Field(description="The manifest's folder, once the job is completed or needs review.")
    prefect_ui: str


class Clip(ClipState):
    """One Short of a job; ``video`` and ``poster`` are links, once the job is completed or needs review."""

    video: str | None = None
    poster: str | None = None
    usable: bool | None = None
    decision: Decision | None = Field(default=None, description="What a person, or the time-out, said of it.")
    edit: ClipEdit | None = Field(default=None, description="What a person changed about it.")


class Review(Message):
    """What a job that waits for people waits for."""

    open: tuple[int, ...] = Field(description="Clips without a decision; the job goes on when there are none.")
    until: datetime | None = Field(default=None, description="When the time-out decides; null: it waits for ever.")
    then: Verdict | None = Field(default=None, description="What the time-out decides; null: it cancels the job.")


class ClipVerdict(Message):
    """A verdict on one clip."""

    clip: ClipNumber
    verdict: Verdict
    reason: Reason = ""


class ReviewOrder(Message):
    """Verdicts on some clips; ``rest`` decides all that have none yet."""

    decisions: Annotated[tuple[ClipVerdict, ...], Field(max_length=20)] = ()
    rest: Verdict | None = None

    @model_validator(mode="after")
    def _is_of_one_mind(self) -> "ReviewOrder":
        verdicts = {(decision.clip, decision.verdict) for decision in self.decisions}
        if len(verdicts) > len({clip for clip, _ in verdicts}):
            msg = "a clip is approved and rejected at once"
            raise ValueError(msg)
        return self


class EditOrder(Message):
    """What to change about a clip, in place of what was changed before; nothing at all takes every change back."""

    start: Seconds | None = None
    end: Seconds | None = None
    title: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    captions: Annotated[tuple[Wording, ...], Field(max_length=200)] = ()
    posts: dict[Platform, PostEdit] = Field(default_factory=dict[Platform, PostEdit])


class Result(Message):
    """What a completed job left."""

    model_config = ConfigDict(extra="allow")

    shorts_count: int
    output_dir: str
    strategy_id: str | None


class Job(Message):
    """A job, as every answer tells it. ``job_id`` is the id of its flow run in Prefect."""

    job_id: UUID
    status: Status
    video_path: str
    created_at: datetime
    updated_at: datetime
    result: Result | None = None
    error: Failure | None = None

    video_name: str | None = Field(
        default=None, description="The name of the file that was uploaded; null: it wasn't, or the upload is gone."
    )
    dry_run: bool = Field(default=False, description="It only estimates; it completes with an estimate and no result.")
    estimate: Estimate | None = Field(default=None, description="What a dry run found, once it is completed.")
    cost_usd: float | None = Field(
        default=0.0, description="Spent so far, by all attempts, in US dollars; null: a model's price isn't known."
    )

    stage: str | None = Field(default=None, description="The stage that moved last: ingest, listen, watch, …")
    progress: Fraction01 = Field(default=0.0, description="Of the whole job; never goes back within an attempt.")
    note: str | None = Field(default=None, description="Why it waits, or that it is being resumed or cancelled.")
    attempt: int = Field(
        default=1, description="One more with each retry, and each time that a review or an edit makes it go on."
    )
    clips: tuple[Clip, ...] = ()
    review: Review | None = Field(default=None, description="What it waits for, while it is NEEDS_REVIEW.")
    warnings: tuple[str, ...] = ()
    links: Links


class JobPage(Message):
    """Some jobs, newest first; ``next_cursor`` fetches the ones before them."""

    items: tuple[Job, ...]
    next_cursor: str | None = None


class Upload(Message):
    """A file that was received; ``upload_id`` goes into POST /process."""

    upload_id: str
    name: str
    size_bytes: int
    sha256: str
    expires_at: datetime


class Delivery(Message):
    """One attempt to deliver a webhook."""

    delivery_id: UUID
    event: Event
    attempt: int
    state: Literal["waiting", "sending", "delivered", "failed", "given_up"]
    status_code: int | None = None
    at: datetime
    detail: str | None = None


class DeliveryPage(Message):
    """The delivery log of a job's webhook, newest first."""

    items: tuple[Delivery, ...]


class FileEntry(Message):
    """One file of a job that is completed or needs review."""

    name: str
    size_bytes: int
    sha256: str | None = None
    href: str


class FileList(Message):
    """The files of a job that is completed or needs review."""

    items: tuple[FileEntry, ...]


def _outcome_as_written(told: object) -> object:
    """Read an outcome as the JSON that it is, as a brief is."""
    return Outcome.model_validate_json(to_json(told), strict=True) if isinstance(told, dict) else told


OneOutcome = Annotated[Outcome, BeforeValidator(_outcome_as_written)]
Outcomes = OneOutcome | Annotated[list[OneOutcome], Field(min_length=1, max_length=200)]


class OutcomeReceipt(Message):
    """Outcomes that were accepted; the memory keeps them within seconds, or as soon as it can be reached."""

    job_id: UUID
    clip: int
    outcomes: int = Field(description="How many were accepted.")
    run_id: UUID = Field(description="The run in Prefect that brings them into the memory.")


class Online(Message):
    """Who answers, and with what."""

    status: Literal["online"] = "online"
    engine: str = Field(description="Who thinks for a job whose brief says `auto`.", examples=["offline"])
    memory: str
    version: str
    docs: str = "/docs"


class Readiness(Message):
    """Whether jobs can be accepted and will be run; one entry a thing looked at, "ok" or why not."""

    ready: bool
    checks: dict[str, str]


class Problem(BaseModel):
    """An error, RFC 9457. ``code`` is stable; ``detail`` says what happened, ``next_step`` what to do."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    next_step: str | None = None
    request_id: str | None = None
    errors: list[dict[str, Any]] | None = None
