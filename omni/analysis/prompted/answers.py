"""The shape of an answer: as the model is asked for it, and as it is read, leniently where that does no harm."""

import json
import re
from math import isfinite
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

_FENCE = re.compile(r"\A\s*```[a-zA-Z]*\s*(.*?)\s*```\s*\Z", re.DOTALL)
_MOST = 40
"""Clips read of one answer: twice as many as an operator can ask for."""
_LONGEST = 20_000
"""Characters read of one text: no honest one is longer, and quotes are searched for."""


class AnswerUnreadable(Exception):
    """The answer isn't JSON of the asked shape; the message says what is wrong in words for the model."""


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(row) for row in _rows(value)[:_MOST] if isinstance(row, str))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _index(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number.is_integer() else None


def _score(value: object) -> float | None:
    number = _number(value)
    return None if number is None else max(0.0, min(100.0, number))


def _time(value: object) -> str | float | None:
    return _text(value) if isinstance(value, str) else _number(value)


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Index = Annotated[int | None, BeforeValidator(_index)]
Time = Annotated[str | float | None, BeforeValidator(_time)]


class ProposedClip(BaseModel):
    """What a model says of one clip; nothing of it is believed yet. Times count from the start of the part."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    """Its place in the answer, from 1."""
    opening: Text = ""
    closing: Text = ""
    first_word: Index = None
    last_word: Index = None
    start: Time = None
    end: Time = None
    title: Text = ""
    hook: Text = ""
    reason: Text = ""
    score: Annotated[float | None, BeforeValidator(_score)] = None


class Answer(BaseModel):
    """A whole answer; ``misshapen`` says which clips could not be read, in words for the model."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: Text = ""
    titles: Texts = ()
    keywords: Texts = ()
    clips: tuple[ProposedClip, ...] = ()
    misshapen: tuple[str, ...] = ()


def read_answer(text: str) -> Answer:
    """Return an answer; code fences, unknown fields and numbers in quotation marks do no harm. Raises AnswerUnreadable."""
    fence = _FENCE.match(text)
    try:
        data: Any = json.loads(fence[1] if fence else text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        msg = "The answer is not JSON."
        raise AnswerUnreadable(msg) from None
    told = cast("dict[str, Any]", data) if isinstance(data, dict) else {"clips": data}
    if not isinstance(told.get("clips"), list):
        msg = "The answer is not an object with a list “clips”."
        raise AnswerUnreadable(msg)
    rows = list(enumerate(_rows(told["clips"])[:_MOST], start=1))
    return Answer.model_validate(
        {
            **{name: told.get(name) for name in ("topic", "titles", "keywords")},
            "clips": [{**row, "number": number} for number, row in rows if isinstance(row, dict)],
            "misshapen": [f"Clip {number} is not an object." for number, row in rows if not isinstance(row, dict)],
        }
    )


def _rows(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


class _Plain(GenerateJsonSchema):
    """The subset that the services keep (FACTS.md): everything required, no defaults, no made-up titles."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's name
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ARG002, FBT001  # pydantic's signature
        return True

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


class _Clip(BaseModel):
    title: str = Field(description="Title of the clip, 20–70 characters, about what is said in it.")
    hook: str = Field(description="The very first words of the clip, copied.")
    reason: str = Field(description="Completes “This clip …”: why a stranger would watch it to the end. English.")
    score: int = Field(ge=0, le=100, description="How good the clip is.")


class _SpokenClip(_Clip):
    first_word: int = Field(description="Number of the first word of the clip's first line.")
    last_word: int = Field(description="Number of the last word of the clip's last line.")
    opening: str = Field(description="The first 4–8 words of the clip, copied from the transcript.")
    closing: str = Field(description="The last 4–8 words of the clip, copied from the transcript.")


class _SeenClip(_Clip):
    start: str = Field(description="MM:SS from the start of this recording.")
    end: str = Field(description="MM:SS from the start of this recording.")


class _About(BaseModel):
    topic: str = Field(description="What the recording is about, 3–8 words.")
    titles: list[str] = Field(description="3–5 titles for the whole recording.")
    keywords: list[str] = Field(description="5–10 words that recur in it.")


class _SpokenAnswer(_About):
    clips: list[_SpokenClip] = Field(description="The clips, best first.")


class _SeenAnswer(_About):
    clips: list[_SeenClip] = Field(description="The clips, best first.")


def schema(*, spoken: bool) -> dict[str, Any]:
    """Return the JSON schema to ask for: with word numbers and quotes where there are words, else with times."""
    model = _SpokenAnswer if spoken else _SeenAnswer
    return model.model_json_schema(schema_generator=_Plain)
