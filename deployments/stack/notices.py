"""The end of a job becomes a run of the deployment ``notify``; made again and again, it is one run."""

import hashlib

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound

from deployments.door.views import standing_of
from deployments.errors import DeploymentMissing
from omni.notices.subscription import subscription_of
from omni.record import Status, labels_of, record_of

NOTIFY = "notify/local"
EVENTS = {
    Status.NEEDS_REVIEW: "job.needs_review",
    Status.COMPLETED: "job.completed",
    Status.FAILED: "job.failed",
    Status.CANCELLED: "job.cancelled",
}


def hand_over(client: SyncPrefectClient, run: FlowRun) -> None:
    """Order the delivery of a job's webhook, once for each end and each review; a job that will be resumed hasn't ended.

    Raises DeploymentMissing; the job is not written down as told then.
    """
    record = record_of(run.labels)
    subscription = subscription_of(record.webhook)
    stands = standing_of(run.state, record)
    event = EVENTS.get(stands.status)
    if subscription is None or event is None or record.notified == str(run.state_id):
        return
    if event in subscription.events:
        if stands.failure and record.failure is None:  # a run that crashed couldn't say why
            client.update_flow_run_labels(run.id, labels_of(failure=stands.failure))
        delivery = delivery_id(run)
        try:
            deployment = client.read_deployment_by_name(NOTIFY)
        except ObjectNotFound as error:
            raise DeploymentMissing(name=NOTIFY) from error
        client.create_flow_run_from_deployment(
            deployment.id,
            parameters={"job_id": str(run.id), "event": event, "delivery": delivery, "attempt": 1},
            idempotency_key=f"{delivery}:1",
            tags=["notice", f"job:{run.id}"],
        )
    client.update_flow_run_labels(run.id, labels_of(notified=str(run.state_id)))


def delivery_id(run: FlowRun) -> str:
    """Return the webhook-id of this end of this job: the same however often it is handed over."""
    return f"msg_{hashlib.sha256(f'{run.id}:{run.state_id}'.encode()).hexdigest()[:32]}"
