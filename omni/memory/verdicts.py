"""What people decided on a job's clips, as outcomes that the memory learns from."""

from collections.abc import Sequence
from datetime import UTC, datetime

from omni.memory.outcomes import outcome_records
from omni.outcomes import ClipOutcome, Outcome
from omni.ports import MemoryRecord
from omni.review import Decision, Revision


def verdict_records(records: Sequence[MemoryRecord], revision: Revision) -> tuple[MemoryRecord, ...]:
    """Return the verdicts of people on the clips among a job's records; a time-out's are nobody's opinion."""
    clips = {int(str(record.payload["number"])): record for record in records if record.kind == "clip"}
    told = [
        _outcome(clips[decision.clip], decision)
        for decision in revision.decisions
        if decision.by == "person" and decision.clip in clips
    ]
    return outcome_records(told, clips.values())


def _outcome(clip: MemoryRecord, decision: Decision) -> ClipOutcome:
    on = (decision.at or datetime.now(UTC)).date()
    said = Outcome(on=on, verdict=decision.verdict.value, reason=decision.reason)
    return ClipOutcome(
        workspace=clip.workspace, strategy_id=clip.strategy_id, clip=decision.clip, outcome=said, told_at=decision.at
    )
