"""The frame round a run: one process at a time, a record from beginning to end, no child process that outlives it."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from prefect.exceptions import Abort
from prefect.runtime import deployment, flow_run

from flows.claim import hold, place
from flows.ledger import Ledger
from flows.people import heard, wait
from omni.addresses import redacted
from omni.contracts import Analysis, Approval, Brief, Charge, Estimate, Production, Source, Transcript
from omni.errors import BriefUnusable, JobHeldElsewhere
from omni.packaging.summary import estimate_page
from omni.record import Status, failure_of, planned
from omni.release import Release, objection, release_of
from omni.review import Revision
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

    @property
    def key(self) -> str | None:
        """What tells this job from every other; ``None`` without Prefect."""
        return self.id if self.ledger else None

    def release(self, found: Analysis) -> Release:
        """Return what is made of the moments that were found, by what people said until now."""
        if self.ledger is None:
            return release_of(self.brief, Revision(), found.clips)
        record = self.ledger.record
        warnings = objection(record, found.clips)
        revision = Revision() if warnings else record.revision
        if self.brief.approval is Approval.CLIPS and not warnings:
            revision = heard(UUID(self.id), revision, found.clips)
        self.ledger.conclude(revision=revision)
        return release_of(self.brief, revision, found.clips, warnings)

    def chosen(self, analysis: Analysis, release: Release) -> None:
        """Tell which clips will be rendered, and which won't."""
        if self.ledger:
            dropped = {clip.number for clip in analysis.clips} - release.clips
            self.ledger.tell(clips=planned(analysis.clips, dropped))

    def estimate(self, source: Source) -> Estimate:
        """Record what the job would cost, which is all that a dry run does; nothing is asked of a model."""
        told = wire().estimate(source, self.brief)
        show_summary(estimate_page(told, source.path.name))
        if self.ledger:
            warnings = (*source.warnings, *told.warnings)
            self.ledger.conclude(estimate=told, warnings=warnings, progress=1.0, failure=None)
        return told

    def ask(self, drafts: Production, analysis: Analysis, release: Release) -> None:
        """Show drafts to people and wait for what they say; the run ends here, and begins anew when they have."""
        if self.ledger is None:
            raise _unattended()
        told = {"result": drafts, "stale": False, "warnings": drafts.warnings, "made": release.revision}
        self.ledger.conclude(**told, reached=Status.NEEDS_REVIEW, progress=1.0, recoveries=0)
        wait(clip for clip in analysis.clips if release.revision.decision_on(clip.number) is None)

    def finish(self, production: Production, release: Release) -> Production:
        """Record the result before the run may call itself completed."""
        if self.ledger:
            told = {"result": production, "stale": False, "warnings": production.warnings, "made": release.revision}
            self.ledger.conclude(**told, progress=1.0, failure=None)
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
    if brief.approval is not Approval.NONE and deployment.get_id() is None:
        raise _unattended()
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
        ledger.introduce(host=place(wire().settings), pid=os.getpid(), failure=None, stale=True, estimate=None)
        wire().account.open(wire().budget(brief), ledger.charges, ledger.book)
        try:
            with wire().guard():
                yield Job(run_id, brief, ledger)
        except Exception as error:  # not a cancellation, which is no Exception
            ledger.conclude(failure=failure_of(error, ledger.stage))
            raise
        finally:
            tally().leave(ledger)


def _unattended() -> BriefUnusable:
    return BriefUnusable(
        field="approval",
        reason="a run of its own can't wait for people; `omni serve` and `omni submit` make a job that can",
    )


def _claim(run_id: str) -> None:
    try:
        hold(wire().settings, run_id)
    except JobHeldElsewhere as error:
        raise Abort(error.cause) from error
