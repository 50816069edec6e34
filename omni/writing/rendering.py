"""Posts as text to paste, and as markdown to read."""

from omni.contracts import Analysis, Campaign, Post
from omni.timecode import clock
from omni.writing.limits import limits_of
from omni.writing.markdown import escaped
from omni.writing.sanitizing import plain


def body(post: Post) -> str:
    """Return what goes into the platform's text field: the text and its hashtags; this counts against the limit."""
    tags = " ".join(f"#{tag}" for tag in post.hashtags)
    return "\n\n".join(part for part in (post.text, tags) if part)


def as_text(post: Post) -> str:
    """Return a post as a text file: the title, where there is one, then the body."""
    return "\n\n".join(part for part in (post.title, body(post)) if part) + "\n"


def as_markdown(campaign: Campaign, analysis: Analysis) -> str:
    """Return every post of a campaign as markdown, by clip and platform; text that could be markup is escaped."""
    parts: list[str] = []
    for clip in analysis.clips:
        parts.append(f"## {clip.number}. {escaped(plain(clip.title))} ({clock(clip.start)}–{clock(clip.end)})")
        for post in campaign.posts:
            if post.clip == clip.number:
                parts += [f"### {limits_of(post.platform).label}", _quoted(post)]
    return "\n\n".join(parts) + "\n"


def _quoted(post: Post) -> str:
    lines = as_text(post).rstrip("\n").split("\n")
    # Two blanks at the end keep a line break; the block quote keeps a post apart from the page.
    return "\n".join(f"> {escaped(line)}  " if line else ">" for line in lines)
