"""What is handed over, and what it cost."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from omni.contracts.base import Contract, FileRef, Seconds, Warnings
from omni.contracts.brief import Role


class Delivery(Contract):
    """The folder that a person receives."""

    output_dir: Path
    manifest: FileRef
    shorts_count: int
    contact_sheet: FileRef | None = None
    """``None`` when it could not be drawn; a warning says why."""
    warnings: Warnings = ()
    published: str | None = None
    """URL of the same folder in the object store; ``None`` where no store is set."""


class Charge(Contract):
    """What the calls of one role to one model came to; tokens as the service counted them."""

    role: Role
    model: str
    calls: Annotated[int, Field(ge=0)]
    input_tokens: Annotated[int, Field(ge=0)]
    """All that was read, ``cached_tokens`` included."""
    cached_tokens: Annotated[int, Field(ge=0)] = 0
    output_tokens: Annotated[int, Field(ge=0)]
    """What was written, thoughts included: both are paid alike."""
    usd: float | None
    """``None``: the model's price isn't known."""


def total_usd(charges: tuple[Charge, ...]) -> float | None:
    """Return the sum in US dollars, rounded to a millionth; ``None`` as soon as one price isn't known."""
    prices = [charge.usd for charge in charges]
    return None if None in prices else round(sum((usd for usd in prices if usd is not None), start=0.0), 6)


class Estimate(Contract):
    """What a job will probably cost, before anything is asked of a model."""

    charges: tuple[Charge, ...]
    usd: float | None
    seconds: Seconds
    """Length of the source."""
    warnings: Warnings = ()


class Production(Contract):
    """The result of a job."""

    output_dir: Path
    shorts_count: int
    strategy_id: str | None
    source: str
    engines: dict[str, str]
    cost_usd: float | None = 0.0
    """What this job spent, its earlier attempts included; ``None``: a price isn't known."""
    charges: tuple[Charge, ...] = ()
    warnings: Warnings = ()
    published: str | None = None
    """URL of the folder in the object store; ``None`` where no store is set."""
