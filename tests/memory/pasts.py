"""Workspaces with a past: clips that were kept, and what came of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from omni.contracts import Platform, Span
from omni.outcomes import ClipOutcome, Outcome, clip_id
from omni.ports import MemoryRecord

FIRST_DAY = date(2026, 3, 2)
_NAMES = UUID("11111111-2222-5333-8444-555555555555")


def strategy(video: int) -> str:
    """Id of the strategy of a video."""
    return str(uuid5(_NAMES, f"video {video}"))


def sha(video: int) -> str:
    """Digest of a video."""
    return f"{video:064x}"


def clip_record(
    video: int,
    number: int,
    *,
    evidence: Iterable[str] = (),
    seconds: float = 25.0,
    text: str = "We speak of something here.",
    keywords: Sequence[str] = (),
    made: date = FIRST_DAY,
) -> MemoryRecord:
    """A clip as it is kept; ``evidence`` are kinds that spoke for it."""
    return MemoryRecord(
        id=clip_id(strategy(video), number),
        workspace="default",
        kind="clip",
        strategy_id=strategy(video),
        source_sha256=sha(video),
        source_title=f"Video {video}",
        title="A clip",
        text=text,
        span=Span(start=100.0 * number, end=100.0 * number + seconds),
        payload={"number": number, "evidence": dict.fromkeys(evidence, 1.0), "keywords": list(keywords)},
        created_at=datetime(made.year, made.month, made.day, 12, tzinfo=UTC),
    )


def post_record(clip: MemoryRecord, platform: Platform, text: str, hashtags: Sequence[str] = ()) -> MemoryRecord:
    """A post of a clip as it is kept."""
    return clip.model_copy(
        update={
            "id": str(uuid5(UUID(clip.id), platform.value)),
            "kind": "post",
            "text": text,
            "payload": {"clip": clip.payload["number"], "platform": platform.value, "hashtags": list(hashtags)},
        }
    )


@dataclass
class Past:
    """Grows clip by clip."""

    clips: dict[str, MemoryRecord] = field(default_factory=dict[str, MemoryRecord])
    posts: list[MemoryRecord] = field(default_factory=list[MemoryRecord])
    told: list[ClipOutcome] = field(default_factory=list[ClipOutcome])

    def add(self, clip: MemoryRecord, *outcomes: Outcome) -> MemoryRecord:
        """Keep a clip and what came of it."""
        self.clips[clip.id] = clip
        for outcome in outcomes:
            self.told.append(
                ClipOutcome(
                    workspace="default",
                    strategy_id=clip.strategy_id,
                    clip=int(str(clip.payload["number"])),
                    outcome=outcome,
                )
            )
        return clip


def figures(
    views: int, *, platform: Platform = Platform.TIKTOK, on: date = FIRST_DAY + timedelta(days=7), **more: float
) -> Outcome:
    """A platform's figures of a day."""
    return Outcome.model_validate({"on": on, "platform": platform, "views": views, **more})


def verdict(word: str, reason: str = "", on: date = FIRST_DAY) -> Outcome:
    """What a person said."""
    return Outcome.model_validate({"on": on, "verdict": word, "reason": reason})
