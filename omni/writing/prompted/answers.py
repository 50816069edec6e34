"""The answer of a model: how it should look, and what can be read of it however it looks."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic import BaseModel, Field, ValidationError

from omni.contracts import Advice, Approach, Platform, Post, Turn
from omni.writing.limits import limits_of
from omni.writing.prompted.commission import Key, Portion

# More than any platform takes and any strategy needs, in characters or items: what lies beyond isn't looked at.
_LONGEST, _MOST = 8000, 50

_Model = TypeVar("_Model", bound=BaseModel)


class _Post(BaseModel):
    clip: int
    platform: str
    title: str | None = None
    text: str
    hashtags: list[str] = Field(default_factory=list[str])


class _Turn(BaseModel):
    clip: int
    why: str = ""


class _Approach(BaseModel):
    platform: str
    text: str


class _Strategy(BaseModel):
    angle: str = ""
    audience: str = ""
    order: list[Any] = Field(default_factory=list[Any])
    cadence: str = ""
    approaches: list[Any] = Field(default_factory=list[Any])
    measures: list[Any] = Field(default_factory=list[Any])


@dataclass(frozen=True)
class Answer:
    """What could be read: for each post that was asked for, every draft in the order given."""

    posts: dict[Key, tuple[Post, ...]]
    advice: Advice | None


def schema(portion: Portion) -> dict[str, Any]:
    """Return the JSON schema of the answer to a portion."""
    platforms = list(dict.fromkeys(platform.value for _, platform in portion.posts))
    fields: dict[str, Any] = {"strategy": _STRATEGY} if portion.strategy else {}
    if portion.posts:
        count = len(portion.posts)
        fields["posts"] = {"type": "array", "minItems": count, "maxItems": count, "items": _post_schema(platforms)}
    return _object(fields)


def read(text: str, portion: Portion) -> Answer:
    """Return what an answer holds of a portion: surplus, unknown and broken things are left out, nothing is raised."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):  # RecursionError: a million opening brackets
        said = None
    fields = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    posts: dict[Key, tuple[Post, ...]] = {}
    for post in _posts(fields.get("posts")):
        key = (post.clip, post.platform)
        if key in portion.posts:
            posts[key] = (*posts.get(key, ()), post)
    return Answer(posts, _advice(fields.get("strategy")) if portion.strategy else None)


def _posts(items: object) -> Iterator[Post]:
    for item in _each(items, _Post):
        platform = _platform(item.platform)
        if platform is not None:
            yield _tidied(item, platform)


def _tidied(item: _Post, platform: Platform) -> Post:
    """Return a post without what can be put right and loses nothing: it isn't worth another question."""
    title = (item.title or "").strip()[:_LONGEST]
    tags: dict[str, str] = {}
    for tag in (tag[:_LONGEST].strip().lstrip("#＃") for tag in item.hashtags[:_MOST]):
        tags.setdefault(tag.casefold(), tag)
    return Post(
        clip=item.clip,
        platform=platform,
        title=title if title and limits_of(platform).title_max is not None else None,
        text=item.text.strip()[:_LONGEST],
        hashtags=tuple(tag for tag in tags.values() if tag),
    )


def _advice(item: object) -> Advice | None:
    strategy = next(_each([item], _Strategy), None)
    if strategy is None:
        return None
    turns = {turn.clip: turn for turn in reversed([*_each(strategy.order, _Turn)])}
    approaches = ((_platform(each.platform), each.text) for each in _each(strategy.approaches, _Approach))
    ways = {platform: _paragraph(text) for platform, text in approaches if platform is not None}
    return Advice(
        angle=_paragraph(strategy.angle),
        audience=_paragraph(strategy.audience),
        order=tuple(Turn(clip=turn.clip, why=_paragraph(turn.why)) for turn in reversed(turns.values())),
        cadence=_paragraph(strategy.cadence),
        approaches=tuple(Approach(platform=platform, text=text) for platform, text in ways.items()),
        measures=tuple(
            _paragraph(text) for text in strategy.measures[:_MOST] if isinstance(text, str) and text.strip()
        ),
    )


def _each(items: object, kind: type[_Model]) -> Iterator[_Model]:
    """Yield the items of a list that are what they should be."""
    listed = cast("list[Any]", items) if isinstance(items, list) else []
    for item in listed[: _MOST * 2]:
        try:
            yield kind.model_validate(item)
        except ValidationError:
            continue


def _platform(name: str) -> Platform | None:
    return next((platform for platform in Platform if platform.value == name.strip().casefold()), None)


def _paragraph(text: str) -> str:
    return " ".join(text[:_LONGEST].split())


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": [*fields], "propertyOrdering": [*fields]}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _post_schema(platforms: list[str]) -> dict[str, Any]:
    return _object(
        {
            "clip": {"type": "integer"},
            "platform": {"type": "string", "enum": platforms},
            "title": _TEXT,
            "text": _TEXT,
            "hashtags": _list(_TEXT),
        }
    )


_TEXT: dict[str, Any] = {"type": "string"}
_STRATEGY = _object(
    {
        "angle": _TEXT,
        "audience": _TEXT,
        "order": _list(_object({"clip": {"type": "integer"}, "why": _TEXT})),
        "cadence": _TEXT,
        "approaches": _list(
            _object({"platform": {"type": "string", "enum": [p.value for p in Platform]}, "text": _TEXT})
        ),
        "measures": _list(_TEXT),
    }
)
