"""The chosen moments, and why these."""

from typing import Annotated

from pydantic import Field

from omni.contracts.base import Contract, Span, Warnings


class Evidence(Contract):
    """One thing that speaks for (weight > 0) or against (< 0) a clip."""

    kind: str
    weight: float
    text: str


class Clip(Span):
    """A moment worth a Short: cut-ready times, and why."""

    number: Annotated[int, Field(ge=1)]
    """1 is the best; the order of the output."""
    title: str = Field(max_length=100)
    hook: str
    """What is said or seen first; ``""`` when there are no words."""
    text: str
    score: Annotated[float, Field(ge=0, le=100)]
    reason: str
    evidence: tuple[Evidence, ...] = ()


class Analysis(Contract):
    """Topic, titles and the clips, best first."""

    topic: str
    titles: Annotated[tuple[str, ...], Field(min_length=1)]
    keywords: tuple[str, ...] = ()
    key_sentences: tuple[str, ...] = ()
    """The sentences that carry the talk, in the order they are said."""
    clips: Annotated[tuple[Clip, ...], Field(min_length=1)]
    reserves: tuple[Clip, ...] = ()
    """The next best, best first, apart from the clips and from each other: what further pages of the brief take."""
    language: str | None
    engine: str
    warnings: Warnings = ()


class EvidenceTrack(Contract):
    """One kind of evidence over the whole source; ``values[i]`` describes second ``i``, 0–1."""

    name: str
    label: str
    """For a reader: ``laughter and applause``."""
    values: tuple[float, ...]


class Subject(Span):
    """A stretch about one thing."""

    title: str


class Contender(Span):
    """A window that was weighed; ``number`` is the clip that it became, ``None`` if it wasn't chosen."""

    score: Annotated[float, Field(ge=0, le=100)]
    number: int | None = None
    reason: str = ""


class EvidenceTimeline(Contract):
    """Why these moments: the curves, subjects and windows that the choice was made from, for a person to see."""

    duration: Annotated[float, Field(gt=0)]
    tracks: tuple[EvidenceTrack, ...] = ()
    subjects: tuple[Subject, ...] = ()
    contenders: tuple[Contender, ...] = ()
    """The chosen and the best of the others, in time order."""
