"""Outcomes as the memory keeps them: one record a clip, platform and day, and one a verdict."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from pydantic import ValidationError

from omni.outcomes import ClipOutcome, Outcome, clip_id
from omni.ports import Memory, MemoryRecord

KIND = "outcome"
UNMADE = "unmade"
"""What the payload of a clip says whose job came to nothing after people had judged it."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


def outcome_records(told: Iterable[ClipOutcome], clips: Iterable[MemoryRecord] = ()) -> tuple[MemoryRecord, ...]:
    """Return the records of outcomes; the source of a clip that isn't among ``clips`` stays empty."""
    known = {clip.id: clip for clip in clips}
    return tuple(_of_source(_record(each), known.get(each.clip_id)) for each in told)


def counting(memory: Memory, records: Sequence[MemoryRecord]) -> tuple[MemoryRecord, ...]:
    """Return the records that count now, with the source that the memory knows outcomes by; raises what reading it raises.

    Left out is an outcome that was told before something newer about the same thing, and an unmade clip that the memory
    knows as one that was made: they can arrive in any order.
    """
    told = [record for record in records if record.kind == KIND]
    if not told:
        return tuple(records)
    workspaces = sorted({record.workspace for record in told})
    kept = [record for workspace in workspaces for record in memory.records(workspace, KIND, "clip")]
    clips = {record.id: record for record in (*kept, *records) if record.kind == "clip"}
    before = {record.id: record for record in kept if record.kind == KIND}
    made = {record.id for record in kept if record.kind == "clip" and not record.payload.get(UNMADE)}
    newest = {record.id: record for record in sorted((*before.values(), *told), key=_told_at)}
    return tuple(
        _of_source(record, clips.get(_clip_id(record)), before.get(record.id)) if record.kind == KIND else record
        for record in records
        if (
            newest[record.id] is record
            if record.kind == KIND
            else not (record.payload.get(UNMADE) and record.id in made)
        )
    )


def outcome_of(record: MemoryRecord) -> ClipOutcome:
    """Return the outcome of a record; what a later version added to it is ignored. Raises ValidationError."""
    told = {name: value for name, value in record.payload.items() if name in Outcome.model_fields}
    return ClipOutcome.model_validate(
        {
            "workspace": record.workspace,
            "strategy_id": record.strategy_id,
            "clip": record.payload.get("clip"),
            "outcome": told,
            "told_at": record.payload.get("told_at"),
        }
    )


def readable(records: Iterable[MemoryRecord]) -> Iterator[ClipOutcome]:
    """Yield the outcomes of records; one that can't be read costs nobody the others."""
    for record in records:
        try:
            yield outcome_of(record)
        except ValidationError:
            _log.warning(
                "The memory holds an outcome that can't be read: %s of workspace %s", record.id, record.workspace
            )


def _record(told: ClipOutcome) -> MemoryRecord:
    said = told.outcome.model_dump(mode="json", exclude_defaults=True)
    at = told.told_at.isoformat() if told.told_at else None
    return MemoryRecord(
        id=told.id,
        workspace=told.workspace,
        kind=KIND,
        strategy_id=told.strategy_id,
        source_sha256="",
        source_title="",
        title="",
        text=told.outcome.reason,
        payload={**said, "clip": told.clip, "told_at": at},
    )


def _of_source(record: MemoryRecord, *known: MemoryRecord | None) -> MemoryRecord:
    """Return an outcome with the source of the first that has one, so that both are forgotten together."""
    for one in (record, *known):
        if one and one.source_sha256:
            told = {name: getattr(one, name) for name in ("source_sha256", "source_title", "title", "span")}
            return record.model_copy(update=told)
    return record


def _clip_id(record: MemoryRecord) -> str:
    number = record.payload.get("clip")
    try:
        return clip_id(record.strategy_id, number) if isinstance(number, int) else ""
    except ValueError:  # a strategy that is no UUID
        return ""


def _told_at(record: MemoryRecord) -> datetime:
    try:
        at = datetime.fromisoformat(str(record.payload.get("told_at")))
    except ValueError:
        return _EARLIEST
    return at if at.tzinfo else at.replace(tzinfo=UTC)
