"""The last step of a post: the characters and the length that its platform accepts."""

from omni.contracts import Post
from omni.writing.lengths import length, room
from omni.writing.limits import PlatformLimits
from omni.writing.rendering import body
from omni.writing.shortening import shorten

# What stands in for a character that a platform refuses.
_LOOKALIKES = {"<": "‹", ">": "›"}


def fitted(post: Post, limits: PlatformLimits) -> Post:
    """Return ``post`` within its platform's limits: refused characters replaced, hashtags dropped, the text shortened."""
    title = fitted_title(post.title or "", limits) if limits.title_max is not None else None
    post = post.model_copy(update={"title": title, "text": _accepted(post.text, limits)})
    while post.hashtags and room(body(post), limits) < 0:
        post = post.model_copy(update={"hashtags": post.hashtags[:-1]})
    if room(body(post), limits) >= 0:
        return post
    return post.model_copy(update={"text": shorten(post.text, limits.text_max, lambda t: length(t, limits.text_unit))})


def fitted_title(title: str, limits: PlatformLimits) -> str:
    """Return ``title`` as a platform with titles takes it; ``""`` when nothing of it can stay."""
    short = shorten(_accepted(title, limits), limits.title_max or 0, lambda text: length(text, "utf16"))
    return short if short.strip("…. ") else ""


def _accepted(text: str, limits: PlatformLimits) -> str:
    return text.translate({ord(c): _LOOKALIKES.get(c) for c in limits.forbidden})
