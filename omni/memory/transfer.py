"""The memory as text: a record a line, in JSON, to look at, to keep, and to take to another place."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationError, field_validator, model_validator

from omni.contracts import WORKSPACE
from omni.memory.outcomes import KIND, counting, outcome_of
from omni.ports import Memory, MemoryRecord

SCHEMA = 2
"""Of a line; raise it when a field changes its meaning, and read the older ones too."""

_UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class Fault(NamedTuple):
    """What is wrong with a line; the first is 1."""

    line: int
    reason: str


class _Line(MemoryRecord):
    """A record as it may come from anywhere: what reading it later relies on is checked now."""

    schema_number: int = Field(alias="schema", ge=1)
    id: Annotated[str, Field(pattern=_UUID)]
    workspace: Annotated[str, Field(pattern=WORKSPACE)]
    kind: Annotated[str, Field(pattern=r"^[a-z]{1,40}$")]
    source_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]

    @field_validator("schema_number")
    @classmethod
    def _is_known(cls, number: int) -> int:
        if number > SCHEMA:
            msg = f"{number} is of a later version, this one knows {SCHEMA}: update Omni-Operator and import again"
            raise ValueError(msg)
        return number

    @model_validator(mode="after")
    def _has_a_source(self) -> "_Line":
        if not self.source_sha256 and self.kind != KIND:
            msg = f"a {self.kind} belongs to a source; source_sha256 is empty"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _says_what_came_of_a_clip(self) -> "_Line":
        try:
            _ = self.kind == KIND and outcome_of(self)
        except ValidationError as error:
            raise ValueError(_reason(error)) from None
        return self


def exported(records: Iterable[MemoryRecord]) -> Iterator[str]:
    """Yield the line of each record, its end included."""
    for record in records:
        told = {"schema": SCHEMA, **record.model_dump(mode="json")}
        yield json.dumps(told, ensure_ascii=False) + "\n"


def imported(lines: Iterable[bytes]) -> tuple[tuple[MemoryRecord, ...], tuple[Fault, ...]]:
    """Return the records of lines, and what is wrong with the others; empty lines are none."""
    records: list[MemoryRecord] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told = _Line.model_validate_json(line)
        except ValidationError as error:
            faults.append(Fault(number, _reason(error)))
        else:
            records.append(MemoryRecord.model_validate(told.model_dump(exclude={"schema_number"})))
    return tuple(records), tuple(faults)


def not_older(memory: Memory, records: Sequence[MemoryRecord]) -> tuple[MemoryRecord, ...]:
    """Return the records that undo nothing: what was kept or told later stays; raises what reading the memory raises."""
    kept = {record.id: record.updated_at for record in memory.records() if record.updated_at}
    current = (one for one in records if not one.updated_at or kept.get(one.id, one.updated_at) <= one.updated_at)
    return counting(memory, tuple(current))


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return f"{place}: {said}" if place else said
