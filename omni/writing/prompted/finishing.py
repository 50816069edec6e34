"""From a model's drafts to a campaign: what is fit stays, the rest is mended, replaced or left out, and told."""

from collections.abc import Iterable
from dataclasses import dataclass

from omni.contracts import Advice, Campaign, Clip, Platform, Post
from omni.writing.advice import NO_ADVICE, is_usable, mended_advice
from omni.writing.limits import limits_of
from omni.writing.offline import untranslated
from omni.writing.owed import owed
from omni.writing.phrases import phrasebook
from omni.writing.posts import compose
from omni.writing.prompted.commission import Commission
from omni.writing.prompted.judging import is_presentable, wrongs
from omni.writing.prompted.sheets import Draft, Sheet
from omni.writing.sanitizing import plain
from omni.writing.strategy import strategy
from omni.writing.taste import taste_of
from omni.writing.validation import faults, repair

# Of the causes in a warning: so many are read, so long each.
_CAUSES, _CAUSE = 3, 120

_MENDED = "what may not stand was taken out"
_REPLACED = "the offline copywriter wrote it instead"
_DROPPED = "there is none"


@dataclass(frozen=True)
class _Finished:
    clip: Clip
    platform: Platform
    post: Post | None
    fate: str | None = None
    cause: str = ""


def finished(sheets: tuple[Sheet, ...], commission: Commission, engine: str) -> Campaign:
    """Return the campaign: a post without faults for each clip and platform, or a warning that names it."""
    posts = [
        _finished(clip, platform, sheet, commission)
        for clip, platform in owed(commission.analysis, commission.brief)
        for sheet in sheets
        if (clip.number, platform) in sheet.portion.posts
    ]
    advice, language, warning = _advice(sheets[0], commission)
    offline = warning == _REPLACED or any(each.fate == _REPLACED for each in posts)
    analysis, brief = commission.analysis, commission.brief
    return Campaign(
        strategy=strategy(analysis, commission.precedents, brief, phrasebook(language), advice),
        advice=advice,
        strategy_language=language,
        posts=tuple(each.post for each in posts if each.post is not None),
        language=brief.posts_language or analysis.language or brief.language,
        engine=engine,
        warnings=(
            *([f"Strategy: {warning} ({_cause(sheets[0].advice_wrong, sheets[0])})."] if warning else []),
            *_warnings(posts),
            *(untranslated(analysis, brief) if offline else ()),
        ),
    )


def _finished(clip: Clip, platform: Platform, sheet: Sheet, commission: Commission) -> _Finished:
    analysis, brief = commission.analysis, commission.brief
    draft = sheet.drafts.get((clip.number, platform), Draft())
    if draft.post is not None and not draft.wrong:
        return _Finished(clip, platform, draft.post)
    cause = _cause(draft.wrong, sheet)
    mended = repair(draft.post, analysis, brief) if draft.post is not None else None
    if mended is not None and not wrongs(mended, commission):
        return _Finished(clip, platform, mended, _MENDED, cause)
    book, taste = phrasebook(commission.tongues.spoken), taste_of(commission.precedents.lessons)
    composed = compose(clip, platform, analysis, book, brief.directives, taste)
    if not faults(composed, analysis, brief):
        return _Finished(clip, platform, composed, _REPLACED, cause)
    return _Finished(clip, platform, None, _DROPPED, cause)


def _advice(sheet: Sheet, commission: Commission) -> tuple[Advice, str | None, str | None]:
    """Return the model's part in the strategy, the document's language, and what became of that part when it wasn't fit."""
    advice = mended_advice(sheet.advice or NO_ADVICE, commission.analysis, commission.brief)
    if is_usable(advice) and is_presentable(advice, commission):
        return advice, commission.tongues.wanted, _MENDED if sheet.advice_wrong else None
    return NO_ADVICE, commission.tongues.spoken, _REPLACED


def _warnings(posts: Iterable[_Finished]) -> list[str]:
    """Return a warning for each clip, fate and cause, naming the platforms."""
    grouped: dict[tuple[int, str, str], list[str]] = {}
    for each in posts:
        if each.fate is not None:
            grouped.setdefault((each.clip.number, each.fate, each.cause), []).append(limits_of(each.platform).label)
    return [
        f"Post for clip {clip} on {', '.join(platforms)}: {fate} ({cause})."
        for (clip, fate, cause), platforms in grouped.items()
    ]


def _cause(wrong: tuple[str, ...], sheet: Sheet) -> str:
    """Return the reasons, as plain text that points nowhere: a warning is read where a post would be."""
    causes = [plain(cause)[:_CAUSE] for cause in wrong[:_CAUSES]]
    trouble = [sheet.trouble.cause.rstrip(".")] if sheet.trouble is not None else []
    return "; ".join((*causes, *trouble))
