"""The run of a webhook's attempt as Prefect keeps it: what it sends, what came of it, which run follows."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from flows.claim import claimed, place
from flows.patience import patiently
from omni.errors import NoticeUnaddressed, OrchestratorFailed
from omni.notices.payload import Ending, payload
from omni.notices.subscription import Event, subscription_of
from omni.record import PREFIX, Label, record_of
from omni.settings import Settings


@dataclass(frozen=True)
class Letter:
    """What goes to whom."""

    url: str
    body: bytes


@dataclass(frozen=True)
class Dispatch:
    """One attempt to deliver; ``delivery`` is the webhook-id, the same for every attempt."""

    job_id: UUID
    event: Event
    delivery: str
    attempt: int
    run: FlowRun
    """The attempt's own run."""

    def letter(self, public_url: str | None) -> Letter:
        """Return the letter and keep it: an attempt says what the first one said, whatever the job does meanwhile.

        Raises NoticeUnaddressed.
        """
        try:
            job = patiently(lambda client: client.read_flow_run(self.job_id))
        except ObjectNotFound:
            raise NoticeUnaddressed(job=self.job_id, reason="it was deleted") from None
        record = record_of(job.labels)
        subscription = subscription_of(record.webhook)
        if subscription is None:
            raise NoticeUnaddressed(job=self.job_id, reason="it has no webhook")
        if self.event not in subscription.events:
            raise NoticeUnaddressed(job=self.job_id, reason=f"its webhook doesn't ask for {self.event}")
        kept = str(self.run.labels.get(f"{PREFIX}body", ""))
        body = kept.encode() or payload(self._ending(job), record, public_url)
        if not kept:
            self.record(body=body.decode())
        return Letter(subscription.url, body)

    def record(self, **facts: Label) -> None:
        """Write labels on the attempt's run: the delivery log is made of them."""
        labels = {PREFIX + name: value for name, value in facts.items()}
        patiently(lambda client: client.update_flow_run_labels(self.run.id, labels))

    def follow(self, letter: Letter | None, after_seconds: float) -> datetime | None:
        """Schedule the next attempt, once however often this is said; ``None`` when there is no deployment."""
        deployment = self.run.deployment_id
        if deployment is None:
            return None
        at, following = datetime.now(UTC) + timedelta(seconds=after_seconds), self.attempt + 1
        order: dict[str, Any] = {
            "parameters": {
                "job_id": str(self.job_id), "event": self.event, "delivery": self.delivery, "attempt": following,
            },
            "state": Scheduled(scheduled_time=at),
            "idempotency_key": f"{self.delivery}:{following}",
            "tags": ["notice", f"job:{self.job_id}"],
            "labels": {f"{PREFIX}body": letter.body.decode()} if letter else {},
        }  # fmt: skip
        try:
            run = patiently(lambda client: client.create_flow_run_from_deployment(deployment, **order))
        except ObjectNotFound:
            return None
        return run.expected_start_time or at

    def _ending(self, job: FlowRun) -> Ending:
        at = job.state.timestamp if job.state else datetime.now(UTC)
        return Ending(self.job_id, self.event, at, str(job.parameters.get("video", "")))


@contextmanager
def dispatch(settings: Settings, job_id: UUID, event: Event, delivery: str, attempt: int) -> Generator[Dispatch]:
    """Yield the attempt that the running flow run is, claimed on this machine: a dead one can be told from a live one.

    Raises JobHeldElsewhere while an earlier process of the same attempt lives.
    """
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise OrchestratorFailed(reason="an attempt is a flow run, and this is none")
    post = Dispatch(job_id, event, delivery, attempt, context.flow_run)
    with claimed(settings, str(post.run.id)):
        post.record(
            event=event, delivery=delivery, attempt=attempt, host=place(settings), pid=os.getpid()
        )  # fmt: skip
        yield post
