"""What came of a clip once it was out: figures of a platform on a day, or what people said of it."""

import re
from datetime import date, datetime
from math import isfinite
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field, field_validator, model_validator

from omni.contracts import Contract, Lesson, Platform

Figure = Annotated[int, Field(ge=0, le=10**12)]
FIGURES = ("views", "likes", "saves", "shares", "comments", "watch_seconds")
ONCE_EACH = ("likes", "saves")
"""What a viewer can do once only: more of it than views is a slip of the columns."""
_GROUPED = re.compile(r"\d{1,3}(?:[ ,.'’\u00a0\u202f]\d{3})+")
"""A whole number with its thousands apart, in whatever country."""
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_LOOPS = 5
"""Times that a viewer may see a short clip on average, looped; a sum over viewers is thousands of times."""


class Outcome(Contract):
    """Figures count from publication up to ``on``: a later day's row replaces nothing, the newest of a platform counts."""

    on: date = Field(description="The day that the figures are of.")
    platform: Platform | None = Field(default=None, description="Empty for a verdict, which belongs to no platform.")
    views: Figure | None = None
    likes: Figure | None = None
    saves: Figure | None = None
    shares: Figure | None = None
    comments: Figure | None = None
    watch_seconds: float | None = Field(
        default=None, ge=0, le=1e12, allow_inf_nan=False, description="Seconds that a viewer stayed, on average."
    )
    verdict: Literal["approved", "rejected"] | None = None
    reason: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _says_something(self) -> "Outcome":
        has_figures = any(getattr(self, name) is not None for name in FIGURES)
        if self.verdict is None and not has_figures:
            msg = f"an outcome needs a figure ({', '.join(FIGURES)}) or a verdict"
            raise ValueError(msg)
        if self.verdict is not None and has_figures:
            msg = "a verdict and figures are two outcomes; tell them one by one"
            raise ValueError(msg)
        if (self.platform is not None) != has_figures:
            msg = "figures belong to a platform; name it" if has_figures else "a verdict belongs to no platform"
            raise ValueError(msg)
        if self.reason and self.verdict is None:
            msg = "a reason belongs to a verdict"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _adds_up(self) -> "Outcome":
        for name in ONCE_EACH:
            told = getattr(self, name)
            if self.views is not None and told is not None and told > self.views:
                msg = f"{told} {name} of {self.views} views; a viewer counts once: are the columns mixed up?"
                raise ValueError(msg)
        return self


class ClipOutcome(Contract):
    """An outcome and the clip that it belongs to."""

    workspace: str
    strategy_id: str
    clip: Annotated[int, Field(ge=1)]
    outcome: Outcome
    told_at: datetime | None = None
    """When it was told, UTC: of two about the same thing the later one counts, in whatever order they arrive."""

    @field_validator("strategy_id")
    @classmethod
    def _is_an_id(cls, text: str) -> str:
        return str(UUID(text))

    @property
    def clip_id(self) -> str:
        """Id of the clip's record in the memory."""
        return clip_id(self.strategy_id, self.clip)

    @property
    def id(self) -> str:
        """One id a clip, platform and day, and one for the verdict: told twice, it is kept once."""
        place = self.outcome.platform.value if self.outcome.platform else "verdict"
        day = self.outcome.on.isoformat() if self.outcome.platform else ""
        return str(uuid5(UUID(self.clip_id), f"outcome {place} {day}"))


class Taught(Contract):
    """What the outcomes of a workspace had taught when some of them were kept."""

    clips: Annotated[int, Field(ge=0)]
    """Clips of which anything was known."""
    lessons: tuple[Lesson, ...] = ()
    """Strongest first."""


TAUGHT = "omni.taught"
"""Label under which the run that brought outcomes into the memory says what they taught, as JSON."""


def clip_id(strategy_id: str, clip: int) -> str:
    """Return the id of a clip's record."""
    return str(uuid5(UUID(strategy_id), f"clip {clip}"))


def figure_of(name: str, text: str) -> float | None:
    """Return a figure as people write it, ``None`` for what is no number; one that must be whole may still not be.

    ``name`` is of FIGURES: only the seconds have a decimal comma; elsewhere a comma or point keeps thousands apart.
    """
    if name == "watch_seconds":
        plain = text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text
    else:
        plain = re.sub(r"\D", "", text) if _GROUPED.fullmatch(text) else text
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if isfinite(number) else None


def objection(outcome: Outcome, today: date, made_on: date | None = None, seconds: float | None = None) -> str:
    """Return what can't be true about an outcome, ``""`` when nothing is known against it.

    ``made_on`` is the day on which the clip was made, ``seconds`` its length; a day of difference is a time zone's.
    """
    if (outcome.on - today).days > 1:
        return f"{outcome.on} lies in the future"
    if made_on is not None and (made_on - outcome.on).days > 1:
        return f"{outcome.on} lies before the day on which the clip was made, {made_on}"
    watched = outcome.watch_seconds
    if seconds and watched and watched > _LOOPS * seconds:
        return f"{watched:g} s watched of a clip of {seconds:.0f} s: give the mean of a viewer, not the sum of all"
    return ""
