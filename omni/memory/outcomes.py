"""Outcomes as the memory keeps them: one record a clip, platform and day, and one a verdict."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from omni.outcomes import ClipOutcome
from omni.ports import Memory, MemoryRecord

KIND = "outcome"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def outcome_records(memory: Memory, told: Sequence[ClipOutcome]) -> tuple[MemoryRecord, ...]:
    """Return the records of outcomes, with the source that the memory knows their clips by; raises what reading it raises."""
    workspaces = sorted({each.workspace for each in told})
    clips = [record for workspace in workspaces for record in memory.records(workspace, "clip")]
    newest = {each.id: each for each in sorted(told, key=_told_at)}
    return bare_records(newest.values(), clips)


def newest_of(memory: Memory, records: Sequence[MemoryRecord]) -> tuple[MemoryRecord, ...]:
    """Return the records without outcomes of which the memory holds something that was told later; raises what reading it raises.

    Orders, jobs and what waited in the outbox can arrive in any order.
    """
    told = {record.id: record for record in records if record.kind == KIND}
    workspaces = sorted({record.workspace for record in told.values()})
    kept = [record for workspace in workspaces for record in memory.records(workspace, KIND) if record.id in told]
    late = {one.id for one in kept if _told_at(outcome_of(told[one.id])) < _told_at(outcome_of(one))}
    return tuple(record for record in records if record.id not in late)


def bare_records(told: Iterable[ClipOutcome], clips: Iterable[MemoryRecord] = ()) -> tuple[MemoryRecord, ...]:
    """Return the records of outcomes; the source of a clip that isn't among ``clips`` stays empty."""
    known = {clip.id: clip for clip in clips}
    return tuple(_record(each, known.get(each.clip_id)) for each in told)


def outcome_of(record: MemoryRecord) -> ClipOutcome:
    """Return the outcome of a record."""
    told = {name: value for name, value in record.payload.items() if name not in {"clip", "told_at"}}
    return ClipOutcome.model_validate(
        {
            "workspace": record.workspace,
            "strategy_id": record.strategy_id,
            "clip": record.payload["clip"],
            "outcome": told,
            "told_at": record.payload.get("told_at"),
        }
    )


def _record(told: ClipOutcome, clip: MemoryRecord | None) -> MemoryRecord:
    said = told.outcome.model_dump(mode="json", exclude_defaults=True)
    at = told.told_at.isoformat() if told.told_at else None
    return MemoryRecord(
        id=told.id,
        workspace=told.workspace,
        kind=KIND,
        strategy_id=told.strategy_id,
        source_sha256=clip.source_sha256 if clip else "",
        source_title=clip.source_title if clip else "",
        title=clip.title if clip else "",
        text=told.outcome.reason,
        span=clip.span if clip else None,
        payload={**said, "clip": told.clip, "told_at": at},
    )


def _told_at(told: ClipOutcome) -> datetime:
    at = told.told_at or _EARLIEST
    return at if at.tzinfo else at.replace(tzinfo=UTC)
