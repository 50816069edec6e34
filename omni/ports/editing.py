"""What an editor is given: the cuts as frames of the source, and how a file of them is written and read again."""

from fractions import Fraction
from typing import Annotated, Literal, Protocol

from pydantic import Field

from omni.contracts import Contract, Sha256

Frames = Annotated[int, Field(ge=0)]
Interchange = Literal["otio", "fcpxml", "edl"]
"""A kind of file, named by its suffix."""


class Mark(Contract):
    """A note on the media. ``first`` counts frames of the media's own clock, as everything here does."""

    first: Frames
    frames: Annotated[int, Field(ge=1)]
    text: str
    """One line."""
    comment: str = ""
    kind: Literal["short", "word"]


class Take(Contract):
    """A stretch of the media that stands on the time line, one behind the other."""

    first: Frames
    frames: Annotated[int, Field(ge=1)]
    marks: tuple[Mark, ...] = ()


class Cut(Contract):
    """One Short as cuts of its source, in its order."""

    number: int
    name: str
    """One line, fit for a person; not a file name."""
    stem: str
    """What its file is called, without a suffix."""
    takes: Annotated[tuple[Take, ...], Field(min_length=1)]
    facts: dict[str, object] = Field(default_factory=dict[str, object])
    """What a machine may want to know: score, reason, evidence."""


class Reel(Contract):
    """The source as an editor finds it again."""

    url: str
    """``file:`` address; a bare name where its place means nothing to whoever reads the file."""
    name: str
    sha256: Sha256
    rate: str
    """Frames a second as a fraction: the media's own, or the usual one that is nearest."""
    first: Frames = 0
    """What the media's clock says at its first frame."""
    frames: Annotated[int, Field(ge=1)]
    drop_frame: bool = False
    """Whether that clock leaves out numbers to keep up with the hour (29.97 and 59.94 only)."""
    width: int | None = None
    height: int | None = None
    """``None``: there is no picture."""
    channels: int = 0
    sample_rate: int = 0
    """0: there is no sound."""

    @property
    def fps(self) -> Fraction:
        """Frames a second."""
        return Fraction(self.rate)

    @property
    def has_picture(self) -> bool:
        """Whether there is something to see."""
        return self.width is not None

    @property
    def has_sound(self) -> bool:
        """Whether there is something to hear."""
        return self.channels > 0


class CutList(Contract):
    """All Shorts of a job as cuts of one source."""

    title: str
    reel: Reel
    cuts: Annotated[tuple[Cut, ...], Field(min_length=1)]


class Timelines(Protocol):
    """The library of editors' files."""

    def otio(self, cuts: CutList) -> str:
        """Return one OpenTimelineIO time line of the cuts, one behind the other, with all marks; raises EditFileUnusable."""
        ...

    def takes_in(self, text: str, kind: Interchange, fps: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
        """Read a file and return where its clips begin and how long they are, in seconds of the media's clock.

        A file of several time lines gives them in order; raises EditFileUnusable.
        """
        ...
