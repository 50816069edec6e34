"""What came of a clip once it was out: figures of a platform on a day, or what people said of it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from omni.contracts import Contract, Platform

Figure = Annotated[int, Field(ge=0, le=10**12)]


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
        figures = (self.views, self.likes, self.saves, self.shares, self.comments, self.watch_seconds)
        if self.verdict is None and all(figure is None for figure in figures):
            msg = "an outcome needs a figure (views, likes, saves, shares, comments, watch_seconds) or a verdict"
            raise ValueError(msg)
        if self.platform is None and any(figure is not None for figure in figures):
            msg = "figures belong to a platform; name it"
            raise ValueError(msg)
        return self


class ClipOutcome(Contract):
    """An outcome and the clip that it belongs to."""

    workspace: str
    strategy_id: str
    clip: Annotated[int, Field(ge=1)]
    outcome: Outcome

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


def clip_id(strategy_id: str, clip: int) -> str:
    """Return the id of a clip's record."""
    return str(uuid5(UUID(strategy_id), f"clip {clip}"))
