"""What people decided on a job's clips, as outcomes that the memory learns from, whatever came of the job."""

from collections.abc import Sequence
from datetime import UTC, datetime

from omni.contracts import Analysis, Brief, Campaign, Source
from omni.memory.outcomes import UNMADE, outcome_records
from omni.memory.records import records_of
from omni.outcomes import ClipOutcome, Outcome
from omni.ports import MemoryRecord
from omni.review import Decision, Revision, Verdict


def verdict_records(records: Sequence[MemoryRecord], revision: Revision) -> tuple[MemoryRecord, ...]:
    """Return the verdicts of people on the clips among a job's records; a time-out's are nobody's opinion."""
    clips = {int(str(record.payload["number"])): record for record in records if record.kind == "clip"}
    told = [
        _outcome(clips[decision.clip], decision)
        for decision in revision.decisions
        if decision.by == "person" and decision.clip in clips
    ]
    return outcome_records(told, clips.values())


def drafted(source: Source, brief: Brief, analysis: Analysis, campaign: Campaign) -> tuple[MemoryRecord, ...]:
    """Return the clips of a job as they would be kept, before anybody has decided on them."""
    return tuple(record for record in records_of(source, brief, analysis, campaign) if record.kind == "clip")


def lessons_of(
    drafts: Sequence[MemoryRecord], revision: Revision
) -> tuple[tuple[ClipOutcome, ...], tuple[MemoryRecord, ...]]:
    """Return what is learned of a job that came to nothing: people's verdicts, and the clips that they are about.

    A clip that was approved and never made is kept without its moment: that is free for the next job.
    """
    clips = {int(str(draft.payload["number"])): draft for draft in drafts}
    told = [one for one in revision.decisions if one.by == "person" and one.clip in clips]
    outcomes = tuple(_outcome(clips[one.clip], one) for one in told)
    return outcomes, tuple(_unmade(clips[one.clip], one.verdict) for one in told)


def _unmade(draft: MemoryRecord, verdict: Verdict) -> MemoryRecord:
    span = None if verdict is Verdict.APPROVED else draft.span
    return draft.model_copy(
        update={"span": span, "payload": {**draft.payload, "decision": verdict.value, UNMADE: True}}
    )


def _outcome(clip: MemoryRecord, decision: Decision) -> ClipOutcome:
    on = (decision.at or datetime.now(UTC)).date()
    said = Outcome(on=on, verdict=decision.verdict.value, reason=decision.reason)
    return ClipOutcome(
        workspace=clip.workspace, strategy_id=clip.strategy_id, clip=decision.clip, outcome=said, told_at=decision.at
    )
