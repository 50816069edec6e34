"""What nobody else notices: runs whose process is dead, ends that were not told, files that nobody wants any more.

Run as ``python -m deployments.stack.reconciling [--host-only]``: once in a deployment, and host-only beside each worker.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import AwaitingRetry, Cancelled, Crashed, Running

from deployments.door.uploads import prune
from deployments.reviewing import Patience
from deployments.stack.attending import attend
from deployments.stack.leftovers import sweep
from deployments.stack.notices import hand_over
from deployments.stack.teaching import teach
from deployments.states import RECOVERIES, RECOVERY_SECONDS
from flows.claim import is_claimed, place, while_free
from omni.errors import OmniError
from omni.record import JobRecord, labels_of, record_of
from omni.settings import Settings

LOOK_SECONDS = 3.0
LOOKS_BETWEEN = 10
"""Every so many looks a job that waits for people is read with all that was said of it, which is two questions: each has its
turn, so that a tenth of them is asked about at a look."""
SURE_SECONDS = 6.0
"""A run is dead when two looks this far apart find no process: its worker reports a death within two seconds."""
START_SECONDS = 45.0
"""A process that a worker started has claimed its run by then; 2–12 s were seen on two busy cores. One that is even
slower finds the claim of its successor, and leaves."""
SILENT = "Its heartbeat stopped"
"""How the watch for dead runs begins its message (deployments/stack/registering.py)."""
LOST_SECONDS = 300.0
"""A start that no machine claims is lost."""
WIND_DOWN_SECONDS = 15.0
"""A cancelled run has killed its FFmpeg and ended by then (3–5 s, FACTS.md)."""
TELL_WITHIN = timedelta(days=3)
"""So long after its end a job is still told of, where that couldn't be done before."""
TIDY_SECONDS = 600.0
KEPT_CLAIM_DAYS = 30
PAGE = 200
"""The most that Prefect answers with at a time."""
LIVE = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
FAILURES = (StateType.FAILED, StateType.CANCELLED, StateType.CRASHED)
ENDS = (StateType.COMPLETED, *FAILURES)
Telling = Callable[[SyncPrefectClient, FlowRun], None]

log = logging.getLogger("omni.reconciler")


class Action(StrEnum):
    """What to do with a run."""

    LEAVE = "leave"
    WATCH = "watch"
    """Look again: it may be dead."""
    RESUME = "resume"
    GIVE_UP = "give up"
    CANCEL = "cancel"
    KILL = "kill"
    REVIVE = "revive"
    """It was called dead while the server was away, and is alive."""


@dataclass(frozen=True)
class Findings:
    """What is known of a run that may be dead. ``claimed``: its process is alive; None: on another machine."""

    kind: StateType
    age: float
    claimed: bool | None
    suspected: float
    """Seconds since it first looked dead."""
    recoveries: int


def decide(run: Findings) -> Action:  # noqa: PLR0911  # one answer a case
    """Return what to do with a run; pure."""
    if run.kind is StateType.CANCELLING:
        if run.claimed:
            return Action.KILL if run.age > WIND_DOWN_SECONDS else Action.LEAVE
        return _once_sure(run, Action.CANCEL)
    if run.claimed:
        return _once_sure(run, Action.REVIVE) if run.kind is StateType.CRASHED else Action.LEAVE
    again = Action.RESUME if run.recoveries < RECOVERIES else Action.GIVE_UP
    if run.kind is StateType.CRASHED:
        if run.age < SURE_SECONDS:
            return Action.WATCH  # a worker reports a death twice: the second report would crash what was resumed
        return Action.RESUME if run.recoveries < RECOVERIES and run.age < RECOVERY_SECONDS else Action.LEAVE
    if run.kind is StateType.RUNNING:
        return _once_sure(run, again)
    if run.kind is StateType.PENDING:
        return again if run.age > (START_SECONDS if run.claimed is False else LOST_SECONDS) else Action.LEAVE
    return Action.LEAVE


def _once_sure(run: Findings, action: Action) -> Action:
    if run.claimed is None:
        return Action.LEAVE  # its own machine looks after it; a machine that is gone is found by its heartbeat
    return action if run.suspected >= SURE_SECONDS and run.age >= SURE_SECONDS else Action.WATCH


def was_waiting(run: FlowRun, record: JobRecord) -> bool:
    """Whether a run had no process yet when the watch missed its heartbeat: events are lost with a killed server."""
    message = run.state.message if run.state else None
    return record.pid == 0 and (message or "").startswith(SILENT)


def is_turn_of(run_id: UUID, look: int) -> bool:
    """Whether a job that waits for people is looked at closely this time; pure."""
    return run_id.int % LOOKS_BETWEEN == look % LOOKS_BETWEEN


def is_process_of(run_id: UUID, pid: int) -> bool:
    """Whether this process works for that run: the number of a dead one may be another's by now."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return pid > 1 and not Path("/proc/self/environ").exists()  # no Linux: the record has to do
    return f"PREFECT__FLOW_RUN_ID={run_id}".encode() in environment.split(b"\0")


class Reconciler:
    """Looks again and again; everything it does may be done twice without harm."""

    def __init__(self, settings: Settings, *, host_only: bool) -> None:
        self._settings = settings
        self._host_only = host_only
        self._terms = Patience.of(settings)
        self._host = place(settings)
        self._suspects: dict[UUID, float] = {}
        self._told_until: datetime | None = None
        self._troubles = set[tuple[UUID, str]]()
        self._tidied = 0.0
        self._looks = 0

    def look(self) -> None:
        """Look once at everything."""
        with get_client(sync_client=True) as client:
            kinds = LIVE if self._host_only else (*LIVE, StateType.CRASHED)
            runs = _runs(client, kinds)
            for run in runs:
                self._settle(client, run)
            self._suspects = {k: v for k, v in self._suspects.items() if k in {run.id for run in runs}}
            if not self._host_only:
                self._looks += 1
                for run in _runs(client, (StateType.PAUSED,)):
                    self._told(hand_over, client, run)
                    attend(client, run, self._terms, closely=is_turn_of(run.id, self._looks))
                self._tell_of_ends(client)
                if time.monotonic() - self._tidied > TIDY_SECONDS or not self._tidied:
                    self._tidied = time.monotonic()
                    self._tidy(client)

    def _settle(self, client: SyncPrefectClient, run: FlowRun) -> None:
        record = record_of(run.labels)
        action = decide(self._findings(run, record))
        if action is Action.LEAVE:
            self._suspects.pop(run.id, None)
        elif action is Action.WATCH:
            self._suspects.setdefault(run.id, time.monotonic())
        else:
            self._act_alone(client, run, action)

    def _findings(self, run: FlowRun, record: JobRecord) -> Findings:
        assert run.state is not None  # noqa: S101  # the filter asks for its type
        age = (datetime.now(UTC) - run.state.timestamp).total_seconds()
        if record.pid:
            here = record.host == self._host
        else:  # no process has introduced itself: it may be starting on another machine
            here = not self._host_only and (run.state.type is StateType.CANCELLING or age > START_SECONDS)
        claimed = is_claimed(self._settings, str(run.id))
        since = self._suspects.get(run.id)
        return Findings(
            kind=run.state.type,
            age=age,
            claimed=claimed if here or claimed else None,  # free here says nothing of another machine
            suspected=time.monotonic() - since if since else 0.0,
            recoveries=record.recoveries,
        )

    def _act_alone(self, client: SyncPrefectClient, run: FlowRun, action: Action) -> None:
        """Act on what was seen, if it still is so: what is dead can't come to life meanwhile, for we hold its claim."""
        with ExitStack() as held:
            is_dead = action not in {Action.KILL, Action.REVIVE}
            if is_dead and not held.enter_context(while_free(self._settings, str(run.id))):
                return
            fresh = client.read_flow_run(run.id)
            if fresh.state_id != run.state_id:
                return
            record = record_of(fresh.labels)
            log.warning("job %s is %s and its process %s: %s", run.id, run.state_name, record.pid, action.value)
            self._act(client, fresh, record, action)

    def _act(self, client: SyncPrefectClient, run: FlowRun, record: JobRecord, action: Action) -> None:
        if action is Action.RESUME:
            died = 0 if was_waiting(run, record) else 1
            client.update_flow_run_labels(run.id, labels_of(recoveries=record.recoveries + died, pid=0))
            words = "Its process died; it goes on from its cache."
            again = AwaitingRetry(scheduled_time=run.expected_start_time, message=words)
            client.set_flow_run_state(run.id, again)  # before the jobs that came later
        elif action is Action.GIVE_UP:
            client.set_flow_run_state(run.id, Crashed(message="Its process died again and again."))
        elif action is Action.REVIVE:
            client.set_flow_run_state(run.id, Running(name=record.reached.value))
        elif action is Action.CANCEL:
            client.set_flow_run_state(run.id, Cancelled(message="Its process had ended already."))
        elif action is Action.KILL and record.host == self._host and is_process_of(run.id, record.pid):
            with suppress(ProcessLookupError):
                os.kill(record.pid, signal.SIGKILL)

    def _tell_of_ends(self, client: SyncPrefectClient) -> None:
        """Hand over the webhooks of jobs that ended, and the verdicts on those that failed.

        Of three days at first, then of what is new; as long as one can't be told, of all since then, three days at most.
        """
        now = datetime.now(UTC)
        earliest = now - TELL_WITHIN
        since = max(self._told_until or earliest, earliest) - timedelta(minutes=5)
        told = [self._told(hand_over, client, run) for run in _ended(client, since, ENDS, tags=("video", "webhook"))]
        told += [self._told(teach, client, run) for run in _ended(client, since, FAILURES, tags=("video",))]
        if all(told):
            self._told_until = now

    def _told(self, tell: Telling, client: SyncPrefectClient, run: FlowRun) -> bool:
        """Whether there is nothing more to tell of a job; what keeps one from being told keeps no other, and is logged once."""
        try:
            tell(client, run)
        except httpx.TransportError:
            raise  # the server is away
        except Exception as error:  # whatever Prefect's client raises
            if (trouble := (run.id, str(error))) not in self._troubles:
                self._troubles.add(trouble)
                log.warning("job %s can't be told of yet: %s", run.id, error, exc_info=not isinstance(error, OmniError))
            return False
        return True

    def _tidy(self, client: SyncPrefectClient) -> None:
        waiting = _runs(client, (StateType.SCHEDULED, StateType.PAUSED, *LIVE, StateType.CRASHED))
        used = {str(run.parameters.get("video", "")).removeprefix("upload:") for run in waiting}
        prune(self._settings, frozenset(used))
        sweep(self._settings)
        before = time.time() - KEPT_CLAIM_DAYS * 86400
        for claim in (self._settings.home / "runs").glob("*.claim"):
            if claim.stat().st_mtime < before:
                claim.unlink(missing_ok=True)


def run(settings: Settings, *, host_only: bool, stop: threading.Event, ready: Path | None = None) -> None:
    """Look until told to stop; a server that is away is waited for. ``ready`` is touched after the first look."""
    reconciler = Reconciler(settings, host_only=host_only)
    while not stop.is_set():
        try:
            reconciler.look()
            if ready is not None:
                ready.parent.mkdir(parents=True, exist_ok=True)
                ready.touch()
                ready = None
        except Exception:  # whatever Prefect's client raises: the next look is due soon
            log.warning("this look failed", exc_info=True)
        stop.wait(LOOK_SECONDS)


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings, stop = Settings(), threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    host_only = "--host-only" in sys.argv
    ready = None if host_only else settings.home / "logs" / "reconciler.ready"
    run(settings, host_only=host_only, stop=stop, ready=ready)


def _runs(client: SyncPrefectClient, kinds: tuple[StateType, ...]) -> list[FlowRun]:
    """Return the jobs in these states; crashed ones as long as they may be resumed."""
    recent = datetime.now(UTC) - timedelta(seconds=RECOVERY_SECONDS)
    chosen = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(kinds))))
    found = _every(client, chosen, FlowRunSort.ID_DESC)
    return [r for r in found if r.state and (not r.state.is_crashed() or r.state.timestamp > recent)]


def _ended(
    client: SyncPrefectClient, since: datetime, kinds: tuple[StateType, ...], tags: tuple[str, ...]
) -> list[FlowRun]:
    """Return the jobs that ended so since then, newest first."""
    ended: dict[str, Any] = {"after_": since}
    chosen = FlowRunFilter(
        tags=FlowRunFilterTags(all_=list(tags)),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(kinds))),
        end_time=FlowRunFilterEndTime(**ended),
    )
    return _every(client, chosen, FlowRunSort.END_TIME_DESC)


def _every(client: SyncPrefectClient, chosen: FlowRunFilter, sort: FlowRunSort) -> list[FlowRun]:
    found: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(
            deployment_filter=_ours(), flow_run_filter=chosen, sort=sort, limit=PAGE, offset=len(found)
        )
        found += page
        if len(page) < PAGE:
            return found


def _ours() -> DeploymentFilter:
    """Jobs, the attempts to tell of their ends, and what the memory is told: all record their process and hold a claim."""
    kinds = ["video", "notice", "outcome"]
    return DeploymentFilter.model_validate({"name": {"any_": ["local"]}, "tags": {"any_": kinds}})


if __name__ == "__main__":
    main()
