"""What a form says, as the API's own requests."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from deployments.pages.errors import FormUnusable

FIELDS = 2000
"""A form has a field a sentence, a few a platform, and some more."""
NUMBERS = {"clips": int, "min_seconds": float, "max_seconds": float, "budget_usd": float}
WORDS = ("directives", "caption_style", "tighten", "approval", "language")

CALLED = {
    "video_path": "A path or an address",
    "directives": "What to look for",
    "clips": "Shorts",
    "min_seconds": "Shortest, in seconds",
    "max_seconds": "Longest, in seconds",
    "caption_style": "Captions",
    "tighten": "Leave out",
    "language": "Language spoken",
    "platforms": "Write posts for",
    "start": "Starts",
    "end": "Ends",
}
"""What fields are called on the pages."""


@dataclass(frozen=True)
class Form:
    """The fields of a form in their order; one that wasn't sent is empty."""

    fields: tuple[tuple[str, str], ...] = ()

    def text(self, name: str) -> str:
        """Return the last value of a field, with the line breaks of a page as ours."""
        return next((value for key, value in reversed(self.fields) if key == name), "").replace("\r\n", "\n")

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field: the boxes of it that are ticked."""
        return tuple(value for key, value in self.fields if key == name)

    def number(self, name: str) -> float | None:
        """Return a field as a number, None when it is empty; raises FormUnusable."""
        text = self.text(name).strip().replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"\d{1,7}(\.\d{1,6})?", text):
            raise FormUnusable(reason=f"“{CALLED.get(name, name)}” is no number: {text[:20]!r}")
        return float(text)


async def read_form(request: Request) -> Form:
    """Return what a plain form sent; raises FormUnusable."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise FormUnusable(reason="it isn't a form of these pages")
    try:
        told = (await request.body()).decode("ascii")
        fields = parse_qsl(told, keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except ValueError as error:
        raise FormUnusable(reason="it has too many fields, or isn't UTF-8") from error
    return Form(tuple(fields))


def brief_of(form: Form) -> dict[str, Any]:
    """Return the brief that a form asks for; what is left empty is left to the program."""
    told: dict[str, Any] = {name: form.text(name).strip() for name in WORDS if form.text(name).strip()}
    for name, kind in NUMBERS.items():
        if (number := form.number(name)) is not None:
            told[name] = kind(number)
    if platforms := form.all("platforms"):
        told["platforms"] = list(dict.fromkeys(platforms))
    return told | ({"draft": True} if form.text("draft") else {})


def refilled(form: Form) -> Mapping[str, Sequence[str]]:
    """Return what to show in a form that has to be sent again."""
    names = dict.fromkeys(name for name, _ in form.fields if name != "csrf")
    return {name: form.all(name) for name in names}


def reason_of(error: ValidationError | RequestValidationError) -> str:
    """Return what is wrong with a form, as a clause in the words that stand on the pages."""
    return "; ".join(_clause(one["loc"], one["msg"]) for one in error.errors()[:3])


def _clause(place: Sequence[object], message: str) -> str:
    where = " ".join(CALLED.get(str(part), str(part)) for part in place if part not in {"body", "brief"})
    said = message.removeprefix("Value error, ").rstrip(".")
    for name in re.findall(r"\b[a-z]+_[a-z]+\b", said):
        said = said.replace(name, f"“{CALLED[name]}”" if name in CALLED else name)
    return f"{where}: {said}" if where else said
