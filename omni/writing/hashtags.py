"""Hashtags from keywords."""

import re
import unicodedata
from collections.abc import Iterable

from omni.untrusted.invisibles import without_unseen
from omni.untrusted.links import handles, links
from omni.writing.lengths import width
from omni.writing.wording import is_form_of, mentions

# Longer tags are phrases that nobody searches for; shorter ones mean nothing.
_WIDEST = 28
_MOST_WORDS = 3
_OF_THE_VIDEO = 3
# The article that French and Italian write onto a word: l'eau, dell'arte.
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|un|all|dall|dell|nell|sull|quell)['’](?=\w{2})", re.IGNORECASE)
# A sign that makes a hashtag of the word after it; C# and #1 are none.
_SIGN = re.compile(r"(?<![\w&])[#＃]+(?=[\"“„«(\[]*\w*[^\W\d])")


def hashtag(keyword: str) -> str | None:
    """Return a keyword as a hashtag without its sign: ``steel box`` becomes ``SteelBox``; ``None`` if it can't be one.

    Only letters, digits and marks are left, of any script.
    """
    keyword = without_unseen(keyword)
    if links(keyword) or handles(keyword):
        return None
    if any(
        c.isalnum() and not _may_stand(c) for c in keyword
    ):  # ½ and ² can't stand, and without them it is another word
        return None
    words = ["".join(c for c in _ELIDED.sub("", word) if _may_stand(c)) for word in keyword.split()]
    words = [word for word in words if word]
    if not words or len(words) > _MOST_WORDS:
        return None
    tag = unicodedata.normalize("NFC", _lowered(words[0]) if len(words) == 1 else "".join(map(_capitalised, words)))
    return tag if is_hashtag(tag) and width(tag) <= _WIDEST else None


def is_hashtag(tag: str) -> bool:
    """Say whether a tag is one on every platform: letters, digits and marks, two or more, not only digits."""
    letters = sum(1 for c in tag if unicodedata.category(c)[0] == "L")
    return letters > 0 and len(tag) > 1 and all(map(_may_stand, tag)) and not _is_mark(tag[0])


def hashtags(keywords: Iterable[str], text: str, limit: int) -> tuple[str, ...]:
    """Return up to ``limit`` tags, none twice in two forms: those that ``text`` speaks of, then the video's."""
    keywords = tuple(keywords)
    # What the clip doesn't speak of may still name the whole video, if it is among the first keywords.
    spoken = [keyword for keyword in keywords if mentions(text, keyword)]
    ranked = [*spoken, *(keyword for keyword in keywords[:_OF_THE_VIDEO] if keyword not in spoken)]
    tags: dict[str, str] = {}
    for keyword in ranked:
        tag = hashtag(keyword)
        if tag is not None and not any(is_form_of(tag, known) for known in tags):
            tags[tag.casefold()] = tag
    return tuple(tags.values())[:limit]


def without_hash_signs(text: str) -> str:
    """Return ``text`` with its own hashtags made plain words."""
    return _SIGN.sub("", text)


def _may_stand(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _capitalised(word: str) -> str:
    return word[:1].upper() + word[1:]


def _lowered(word: str) -> str:
    # AI, McLean and GPT4 keep their capitals: they are names.
    return word if word[1:] != word[1:].lower() else word.lower()
