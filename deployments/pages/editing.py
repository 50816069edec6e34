"""What an edit form says about a Short, against how the Short is now; pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deployments.pages.errors import FormUnusable
from deployments.pages.forms import Form
from deployments.pages.platforms import excesses
from deployments.pages.rewording import Line, Words, kept, lines, reworded
from deployments.pages.telling import ClipTold, PostTold
from deployments.schemas import EditOrder
from omni.contracts import Platform
from omni.review import PostEdit, Wording

AROUND_SECONDS = 45.0
"""Words this far from a Short's ends are offered as new ends."""
LEAD_SECONDS, TAIL_SECONDS = 0.2, 0.4
"""Room before a first and after a last word, where the neighbours leave it: speech begins within 0.5 s and is followed by 0.2–0.8 s."""


@dataclass(frozen=True)
class WordTold:
    """A word to start or end with; ``begin`` and ``finish`` are where the Short would then."""

    number: int
    text: str
    start: float
    end: float
    begin: float
    finish: float
    opens: bool
    """Whether a sentence starts here."""


def words_around(told: Words, start: float, end: float) -> list[WordTold]:
    """Return the words of a Short and around it."""
    opening = {first for first, _ in told.sentences}
    return [
        WordTold(i, text, a, b, _begin(told, i), _finish(told, i), i in opening)
        for i, (a, b, text) in enumerate(told.words)
        if b > start - AROUND_SECONDS and a < end + AROUND_SECONDS
    ]


def lines_of(told: ClipTold, words: Words) -> list[Line]:
    """Return the captions of a Short, sentence by sentence, as they read now."""
    return lines(words, told.start, told.end, told.edit.captions)


def order_of(form: Form, told: ClipTold, words: Words) -> EditOrder:
    """Return the whole edit that a form leaves: what it changes, and what was changed before and it leaves alone.

    Raises FormUnusable for an end before the start, a word that isn't there, and a post that its platform would refuse.
    """
    before = told.edit
    start = _moment(form, "start", told.start, before.start, words)
    end = _moment(form, "end", told.end, before.end, words)
    if (told.clip.end if end is None else end) <= (told.clip.start if start is None else start):
        raise FormUnusable(reason="the Short would end before it starts")
    title = " ".join(form.text("title").split())
    posts = {post.platform: _post(form, post, before.posts.get(post.platform)) for post in told.posts}
    return EditOrder(
        start=start,
        end=end,
        title=before.title if title in {"", told.title} else title,
        captions=_captions(form, told, words),
        posts={platform: edit for platform, edit in (before.posts | posts).items() if edit},
    )


def drawn(told: ClipTold) -> str:
    """Return what a form is drawn from, so that one drawn before somebody else's change is known when it is sent."""
    looks = f"{told.start}:{told.end}:{told.edit.model_dump_json()}"
    return hashlib.sha256(looks.encode()).hexdigest()[:32]


def shown(seconds: float) -> str:
    """Return a moment as the form shows it."""
    return f"{seconds:.2f}"


def _moment(form: Form, name: str, now: float, before: float | None, words: Words) -> float | None:
    """Return a chosen end of the Short; a word before a number, and None where nobody ever chose one."""
    if word := form.text(f"{name}_word"):
        if not word.isascii() or not word.isdigit() or int(word) >= len(words.words):
            raise FormUnusable(reason="it names a word that nobody said")
        return _begin(words, int(word)) if name == "start" else _finish(words, int(word))
    chosen = form.number(name)
    if chosen is None or shown(chosen) == shown(now):
        return before
    return chosen


def _begin(told: Words, number: int) -> float:
    start = told.words[number][0]
    silent_since = told.words[number - 1][1] if number > 0 else 0.0
    return round(max(start - LEAD_SECONDS, min(start, (start + silent_since) / 2), 0.0), 3)


def _finish(told: Words, number: int) -> float:
    end = told.words[number][1]
    silent_until = told.words[number + 1][0] if number + 1 < len(told.words) else end + TAIL_SECONDS * 2
    return round(min(end + TAIL_SECONDS, max(end, (end + silent_until) / 2)), 3)


def _captions(form: Form, told: ClipTold, words: Words) -> tuple[Wording, ...]:
    sent = [line for line in lines_of(told, words) if any(name == line.name for name, _ in form.fields)]
    changed = [wording for line in sent for wording in reworded(words, line.first, line.last, form.text(line.name))]
    left = kept(told.edit.captions, [(line.first, line.last) for line in sent])
    return tuple(sorted((*left, *changed), key=lambda one: one.first))


def _post(form: Form, post: PostTold, before: PostEdit | None) -> PostEdit | None:
    """Return how a person wants a post; None when they left it as it was written."""
    names = {part: f"{post.platform}-{part}" for part in ("title", "text", "tags")}
    if not any(name in names.values() for name, _ in form.fields):
        return before
    title, text = " ".join(form.text(names["title"]).split()), form.text(names["text"]).strip()
    tags = tuple(dict.fromkeys(tag for tag in re.split(r"[\s,#]+", form.text(names["tags"])) if tag))
    told: dict[str, Any] = before.model_dump() if before else {}
    if post.title is not None and title != post.title:
        told["title"] = title
    if text != post.text.strip():
        told["text"] = text
    if tags != post.hashtags:
        told["hashtags"] = tags
    if not told:
        return None
    _require_fit(PostEdit(title=title, text=text, hashtags=tags), post.platform)
    return PostEdit.model_validate(told)


def _require_fit(post: PostEdit, platform: Platform) -> None:
    found: Sequence[str] = excesses(post, platform)
    if found:
        raise FormUnusable(reason="; ".join(found))
