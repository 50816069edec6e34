"""Courtesies: greeting, thanking, keeping house and selling, and the ends of a recording where that happens."""

from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign
from omni.analysis.material import Material, Window
from omni.contracts import Span

_HEAD = (0.08, 40.0)
"""Share and most seconds of a recording in which it is opened."""
_TAIL = (0.05, 25.0)
"""Share and most seconds in which it is closed."""
_LONG = 150.0
"""A shorter recording comes to the point at once, or was cut to it."""


def courtesy(window: Window, material: Material) -> Iterator[Sign]:
    """Yield what a viewer who came for the matter would skip."""
    yield from _place(window, material)
    if not material.has_words:
        return
    inside, words = material.inside(window), max(1, material.words_in(window))
    polite = sum(t.polite for t in inside)
    if polite:
        yield Sign("say.polite", -min(1.0, 0.3 + 0.3 * polite), "greets, thanks or keeps house")
    sells = sum(t.sells for t in inside)
    if sells:
        yield Sign("say.sells", -min(1.0, 0.15 * sells + 15 * sells / words), "sells or advertises something")


def _place(window: Window, material: Material) -> Iterator[Sign]:
    duration, span = material.timeline.duration, window.span
    if duration < _LONG:
        return
    head = Span(start=0, end=min(_HEAD[0] * duration, _HEAD[1]))
    tail = Span(start=duration - min(_TAIL[0] * duration, _TAIL[1]), end=duration)
    if shared := span.overlap(head):
        yield Sign("place.head", -shared / span.length, "lies where the recording is opened")
    if shared := span.overlap(tail):
        yield Sign("place.tail", -shared / span.length, "lies where the recording is closed")
