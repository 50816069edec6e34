"""The real flow ``notify`` on a temporary Prefect server, and a receiver on loopback."""

import json
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes.web import Receiver, Reply, receiving
from standardwebhooks import Webhook

from omni.contracts import Production
from omni.notices.schedule import DELAYS, JITTER
from omni.record import Failure, labels_of
from omni.settings import Settings
from omni.wiring import Workshop

pytestmark = [pytest.mark.prefect]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DELIVERY = "msg_{}"
MADE = Production(output_dir=Path("/srv/out/talk"), shorts_count=3, strategy_id="s-1", source="talk.mp4", engines={})
ALL = ("job.completed", "job.failed", "job.cancelled")


@pytest.fixture(scope="module")
def deployment(prefect: str) -> UUID:
    """The deployment, with the parameter schema that is enforced on what orders a run."""
    from prefect.client.orchestration import get_client
    from prefect.utilities.callables import parameter_schema

    from flows.notify import notify

    with get_client(sync_client=True) as client:
        schema = parameter_schema(notify).model_dump_for_openapi()
        return client.create_deployment(
            client.create_flow(notify),
            "local",
            parameter_openapi_schema=schema,
            enforce_parameter_schema=True,
            tags=["notice"],
        )


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Set up what the flow is wired to; a receiver on this machine is trusted unless the test says otherwise."""

    def set_up(**settings: Any) -> None:
        told = {"home": tmp_path, "webhook_secret": SECRET, "webhook_hosts": ("127.0.0.1",)} | settings
        made = Workshop(Settings(**told))
        monkeypatch.setattr("flows.notify.wire", lambda: made)

    set_up()
    return set_up


@dataclass(frozen=True)
class Sent:
    """A delivery under test: the job, and what the log of its webhook says."""

    job_id: UUID
    delivery: str
    event: str
    deployment: UUID | None

    def order(self, attempt: int = 1) -> Any:
        from prefect.client.orchestration import get_client

        assert self.deployment
        with get_client(sync_client=True) as client:
            return client.create_flow_run_from_deployment(
                self.deployment,
                parameters={
                    "job_id": str(self.job_id),
                    "event": self.event,
                    "delivery": self.delivery,
                    "attempt": attempt,
                },
                idempotency_key=f"{self.delivery}:{attempt}",
                tags=["notice", f"job:{self.job_id}"],
            )

    def runs(self) -> list[Any]:
        """Return the runs of the delivery log, first attempt first."""
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags

        chosen = FlowRunFilter(tags=FlowRunFilterTags(all_=["notice", f"job:{self.job_id}"]))
        with get_client(sync_client=True) as client:
            return sorted(client.read_flow_runs(flow_run_filter=chosen), key=lambda run: run.parameters["attempt"])


@pytest.fixture
def job(deployment: UUID) -> Callable[..., Sent]:
    """Make an ended job with a webhook."""

    def make(url: str, event: str = "job.completed", events: tuple[str, ...] = ALL, **record: Any) -> Sent:
        from prefect import flow
        from prefect.client.orchestration import get_client
        from prefect.states import Completed

        @flow(name="produce")
        def produce(video: str) -> None:
            """Stand in for the job's flow."""

        fields = {"result": MADE, "webhook": json.dumps({"url": url, "events": events})} | record
        with get_client(sync_client=True) as client:
            run = client.create_flow_run(produce, parameters={"video": "/srv/media/talk.mp4"})
            client.set_flow_run_state(run.id, Completed(), force=True)
            client.update_flow_run_labels(run.id, labels_of(**fields))
        return Sent(run.id, DELIVERY.format(uuid4().hex), event, deployment)

    return make


def run(order: Any) -> Any:
    """Run an order as a worker does when its time has come, and return the run as it ended."""
    from prefect.client.orchestration import get_client
    from prefect.flow_engine import run_flow
    from prefect.states import Pending

    from flows.notify import notify

    with get_client(sync_client=True) as client:
        client.set_flow_run_state(order.id, Pending(), force=True)
        run_flow(notify, flow_run=client.read_flow_run(order.id), return_type="state")
        return client.read_flow_run(order.id)


def labels(ended: Any) -> dict[str, Any]:
    return {
        name.removeprefix("omni."): value
        for name, value in ended.labels.items()
        if name.startswith("omni.") and name not in {"omni.body", "omni.host", "omni.pid"}
    }


def delay(order: Any) -> float:
    return (order.state.state_details.scheduled_time - datetime.now(UTC)).total_seconds()


def verified(receiver: Receiver) -> list[Any]:
    return [Webhook(SECRET).verify(request.body, request.headers) for request in receiver.requests]


def test_a_receiver_that_fails_twice_gets_the_same_signed_message_a_third_time(
    job: Callable[..., Sent], workshop: Callable[..., None]
) -> None:
    with receiving(Reply(500), Reply(500), Reply(200)) as receiver:
        sent = job(receiver.url)
        ended = [run(sent.order())]
        waits: list[float] = []
        for _ in range(2):
            waits.append(delay(sent.runs()[-1]))
            ended.append(run(sent.runs()[-1]))

    messages = verified(receiver)
    assert [m["type"] for m in messages] == ["job.completed"] * 3
    assert messages[0]["data"]["shorts_count"] == 3
    assert {r.headers["webhook-id"] for r in receiver.requests} == {sent.delivery}
    assert len({r.body for r in receiver.requests}) == 1
    assert {r.headers["content-type"] for r in receiver.requests} == {"application/json"}

    assert [r.id for r in ended] == [r.id for r in sent.runs()]
    assert [(r.state.type.value, r.state.name) for r in ended] == [
        ("FAILED", "Undelivered"),
        ("FAILED", "Undelivered"),
        ("COMPLETED", "Delivered"),
    ]
    assert [labels(r) for r in ended] == [
        {"event": "job.completed", "delivery": sent.delivery, "attempt": n, "status_code": status, "detail": f"The receiver answered {status}."}
        for n, status in enumerate((500, 500, 200), 1)
    ]  # fmt: skip
    for planned, wait in zip(DELAYS, waits, strict=False):
        assert planned - 5 < wait <= planned * (1 + JITTER)
    assert "Again at" in ended[0].state.message


def test_the_next_attempt_says_what_the_first_said_though_the_job_runs_again(
    job: Callable[..., Sent], workshop: Callable[..., None]
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.states import Running

    failure = Failure(code="disk_full", cause="There is no space left.", next_step="Free some.")
    with receiving(Reply(500)) as receiver:
        sent = job(receiver.url, "job.failed", failure=failure, result=None)
        run(sent.order())
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(sent.job_id, Running(), force=True)
            client.update_flow_run_labels(sent.job_id, labels_of(failure=None))
        run(sent.runs()[-1])

    first, second = verified(receiver)
    assert first == second
    assert second["data"]["error"]["code"] == "disk_full"


def test_an_attempt_says_where_it_runs_and_is_claimed_while_it_sends(
    job: Callable[..., Sent], workshop: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from flows import notify as module
    from flows.claim import is_claimed

    alive: list[bool] = []
    send = module._send
    with receiving() as receiver:
        order = job(receiver.url).order()

        def watched(*arguments: Any) -> Any:
            alive.append(is_claimed(Settings(home=tmp_path), str(order.id)))
            return send(*arguments)

        monkeypatch.setattr(module, "_send", watched)
        ended = run(order)

    assert alive == [True]
    assert not is_claimed(Settings(home=tmp_path), str(order.id))
    assert ended.labels["omni.host"].startswith(socket.gethostname() + ":")
    assert ended.labels["omni.pid"] == os.getpid()


def test_a_receiver_that_is_gone_is_given_up_at_once(job: Callable[..., Sent], workshop: Callable[..., None]) -> None:
    with receiving(Reply(410)) as receiver:
        sent = job(receiver.url)
        ended = run(sent.order())

    assert (ended.state.type.value, ended.state.name) == ("FAILED", "GivenUp")
    assert labels(ended)["status_code"] == 410
    assert len(sent.runs()) == len(receiver.requests) == 1


def test_a_receiver_that_asks_for_rest_gets_it(job: Callable[..., Sent], workshop: Callable[..., None]) -> None:
    with receiving(Reply(429, {"retry-after": "7200"})) as receiver:
        sent = job(receiver.url)
        ended = run(sent.order())

    assert ended.state.name == "Undelivered"
    assert 7190 < delay(sent.runs()[-1]) <= 7200


def test_a_redirect_is_not_followed(job: Callable[..., Sent], workshop: Callable[..., None]) -> None:
    with receiving() as other, receiving(Reply(307, {"location": other.url})) as receiver:
        sent = job(receiver.url)
        ended = run(sent.order())

    assert labels(ended)["status_code"] == 307
    assert len(sent.runs()) == 2
    assert other.connections == 0


def test_a_receiver_that_hangs_is_left_and_tried_again(
    job: Callable[..., Sent], workshop: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omni.wiring.WEBHOOK_SECONDS", 0.3)
    with receiving(Reply(hangs=True)) as receiver:
        sent = job(receiver.url)
        ended = run(sent.order())

    assert ended.state.name == "Undelivered"
    assert "too long" in labels(ended)["detail"]
    assert "status_code" not in labels(ended)
    assert len(sent.runs()) == 2


def test_a_receiver_that_is_away_is_tried_again(job: Callable[..., Sent], workshop: Callable[..., None]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        sent = job(f"http://127.0.0.1:{free.getsockname()[1]}/hook")
        ended = run(sent.order())

    assert ended.state.name == "Undelivered"
    assert len(sent.runs()) == 2


def test_a_private_address_that_the_operator_does_not_trust_is_given_up_without_a_connection(
    job: Callable[..., Sent], workshop: Callable[..., None]
) -> None:
    workshop(webhook_hosts=())
    with receiving() as receiver:
        jobs = [job(receiver.url), job("https://127.0.0.1/")]
        ended = [run(sent.order()) for sent in jobs]

    assert [e.state.name for e in ended] == ["GivenUp"] * 2
    assert all("may not be used" in labels(e)["detail"] for e in ended)
    assert [len(sent.runs()) for sent in jobs] == [1] * 2
    assert receiver.connections == 0


def test_after_the_last_attempt_nothing_more_is_planned(
    job: Callable[..., Sent], workshop: Callable[..., None]
) -> None:
    with receiving(Reply(503)) as receiver:
        sent = job(receiver.url)
        ended = run(sent.order(attempt=len(DELAYS) + 1))

    assert ended.state.name == "GivenUp"
    assert len(sent.runs()) == 1


def test_an_attempt_that_died_before_it_was_recorded_sends_the_same_message_again_and_orders_one_successor(
    job: Callable[..., Sent], workshop: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import notify as module

    class Died(BaseException):
        """Nothing of the flow catches it: the process is gone."""

    def die(*_: Any) -> None:
        raise Died

    with receiving(Reply(500), Reply(500), Reply(500)) as receiver:
        sent = job(receiver.url)
        order = sent.order()
        with monkeypatch.context() as patch:
            patch.setattr(module, "_record", die)
            with pytest.raises(Died):
                run(order)
        run(order)
        run(order)

    assert len({(r.headers["webhook-id"], r.body) for r in receiver.requests}) == 1
    assert len(receiver.requests) == 3
    assert len(sent.runs()) == 2


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"webhook": ""}, "no webhook"),
        ({"webhook": "{"}, "no webhook"),
        ({"events": ("job.failed",)}, "doesn't ask for job.completed"),
    ],
)
def test_a_job_that_asked_for_no_such_message_is_told_to_nobody(
    how: dict[str, Any], reason: str, job: Callable[..., Sent], workshop: Callable[..., None]
) -> None:
    with receiving() as receiver:
        ended = run(job(receiver.url, **how).order())

    assert ended.state.name == "GivenUp"
    assert reason in ended.state.message
    assert receiver.connections == 0


def test_a_job_that_was_deleted_is_told_to_nobody(job: Callable[..., Sent], workshop: Callable[..., None]) -> None:
    from prefect.client.orchestration import get_client

    with receiving() as receiver:
        sent = job(receiver.url)
        with get_client(sync_client=True) as client:
            client.delete_flow_run(sent.job_id)
        ended = run(sent.order())

    assert ended.state.name == "GivenUp"
    assert "deleted" in labels(ended)["detail"]
    assert receiver.connections == 0


def test_with_a_damaged_secret_nothing_is_sent_unsigned_and_a_later_attempt_is_planned(
    job: Callable[..., Sent], workshop: Callable[..., None]
) -> None:
    workshop(webhook_secret="whsec_hunter2")
    with receiving() as receiver:
        sent = job(receiver.url)
        ended = run(sent.order())

    assert ended.state.name == "Undelivered"
    assert "OMNI_WEBHOOK_SECRET" in labels(ended)["detail"]
    assert "hunter2" not in str(ended)
    assert len(sent.runs()) == 2
    assert receiver.connections == 0


def test_a_prefect_server_that_is_away_for_a_moment_loses_no_attempt(
    job: Callable[..., Sent], workshop: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.client.orchestration import get_client

    from flows import patience

    monkeypatch.setattr(patience, "SECONDS_BETWEEN_TRIES", 0.0)
    calls = 0

    def flaky(*, sync_client: bool) -> Any:
        nonlocal calls
        calls += 1
        if calls % 2:
            raise ConnectionError
        return get_client(sync_client=True)

    monkeypatch.setattr(patience, "get_client", flaky)
    with receiving(Reply(500)) as receiver:
        sent = job(receiver.url)
        ended = run(sent.order())

    assert ended.state.name == "Undelivered"
    assert len(sent.runs()) == 2
    assert len(receiver.requests) == 1


def test_a_run_of_no_deployment_sends_but_plans_nothing_and_says_so(
    job: Callable[..., Sent], workshop: Callable[..., None]
) -> None:
    from flows.notify import notify

    with receiving(Reply(500), Reply(200)) as receiver:
        sent = job(receiver.url)
        state = notify(sent.job_id, "job.completed", sent.delivery, return_state=True)
        again = notify(sent.job_id, "job.completed", sent.delivery, 2, return_state=True)

    assert (state.name, again.name) == ("Undelivered", "Delivered")
    assert "belongs to no deployment" in state.message
    assert sent.runs() == []


def test_a_failed_attempt_leaves_no_trace_of_an_unexpected_exception_in_its_log(
    job: Callable[..., Sent], workshop: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.exceptions import FailedRun
    from prefect.flow_engine import run_flow
    from prefect.logging.loggers import flow_run_logger
    from prefect.states import Pending

    from flows.notify import notify

    logger = logging.getLogger("prefect.flow_runs")
    logger.addHandler(caplog.handler)
    try:
        with receiving(Reply(500)) as receiver, get_client(sync_client=True) as client:
            order = job(receiver.url).order()
            client.set_flow_run_state(order.id, Pending(), force=True)
            order = client.read_flow_run(order.id)
            with pytest.raises(FailedRun, match="answered 500"):
                run_flow(notify, flow_run=order, error_logger=flow_run_logger(order))
    finally:
        logger.removeHandler(caplog.handler)

    assert "Finished in state Undelivered" in caplog.text
    assert [r.message for r in caplog.records if r.exc_info or r.levelno >= logging.ERROR] == []


def test_no_secret_of_address_or_signature_is_logged_or_kept_in_the_log_of_deliveries(
    job: Callable[..., Sent], workshop: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with receiving(Reply(500)) as receiver:
        sent = job(receiver.url)
        ended = run(sent.order())

    told = caplog.text + str([r.model_dump() for r in sent.runs()]) + str(ended)
    assert "s3cr3t" not in told
    assert SECRET.removeprefix("whsec_") not in told
    assert receiver.requests[0].path.startswith("/hooks/s3cr3t-path")


@pytest.mark.parametrize(
    "wrong",
    [{"attempt": 0}, {"event": "job.exploded"}, {"delivery": "msg_1\r\nx-evil: 1"}, {"delivery": "a.b"}, {"job_id": "x"}],
)  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused_by_the_flow(wrong: dict[str, Any]) -> None:
    from prefect.exceptions import ParameterTypeError

    from flows.notify import notify

    with pytest.raises(ParameterTypeError):
        notify.validate_parameters({"job_id": str(uuid4()), "event": "job.failed", "delivery": "msg_1"} | wrong)
