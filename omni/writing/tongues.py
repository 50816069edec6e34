"""Which language was spoken, which one the posts are owed in, and whether a text keeps to it."""

from dataclasses import dataclass

from omni.contracts import Analysis, Brief
from omni.languages import guessed, language_code, languages
from omni.writing.grounding import without_quotations

# Between languages of one script fewer words deceive: of English windows of 8, 15, 20 and 25 words from four texts 3 %, 1.7 %,
# 0.3 % and none were taken for another language. A whole post of the wrong language has more.
_WORDS = 20


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
        words = without_quotations(text).split()
        found = guessed(words) if self.wanted else None
        if found is None or found == self.wanted:
            return None
        known, wanted = languages(), languages().get(self.wanted or "")
        if found == self.spoken or (wanted is not None and wanted.script != known[found].script):
            return found  # left as it was spoken, or in other letters
        return found if wanted is not None and len(words) >= _WORDS else None


def tongues_of(analysis: Analysis, brief: Brief) -> Tongues:
    """Return what the analysis heard, or the operator says of the source; and what the operator wants to read."""
    spoken = language_code(analysis.language or brief.language)
    return Tongues(spoken, language_code(brief.posts_language) or spoken)
