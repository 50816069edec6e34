"""Is a post fit to publish, and how it is mended when it isn't."""

from omni.contracts import Analysis, Brief, Clip, Post
from omni.untrusted.invisibles import unseen_characters, without_unseen
from omni.writing.fitting import fitted, fitted_title
from omni.writing.grounds import Grounds, grounds_of_posts
from omni.writing.hashtags import hashtag, is_hashtag, without_hash_signs
from omni.writing.lengths import length, room
from omni.writing.limits import PlatformLimits, limits_of
from omni.writing.rendering import body
from omni.writing.sanitizing import markup, plain


def faults(post: Post, analysis: Analysis, brief: Brief) -> tuple[str, ...]:
    """Return what makes a post unfit, each fault as a clause that names the finding; ``()`` for a post that is fit."""
    clip = _clip_of(post, analysis)
    if clip is None:
        return (f"there is no clip {post.clip}",)
    if post.platform not in brief.platforms:
        return (f"nobody asked for a post on {post.platform}",)
    return (*faults_of_shape(post), *_faults_of_content(post, grounds_of_posts(clip, analysis, brief)))


def faults_of_shape(post: Post) -> tuple[str, ...]:
    """Return what its platform won't take or show of a post, whatever it says."""
    limits = limits_of(post.platform)
    return (*_faults_of_form(post, limits), *_faults_of_length(post, limits), *_faults_of_hashtags(post, limits))


def repair(post: Post, analysis: Analysis, brief: Brief) -> Post:
    """Return ``post`` with everything taken away that can be: the same input gives the same output.

    Unseen characters, markup, refused characters, and sentences that claim what the analysis doesn't hold or point somewhere
    go; hashtags are cleaned and counted; what is too long is shortened. The result may be empty: ask :func:`faults` again.
    """
    clip = _clip_of(post, analysis)
    if clip is None:
        return post
    grounds = grounds_of_posts(clip, analysis, brief)
    while (mended := _mended(post, clip, grounds)) != post:  # what is taken away may lay open the next thing
        post = mended
    return post


def _faults_of_form(post: Post, limits: PlatformLimits) -> list[str]:
    found: list[str] = []
    if not post.text.strip():
        found.append("the text is empty")
    if limits.title_max is not None and not (post.title or "").strip():
        found.append(f"{limits.label} needs a title")
    if limits.title_max is None and post.title is not None:
        found.append(f"{limits.label} has no title field")
    everything = "\n".join((post.title or "", post.text, *post.hashtags))
    found += [f"the unseen character {name}" for name in unseen_characters(everything)]
    found += [f"the character {c}, which {limits.label} refuses" for c in limits.forbidden if c in everything]
    found += [f"the markup {mark}" for mark in markup(f"{post.title or ''}\n{post.text}")]
    if "\n" in (post.title or ""):
        found.append("a line break in the title")
    return found


def _faults_of_length(post: Post, limits: PlatformLimits) -> list[str]:
    found: list[str] = []
    if limits.title_max is not None and (over := length(post.title or "", "utf16") - limits.title_max) > 0:
        found.append(f"the title is {over} too long for {limits.label}")
    if (over := -room(body(post), limits)) > 0:
        found.append(f"the text is {over} too long for {limits.label}")
    return found


def _faults_of_hashtags(post: Post, limits: PlatformLimits) -> list[str]:
    found = [f"#{tag} is no hashtag" for tag in post.hashtags if not is_hashtag(tag)]
    folded = [tag.casefold() for tag in post.hashtags]
    found += [f"#{tag} stands twice" for tag in dict.fromkeys(folded) if folded.count(tag) > 1]
    if without_hash_signs(post.text) != post.text:
        found.append("a hashtag inside the text")
    if len(post.hashtags) > limits.hashtags_advised[1]:
        found.append(f"{len(post.hashtags)} hashtags, {limits.label} is served by {limits.hashtags_advised[1]}")
    return found


def _faults_of_content(post: Post, grounds: Grounds) -> list[str]:
    claims = grounds.unsupported(f"{post.title or ''}\n{post.text}")
    tags = (f"#{tag}" for tag in post.hashtags if not grounds.support_tag(tag))
    return [f"not in the analysis: {claim}" for claim in (*claims, *tags)]


def _mended(post: Post, clip: Clip, grounds: Grounds) -> Post:
    limits = limits_of(post.platform)
    title = grounds.supported(post.title or "")
    text = "\n".join(grounds.supported(line) for line in without_unseen(post.text).split("\n"))
    mended = post.model_copy(
        update={
            "title": fitted_title(title, limits) or plain(clip.title),
            "text": _without_empty_runs(text),
            "hashtags": _mended_hashtags(post, grounds),
        }
    )
    return fitted(mended, limits)


def _mended_hashtags(post: Post, grounds: Grounds) -> tuple[str, ...]:
    tags: dict[str, str] = {}
    for written in (tag.lstrip("#＃") for tag in post.hashtags):
        tag = written if is_hashtag(written) else hashtag(written)
        if tag and grounds.support_tag(tag):
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[: limits_of(post.platform).hashtags_advised[1]]


def _without_empty_runs(text: str) -> str:
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def _clip_of(post: Post, analysis: Analysis) -> Clip | None:
    return next((clip for clip in analysis.clips if clip.number == post.clip), None)
