"""The frame round a run: one process at a time, a record from beginning to end, no child process that outlives it."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from prefect.exceptions import Abort
from prefect.runtime import flow_run

from flows.claim import hold, place
from flows.ledger import Ledger
from omni.addresses import redacted
from omni.contracts import Analysis, Brief, Charge, Estimate, Production, Source, Transcript
from omni.errors import JobHeldElsewhere
from omni.packaging.summary import estimate_page
from omni.record import Status, failure_of, planned
from omni.wiring import wire
from tasks.artifacts import ProgressBar, show_summary
from tasks.progress import tally


@dataclass(frozen=True)
class Job:
    """The run as the flow sees it; without Prefect (``produce.fn`` in a test) nothing is recorded."""

    id: str
    brief: Brief
    ledger: Ledger | None

    @property
    def charges(self) -> tuple[Charge, ...]:
        """What was spent so far, by earlier attempts too."""
        return wire().account.charges

    def enter(self, status: Status) -> None:
        """Say which public status begins."""
        if self.ledger:
            self.ledger.enter(status)

    def heard(self, source: Source, transcript: Transcript) -> None:
        """Tell early what the user should know about the source."""
        if self.ledger:
            self.ledger.tell(warnings=(*source.warnings, *transcript.warnings))

    def chosen(self, analysis: Analysis) -> None:
        """Tell which clips will be rendered."""
        if self.ledger:
            self.ledger.tell(clips=planned(analysis.clips))

    def estimate(self, source: Source) -> Estimate:
        """Record what the job would cost, which is all that a dry run does; nothing is asked of a model."""
        told = wire().estimate(source, self.brief)
        show_summary(estimate_page(told, source.path.name))
        if self.ledger:
            warnings = (*source.warnings, *told.warnings)
            self.ledger.conclude(estimate=told, warnings=warnings, progress=1.0, failure=None)
        return told

    def finish(self, production: Production) -> Production:
        """Record the result before the run may call itself completed."""
        if self.ledger:
            self.ledger.conclude(result=production, warnings=production.warnings, progress=1.0, failure=None)
        return production


def run_name() -> str:
    """Return how a run is called in the Prefect UI and the logs: after its file, or the host of its address."""
    video = str(flow_run.get_parameters().get("video", ""))
    return f"produce {redacted(video) if '://' in video else Path(video).name}"


@contextmanager
def job(brief: Brief) -> Generator[Job]:
    """Yield the job, its account open. Whatever ends the run early, a cancellation too, kills its FFmpeg processes.

    Aborts, which leaves the run as it is, while another process of the same run works on this machine, and when such
    a one has brought the run to its end.
    """
    run_id = flow_run.get_id()
    if run_id is None:
        wire().account.open(wire().budget(brief))
        with wire().guard():
            yield Job("local", brief, None)
        return
    _claim(run_id)
    with Ledger(UUID(run_id), ProgressBar()) as ledger:
        if ledger.has_ended:
            raise Abort("An earlier process has brought this run to its end.")  # noqa: EM101, TRY003  # Prefect's signal
        tally().begin(ledger)
        ledger.introduce(host=place(wire().settings), pid=os.getpid(), failure=None, result=None, estimate=None)
        wire().account.open(wire().budget(brief), ledger.charges, ledger.book)
        try:
            with wire().guard():
                yield Job(run_id, brief, ledger)
        except Exception as error:  # not a cancellation, which is no Exception
            ledger.conclude(failure=failure_of(error, ledger.stage))
            raise
        finally:
            tally().leave(ledger)


def _claim(run_id: str) -> None:
    try:
        hold(wire().settings, run_id)
    except JobHeldElsewhere as error:
        raise Abort(error.cause) from error
