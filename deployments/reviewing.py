"""What becomes of a job when people decide on its clips or edit them, and when nobody does; pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from deployments.errors import ClipNotFound, NotReviewable
from deployments.schemas import Job, Review, ReviewOrder
from omni.errors import NothingApproved
from omni.record import JobRecord, Status
from omni.review import ClipEdit, Decision, Revision, Verdict
from omni.settings import Settings
from omni.statements import Statement, after


@dataclass(frozen=True)
class Patience:
    """How long a job waits for people, and what is decided then."""

    hours: float
    then: Literal["approve", "reject", "cancel"]

    @classmethod
    def of(cls, settings: Settings) -> "Patience":
        """Return what this installation is set to."""
        return cls(settings.review_hours, settings.review_then)

    @property
    def verdict(self) -> Verdict | None:
        """What the time-out says of clips without a decision; ``None``: it cancels the job."""
        return {"approve": Verdict.APPROVED, "reject": Verdict.REJECTED}.get(self.then)

    def until(self, since: datetime) -> datetime | None:
        """Return when it ends for a job that waits since then; ``None``: never."""
        plain = datetime.fromtimestamp(since.timestamp(), UTC)  # a sum with Prefect's own (Pendulum's) has no zone
        return plain + timedelta(hours=self.hours) if self.hours else None

    def review(self, record: JobRecord, since: datetime) -> Review:
        """Return what a job waits for."""
        until = self.until(since)
        return Review(
            open=record.revision.open_among(clip.number for clip in record.clips),
            until=until,
            then=self.verdict if until else None,
        )


def news(job: Job, record: JobRecord, statement: Statement) -> Statement | None:
    """Return the statement if it says anything new, ``None`` if not; raises NotReviewable.

    What was said before is never refused, so that two people may say the same.
    """
    if _content(after(record.revision, statement)) == _content(record.revision):
        return None
    if not _is_reviewable(job):
        raise NotReviewable(status=job.status.value)
    return statement


def goes_on(job: Job, record: JobRecord, *, approval: bool) -> bool:
    """Whether a job makes something else of what was said than it had made before; ``approval``: only approved clips of it are made."""
    return _is_reviewable(job) and is_outdated(job.status, record, record.revision, approval=approval)


def is_outdated(status: Status, record: JobRecord, revision: Revision, *, approval: bool) -> bool:
    """Whether a job that waits or has ended made something else than this revision asks for."""
    made = record.made
    if status is Status.NEEDS_REVIEW:
        is_decided = not revision.open_among(clip.number for clip in record.clips)
        return is_decided or revision.seen != made.seen
    if status is not Status.COMPLETED:  # nothing was approved, and so nothing was made
        return bool(revision.approved)
    return revision.edits != made.edits or (approval and revision.approved != made.approved)


def _is_reviewable(job: Job) -> bool:
    """Whether people may decide now; a job of which nothing was approved may be thought over."""
    is_void = job.error is not None and job.error.code == NothingApproved.code
    return job.status in {Status.NEEDS_REVIEW, Status.COMPLETED} or is_void


def decided(record: JobRecord, order: ReviewOrder, at: datetime) -> Statement:
    """Return a person's verdicts; raises ClipNotFound."""
    _require(record, [told.clip for told in order.decisions])
    decisions = [Decision(clip=d.clip, verdict=d.verdict, reason=d.reason, at=at) for d in order.decisions]
    rest = [Decision(clip=clip.number, verdict=order.rest, at=at) for clip in record.clips] if order.rest else []
    return Statement(decisions=tuple(decisions), rest=tuple(rest))


def edited(record: JobRecord, edit: ClipEdit) -> Statement:
    """Return a person's edit; raises ClipNotFound."""
    _require(record, [edit.clip])
    return Statement(edit=edit)


def _require(record: JobRecord, clips: list[int]) -> None:
    known = [clip.number for clip in record.clips]
    if lacking := sorted(set(clips) - set(known)):
        raise ClipNotFound(clips=", ".join(map(str, lacking)), known=len(known))


def _content(revision: Revision) -> Revision:
    """Return what was said, without the moment at which it was: the same said again is nothing new."""
    return revision.model_copy(update={"decisions": tuple(one.content for one in revision.decisions)})
