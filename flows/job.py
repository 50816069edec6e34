"""The frame round a run: one process at a time, a record from beginning to end, no child process that outlives it."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from prefect.exceptions import Abort
from prefect.runtime import deployment, flow_run

from flows.claim import hold, place
from flows.ledger import Ledger
from flows.people import go_on, heard, heard_with_form, keep_drafts, unsay, wait
from omni.addresses import redacted
from omni.contracts import (
    Analysis,
    Approval,
    Brief,
    Charge,
    Dossier,
    Engine,
    Estimate,
    Production,
    Source,
    Transcript,
    Warnings,
)
from omni.errors import BriefUnusable, JobHeldElsewhere
from omni.packaging.summary import estimate_page
from omni.ports import MemoryRecord
from omni.record import Status, failure_of, planned, renewed
from omni.release import Release, objection, release_of
from omni.review import Revision
from omni.wiring import wire
from tasks.artifacts import ProgressBar, show_summary
from tasks.progress import tally

Thinker = Literal["analyst", "copywriter"]


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

    def steady(self, role: Thinker) -> Brief:
        """Return the brief for a role that thinks: where the offline engine made what people judge, it stays in later rounds.

        Else a model that answers again would change moments or posts under their decisions. Where none could answer, the
        brief stays as it is, for what was found by it is in the cache.
        """
        if not self._was_offline(role) or getattr(wire().models(self.brief), role) is None:
            return self.brief
        return self.brief.model_copy(update={role: Engine.OFFLINE})

    def steadied(self, dossier: Dossier) -> Dossier:
        """Return the dossier for whoever found the moments before."""
        return dossier.model_copy(update={"brief": self.steady("analyst")})

    def _was_offline(self, role: Thinker) -> bool:
        before = self.ledger.record.result if self.ledger else None
        return before is not None and before.engines.get(role, "").startswith("offline")

    @property
    def _stayed(self) -> Warnings:
        """Name the roles in which a model could answer now, and isn't asked."""
        models = wire().models(self.brief)
        able: tuple[tuple[Thinker, str | None], ...] = (("analyst", models.analyst), ("copywriter", models.copywriter))
        return tuple(
            f"The offline {role} made what was delivered before, so it stays for this job; a new job asks {model}."
            for role, model in able
            if model and self._was_offline(role)
        )

    def release(self, found: Analysis) -> Release:
        """Return what is made of the moments that were found, by what people said until now."""
        if self.ledger is None:
            return release_of(self.brief, Revision(), found.clips)
        run_id = UUID(self.id)
        asks = self.brief.approval is Approval.CLIPS
        said = heard_with_form(run_id, found.clips) if asks else heard(run_id).revision
        record = self.ledger.record.model_copy(update={"revision": said})
        warnings = objection(record, found.clips)
        if warnings:
            said = Revision()
            unsay(run_id)
        self.ledger.conclude(revision=said)
        return release_of(self.brief, said, found.clips, (*warnings, *self._stayed))

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

    def ask(self, drafts: Production, analysis: Analysis, release: Release, records: tuple[MemoryRecord, ...]) -> None:
        """Show drafts to people and wait for what they say; the run ends here, and begins anew when they have.

        ``records`` are the drafts as the memory would keep them.
        """
        if self.ledger is None:
            raise _unattended()
        keep_drafts(UUID(self.id), self.ledger.record.attempt, records)
        told = {"result": drafts, "stale": False, "warnings": drafts.warnings, "made": release.revision}
        self.ledger.conclude(**told, reached=Status.NEEDS_REVIEW, progress=1.0, recoveries=0)
        wait(clip for clip in analysis.clips if release.revision.decision_on(clip.number) is None)

    def confirm(self, release: Release) -> None:
        """Begin anew if people said something since the release: it came when the run had already read what they said."""
        if self.ledger is None:
            return
        now, made = heard(UUID(self.id)).revision, release.revision
        asks = self.brief.approval is not Approval.NONE
        if now.edits == made.edits and not (asks and now.approved != made.approved):
            return
        self.ledger.conclude(**renewed(self.ledger.record), revision=now)
        go_on(UUID(self.id))

    def finish(self, production: Production, release: Release) -> Production:
        """Record the result before the run may call itself completed."""
        self.confirm(release)
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
