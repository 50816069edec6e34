"""What every contract is made of: spans, curves, boxes and files. Times are seconds of the source unless a name says otherwise."""

import hashlib
from math import ceil, floor
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction01 = Annotated[float, Field(ge=0, le=1)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Warnings = tuple[str, ...]

WORKSPACE = r"^[a-z0-9][a-z0-9_-]{0,39}$"
"""Pattern of a workspace's name."""


class Contract(BaseModel):
    """Base of every contract: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def digest(self) -> str:
        """Return the sha256 of the canonical JSON: equal contracts have equal digests on every machine."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class Span(Contract):
    """A half-open interval [start, end) in seconds."""

    start: Seconds
    end: Seconds

    @model_validator(mode="after")
    def _is_ordered(self) -> "Span":
        if self.end < self.start:
            msg = f"a span ends before it starts: {self.start}–{self.end}"
            raise ValueError(msg)
        return self

    @property
    def length(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    def overlap(self, other: "Span") -> float:
        """Return the seconds shared with ``other``."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))


class Curve(Contract):
    """A sampled signal: ``values[i]`` describes [i·step, (i+1)·step)."""

    step: Annotated[float, Field(gt=0)]
    values: tuple[float, ...] = ()

    def mean(self, start: float, end: float) -> float:
        """Return the mean over [start, end); 0.0 where nothing was sampled."""
        first, last = int(start / self.step), max(int(start / self.step) + 1, int(end / self.step))
        window = self.values[first:last]
        return sum(window) / len(window) if window else 0.0


class Area(Contract):
    """A box of the Short's picture, in pixels; ``right`` and ``bottom`` are the first pixels outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    def scaled(self, factor: float) -> "Area":
        """Return the box in a picture ``factor`` times as large; it holds all that this one holds."""
        return Area(
            left=floor(self.left * factor),
            top=floor(self.top * factor),
            right=ceil(self.right * factor),
            bottom=ceil(self.bottom * factor),
        )

    def overlap(self, other: "Area") -> int:
        """Return how many pixels both boxes hold."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, wide) * max(0, high)


class FileRef(Contract):
    """A file on disk, and the digest it had when it was made or read."""

    path: Path
    sha256: Sha256
    size_bytes: Annotated[int, Field(ge=0)]


class Image(FileRef):
    """A still picture, and its size in pixels."""

    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
