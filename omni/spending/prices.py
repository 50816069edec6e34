"""The price table: dated data of ours, overruled by the operator's."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from omni.contracts import Contract

MILLION = 1_000_000


@dataclass(frozen=True)
class Tokens:
    """What one call reads and writes; ``cached`` is part of ``input``, thoughts are part of ``output``."""

    input: int
    output: int
    cached: int = 0


class Price(Contract):
    """US dollars for a million tokens; ``cached`` input costs like other input where nothing else is known."""

    input: float
    output: float
    cached: float | None = None

    def usd(self, tokens: Tokens) -> float:
        """Return what a call costs."""
        cached = self.input if self.cached is None else self.cached
        fresh = tokens.input - tokens.cached
        return (fresh * self.input + tokens.cached * cached + tokens.output * self.output) / MILLION


class Prices:
    """Prices by model name; ``own`` are the operator's, (input, output) by model."""

    def __init__(self, own: Mapping[str, tuple[float, float]] | None = None) -> None:
        self._own = dict(own or {})

    def usd(self, model: str, tokens: Tokens) -> float | None:
        """Return what a call costs; ``None`` for a model without a known price, never 0."""
        price = self.of(model)
        return None if price is None else price.usd(tokens)

    def of(self, model: str) -> Price | None:
        """Return the price of a model (``gemini-3.8-flash``), or ``None``."""
        if model in self._own:
            read, written = self._own[model]
            return Price(input=read, output=written)
        return _table().get(model)


def checked_on() -> str:
    """Return the day on which the table was looked up, ISO 8601."""
    return str(_data()["checked_on"])


@cache
def _table() -> dict[str, Price]:
    return {name: Price.model_validate(row) for name, row in _data().items() if isinstance(row, dict)}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((resources.files("omni.spending") / "prices.toml").read_text("utf-8"))
