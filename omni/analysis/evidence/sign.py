"""The unit of evidence, before it is weighed."""

from typing import NamedTuple


class Sign(NamedTuple):
    """``strength`` is −1…1 (negative speaks against); ``text`` completes "this clip …"; ``kind`` stands in the table of weights."""

    kind: str
    strength: float
    text: str


def bounded(value: float) -> float:
    """Return ``value`` held within −1…1."""
    return max(-1.0, min(1.0, value))


def shortened(text: str, limit: int = 60) -> str:
    """Return ``text`` cut between words to at most ``limit`` characters, with an ellipsis when something is missing."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:–—-") + "…"
