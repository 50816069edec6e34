"""The only client of Prefect's API: submits, reads, cancels and retries the flow runs that are jobs."""

import asyncio
import hashlib
import itertools
import json
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterEndTime,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, FlowRunInput, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import SettingsContext
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES
from prefect.states import AwaitingRetry, Cancelling, Scheduled

from deployments.door.reading import Reader
from deployments.errors import DeploymentMissing, JobNotFound, OrchestratorUnavailable
from deployments.orders import Order, Page
from deployments.states import RETRIED, REVISED
from omni.outcomes import ClipOutcome
from omni.record import JobRecord, Label, labels_of, record_of, renewed
from omni.review import Revision
from omni.statements import MOST, OPENING, PREFIX, THERE, Statement, as_said, key_of_new, opening

PRODUCE, NOTIFY, LEARN = "produce/local", "notify/local", "learn/local"
POOLS = ("local", "notices")
DELAYS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds before asking again: SQLite answers 503 to a write that met another (FACTS.md); Prefect's own client
would wait for 2 s."""
COUNT_SECONDS = 2.0
PAGE = 200
"""Runs in one question: the most that Prefect gives."""
ANSWER_SECONDS = 15.0
"""A write may wait for SQLite for seconds; a server that says nothing for this long is away."""
TRIES = 5
"""How often the label of what was said is written anew while others say something: who speaks last writes it last."""
BUSY = frozenset({429, 500, 502, 503, 504})

T = TypeVar("T")
log = logging.getLogger("omni.gateway")


class Gateway:
    """Prefect, as the doors need it. Raises OrchestratorUnavailable when it doesn't answer."""

    def __init__(self, client: PrefectClient) -> None:
        self._client = client
        self._impatient = _without_retries()
        self._writes = asyncio.Lock()
        self._reader = Reader(lambda ids: self._ask(lambda: client.read_flow_runs(flow_run_filter=_with_ids(ids))))
        self._orders: dict[str, asyncio.Task[FlowRun]] = {}
        self._deployments: dict[str, UUID] = {}
        self._waiting: dict[str, tuple[float, int]] = {}
        self._histories: dict[UUID, tuple[UUID | None, Sequence[State[Any]]]] = {}

    async def submit(self, order: Order) -> tuple[FlowRun, bool]:
        """Create the job, or find the one that this key made; tell which. Raises DeploymentMissing.

        Posts of one key that meet are one order: a client that is impatient doesn't load Prefect.
        """
        submission = uuid4().hex
        placed = self._orders.get(order.key)
        if placed is None:
            placed = self._orders[order.key] = asyncio.create_task(self._place(order, submission))
            placed.add_done_callback(lambda _: self._orders.pop(order.key))
        run = await asyncio.shield(placed)
        return run, run.labels.get("omni.submission") != submission

    async def run(self, job_id: UUID) -> FlowRun:
        """Return the run of a job; raises JobNotFound for a run that isn't a job."""
        run = await self._reader.read(job_id)
        if run is None or run.deployment_id is None or run.deployment_id != await self._deployment(PRODUCE):
            raise JobNotFound(job=job_id)
        return run

    async def history(self, run: FlowRun) -> Sequence[State[Any]]:
        """Return every state that a run has been in, oldest first; kept until it changes."""
        known = self._histories.get(run.id)
        if known is None or known[0] != run.state_id:
            states = await self._ask(lambda: self._client.read_flow_run_states(run.id))
            known = (run.state_id, sorted(states, key=lambda state: state.timestamp))
            if len(self._histories) > 1000:
                self._histories.clear()
            self._histories[run.id] = known
        return known[1]

    async def runs(self, page: Page, limit: int, *, owner: str | None, kinds: Sequence[StateType]) -> list[FlowRun]:
        """Return jobs, newest first; of one owner, or of all when it is None."""
        chosen = FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[await self._deployment(PRODUCE)]),
            tags=FlowRunFilterTags(all_=[f"owner:{owner}"]) if owner else None,
            state=_of_types(kinds) if kinds else None,
            expected_start_time=FlowRunFilterExpectedStartTime(before_=page.before) if page.before else None,  # pyright: ignore[reportArgumentType]  # takes a datetime, declared as Prefect's own
        )
        found = await self._ask(
            lambda: self._client.read_flow_runs(
                flow_run_filter=chosen, sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=limit + len(page.skip)
            )
        )
        return [run for run in found if run.id not in page.skip][:limit]

    async def count(self, kinds: Sequence[StateType], owner: str | None = None) -> int:
        """Return how many jobs are in these states."""
        chosen = FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[await self._deployment(PRODUCE)]),
            tags=FlowRunFilterTags(all_=[f"owner:{owner}"]) if owner else None,
            state=_of_types(kinds),
        )
        return await self._ask(lambda: self._client.count_flow_runs(flow_run_filter=chosen))

    async def ended(self, since: datetime) -> list[FlowRun]:
        """Return every job that ended at or after a moment, newest end first."""
        chosen = FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[await self._deployment(PRODUCE)]),
            end_time=FlowRunFilterEndTime.model_validate({"after_": since}),
        )
        found: list[FlowRun] = []
        for offset in itertools.count(0, PAGE):
            page = await self._ask(
                lambda offset=offset: self._client.read_flow_runs(
                    flow_run_filter=chosen, sort=FlowRunSort.END_TIME_DESC, limit=PAGE, offset=offset
                )
            )
            found += page
            if len(page) < PAGE:
                break
        return found

    async def waiting(self, owner: str) -> int:
        """Return how many jobs of an owner wait for a worker; counted at most every two seconds."""
        known = self._waiting.get(owner)
        if known is None or time.monotonic() - known[0] > COUNT_SECONDS:
            known = (time.monotonic(), await self.count((StateType.SCHEDULED, StateType.PENDING), owner))
            self._waiting[owner] = known
        return known[1]

    async def cancel(self, job_id: UUID) -> None:
        """Ask for the end of a job; one that waits is cancelled at once, one that runs within seconds."""
        async with self._changing(job_id):
            await self._ask(lambda: self._client.set_flow_run_state(job_id, Cancelling()))

    async def retry(self, job_id: UUID, attempt: int) -> None:
        """Make an ended job run again under its id; finished stages come from the cache."""
        async with self._changing(job_id):
            run = await self._ask(lambda: self._client.read_flow_run(job_id))
            if run.state is None or not run.state.is_final():
                return  # another retry was first
            fresh = labels_of(**renewed(record_of(run.labels)) | {"attempt": attempt})
            await self._ask(lambda: self._client.update_flow_run_labels(job_id, fresh))
            await self._ask(lambda: self._client.set_flow_run_state(job_id, AwaitingRetry(message=RETRIED)))

    async def revise(
        self,
        job_id: UUID,
        say: Callable[[FlowRun, JobRecord], Statement | None],
        is_due: Callable[[FlowRun, JobRecord], bool],
    ) -> Revision:
        """Keep what ``say`` returns about the run as it stands; when ``is_due`` then, the job goes on. Return what stands.

        A statement is created, never changed, so that no process can take away another's; what ``say`` raises is
        raised, and nothing is kept.
        """
        async with self._changing(job_id):
            run, entries = await self._heard(job_id)
            record = as_said(record_of(run.labels), entries, job_id)
            if told := await asyncio.to_thread(say, run, record):
                if before := opening(record, entries):
                    await self._keep(job_id, OPENING, before)
                await self._keep(job_id, key_of_new(), told)
            run, record = await self._followed(job_id)
            if await asyncio.to_thread(is_due, run, record):
                assert run.state is not None  # noqa: S101  # the door creates runs with one
                # what ended begins its new round here, as a retry does; a run that waits begins it itself, in another process
                fresh = labels_of(**(renewed(record) if run.state.is_final() else {"pid": 0}))
                await self._ask(lambda: self._client.update_flow_run_labels(job_id, fresh))
                await self._ask(lambda: self._client.set_flow_run_state(job_id, AwaitingRetry(message=REVISED)))
            return record.revision

    async def delete(self, job_id: UUID) -> None:
        """Forget a job, and before it the runs beside it: they hold what was said in it, and what was told of it."""
        async with self._changing(job_id):
            while beside := await self._tagged(f"job:{job_id}", limit=PAGE):
                for run in beside:
                    with suppress(ObjectNotFound):
                        await self._ask(lambda run=run: self._client.delete_flow_run(run.id))
            await self._ask(lambda: self._client.delete_flow_run(job_id))

    async def notices(self, job_id: UUID) -> list[FlowRun]:
        """Return the attempts to deliver a job's webhook, newest first."""
        return await self._beside(job_id, "notice", limit=100)

    async def outcomes(self, job_id: UUID) -> list[FlowRun]:
        """Return the runs that told the memory what came of a job's clips, the newest first: the last 200."""
        return await self._beside(job_id, "outcome", limit=PAGE)

    async def replay(self, job_id: UUID, sent: FlowRun, attempt: int) -> FlowRun:
        """Order one attempt more of what was sent, in the same words; the same one however often it is ordered."""
        event, delivery = sent.parameters["event"], sent.parameters["delivery"]
        words: dict[str, Label] = {name: sent.labels[name] for name in ("omni.body",) if name in sent.labels}
        return await self._create(
            NOTIFY,
            parameters={"job_id": str(job_id), "event": event, "delivery": delivery, "attempt": attempt},
            idempotency_key=f"{delivery}:{attempt}",
            tags=["notice", f"job:{job_id}"],
            labels=words,
        )

    async def learn(self, job_id: UUID, outcomes: Sequence[ClipOutcome]) -> FlowRun:
        """Order that the memory is told what came of a job's clips; the same outcomes told at one moment are one run."""
        told = [outcome.model_dump(mode="json") for outcome in outcomes]
        return await self._create(
            LEARN,
            parameters={"outcomes": told},
            idempotency_key=hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
            tags=["outcome", f"job:{job_id}"],
        )

    async def condition(self) -> dict[str, str]:
        """Return what jobs need of Prefect: "ok", or why not."""
        try:
            await self._deployment(PRODUCE, fresh=True)
        except OrchestratorUnavailable as error:
            return {"prefect": error.cause}
        except DeploymentMissing as error:
            return {"prefect": "ok", "deployment": error.cause}
        try:
            workers = await self._ask(lambda: self._client.read_workers_for_work_pool(POOLS[0]))
        except ObjectNotFound:
            workers = []
        online = [w for w in workers if getattr(w, "status", None) is None or str(w.status).endswith("ONLINE")]
        return {"prefect": "ok", "deployment": "ok", "worker": "ok" if online else "no worker is online"}

    async def _beside(self, job_id: UUID, kind: str, *, limit: int) -> list[FlowRun]:
        return await self._tagged(kind, f"job:{job_id}", limit=limit)

    async def _tagged(self, *tags: str, limit: int) -> list[FlowRun]:
        """Return the runs with these tags, the newest first."""
        chosen = FlowRunFilter(tags=FlowRunFilterTags(all_=list(tags)))
        return await self._ask(
            lambda: self._client.read_flow_runs(
                flow_run_filter=chosen, sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=limit
            )
        )

    async def _heard(self, job_id: UUID) -> tuple[FlowRun, list[FlowRunInput]]:
        """Return a run, and what was said of it: in this order, for the label follows what was said."""
        run = await self._ask(lambda: self._client.read_flow_run(job_id))
        return run, await self._ask(lambda: self._client.filter_flow_run_input(job_id, PREFIX, MOST, set()))

    async def _keep(self, job_id: UUID, key: str, told: Statement) -> None:
        """Create a statement; one that is there was created by an attempt whose answer was lost, or by another door."""

        async def create() -> None:
            try:
                await self._client.create_flow_run_input(job_id, key, told.model_dump_json(exclude_defaults=True))
            except PrefectHTTPStatusError as error:
                if error.response.status_code != THERE:
                    raise

        await self._ask(create)

    async def _followed(self, job_id: UUID) -> tuple[FlowRun, JobRecord]:
        """Let the label follow what was said, again while others speak; return the run with all of it."""
        run, entries = await self._heard(job_id)
        for _ in range(TRIES):
            shown, record = record_of(run.labels), as_said(record_of(run.labels), entries, job_id)
            if record.revision == shown.revision:
                break
            labels = labels_of(revision=record.revision)
            await self._ask(lambda labels=labels: self._client.update_flow_run_labels(job_id, labels))
            run, entries = await self._heard(job_id)
        return run, as_said(record_of(run.labels), entries, job_id)

    async def _place(self, order: Order, submission: str) -> FlowRun:
        labels: dict[str, Label] = labels_of(
            owner=order.owner, request=order.request, submission=submission, webhook=order.webhook
        )
        tags = ["video", f"owner:{order.owner}", *(["webhook"] if order.webhook else [])]
        return await self._create(
            PRODUCE,
            parameters=order.parameters,
            idempotency_key=order.key,
            tags=tags,
            labels=labels,
        )

    async def _create(self, deployment: str, **what: Any) -> FlowRun:
        """Create a flow run, one at a time: SQLite takes one writer (FACTS.md), and Postgres is as fast this way."""
        for fresh in (False, True):
            target = await self._deployment(deployment, fresh=fresh)
            try:
                async with self._writes:
                    return await self._ask(
                        lambda target=target: self._client.create_flow_run_from_deployment(
                            target, state=Scheduled(), **what
                        )
                    )
            except ObjectNotFound:
                continue  # registered anew under another id
        raise DeploymentMissing(name=deployment)

    @asynccontextmanager
    async def _changing(self, job_id: UUID) -> AsyncGenerator[None]:
        """Change one run at a time; raises JobNotFound when it was deleted meanwhile."""
        async with self._writes:
            try:
                yield
            except ObjectNotFound as error:
                raise JobNotFound(job=job_id) from error
            finally:
                self._reader.forget(job_id)

    async def _deployment(self, name: str, *, fresh: bool = False) -> UUID:
        if fresh or name not in self._deployments:
            try:
                found = await self._ask(lambda: self._client.read_deployment_by_name(name))
            except ObjectNotFound as error:
                raise DeploymentMissing(name=name) from error
            self._deployments[name] = found.id
        return self._deployments[name]

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make one call, again while Prefect is only busy; a server that is away is told of within seconds."""
        for delay in (*DELAYS, None):
            try:
                with self._impatient.model_copy():
                    return await call()
            except (httpx.ConnectError, httpx.TimeoutException) as error:  # waited for long enough already
                raise OrchestratorUnavailable(reason=type(error).__name__) from error
            except (PrefectHTTPStatusError, httpx.TransportError) as error:
                if delay is None or _is_refusal(error):
                    raise OrchestratorUnavailable(reason=_reason(error)) from error
                await asyncio.sleep(delay)
        raise AssertionError


@asynccontextmanager
async def gateway() -> AsyncGenerator[Gateway]:
    """Open one client of the Prefect API that PREFECT_API_URL names, for as long as the door is open."""
    async with get_client(httpx_settings={"timeout": ANSWER_SECONDS}) as client:
        yield Gateway(client)


def _without_retries() -> SettingsContext:
    current = SettingsContext.get()
    assert current is not None  # noqa: S101  # Prefect sets it when it is imported
    settings = current.settings.copy_with_update(updates={PREFECT_CLIENT_MAX_RETRIES: 0})
    return SettingsContext(profile=current.profile, settings=settings)


def _is_refusal(error: Exception) -> bool:
    """Whether asking again is of no use: a wrong password, a server of another kind."""
    return isinstance(error, PrefectHTTPStatusError) and error.response.status_code not in BUSY


def _reason(error: Exception) -> str:
    if isinstance(error, PrefectHTTPStatusError):
        return f"it answered {error.response.status_code}"
    return type(error).__name__


def _with_ids(ids: Sequence[UUID]) -> FlowRunFilter:
    return FlowRunFilter.model_validate({"id": {"any_": list(ids)}})


def _of_types(kinds: Sequence[StateType]) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=list(kinds)))
