"""What of a job is kept, and under which ids."""

import hashlib
import json
from uuid import UUID, uuid5

from omni.contracts import PAGES, Analysis, Brief, Campaign, Clip, Source
from omni.ports import MemoryRecord

_NAMESPACE = UUID("6f1d8c52-6a0e-5b0b-9d43-1f0c7c2f8f11")
"""Of every id ever kept; another one would make each known job a new one."""

_STRATEGY_EXCERPT = 1500
"""Characters of the strategy: its first sections; the whole text lies in the delivery."""

_CLIP_EXCERPT = 1000
"""Characters of what is said in a clip: about a minute of speech."""


def strategy_id(workspace: str, source_sha256: str, brief: Brief) -> str:
    """Return the id of a request: one for a video and what a brief asks of moments and words, however it shall look."""
    return page_ids(workspace, source_sha256, brief)[brief.page - 1]


def page_ids(workspace: str, source_sha256: str, brief: Brief) -> tuple[str, ...]:
    """Return the ids of a request and of all that can be asked for after it: those of its pages, the first one first."""
    request = uuid5(_NAMESPACE, "|".join((workspace, source_sha256, _brief_digest(brief.first_page()), "strategy")))
    further = (uuid5(request, f"page {page}") for page in range(2, PAGES + 1))
    return str(request), *map(str, further)


def records_of(source: Source, brief: Brief, analysis: Analysis, campaign: Campaign) -> tuple[MemoryRecord, ...]:
    """Return one record for the strategy and one for each clip."""
    strategy = strategy_id(brief.workspace, source.sha256, brief)
    summary = (*analysis.titles, ", ".join(analysis.keywords), _excerpt(campaign.strategy, _STRATEGY_EXCERPT))
    whole = MemoryRecord(
        id=strategy,
        workspace=brief.workspace,
        kind="strategy",
        strategy_id=strategy,
        source_sha256=source.sha256,
        source_title=source.title,
        title=analysis.topic,
        text="\n".join(part for part in summary if part),
        payload={"language": analysis.language, "analyst": analysis.engine, "copywriter": campaign.engine},
    )
    return whole, *(_clip_record(whole, clip) for clip in analysis.clips)


def _clip_record(whole: MemoryRecord, clip: Clip) -> MemoryRecord:
    spoken = clip.text if clip.text.startswith(clip.hook) else f"{clip.hook}\n{clip.text}"
    own = {
        "id": str(uuid5(UUID(whole.id), f"clip {clip.number}")),
        "kind": "clip",
        "title": clip.title,
        "text": _excerpt(spoken, _CLIP_EXCERPT),
        "span": {"start": clip.start, "end": clip.end},
        "payload": {**whole.payload, "number": clip.number, "score": clip.score, "hook": clip.hook},
    }
    return MemoryRecord.model_validate(whole.model_dump() | own)


def _brief_digest(brief: Brief) -> str:
    """Return the sha256 of what was asked; defaults are left out, so that a field added later renames no old request."""
    asked = brief.editorial().model_dump(mode="json", exclude={"workspace"}, exclude_defaults=True)
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _excerpt(text: str, limit: int) -> str:
    """Return at most ``limit`` characters, cut at a blank where there is one."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return f"{head.rpartition(' ')[0] or head}…"
