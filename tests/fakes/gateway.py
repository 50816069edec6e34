"""Prefect as the doors see it, in memory: the methods of `deployments.gateway.Gateway`, and its bad days."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from prefect.client.schemas.objects import FlowRun, FlowRunInput, State, StateType
from prefect.states import AwaitingRetry, Cancelled, Cancelling, Scheduled

from deployments.errors import DeploymentMissing, JobNotFound, OrchestratorUnavailable
from deployments.gateway import LEARN, NOTIFY, PRODUCE
from deployments.orders import Order, Page
from deployments.states import RETRIED, REVISED
from omni.outcomes import ClipOutcome
from omni.record import JobRecord, Label, Status, labels_of, record_of, renewed
from omni.review import Revision
from omni.statements import OPENING, Statement, as_said, key_of_new, opening

BEGUN = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def at_once() -> None:
    """Answer without giving way."""


@dataclass
class FakeGateway:
    """Runs in a dictionary. A test moves them with :meth:`enter` and :meth:`tell`, or lets :meth:`change` do it."""

    away: bool = False
    """Prefect's API doesn't answer."""
    registered: bool = True
    """The deployments are there."""
    online: bool = True
    """A worker is."""
    pause: Callable[[], Awaitable[None]] = field(default_factory=lambda: at_once)
    """What every call waits for before it answers."""
    stored: dict[UUID, FlowRun] = field(default_factory=dict[UUID, FlowRun])
    asked: Counter[str] = field(default_factory=Counter[str])

    def __post_init__(self) -> None:
        self._keys: dict[tuple[str, str], UUID] = {}
        self._states: dict[UUID, list[State[Any]]] = {}
        self._said: dict[UUID, list[FlowRunInput]] = {}
        self._changes: dict[UUID, list[Callable[[], object]]] = {}
        self._moments = (BEGUN + timedelta(milliseconds=count) for count in itertools.count())

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator["FakeGateway"]:
        """Stand in for `deployments.gateway.gateway`."""
        yield self

    def enter(self, job_id: UUID, state: State[Any], **told: Any) -> None:
        """Put a run into a state, and let it tell of itself what the record has."""
        run = self.stored[job_id]
        state = state.model_copy(update={"id": uuid4(), "timestamp": state.timestamp})  # a bare copy has no timestamp
        self._states[job_id].append(state)
        self.stored[job_id] = run.model_copy(
            update={
                "state": state,
                "state_id": state.id,
                "state_type": state.type,
                "state_name": state.name,
                "end_time": state.timestamp if state.is_final() else None,
                "updated": max(run.updated or state.timestamp, state.timestamp),
                "labels": run.labels | labels_of(**told),
            }
        )

    def tell(self, job_id: UUID, **told: Any) -> None:
        """Let a run tell of itself what the record has."""
        run = self.stored[job_id]
        self.stored[job_id] = run.model_copy(update={"labels": run.labels | labels_of(**told)})

    def change(self, job_id: UUID, *steps: Callable[[], object]) -> None:
        """Take one of these steps each time that the run is read."""
        self._changes[job_id] = list(steps)

    def notice(self, job_id: UUID, event: str, delivery: str, attempt: int = 1) -> FlowRun:
        """Order the delivery of a webhook, as a job does when it ends."""
        told = {"job_id": str(job_id), "event": event, "delivery": delivery, "attempt": attempt}
        tags = ["notice", f"job:{job_id}"]
        return self._create(NOTIFY, f"{delivery}:{attempt}", parameters=told, tags=tags, labels={})

    async def submit(self, order: Order) -> tuple[FlowRun, bool]:
        await self._answer("submit")
        submission = uuid4().hex
        labels = labels_of(owner=order.owner, request=order.request, submission=submission, webhook=order.webhook)
        tags = ["video", f"owner:{order.owner}", *(["webhook"] if order.webhook else [])]
        run = self._create(PRODUCE, order.key, parameters=order.parameters, tags=tags, labels=labels)
        await self.pause()
        return run, run.labels.get("omni.submission") != submission

    async def run(self, job_id: UUID) -> FlowRun:
        await self._answer("run")
        if steps := self._changes.get(job_id):
            steps.pop(0)()
        if job_id not in self.stored or self.stored[job_id].name != PRODUCE:
            raise JobNotFound(job=job_id)
        return self.stored[job_id].model_copy()

    async def history(self, run: FlowRun) -> Sequence[State[Any]]:
        await self._answer("history")
        return sorted(self._states.get(run.id, ()), key=lambda state: state.timestamp)

    async def runs(self, page: Page, limit: int, *, owner: str | None, kinds: Sequence[StateType]) -> list[FlowRun]:
        await self._answer("runs")
        found = [
            run
            for run in self._jobs(kinds, owner)
            if page.before is None or (run.expected_start_time and run.expected_start_time <= page.before)
        ]
        newest = sorted(found, key=lambda run: run.expected_start_time or BEGUN, reverse=True)
        return [run for run in newest[: limit + len(page.skip)] if run.id not in page.skip][:limit]

    async def count(self, kinds: Sequence[StateType], owner: str | None = None) -> int:
        await self._answer("count")
        return len(self._jobs(kinds, owner))

    async def ended(self, since: datetime) -> list[FlowRun]:
        await self._answer("ended")
        found = [run for run in self._jobs((), None) if run.end_time and run.end_time >= since]
        return sorted(found, key=lambda run: run.end_time or BEGUN, reverse=True)

    async def waiting(self, owner: str) -> int:
        await self._answer("waiting")
        return len(self._jobs((StateType.SCHEDULED, StateType.PENDING), owner))

    async def cancel(self, job_id: UUID) -> None:
        await self._answer("cancel")
        waits = self.stored[job_id].state_type in {StateType.SCHEDULED, StateType.PENDING, StateType.PAUSED}
        self.enter(job_id, Cancelled() if waits else Cancelling())

    async def retry(self, job_id: UUID, attempt: int) -> None:
        await self._answer("retry")
        fresh: dict[str, Any] = {"reached": Status.PENDING, "progress": 0.0, "recoveries": 0, "clips": ()}
        self.enter(job_id, AwaitingRetry(message=RETRIED), attempt=attempt, **fresh)

    async def revise(
        self,
        job_id: UUID,
        say: Callable[[FlowRun, JobRecord], Statement | None],
        is_due: Callable[[FlowRun, JobRecord], bool],
    ) -> Revision:
        await self._answer("revise")
        run, entries = self.stored[job_id], self._said.setdefault(job_id, [])
        record = as_said(record_of(run.labels), entries, job_id)
        if told := say(run, record):
            if before := opening(record, entries):
                entries.append(self._entry(OPENING, before))
            entries.append(self._entry(key_of_new(), told))
            self.tell(job_id, revision=as_said(record, entries, job_id).revision)
        run = self.stored[job_id]
        record, state = record_of(run.labels), run.state
        assert state is not None
        if is_due(run, record):
            self.tell(job_id, **(renewed(record) if state.is_final() else {}))
            self.enter(job_id, AwaitingRetry(message=REVISED))
        return record.revision

    async def delete(self, job_id: UUID) -> None:
        await self._answer("delete")
        del self.stored[job_id]
        self.stored = {key: run for key, run in self.stored.items() if f"job:{job_id}" not in run.tags}
        self._keys = {key: run_id for key, run_id in self._keys.items() if run_id in self.stored}

    async def notices(self, job_id: UUID) -> list[FlowRun]:
        await self._answer("notices")
        return self._beside(NOTIFY, job_id)

    async def outcomes(self, job_id: UUID) -> list[FlowRun]:
        await self._answer("outcomes")
        return self._beside(LEARN, job_id)

    async def replay(self, job_id: UUID, sent: FlowRun, attempt: int) -> FlowRun:
        await self._answer("replay")
        return self.notice(job_id, sent.parameters["event"], sent.parameters["delivery"], attempt)

    async def learn(self, job_id: UUID, outcomes: Sequence[ClipOutcome]) -> FlowRun:
        await self._answer("learn")
        told = [outcome.model_dump(mode="json") for outcome in outcomes]
        return self._create(
            LEARN, repr(told), parameters={"outcomes": told}, tags=["outcome", f"job:{job_id}"], labels={}
        )

    async def condition(self) -> dict[str, str]:
        self.asked["condition"] += 1
        if self.away:
            return {"prefect": OrchestratorUnavailable(reason="ConnectError").cause}
        if not self.registered:
            return {"prefect": "ok", "deployment": DeploymentMissing(name=PRODUCE).cause}
        return {"prefect": "ok", "deployment": "ok", "worker": "ok" if self.online else "no worker is online"}

    async def _answer(self, name: str) -> None:
        self.asked[name] += 1
        await self.pause()
        if self.away:
            raise OrchestratorUnavailable(reason="ConnectError")
        if not self.registered:
            raise DeploymentMissing(name=PRODUCE)

    def _create(
        self, name: str, key: str, *, parameters: dict[str, Any], tags: list[str], labels: dict[str, Label]
    ) -> FlowRun:
        """Create a run, or return the one that has this key: UNIQUE(flow, idempotency key)."""
        if (name, key) not in self._keys:
            at, run_id = next(self._moments), uuid4()
            self._keys[name, key] = run_id
            self._states[run_id] = []
            self.stored[run_id] = FlowRun(
                id=run_id,
                flow_id=uuid4(),
                name=name,
                parameters=parameters,
                tags=tags,
                labels=labels,
                idempotency_key=key,
            ).model_copy(update={"expected_start_time": at, "created": at, "updated": at})
            self.enter(run_id, Scheduled(scheduled_time=at))
        return self.stored[self._keys[name, key]].model_copy()

    def _entry(self, key: str, told: Statement) -> FlowRunInput:
        kept = FlowRunInput(flow_run_id=uuid4(), key=key, value=told.model_dump_json(exclude_defaults=True))
        return kept.model_copy(update={"created": next(self._moments)})

    def _beside(self, name: str, job_id: UUID) -> list[FlowRun]:
        found = [run for run in self.stored.values() if run.name == name and f"job:{job_id}" in run.tags]
        return sorted(found, key=lambda run: run.expected_start_time or BEGUN, reverse=True)

    def _jobs(self, kinds: Sequence[StateType], owner: str | None) -> list[FlowRun]:
        return [
            run
            for run in self.stored.values()
            if run.name == PRODUCE
            and (not kinds or run.state_type in kinds)
            and (owner is None or f"owner:{owner}" in run.tags)
        ]


async def give_way() -> None:
    """Let everybody else go first, once."""
    await asyncio.sleep(0)
