"""Strategy and posts as people want them: their words stand, and what a platform won't take is told."""

from collections.abc import Iterable

from omni.contracts import Analysis, Brief, Campaign, Platform, Post, Precedents
from omni.release import Release
from omni.review import PostEdit, Revision
from omni.writing.limits import limits_of
from omni.writing.phrases import phrasebook
from omni.writing.strategy import strategy
from omni.writing.validation import faults_of_shape


def revised(campaign: Campaign, release: Release, shown: Analysis, precedents: Precedents, brief: Brief) -> Campaign:
    """Return the campaign of the clips that are made, as ``shown``: its strategy speaks of them alone, and people's posts stand."""
    posts = {(post.clip, post.platform): post for post in campaign.posts if post.clip in release.clips}
    told: list[str] = []
    for edit in (edit for edit in release.revision.edits if edit.clip in release.clips):
        for platform, wish in edit.posts.items():
            post = _edited(posts.get((edit.clip, platform)), wish, edit.clip, platform)
            if platform not in brief.platforms or post is None:
                continue
            posts[edit.clip, platform] = post
            told += _warnings(post)
    made: dict[str, object] = {"posts": tuple(posts.values()), "warnings": (*campaign.warnings, *told)}
    if shown.clips and release.revision != Revision():
        book = phrasebook(campaign.strategy_language)
        made["strategy"] = strategy(shown, precedents, brief, book, campaign.advice)
    return campaign.model_copy(update=made)


def _edited(post: Post | None, wish: PostEdit, clip: int, platform: Platform) -> Post | None:
    """Return a post with what was changed of it; ``None`` when there was none and no text was given."""
    if post is None:
        if wish.text is None:
            return None
        post = Post(clip=clip, platform=platform, text=wish.text)
    return post.model_copy(update=dict(_told(wish)))


def _told(wish: PostEdit) -> Iterable[tuple[str, object]]:
    return ((name, value) for name in PostEdit.model_fields if (value := getattr(wish, name)) is not None)


def _warnings(post: Post) -> Iterable[str]:
    label = limits_of(post.platform).label
    return (f"The post of Short {post.clip} on {label}, as edited: {fault}." for fault in faults_of_shape(post))
