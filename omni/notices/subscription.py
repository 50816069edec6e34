"""What a job's submitter asked to be told, and where."""

from typing import Literal

from pydantic import ValidationError

from omni.contracts import Contract

Event = Literal["job.completed", "job.failed", "job.cancelled", "job.needs_review"]


class Subscription(Contract, extra="ignore"):
    """The part of a job's webhook that sending needs; the door checked the rest."""

    url: str
    events: tuple[str, ...]


def subscription_of(record: str) -> Subscription | None:
    """Return the webhook that a job's record holds as JSON, or ``None`` when there is none that can be read."""
    try:
        return Subscription.model_validate_json(record)
    except ValidationError:
        return None
