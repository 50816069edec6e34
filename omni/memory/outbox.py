"""Records that wait while the memory is out of reach: a file a batch, taken in the order of posting."""

import hashlib
import secrets
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from omni.contracts import Warnings
from omni.errors import MemoryLocked, MemoryUnavailable, OmniError, RecordsRefused
from omni.memory.recalling import remember
from omni.ports import Memory, MemoryRecord

OUT_OF_REACH = (MemoryLocked, MemoryUnavailable, RecordsRefused)
"""What makes records wait."""

_WAITING, _REFUSED = ".jsonl", ".refused"
_PART_SECONDS = 60.0
"""Age at which nobody writes a part any more: a batch takes milliseconds."""


@dataclass(frozen=True)
class Flushed:
    """What became of the batches that waited."""

    records: int
    warnings: Warnings = ()


class _Whose(BaseModel):
    """What forgetting looks at."""

    workspace: str
    strategy_id: str
    source_sha256: str


class Outbox:
    """A folder of batches. Posting never waits; only one process at a time empties it, so that none overtakes another."""

    def __init__(self, folder: Path, lock_seconds: float) -> None:
        self._folder = folder
        self._lock_seconds = lock_seconds

    def post(self, records: Sequence[MemoryRecord]) -> None:
        """Let records wait, as made now; a batch that is posted again waits once, at the end. Raises OSError."""
        if not records:
            return
        digest = hashlib.sha256(_text(records).encode()).hexdigest()[:16]
        now = datetime.now(UTC)
        made = [record.model_copy(update={"created_at": record.created_at or now}) for record in records]
        older = [batch for batch in self.waiting() if batch.stem.endswith(digest)]
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(self._folder / f"{time.time_ns():020d}-{digest}{_WAITING}", _text(made))
        for batch in older:
            batch.unlink(missing_ok=True)

    def waiting(self) -> tuple[Path, ...]:
        """Return the batches that wait, oldest first."""
        return self._batches(_WAITING)

    def refused(self) -> tuple[Path, ...]:
        """Return the batches that the memory would not take, or that can't be read."""
        return self._batches(_REFUSED)

    def flush(self, memory: Memory, *, again: bool = False) -> Flushed:
        """Keep what waits, oldest first; ``again`` tries what was refused too. Raises MemoryLocked or MemoryUnavailable.

        A batch that is refused is laid aside and told; the others go on.
        """
        kept, told = 0, list[str]()
        if not (self.waiting() or (again and self.refused())):
            return Flushed(0)
        with self._turn():
            for batch in sorted((*self.waiting(), *(self.refused() if again else ()))):
                one = _flushed(memory, batch)
                kept += one.records
                told += one.warnings
        return Flushed(kept, tuple(told))

    def forget(self, matches: Callable[[MemoryRecord], bool]) -> int:
        """Take the lines that match, or that can't be read, out of every batch; return how many they were.

        Raises MemoryLocked or MemoryUnavailable.
        """
        gone = 0
        if not (self.waiting() or self.refused() or self._parts()):
            return gone
        with self._turn():
            for batch in (*self.waiting(), *self.refused()):
                lines = _lines(batch)
                left = [line for line in lines if (record := _rough(line)) and not matches(record)]
                gone += len(lines) - len(left)
                with _reaching(self._folder):
                    if not left:
                        batch.unlink(missing_ok=True)
                    elif len(left) < len(lines):
                        self._write(batch, b"".join(line + b"\n" for line in left).decode())
        return gone

    def records(self) -> tuple[MemoryRecord, ...]:
        """Return every record that waits or was refused, and can be read, oldest first."""
        batches = sorted((*self.waiting(), *self.refused()))
        return tuple(record for batch in batches for line in _lines(batch) if (record := _record(line)))

    def _batches(self, suffix: str) -> tuple[Path, ...]:
        return tuple(sorted(self._folder.glob(f"*{suffix}")))

    def _parts(self) -> tuple[Path, ...]:
        """Return what writers that were killed have left behind; a part that is being written is younger."""
        oldest = time.time() - _PART_SECONDS
        parts: list[Path] = []
        for part in self._folder.glob(".*.part"):
            with suppress(FileNotFoundError):
                parts += [part] if part.stat().st_mtime < oldest else []
        return tuple(parts)

    def _write(self, path: Path, text: str) -> None:
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def _turn(self) -> Generator[None]:
        lock = FileLock(self._folder / ".lock", timeout=self._lock_seconds)
        with _reaching(self._folder):
            try:
                lock.acquire()
            except Timeout:
                raise MemoryLocked(path=self._folder, seconds=self._lock_seconds, holder="Another process") from None
        try:
            with _reaching(self._folder):
                for part in self._parts():
                    part.unlink(missing_ok=True)
            yield
        finally:
            lock.release()


def keep_in_turn(memory: Memory, outbox: Outbox, records: Sequence[MemoryRecord]) -> Warnings:
    """Keep records after those that wait, so that the newest word of an id is the last; raises one of OUT_OF_REACH."""
    flushed = outbox.flush(memory)
    return (*flushed.warnings, *remember(memory, records))


def keep_or_post(memory: Memory, outbox: Outbox, records: Sequence[MemoryRecord]) -> Warnings:
    """Keep records; while the memory is out of reach they wait in the outbox, and the warning says so."""
    try:
        return keep_in_turn(memory, outbox, records)
    except OUT_OF_REACH as error:
        return post_instead(outbox, records, error)


def post_instead(outbox: Outbox, records: Sequence[MemoryRecord], error: OmniError) -> Warnings:
    """Let records wait for the reason given, and say so; where even that fails, say that they are lost."""
    try:
        outbox.post(records)
    except OSError as trouble:
        return (f"What is new was not remembered, and the outbox took it neither ({trouble.strerror}). {error}",)
    return (f"What is new was not remembered yet: the next job does it, or `omni memory flush`. {error}",)


def _text(records: Iterable[MemoryRecord]) -> str:
    return "".join(f"{record.model_dump_json()}\n" for record in records)


def _flushed(memory: Memory, batch: Path) -> Flushed:
    """Keep a batch, or lay it aside; one that was posted again meanwhile waits at the end."""
    try:
        records = tuple(MemoryRecord.model_validate_json(line) for line in _lines(batch))
        told = remember(memory, records) if records else ()
    except (ValidationError, RecordsRefused) as error:
        aside = batch.with_suffix(_REFUSED)
        with _reaching(batch.parent), suppress(FileNotFoundError):
            batch.replace(aside)
        return Flushed(0, (f"{aside} could not be remembered and was laid aside: {_in_a_line(error)}",))
    with _reaching(batch.parent):
        batch.unlink(missing_ok=True)
    return Flushed(len(records), told)


def _lines(batch: Path) -> list[bytes]:
    """Return the lines of a batch, none of one that another process took away."""
    with _reaching(batch.parent):
        try:
            text = batch.read_bytes()
        except FileNotFoundError:
            return []
    return text.splitlines()  # of bytes: only at line feeds, not at every sign that Unicode calls a line's end


@contextmanager
def _reaching(folder: Path) -> Generator[None]:
    """Let a folder that can't be read or changed be a memory out of reach; raises MemoryUnavailable."""
    try:
        yield
    except OSError as error:
        raise MemoryUnavailable(where=folder, reason=error.strerror or type(error).__name__) from error


def _record(line: bytes) -> MemoryRecord | None:
    try:
        return MemoryRecord.model_validate_json(line)
    except ValidationError:
        return None


def _rough(line: bytes) -> MemoryRecord | None:
    """Return a line's record, or as much of one that another version wrote as tells whose it is."""
    if record := _record(line):
        return record
    try:
        return MemoryRecord.model_construct(**_Whose.model_validate_json(line).model_dump())
    except ValidationError:
        return None


def _in_a_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]
