"""The flow ``notify``: one attempt to tell a job's webhook how the job ended, and the plan for the next attempt."""

import logging
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.exceptions import FailedRun
from prefect.states import Completed, Failed
from pydantic import Field

from flows.dispatch import Dispatch, Letter, dispatch
from omni.errors import OmniError
from omni.notices.schedule import Delivered, TryAgain, Verdict, verdict
from omni.notices.signing import signed
from omni.notices.subscription import Event
from omni.ports import Answer
from omni.wiring import wire

DeliveryId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Attempt = Annotated[int, Field(ge=1)]


@flow(name="notify", flow_run_name="{event} of {job_id}, attempt {attempt}")
def notify(job_id: UUID, event: Event, delivery: DeliveryId, attempt: Attempt = 1) -> State[Any]:
    """Send a job's webhook once; a failed attempt orders the next one.

    Args:
        job_id: The job that ended.
        event: How it ended.
        delivery: The webhook-id; all attempts of a delivery have the same, so that a receiver can tell them from news.
        attempt: 1 is the first.

    """
    settings = wire().settings
    with dispatch(settings, job_id, event, delivery, attempt) as post:
        letter = None
        try:
            letter = post.letter(settings.public_url)
            answer = _send(letter, delivery)
        except OmniError as error:
            answer = error
        judged = verdict(answer, attempt, delivery)
        _record(post, answer, judged)
        return _end(post, letter, judged)


def _send(letter: Letter, delivery: str) -> Answer:
    workshop = wire()
    headers = signed(letter.body, delivery, workshop.webhook_secret, datetime.now(UTC))
    return workshop.messenger(letter.url, letter.body, headers)


def _record(post: Dispatch, answer: Answer | OmniError, judged: Verdict) -> None:
    if isinstance(answer, OmniError):
        post.record(detail=judged.reason)
    else:
        post.record(detail=judged.reason, status_code=answer.status)


def _end(post: Dispatch, letter: Letter | None, judged: Verdict) -> State[Any]:
    if isinstance(judged, Delivered):
        return Completed(name="Delivered", message=judged.reason)
    logging.getLogger("prefect.flow_runs").addFilter(_without_trace)
    if not isinstance(judged, TryAgain):
        return Failed(name="GivenUp", message=judged.reason)
    at = post.follow(letter, judged.after_seconds)
    plan = f"Again at {at:%Y-%m-%d %H:%M:%S} UTC." if at else "Not planned again: the run belongs to no deployment."
    return Failed(name="Undelivered", message=f"{judged.reason} {plan}")


def _without_trace(record: logging.LogRecord) -> bool:
    """Keep what is logged but the trace of a failed state that was returned: Prefect calls it unexpected."""
    return not (record.exc_info and isinstance(record.exc_info[1], FailedRun))
