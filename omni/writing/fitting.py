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
    title = None
    if limits.title_max is not None:
        title = shorten(_accepted(post.title or "", limits), limits.title_max, lambda t: length(t, "utf16"))
    post = post.model_copy(update={"title": title, "text": _accepted(post.text, limits)})
    while post.hashtags and room(body(post), limits) < 0:
        post = post.model_copy(update={"hashtags": post.hashtags[:-1]})
    if room(body(post), limits) >= 0:
        return post
    return post.model_copy(update={"text": shorten(post.text, limits.text_max, lambda t: length(t, limits.text_unit))})


def _accepted(text: str, limits: PlatformLimits) -> str:
    return text.translate({ord(c): _LOOKALIKES.get(c) for c in limits.forbidden})
