"""What the memory recalls, and all an analyst is given."""

from typing import Annotated, Literal

from pydantic import Field

from omni.contracts.base import Contract, Sha256, Span, Warnings
from omni.contracts.brief import Brief
from omni.contracts.footage import Footage
from omni.contracts.source import Source
from omni.contracts.transcript import Transcript


class Reception(Contract):
    """What came of a clip, all its outcomes together."""

    merit: float | None = None
    """How it did against the workspace's other clips: 0 like most, ±1 like few; ``None``: no figures yet."""
    views: int | None = None
    verdict: Literal["approved", "rejected"] | None = None
    reason: str = ""
    text: str = ""
    """All of it as a few words, for a reader: ``12 000 views on tiktok, approved``."""


class Lesson(Contract):
    """What outcomes taught about one trait of clips or posts, past the guard against chance."""

    kind: Literal["hook", "length", "topic", "post"]
    value: str
    """Which hook type, length band, topic stem or post style."""
    effect: Annotated[float, Field(ge=-1, le=1)]
    """How much better (> 0) or worse it did than the rest, after shrinkage and age, in standard deviations."""
    count: Annotated[int, Field(ge=1)]
    """Clips that it was learned from."""
    because: str
    """Completes "because …", for the clip's evidence."""


class Precedent(Contract):
    """Something made before that is near in meaning; best first, scores are comparable within one answer only."""

    id: str
    kind: Literal["strategy", "clip", "post"]
    title: str
    text: str
    score: float
    source_sha256: Sha256
    source_title: str
    span: Span | None = None
    strategy_id: str
    reception: Reception | None = None


class Precedents(Contract):
    """What the memory knows that bears on this job."""

    nearest: tuple[Precedent, ...] = ()
    used: tuple[Span, ...] = ()
    """Moments of this very source that other briefs already used."""
    shown: tuple[Span, ...] = ()
    """Moments that earlier pages of this very request hold; on its first page none."""
    retold: tuple[Span, ...] = ()
    """Moments of this source that clips of other files showed: the same recording, cut or encoded anew."""
    refused: tuple[Span, ...] = ()
    """Moments of this source that a person rejected, of whichever file and brief the clip was."""
    lessons: tuple[Lesson, ...] = ()
    """What this workspace's outcomes taught; empty until they say something beyond chance."""
    engine: str = "none"
    warnings: Warnings = ()

    def barred(self, brief: Brief) -> tuple[Span, ...]:
        """Return the moments that aren't proposed: what a person rejected, and what was used, unless the brief repeats it."""
        return self.refused if brief.repeat else (*self.used, *self.retold, *self.refused)


class Dossier(Contract):
    """All that an analyst may know."""

    source: Source
    transcript: Transcript
    footage: Footage
    precedents: Precedents
    brief: Brief
