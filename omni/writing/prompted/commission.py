"""What a model is asked to write, in portions of one answer each."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from omni.contracts import Advice, Analysis, Brief, Platform, Post, Precedents
from omni.writing.owed import owed, platforms_of
from omni.writing.tongues import Tongues, tongues_of

# A post with its field names is about 200 tokens of an answer, twice that in scripts that are cut finely: 24 of them and a
# strategy leave more than half of the 16,384 tokens of a question to its thoughts. 24 also holds 4 clips on all 5 platforms.
_POSTS_AT_ONCE = 24

Key = tuple[int, Platform]
"""Number of a clip, and a platform."""


@dataclass(frozen=True)
class Commission:
    """All that a copywriter may know."""

    analysis: Analysis
    precedents: Precedents
    brief: Brief

    @cached_property
    def tongues(self) -> Tongues:
        """The languages spoken and wanted."""
        return tongues_of(self.analysis, self.brief)


@dataclass(frozen=True)
class Correction:
    """What was wrong with one thing; ``key`` of a post, ``None`` for the strategy; ``written`` is absent when it was missing."""

    key: Key | None
    wrong: tuple[str, ...]
    written: Post | Advice | None


@dataclass(frozen=True)
class Portion:
    """What one answer should hold."""

    posts: tuple[Key, ...]
    strategy: bool
    corrections: tuple[Correction, ...] = ()


def portions(commission: Commission) -> tuple[Portion, ...]:
    """Return everything owed in portions of about one size, whole clips together; the strategy belongs to the first."""
    keys = [(clip.number, platform) for clip, platform in owed(commission.analysis, commission.brief)]
    platforms = len(platforms_of(commission.brief))
    clips = len(keys) // platforms
    count = ceil(clips / max(1, _POSTS_AT_ONCE // platforms))
    size = ceil(clips / count) * platforms
    return tuple(Portion(tuple(keys[i : i + size]), strategy=i == 0) for i in range(0, len(keys), size))
