"""Which language was spoken, which one the posts are owed in, and whether a text keeps to it."""

from dataclasses import dataclass

from omni.contracts import Analysis, Brief
from omni.languages import guessed, language_code, languages
from omni.writing.grounding import without_quotations


@dataclass(frozen=True)
class Tongues:
    """ISO 639 codes; ``None`` where nobody knows."""

    spoken: str | None
    wanted: str | None

    @property
    def translated(self) -> bool:
        """Whether the posts are owed in another language than the one that was spoken."""
        return self.wanted != self.spoken

    def strayed(self, text: str) -> str | None:
        """Return the language that ``text`` is clearly in although another one is wanted; quotations may be in any.

        A language without word lists can't be recognised: then only what was left as it was spoken is told.
        """
        found = guessed(without_quotations(text).split()) if self.wanted else None
        known = self.wanted in languages() or found == self.spoken
        return found if found != self.wanted and known else None


def tongues_of(analysis: Analysis, brief: Brief) -> Tongues:
    """Return what the analysis heard, or the operator says of the source; and what the operator wants to read."""
    spoken = language_code(analysis.language or brief.language)
    return Tongues(spoken, language_code(brief.posts_language) or spoken)
