"""What a run writes about itself while it works: labels for the doors, a progress bar for the Prefect UI."""

import logging
import threading
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.states import Running

from flows.patience import patiently
from omni.contracts import Charge
from omni.progress import Moment
from omni.record import ClipState, JobRecord, Label, Status, labels_of, record_of, renewed
from tasks.artifacts import ProgressBar

SECONDS_BETWEEN_WRITES = 1.0
"""A write costs the server a transaction, and SQLite takes one at a time (FACTS.md)."""

log = logging.getLogger("omni.ledger")


class Ledger:
    """A listener to the job's progress; a context manager. A server that is away for a moment never fails a job.

    Written by a thread of its own: an encoder whose reports wait for a server stands still.
    """

    def __init__(self, run_id: UUID, bar: ProgressBar) -> None:
        self._run = run_id
        self._bar = bar
        self._record = JobRecord()
        self._pending: dict[str, Label] = {}
        self._moment: Moment | None = None
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._open = True
        self.has_ended = False
        """Whether the run had ended when this process came to it: an earlier one was still at work."""
        self._thread = threading.Thread(target=self._write_on, name="ledger", daemon=True)

    def __enter__(self) -> Self:
        self._record = self._before()
        if self._record.reached is Status.NEEDS_REVIEW:
            self.tell(**renewed(self._record))
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._open = False
            self._changed.notify()
        self._thread.join(timeout=5)

    def __call__(self, moment: Moment) -> None:
        """Hear of progress; the fraction told never goes below what an earlier process of this run told."""
        changes: dict[str, Any] = {"stage": moment.stage}
        if (whole := round(moment.overall, 3)) > self._record.progress:
            changes["progress"] = whole
        if moment.stage == "render" and self._record.clips:
            changes["clips"] = _clips(self._record.clips, moment)
        self._moment = moment
        self.tell(**changes)

    @property
    def stage(self) -> str:
        """The stage that was heard of last."""
        return self._record.stage

    @property
    def charges(self) -> tuple[Charge, ...]:
        """What the run has spent, its earlier attempts included."""
        return self._record.charges

    @property
    def record(self) -> JobRecord:
        """What is known of the run; while it works, nobody but itself says anything of it."""
        return self._record

    def tell(self, **changes: Any) -> None:
        """Record fields soon, at most one write a second; fields of :class:`omni.record.JobRecord`."""
        with self._changed:
            fresh = {name: value for name, value in changes.items() if getattr(self._record, name) != value}
            if not fresh:
                return
            self._record = self._record.model_copy(update=fresh)
            self._pending |= labels_of(**fresh)
            self._changed.notify()

    def enter(self, status: Status) -> None:
        """Record how far the run has come, then name its state after it: a death in between never takes a status back.

        Only from the flow's main thread: a late call on a finished run would wake it up (FACTS.md).
        """
        if status.rank > self._record.reached.rank:
            self.tell(reached=status, recoveries=0)
        try:
            with get_client(sync_client=True) as client:
                self._write(client)
                client.set_flow_run_state(self._run, Running(name=status.value))
        except Exception:  # whatever the client raises: the status is told again at the next stage
            log.warning("the status %s could not be recorded", status, exc_info=True)

    def introduce(self, **changes: Any) -> None:
        """Record at once, such as who does the work: the reconciler goes by it."""
        self.tell(**changes)
        try:
            with get_client(sync_client=True) as client:
                self._write(client)
        except Exception:
            log.warning("%s could not be recorded yet", ", ".join(changes), exc_info=True)

    def book(self, charges: tuple[Charge, ...]) -> None:
        """Record what was spent, at once: a budget must hold across a death. Heard from the threads that ask models."""
        self.introduce(charges=charges)

    def conclude(self, **changes: Any) -> None:
        """Record the last word and wait until it is written; raises OrchestratorFailed when it can't be."""
        self.tell(**changes)
        patiently(self._write)

    def _before(self) -> JobRecord:
        """Return what an earlier process of this run recorded: without it, status and progress would go back."""
        run = patiently(lambda client: client.read_flow_run(self._run))
        self.has_ended = run.state is not None and run.state.is_final() and not run.state.is_crashed()
        return record_of(run.labels)

    def _write_on(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or not self._open)
                if not self._open:
                    break
            try:
                with get_client(sync_client=True) as client:
                    self._write(client)
            except Exception:
                log.warning("the progress could not be recorded", exc_info=True)
            if self._moment is not None:
                self._bar(self._moment)
            with self._changed:
                self._changed.wait_for(lambda: not self._open, SECONDS_BETWEEN_WRITES)
        if self._moment is not None:  # the last word, such as 100 %
            self._bar(self._moment)

    def _write(self, client: SyncPrefectClient) -> None:
        with self._writing:
            with self._changed:
                changes, self._pending = self._pending, {}
            if not changes:
                return
            try:
                client.update_flow_run_labels(self._run, changes)
            except BaseException:
                with self._changed:
                    self._pending = changes | self._pending
                raise


def _clips(clips: tuple[ClipState, ...], moment: Moment) -> tuple[ClipState, ...]:
    """Return the clips with what is rendered of each."""
    return tuple(
        clip if clip.state == "dropped" else clip.model_copy(update=_standing(clip.number, moment)) for clip in clips
    )


def _standing(number: int, moment: Moment) -> dict[str, Any]:
    fraction = round(moment.parts.get(number, 0.0), 2)
    if number in moment.failed:
        return {"state": "failed", "progress": 0.0}
    if fraction >= 1:
        return {"state": "rendered", "progress": 1.0}
    return {"state": "rendering" if fraction else "planned", "progress": fraction}
