"""The strategy and the posts."""

from omni.contracts.base import Contract, Warnings
from omni.contracts.brief import Platform


class Post(Contract):
    """One text for one clip on one platform; ``hashtags`` carry no ``#`` and count against the text limit."""

    clip: int
    platform: Platform
    title: str | None = None
    text: str
    hashtags: tuple[str, ...] = ()


class Turn(Contract):
    """A clip's place in the publishing order, and why it stands there."""

    clip: int
    why: str


class Approach(Contract):
    """How one platform is played."""

    platform: Platform
    text: str


class Advice(Contract):
    """What a strategist adds to an analysis in own words, plain text; empty fields leave the strategy to what was found."""

    angle: str = ""
    audience: str = ""
    order: tuple[Turn, ...] = ()
    cadence: str = ""
    approaches: tuple[Approach, ...] = ()
    measures: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[tuple[str, str], ...]:
        """Every text, with its name."""
        return (
            ("angle", self.angle),
            ("audience", self.audience),
            *((f"why clip {turn.clip}", turn.why) for turn in self.order),
            ("cadence", self.cadence),
            *((f"approach for {each.platform}", each.text) for each in self.approaches),
            *(("measures", text) for text in self.measures),
        )

    @property
    def text(self) -> str:
        """Everything it says, a paragraph a line."""
        return "\n".join(text for _, text in self.paragraphs)


class Campaign(Contract):
    """The strategy (markdown) and a post for each clip and platform."""

    strategy: str
    advice: Advice = Advice()
    """What of the strategy isn't found again in the analysis: with it, the document is written anew for other clips."""
    strategy_language: str | None = None
    """Of the strategy's headings; the posts' may be another."""
    posts: tuple[Post, ...]
    language: str | None
    engine: str
    warnings: Warnings = ()
