"""What a job says about itself while it runs; flat, so that it can travel as the labels of its flow run."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError
from pydantic_core import from_json, to_json

from omni.contracts import Charge, Clip, Contract, Estimate, Fraction01, Production, Seconds, Warnings
from omni.errors import OmniError
from omni.review import Revision

PREFIX = "omni."
Label = str | int | float | bool
_UPLOAD_FOLDER = re.compile(r"(?:file://|(?<![\w./]))/(?:[^/\n:'\"]+/)*up_[0-9a-f]{32}/")


class Status(StrEnum):
    """The public status of a job, in the order in which it is passed through."""

    PENDING = "PENDING"
    ANALYZING = "ANALYZING"
    WRITING_STRATEGY = "WRITING_STRATEGY"
    RENDERING = "RENDERING"
    NEEDS_REVIEW = "NEEDS_REVIEW"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_final(self) -> bool:
        """Whether the job has ended."""
        return self in {Status.COMPLETED, Status.FAILED, Status.CANCELLED}

    @property
    def rank(self) -> int:
        """Position in the order; a status that isn't final never goes to a lower one."""
        return list(Status).index(self)


class ClipState(Contract):
    """One Short of a running job; ``progress`` is the fraction that is rendered."""

    number: Annotated[int, Field(ge=1)]
    title: str
    start: Seconds
    end: Seconds
    state: Literal["planned", "rendering", "rendered", "failed", "dropped"] = "planned"
    """``dropped``: it was rejected, and isn't made."""
    progress: Fraction01 = 0.0


class Failure(Contract):
    """Why a job ended without a result, and what to do."""

    code: str
    cause: str
    next_step: str
    stage: str | None = None
    transient: bool = False
    exit_code: int = 1


class JobRecord(Contract):
    """All that is known of a job beside its state; fields are written one by one, by the door or by the run."""

    owner: str = ""
    request: str = ""
    """Fingerprint of the request that made the job."""
    submission: str = ""
    """Names the one call that made the job; another call's answer is a replay."""
    webhook: str = ""
    """Where to tell of the end, and of what, as JSON."""
    reached: Status = Status.PENDING
    stage: str = ""
    progress: Fraction01 = 0.0
    clips: tuple[ClipState, ...] = ()
    warnings: Warnings = ()
    failure: Failure | None = None
    result: Production | None = None
    """What was delivered last; it stays until something else is, so that it is found, and deleted with the job."""
    stale: bool = False
    """Whether an earlier round delivered the result: the one that began since has recorded none."""
    revision: Revision = Revision()
    """What people decided and changed so far, for whoever shows the job; it follows what was said (omni/statements.py), and can be late."""
    made: Revision = Revision()
    """What of it the last result was made with: when it is another, there is something to make."""
    estimate: Estimate | None = None
    """What a dry run found; a run that makes Shorts has none."""
    charges: tuple[Charge, ...] = ()
    """What was spent so far, by all attempts."""
    host: str = ""
    pid: int = 0
    attempt: int = 1
    """Counts what people asked for: one more with each retry, and each time that a review or an edit makes it go on."""
    recoveries: int = 0
    """How often it was resumed since it last came further, after its process died."""
    notified: str = ""
    """The state whose webhook has been handed over."""
    taught: str = ""
    """The state of which the memory has been told what people had decided."""


def labels_of(**changes: Any) -> dict[str, Label]:
    """Return the labels that record these fields; raises ValidationError for a value that the record doesn't take."""
    record = JobRecord.model_validate(changes)
    return {PREFIX + name: _label(getattr(record, name)) for name in changes}


def record_of(labels: Mapping[str, Any]) -> JobRecord:
    """Return what the labels say; a field that another version wrote differently has its default."""
    told = {name: _value(labels[PREFIX + name], name) for name in JobRecord.model_fields if PREFIX + name in labels}
    try:
        return JobRecord.model_validate(told)
    except ValidationError as error:
        strange = {problem["loc"][0] for problem in error.errors()}
        return JobRecord.model_validate({name: value for name, value in told.items() if name not in strange})


def failure_of(error: BaseException, stage: str) -> Failure:
    """Return what an error means to the user."""
    if not isinstance(error, OmniError):
        name = type(error).__name__
        return Failure(
            code=OmniError.code,
            cause=f"{OmniError.message} ({name})",
            next_step=f"{OmniError.remedy} The log of the run in the Prefect UI has the details.",
            stage=stage or None,
        )
    return Failure(
        code=error.code,
        cause=_named(error.cause),
        next_step=_named(error.next_step),
        stage=stage or None,
        transient=error.transient,
        exit_code=error.exit_code,
    )


def _named(text: str) -> str:
    """Return a text that calls an uploaded file by its name: nobody who sent one knows the folder that it lies in."""
    return _UPLOAD_FOLDER.sub("", text)


def planned(clips: tuple[Clip, ...], dropped: Collection[int] = ()) -> tuple[ClipState, ...]:
    """Return the clips as they stand before any is rendered, best first; those that are dropped never will be."""
    return tuple(
        ClipState(
            number=c.number,
            title=c.title,
            start=c.start,
            end=c.end,
            state="dropped" if c.number in dropped else "planned",
        )
        for c in clips
    )


def renewed(record: JobRecord) -> dict[str, Any]:
    """Return the fields with which a further round of a job begins, once people asked for it: it starts from nothing.

    The failure stays until the run begins: a retry that breaks off before leaves the truth.
    """
    waiting = tuple(clip.model_copy(update={"state": "planned", "progress": 0.0}) for clip in record.clips)
    return {
        "attempt": record.attempt + 1,
        "reached": Status.PENDING,
        "progress": 0.0,
        "stage": "",
        "recoveries": 0,
        "pid": 0,
        "clips": waiting,
    }


_SCALARS = (str, int, float)


def _label(value: object) -> Label:
    if isinstance(value, Status):
        return value.value
    if isinstance(value, _SCALARS):
        return value
    return "" if value is None else to_json(value).decode()


def _value(label: object, name: str) -> object:
    """Return what a field is validated from; text that is no JSON stays, and is found strange."""
    default = JobRecord.model_fields[name].default
    if isinstance(default, _SCALARS):
        return label
    if label == "":
        return default
    try:
        return from_json(str(label))
    except ValueError:
        return label
