"""What is seen in the source."""

from typing import Annotated

from pydantic import Field

from omni.contracts.base import Contract, Curve, Fraction01, Seconds, Span, Warnings


class Shot(Span):
    """A run of frames between two cuts."""


class FaceBox(Contract):
    """A face at time ``t``; ``x, y`` are the top left corner; all four are fractions of the displayed frame."""

    t: Seconds
    x: float
    y: float
    w: Annotated[float, Field(gt=0)]
    h: Annotated[float, Field(gt=0)]
    score: Fraction01
    mouth: float | None = None
    """How much the mouth moves beyond the head from here to the next look, in parts of the face's contrast; ``None``: not to be seen."""

    @property
    def centre(self) -> tuple[float, float]:
        """Centre of the box as fractions of the frame."""
        return self.x + self.w / 2, self.y + self.h / 2


class FaceTrack(Contract):
    """One face through one shot, in time order."""

    shot: int
    boxes: Annotated[tuple[FaceBox, ...], Field(min_length=1)]


class Footage(Contract):
    """What is seen. ``motion`` is the mean absolute luma change a second, 0–1; ``activity`` of a screen is low."""

    shots: tuple[Shot, ...] = ()
    tracks: tuple[FaceTrack, ...] = ()
    motion: Curve = Curve(step=1.0)
    black: tuple[Span, ...] = ()
    frozen: tuple[Span, ...] = ()
    engine: str
    warnings: Warnings = ()
