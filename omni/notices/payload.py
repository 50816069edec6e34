"""What a webhook says: thin, so that what the door would refuse to show never leaves by the window."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from pydantic_core import to_json

from omni.notices.subscription import Event
from omni.record import Failure, JobRecord, Status

STATUS: dict[Event, Status] = {
    "job.completed": Status.COMPLETED,
    "job.failed": Status.FAILED,
    "job.cancelled": Status.CANCELLED,
    "job.needs_review": Status.NEEDS_REVIEW,
}
WITH_FILES = frozenset({"job.completed", "job.needs_review"})
LONGEST_TEXT = 1000
"""Characters of a text, at most six bytes each in JSON: four of them stay below the 20 KB of Standard Webhooks."""

_ROOT = r"(?:file://|(?<![\w./]))/(?!/)"
_ABSOLUTE_PATH = re.compile(_ROOT + r"(?:[^\s/'\"]+/)+([^\s/'\"]*)")
_UNEXPLAINED = Failure(
    code="internal",
    cause="The job ended before it could say why.",
    next_step="Ask the API for the job's status: it tells more.",
)


@dataclass(frozen=True)
class Ending:
    """How a job ended, beside what it recorded."""

    job_id: UUID
    event: Event
    at: datetime
    video: str
    """As it was submitted: a path, an address or an upload."""


def payload(ending: Ending, record: JobRecord, public_url: str | None) -> bytes:
    """Return the JSON to send, below 20 KB; its links are absolute where the door's public address is known."""
    video = _name(ending.video)
    result = record.result if ending.event in WITH_FILES and not record.stale else None
    data: dict[str, Any] = {
        "job_id": ending.job_id,
        "status": STATUS[ending.event],
        "video": video,
        "shorts_count": result.shorts_count if result else 0,
        "strategy_id": result.strategy_id if result else None,
        "error": _error(record.failure or _UNEXPLAINED, video) if ending.event == "job.failed" else None,
        "links": _links(ending, (public_url or "").rstrip("/"), has_files=result is not None),
    }
    if ending.event == "job.needs_review":
        data["open"] = record.revision.open_among(clip.number for clip in record.clips)
    if record.estimate is not None:  # nothing was made, and the receiver should know why
        data["dry_run"] = True
    return to_json({"type": ending.event, "timestamp": ending.at.astimezone(UTC), "data": data})


def _links(ending: Ending, door: str, *, has_files: bool) -> dict[str, str]:
    links = {"self": f"{door}/status/{ending.job_id}"}
    if has_files:
        links["files"] = f"{door}/jobs/{ending.job_id}/files"
    return links


def _error(failure: Failure, video: str) -> dict[str, Any]:
    return {
        "code": failure.code,
        "cause": _without_folders(failure.cause, video),
        "next_step": _without_folders(failure.next_step, video),
    }


def _name(video: str) -> str:
    """Return a file's name without its folder; an address may hold credentials and a signed query."""
    path = urlsplit(video).path if re.match(r"https?://", video, re.IGNORECASE) else video
    return _clean(path.rstrip("/").rpartition("/")[2])


def _without_folders(text: str, video: str) -> str:
    """Return a text without the server's folders: the video's own may hold blanks, the others are taken word by word."""
    if video:
        text = re.sub(rf"{_ROOT}(?:[^\n]*/)?{re.escape(video)}", lambda _: video, text)
    return _clean(_ABSOLUTE_PATH.sub(r"\1", text))


def _clean(text: str) -> str:
    """Return at most ``LONGEST_TEXT`` characters that UTF-8 has: names of files needn't be text."""
    return text[:LONGEST_TEXT].encode(errors="replace").decode()
