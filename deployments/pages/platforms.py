"""What each platform accepts and covers, as the pages show it."""

from functools import cache

from omni.contracts import Area, Contract, Platform
from omni.review import PostEdit
from omni.writing.lengths import length
from omni.writing.limits import TextUnit, limits_of, safe_area


class Network(Contract):
    """One platform: its limits for texts, and where its buttons leave a Short free, in pixels of 1080×1920."""

    name: Platform
    label: str
    title_max: int | None
    text_max: int
    unit: TextUnit
    hashtags_max: int | None
    area: Area


@cache
def networks() -> tuple[Network, ...]:
    """Return every platform that posts are written for."""
    return tuple(_network(platform) for platform in Platform)


def body(text: str, hashtags: tuple[str, ...]) -> str:
    """Return what goes into a platform's text field, and counts against its limit."""
    return "\n\n".join(part for part in (text, " ".join(f"#{tag}" for tag in hashtags)) if part)


def count(text: str, hashtags: tuple[str, ...], platform: Platform) -> int:
    """Return how much of a platform's limit a post takes."""
    return length(body(text, hashtags), limits_of(platform).text_unit)


def excesses(post: PostEdit, platform: Platform) -> list[str]:
    """Return why a platform would refuse a post, each as a clause; none when it wouldn't."""
    limits, tags = limits_of(platform), post.hashtags or ()
    over = count(post.text or "", tags, platform) - limits.text_max
    found = [f"the text for {limits.label} is {over} too long"] if over > 0 else []
    if limits.title_max is not None and (more := length(post.title or "", "utf16") - limits.title_max) > 0:
        found.append(f"the title for {limits.label} is {more} too long")
    if limits.hashtags_max is not None and len(tags) > limits.hashtags_max:
        found.append(f"{limits.label} takes {limits.hashtags_max} hashtags, not {len(tags)}")
    return found


def _network(platform: Platform) -> Network:
    limits, free = limits_of(platform), safe_area(platform)
    return Network(
        name=platform,
        label=limits.label,
        title_max=limits.title_max,
        text_max=limits.text_max,
        unit=limits.text_unit,
        hashtags_max=limits.hashtags_max,
        area=Area(left=free.left, top=free.top, right=free.right, bottom=free.bottom),
    )
