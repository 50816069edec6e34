"""What people say of a job, kept statement by statement: none is written over another, so that none can be lost."""

import logging
import secrets
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from pydantic import ValidationError

from omni.contracts import Contract
from omni.record import JobRecord
from omni.review import ClipEdit, Decision, Revision

PREFIX = "said-"
"""How the key of every statement begins, among all that is kept beside a run."""
OPENING = f"{PREFIX}0"
"""Key of what was said before statements were kept one by one (by an earlier version): there is one, and it comes first."""
MOST = 10_000
"""Statements read of a job."""
THERE = 409
"""What Prefect answers when an entry is created under a key that is taken."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger("omni.statements")


class Entry(Protocol):
    """A statement as Prefect keeps it: an input of the flow run, which can be created once and never changed."""

    @property
    def key(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def created(self) -> datetime | None: ...


class Statement(Contract):
    """What was said at once: by a person, by a form, by a time-out."""

    instead: Revision | None = None
    """Stands in place of all that was said before: it was said in another way, or none of it holds any more."""
    decisions: tuple[Decision, ...] = ()
    rest: tuple[Decision, ...] = ()
    """Of clips on which nothing is decided by then; on the others they say nothing, whoever was quicker."""
    edit: ClipEdit | None = None


def key_of_new() -> str:
    """Return a key for a statement; those made in one process sort as they were made."""
    return f"{PREFIX}{time.time_ns():020d}-{secrets.token_hex(4)}"


def after(revision: Revision, statement: Statement) -> Revision:
    """Return what stands when this is said too."""
    stands = revision if statement.instead is None else statement.instead
    stands = stands.decided(statement.decisions)
    stands = stands.decided(one for one in statement.rest if stands.decision_on(one.clip) is None)
    return stands.edited(statement.edit) if statement.edit else stands


def as_said(record: JobRecord, entries: Iterable[Entry], job: UUID) -> JobRecord:
    """Return the record of a job with what was said: the statements in the server's order; its label only where there is none.

    The label follows the statements, for whoever only shows jobs, and can be late.
    """
    kept = _in_order(entries)
    if not kept:
        return record
    stands = Revision()
    for entry in kept:
        try:
            stands = after(stands, Statement.model_validate_json(entry.value))
        except ValidationError:
            _log.warning("the statement %s on job %s can't be read: another version kept it", entry.key, job)
    return record.model_copy(update={"revision": stands})


def opening(record: JobRecord, entries: Sequence[Entry]) -> Statement | None:
    """Return what has to be kept before the first statement: what an earlier version wrote as one label."""
    if entries or record.revision == Revision():
        return None
    return Statement(instead=record.revision)


def last_said(entries: Iterable[Entry]) -> datetime | None:
    """Return when the last statement was kept, by the server's clock."""
    kept = _in_order(entries)
    return kept[-1].created if kept else None


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.created or _EARLIEST, entry.key))
