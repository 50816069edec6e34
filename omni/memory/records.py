"""What of a job is kept, and under which ids."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID, uuid5

from pydantic import JsonValue

from omni.contracts import PAGES, Analysis, Brief, Campaign, Clip, Post, Source
from omni.outcomes import clip_id
from omni.ports import MemoryRecord
from omni.review import Decision, Revision, Verdict

UNDECIDED = Revision()
"""Nobody has said anything of a job."""

_NAMESPACE = UUID("6f1d8c52-6a0e-5b0b-9d43-1f0c7c2f8f11")
"""Of every id ever kept; another one would make each known job a new one."""

_STRATEGY_EXCERPT = 1500
"""Characters of the strategy: its first sections; the whole text lies in the delivery."""

_CLIP_EXCERPT = 1000
"""Characters of what is said in a clip: about a minute of speech."""

_POST_EXCERPT = 3000
"""Characters of a post: LinkedIn's longest; only YouTube and Facebook take more."""


def strategy_id(workspace: str, source_sha256: str, brief: Brief) -> str:
    """Return the id of a request: one for a video and what a brief asks of moments and words, however it shall look."""
    return page_ids(workspace, source_sha256, brief)[brief.page - 1]


def page_ids(workspace: str, source_sha256: str, brief: Brief) -> tuple[str, ...]:
    """Return the ids of a request and of all that can be asked for after it: those of its pages, the first one first."""
    request = uuid5(_NAMESPACE, "|".join((workspace, source_sha256, _brief_digest(brief.first_page()), "strategy")))
    further = (uuid5(request, f"page {page}") for page in range(2, PAGES + 1))
    return str(request), *map(str, further)


def records_of(
    source: Source, brief: Brief, analysis: Analysis, campaign: Campaign, revision: Revision = UNDECIDED
) -> tuple[MemoryRecord, ...]:
    """Return one record for the strategy, one for each clip with what people decided on it, and one for each post.

    A clip that only a time-out rejected was neither made nor judged: it leaves no trace, and can be proposed again.
    """
    strategy = strategy_id(brief.workspace, source.sha256, brief)
    summary = (*analysis.titles, ", ".join(analysis.keywords), _excerpt(campaign.strategy, _STRATEGY_EXCERPT))
    engines: dict[str, JsonValue] = {"analyst": analysis.engine, "copywriter": campaign.engine}
    whole = MemoryRecord(
        id=strategy,
        workspace=brief.workspace,
        kind="strategy",
        strategy_id=strategy,
        source_sha256=source.sha256,
        source_title=source.title,
        title=analysis.topic,
        text="\n".join(part for part in summary if part),
        payload={**engines, "language": analysis.language, "length": round(source.duration, 2)},
    )
    clips = {clip.number: clip for clip in analysis.clips if not _lapsed(revision.decision_on(clip.number))}
    posts = [post for post in campaign.posts if post.clip in clips]
    return (
        whole,
        *(_clip_record(whole, clip, posts, revision, analysis.keywords) for clip in clips.values()),
        *(_post_record(whole, clips[post.clip], post, campaign.language) for post in posts),
    )


def _lapsed(decision: Decision | None) -> bool:
    return decision is not None and decision.by == "timeout" and decision.verdict is Verdict.REJECTED


def _clip_record(
    whole: MemoryRecord, clip: Clip, posts: Sequence[Post], revision: Revision, keywords: Sequence[str]
) -> MemoryRecord:
    spoken = clip.text if clip.text.startswith(clip.hook) else f"{clip.hook}\n{clip.text}"
    decision = revision.decision_on(clip.number)
    own = {
        "id": clip_id(whole.strategy_id, clip.number),
        "kind": "clip",
        "title": clip.title,
        "text": _excerpt(spoken, _CLIP_EXCERPT),
        "span": {"start": clip.start, "end": clip.end},
        "payload": {
            **whole.payload,
            "number": clip.number,
            "score": clip.score,
            "hook": clip.hook,
            "length": round(clip.length, 2),
            "evidence": _weights(clip),
            "keywords": [keyword for keyword in keywords if keyword.casefold() in clip.text.casefold()],
            "platforms": [post.platform.value for post in posts if post.clip == clip.number],
            "decision": decision.verdict.value if decision else None,
        },
    }
    return MemoryRecord.model_validate(whole.model_dump() | own)


def _post_record(whole: MemoryRecord, clip: Clip, post: Post, language: str | None) -> MemoryRecord:
    own = {
        "id": str(uuid5(UUID(whole.id), f"post {post.clip} {post.platform.value}")),
        "kind": "post",
        "title": post.title or clip.title,
        "text": _excerpt(post.text, _POST_EXCERPT),
        "span": {"start": clip.start, "end": clip.end},
        "payload": {
            **whole.payload,
            "language": language,
            "clip": post.clip,
            "platform": post.platform.value,
            "hashtags": list(post.hashtags),
            "length": len(post.text),
        },
    }
    return MemoryRecord.model_validate(whole.model_dump() | own)


def _weights(clip: Clip) -> dict[str, float]:
    """Return what spoke for and against a clip: the weight of each kind of evidence."""
    weights: dict[str, float] = defaultdict(float)
    for evidence in clip.evidence:
        weights[evidence.kind] += evidence.weight
    return {kind: round(weight, 3) for kind, weight in weights.items()}


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
