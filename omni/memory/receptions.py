"""What came of the clips that were kept, in figures, in words, and as lessons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from omni.contracts import Lesson, Platform, Precedent, Reception
from omni.memory.describing import by_id
from omni.memory.learning import lessons
from omni.memory.outcomes import KIND, readable
from omni.memory.standing import Standing, standings
from omni.outcomes import ClipOutcome, Outcome
from omni.ports import Memory, MemoryRecord

_READ = 4_000
"""Outcomes looked at, the newest: what is older has long faded (learning.HALF_LIFE_WEEKS). As many take 0.4 CPU s among 9 000
records and 0.7 among 27 000."""


@dataclass(frozen=True)
class Past:
    """What a workspace's outcomes say; empty without any."""

    clips: Mapping[str, MemoryRecord] = field(default_factory=dict[str, MemoryRecord])
    """Records of clips, by id."""
    known: Mapping[str, Standing] = field(default_factory=dict[str, Standing])
    lessons: tuple[Lesson, ...] = ()

    def of(self, precedent: Precedent) -> Precedent:
        """Return a precedent with what came of it."""
        standing = self.known.get(precedent.id)
        return precedent.model_copy(update={"reception": reception_of(standing)}) if standing else precedent

    @property
    def refused(self) -> tuple[MemoryRecord, ...]:
        """The clips that a person rejected."""
        return tuple(self.clips[key] for key, one in self.known.items() if is_refused(one) and key in self.clips)


def past_of(memory: Memory, workspace: str, left_out: Iterable[str] = ()) -> Past:
    """Return what the outcomes of a workspace say, those of some strategies left out; raises what reading raises."""
    own = frozenset(left_out)
    told = [record for record in memory.records(workspace, KIND) if record.strategy_id not in own]
    if not told:
        return Past()
    newest = sorted(told, key=lambda record: (str(record.payload.get("on", "")), record.id), reverse=True)[:_READ]
    met = {record.strategy_id for record in newest}
    kept = (record for record in memory.records(workspace, "clip", "post") if record.strategy_id in met)
    return learned(kept, readable(newest))


def learned(kept: Iterable[MemoryRecord], told: Iterable[ClipOutcome]) -> Past:
    """Return what outcomes say of the clips and posts that were kept."""
    records = list(kept)
    clips, posts = by_id(records, "clip"), by_id(records, "post")
    known = standings(clips, told)
    return Past(clips, known, lessons(clips, posts.values(), known))


def reception_of(standing: Standing) -> Reception:
    """Return what came of a clip, for the one who reads it in a prompt or on a page."""
    views = [outcome.views for outcome in standing.figures.values() if outcome.views is not None]
    return Reception(
        merit=None if standing.merit is None else round(standing.merit / 2, 2),
        views=sum(views) if views else None,
        verdict=standing.verdict.verdict if standing.verdict else None,
        reason=standing.verdict.reason if standing.verdict else "",
        text=_in_words(standing),
    )


def is_refused(standing: Standing) -> bool:
    """Tell whether a person rejected the clip."""
    return standing.verdict is not None and standing.verdict.verdict == "rejected"


def _in_words(standing: Standing) -> str:
    parts = [_place_in_words(platform, outcome) for platform, outcome in standing.figures.items()]
    if standing.verdict:
        reason = f": {standing.verdict.reason}" if standing.verdict.reason else ""
        parts.append(f"{standing.verdict.verdict}{reason}")
    return ", ".join(parts)


def _place_in_words(platform: Platform, outcome: Outcome) -> str:
    said = [f"{outcome.views:,} views".replace(",", " ")] if outcome.views is not None else []
    said += [
        f"{count:,} {noun}".replace(",", " ")
        for noun in ("likes", "saves", "shares", "comments")
        if (count := getattr(outcome, noun))
    ]
    said += [f"watched for {outcome.watch_seconds:.0f} s"] if outcome.watch_seconds is not None else []
    return f"{' and '.join(said[:3])} on {platform.value}"
