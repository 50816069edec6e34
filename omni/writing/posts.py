"""One post for one clip, fitted to each platform."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from omni.contracts import Analysis, Clip, Platform, Post
from omni.writing.fitting import fitted, fitted_title
from omni.writing.hashtags import hashtags
from omni.writing.lengths import x_weight
from omni.writing.limits import PlatformLimits, limits_of
from omni.writing.material import Line, Material, different, material_of
from omni.writing.phrases import Phrasebook
from omni.writing.sentences import joined
from omni.writing.shortening import shorten
from omni.writing.taste import NO_TASTE, Taste
from omni.writing.wording import repeats_any, same_words

# The first line has to be read whole before "more": 125 characters on Instagram, 140 on LinkedIn, 150 on TikTok.
_FIRST_LINE = 125
# A title is read whole in a feed up to about 60 characters; 70 is where search results cut it.
_GOOD_TITLE = 70
# How much of the clip Instagram's caption tells, and how long one of LinkedIn's points may be, in characters.
_STORY, _POINT = 480, 160
# What YouTube's description tells of the clip before its keywords.
_SUMMARY = 300
# Leaves room on X for two hashtags of 28 and the quotation marks.
_X_QUOTE = 216
_TAGS = {Platform.YOUTUBE: 3, Platform.TIKTOK: 4, Platform.INSTAGRAM: 5, Platform.LINKEDIN: 4, Platform.X: 2}

Composer = Callable[[Material, Phrasebook], str]


def compose(
    clip: Clip, platform: Platform, analysis: Analysis, book: Phrasebook, allowed: str = "", taste: Taste = NO_TASTE
) -> Post:
    """Write the post of one clip for one platform, within its limits and from the clip's own words.

    ``allowed`` are the operator's words: addresses and handles that stand in them may stay in the post.
    """
    limits = limits_of(platform)
    material = replace(material_of(clip, analysis, book, allowed), questions=taste.questions)
    tags = _TAGS[platform] if taste.most_tags is None else min(_TAGS[platform], taste.most_tags)
    text = _COMPOSERS[platform](material, book) or _without_speech(material, book)
    if platform is not Platform.X and len(text.split("\n")[0]) > _FIRST_LINE:
        text = _paragraphs(book.posts.clip, text)  # not even one word of it was short enough for a first line
    post = Post(
        clip=clip.number,
        platform=platform,
        title=fitted_title(_title(material, limits), limits) or book.posts.clip,
        text=text,
        hashtags=hashtags(analysis.keywords, clip.text, tags),
    )
    return fitted(post, limits)


def _youtube(material: Material, book: Phrasebook) -> str:
    title = _title(material, limits_of(Platform.YOUTUBE))
    opening = _opening(material, (title,), prefer_strongest=True) or _opening(material, ())
    listed = book.separator.join(material.keywords[:5])
    return _paragraphs(
        opening,
        joined(_story(material, opening, _SUMMARY)) or _continuation(material, opening),
        book.posts.in_this_clip.format(listed) if listed else "",
        _topic(material, book, (title, opening)),
    )


def _tiktok(material: Material, book: Phrasebook) -> str:
    del book  # a caption of the clip's own words
    opening = _opening(material, (), prefer_question=True)
    following = _following(material, opening)
    # TikTok shows 150 characters: room for the line that is said next, when both are short.
    both = f"{opening}\n{following}"
    return both if following and len(both) <= limits_of(Platform.TIKTOK).visible_characters else opening


def _instagram(material: Material, book: Phrasebook) -> str:
    opening = _opening(material, ()) or _first_line(material.title)
    story = _story(material, opening, _STORY)
    middle = (len(story) + 1) // 2
    halves = (story[:middle], story[middle:]) if len(story) > 3 else (story,)
    told = [joined(half) for half in halves] if story else [_continuation(material, opening)]
    return _paragraphs(opening, *told, _topic(material, book, (opening,)))


def _linkedin(material: Material, book: Phrasebook) -> str:
    headline = _as_headline(material.title)
    first = headline if headline and not headline.endswith("…") else _opening(material, ()) or headline
    first = _first_line(first)
    quote = next((text for text in _quotes(material) if not same_words(text, first)), "")
    said = (first, quote)
    points = [f"{book.bullet} {point}" for point in _points(material, said, quote)]
    heading = [book.posts.key_points] if len(points) > 1 and book.posts.key_points else []
    return _paragraphs(
        first,
        book.quoted(quote) if quote else _continuation(material, first),
        "\n".join((*heading, *points)),
        _topic(material, book, said),
    )


def _x(material: Material, book: Phrasebook) -> str:
    quotes = _quotes(material) or [line.alone for line in material.lines]
    whole = next((text for text in quotes if x_weight(book.quoted(text)) <= _X_QUOTE), "")
    quote = whole or (shorten(quotes[0], _X_QUOTE) if quotes else "")
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


def _opening(
    material: Material, said: tuple[str, ...], *, prefer_question: bool = False, prefer_strongest: bool = False
) -> str:
    """Return the line that a reader sees first: the hook if it stands alone, else the line that does so best."""
    fresh = different(material.strongest, said)
    short = sorted((line for line in fresh if len(line.alone) <= _FIRST_LINE), key=lambda line: line.leans)
    if material.questions is False:
        short = [line for line in short if not line.asks] or short
    hooks = [line for line in short if same_words(line.said, material.hook)]
    wanted = prefer_question if material.questions is None else material.questions
    questions = [line for line in short if line.asks] if wanted else []
    best = next(iter((*questions, *([] if prefer_strongest else hooks), *short)), None)
    if best is not None:
        return best.alone
    left = (material.hook, *(line.said for line in (*fresh, *material.lines)))
    return _first_line(next((text for text in left if text and not repeats_any(text, said)), ""))


def _story(material: Material, opening: str, limit: int) -> list[str]:
    """Return the clip's sentences as they follow each other after ``opening``, within ``limit`` characters.

    Where one was left out, the next must not lean on it: "that is thirty times cheaper" would be said of something else.
    """
    story: list[str] = []
    last = next((line.place for line in material.lines if line.alone == opening), -1)
    for line in different(material.lines, (opening,)):
        if line.place in (0, last + 1) or not (line.leans or line.said != line.alone):
            if sum(map(len, story)) + len(line.said) > limit:
                break
            story.append(line.said)
            last = line.place
    return story


def _points(material: Material, said: tuple[str, ...], quote: str) -> list[str]:
    """Return up to three short lines that stand alone, in the order spoken."""
    fresh = different(material.strongest, said)
    usable = [
        line for line in fresh if not (line.asks or line.leans or line.alone in quote) and len(line.alone) <= _POINT
    ]
    return [line.alone for line in material.lines if line in usable[:3]]


def _continuation(material: Material, head: str) -> str:
    """Return how a sentence goes on that ``head`` had to cut off: for speech without full stops."""
    stem = head.removesuffix("…")
    whole = next((line.said for line in material.lines if line.said.startswith(stem)), "") if stem != head else ""
    rest = shorten(whole[len(stem) :].lstrip(" ,;:"), _STORY) if whole else ""
    return f"…{rest}" if rest else ""


def _quotes(material: Material) -> list[str]:
    """Return what can be quoted, best first: a line, or two where the second is the point that leans on the first."""
    alone = [(line.strength, line.alone) for line in material.strongest if not line.asks]
    pairs: list[tuple[float, str]] = []
    for before, line in _neighbours(material):
        both = joined((before.alone, line.said))
        if line.leans and not before.leans and not before.asks and x_weight(both) <= _X_QUOTE:
            is_point = line == material.lines[-1] or line.said.endswith(("!", "！"))
            better = max(before.strength, line.strength) + (0.2 if is_point else -0.5)
            pairs += [(better, both)] if before.strength > 0 else []
    return [text for _, text in sorted((*pairs, *alone), key=lambda quote: -quote[0])]


def _neighbours(material: Material) -> Iterator[tuple[Line, Line]]:
    return ((one, other) for one, other in pairwise(material.lines) if other.place == one.place + 1)


def _following(material: Material, opening: str) -> str:
    for line, following in _neighbours(material):
        if line.alone == opening:
            return following.said
    return ""


def _topic(material: Material, book: Phrasebook, said: tuple[str, ...]) -> str:
    topic = shorten(_as_headline(material.topic), 200)
    return book.posts.topic.format(topic) if topic and not repeats_any(topic, said) else ""


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
