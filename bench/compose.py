"""Compose files as data: several merged into one, variables filled in; the part of the specification that ours use."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|(?P<bare>\w+)|\{(?P<name>\w+)(?:(?P<how>:[-?])(?P<words>[^{}]*))?\})")


class Unset(Exception):
    """A variable has neither value nor default."""


def load(paths: Sequence[Path], variables: Mapping[str, str]) -> dict[str, Any]:
    """Return the merged files with every variable filled in; raises Unset."""
    merged: dict[str, Any] = {}
    for path in paths:
        merged = _merged(merged, _filled(yaml.safe_load(path.read_text(encoding="utf-8")), variables))
    return merged


def environment(service: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, str]:
    """Return what a service sets; a name without a value is handed through, where it is set."""
    told: Mapping[str, Any] = service.get("environment") or {}
    passed = {name: variables[name] for name, value in told.items() if value is None and name in variables}
    return {name: str(value) for name, value in told.items() if value is not None} | passed


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """Return a text with ``$X``, ``${X:-default}`` and ``${X:?why}`` filled in, and ``$$`` as one dollar."""

    def value(found: re.Match[str]) -> str:
        if found["dollar"]:
            return "$"
        name = found["bare"] or found["name"]
        known = variables.get(name, "")
        if known or (found["how"] is None and name in variables):
            return known
        if found["how"] == ":-":
            return str(found["words"])
        msg = f"{name}: {found['words'] or 'it has no value'}"
        raise Unset(msg)

    return _VARIABLE.sub(value, text)


def _filled(node: Any, variables: Mapping[str, str]) -> Any:
    match node:
        case dict():
            return {name: _filled(value, variables) for name, value in node.items()}
        case list():
            return [_filled(value, variables) for value in node]
        case str():
            return interpolated(node, variables)
        case _:
            return node


def _merged(first: Any, second: Any) -> Any:
    match first, second:
        case dict(), dict():
            return first | {k: _merged(first[k], v) if k in first else v for k, v in second.items()}
        case list(), list():
            return first + [item for item in second if item not in first]
        case _:
            return second
