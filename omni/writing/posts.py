"""One post for one clip, fitted to each platform."""

from collections.abc import Callable
from itertools import pairwise

from omni.contracts import Analysis, Clip, Platform, Post
from omni.writing.fitting import fitted
from omni.writing.hashtags import hashtags
from omni.writing.lengths import x_weight
from omni.writing.limits import PlatformLimits, limits_of
from omni.writing.material import Line, Material, different, material_of
from omni.writing.phrases import Phrasebook
from omni.writing.sentences import joined
from omni.writing.shortening import shorten
from omni.writing.wording import repeats_any, same_words

# The first line has to be read whole before "more": 125 characters on Instagram, 140 on LinkedIn, 150 on TikTok.
_FIRST_LINE = 125
# A title is read whole in a feed up to about 60 characters; 70 is where search results cut it.
_GOOD_TITLE = 70
# How much of the clip Instagram's caption tells, and how long one of LinkedIn's points may be, in characters.
_STORY, _POINT = 480, 160
# Leaves room on X for two hashtags of 28 and the quotation marks.
_X_QUOTE = 216
_TAGS = {Platform.YOUTUBE: 3, Platform.TIKTOK: 4, Platform.INSTAGRAM: 5, Platform.LINKEDIN: 4, Platform.X: 2}

Composer = Callable[[Material, Phrasebook], str]


def compose(clip: Clip, platform: Platform, analysis: Analysis, book: Phrasebook, allowed: str = "") -> Post:
    """Write the post of one clip for one platform, within its limits and from the clip's own words.

    ``allowed`` are the operator's words: addresses and handles that stand in them may stay in the post.
    """
    limits = limits_of(platform)
    material = material_of(clip, analysis, book, allowed)
    text = _COMPOSERS[platform](material, book) or _without_speech(material, book)
    if platform is not Platform.X and len(text.split("\n")[0]) > _FIRST_LINE:
        text = _paragraphs(book.posts.clip, text)  # not even one word of it was short enough for a first line
    post = Post(
        clip=clip.number,
        platform=platform,
        title=_title(material, limits) or book.posts.clip,
        text=text,
        hashtags=hashtags(analysis.keywords, clip.text, _TAGS[platform]),
    )
    return fitted(post, limits)


def _youtube(material: Material, book: Phrasebook) -> str:
    title = _title(material, limits_of(Platform.YOUTUBE))
    opening = _opening(material, (title,))
    said = (title, opening)
    more = _in_spoken_order(different(material.strongest, said)[:2], material)
    listed = book.separator.join(material.keywords[:5])
    return _paragraphs(
        opening,
        joined(more) or _continuation(material, opening or title),
        book.posts.in_this_clip.format(listed) if listed else "",
        _origin(material, book, said),
    )


def _tiktok(material: Material, book: Phrasebook) -> str:
    del book  # a caption of the clip's own words
    opening = _opening(material, (), prefer_question=True)
    # A very short opening leaves room for the line that is said next.
    if opening and len(opening) <= 50:
        both = joined((opening, _following(material, opening)))
        return both if len(both) <= _FIRST_LINE else opening
    return opening


def _instagram(material: Material, book: Phrasebook) -> str:
    opening = _opening(material, ()) or _first_line(material.title)
    story: list[str] = []
    for line in different(material.lines, (opening,)):
        if sum(map(len, story)) + len(line.said) > _STORY:
            break
        story.append(line.said)
    middle = (len(story) + 1) // 2
    halves = (story[:middle], story[middle:]) if len(story) > 3 else (story,)
    told = [joined(half) for half in halves] if story else [_continuation(material, opening)]
    return _paragraphs(opening, *told, _origin(material, book, (opening,)))


def _linkedin(material: Material, book: Phrasebook) -> str:
    headline = _as_headline(material.title)
    first = headline if headline and not headline.endswith("…") else _opening(material, ()) or headline
    first = _first_line(first)
    quotable = different(tuple(line for line in material.strongest if not line.asks), (first,))
    quote = _quotation(quotable[0], material) if quotable else ""
    said = (first, quote)
    rest = tuple(line for line in different(quotable, said) if len(line.alone) <= _POINT and line.said not in quote)
    points = [f"{book.bullet} {line.alone}" for line in _by_time(rest[:3], material)]
    heading = [book.posts.key_points] if len(points) > 1 and book.posts.key_points else []
    return _paragraphs(
        first,
        book.quoted(quote) if quote else _continuation(material, first),
        "\n".join((*heading, *points)),
        _origin(material, book, said),
    )


def _x(material: Material, book: Phrasebook) -> str:
    candidates = [line for line in material.strongest if not line.asks] or list(material.lines)
    quotes = [_quotation(line, material) for line in candidates]
    whole = next((text for text in quotes if x_weight(book.quoted(text)) <= _X_QUOTE), "")
    quote = whole or (shorten(candidates[0].alone, _X_QUOTE) if candidates else "")
    return book.quoted(quote) if quote else ""


_COMPOSERS: dict[Platform, Composer] = {
    Platform.YOUTUBE: _youtube,
    Platform.TIKTOK: _tiktok,
    Platform.INSTAGRAM: _instagram,
    Platform.LINKEDIN: _linkedin,
    Platform.X: _x,
}


def _title(material: Material, limits: PlatformLimits) -> str:
    """Return a whole short title where there is one, else the analyst's title cut at a word."""
    title = _as_headline(material.title)
    if title.endswith("…") or not title:
        whole = (line.alone for line in material.strongest if len(line.alone) <= _GOOD_TITLE)
        title = _as_headline(next(whole, title))
    return shorten(title or material.hook or material.video_title, limits.title_max or _GOOD_TITLE, len)


def _opening(material: Material, said: tuple[str, ...], *, prefer_question: bool = False) -> str:
    """Return the line that a reader sees first: the hook if it stands alone, else the line that does so best."""
    fresh = different(material.strongest, said)
    short = [line for line in fresh if len(line.alone) <= _FIRST_LINE]
    hooks = [line for line in short if same_words(line.said, material.hook)]
    questions = [line for line in short if line.asks] if prefer_question else []
    best = next(iter((*questions, *hooks, *short)), None)
    if best is not None:
        return best.alone
    left = (material.hook, *(line.said for line in (*fresh, *material.lines)))
    return _first_line(next((text for text in left if text and not repeats_any(text, said)), ""))


def _continuation(material: Material, head: str) -> str:
    """Return how a sentence goes on that ``head`` had to cut off: for speech without full stops."""
    stem = head.removesuffix("…")
    whole = next((line.said for line in material.lines if line.said.startswith(stem)), "") if stem != head else ""
    rest = shorten(whole[len(stem) :].lstrip(" ,;:"), _STORY) if whole else ""
    return f"…{rest}" if rest else ""


def _quotation(line: Line, material: Material) -> str:
    """Return a line as a quote: with the sentence before it, if it leans on that one and both are short."""
    before = next((earlier for earlier, later in pairwise(material.lines) if later == line), None)
    if line.leans and before is not None and not before.leans and not before.asks:
        both = joined((before.alone, line.said))
        return both if x_weight(both) <= _X_QUOTE - 2 else line.alone
    return line.alone


def _following(material: Material, opening: str) -> str:
    for line, following in pairwise(material.lines):
        if line.alone == opening:
            return following.said
    return ""


def _by_time(lines: tuple[Line, ...], material: Material) -> list[Line]:
    return [line for line in material.lines if line in lines]


def _in_spoken_order(lines: tuple[Line, ...], material: Material) -> list[str]:
    return [line.said for line in _by_time(lines, material)]


def _origin(material: Material, book: Phrasebook, said: tuple[str, ...]) -> str:
    title = shorten(_as_headline(material.video_title), 200)
    return book.posts.clip_from.format(title) if title and not repeats_any(title, said) else ""


def _without_speech(material: Material, book: Phrasebook) -> str:
    """Return an honest text for a clip in which nothing is said: its title and what the video is about."""
    first = next(
        (line for line in map(_first_line, (material.title, material.video_title, material.topic)) if line), ""
    )
    topic = shorten(material.topic, 300) if not same_words(material.topic, first) else ""
    return _paragraphs(first, topic) or book.posts.clip


def _first_line(text: str) -> str:
    return shorten(text, _FIRST_LINE, len)


def _as_headline(text: str) -> str:
    """Return a sentence as a title is written: without its full stop."""
    stripped = text.rstrip()
    return stripped[:-1] if stripped.endswith((".", "。", "।")) and not stripped.endswith("..") else stripped


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
