"""Substance: what the window says of the talk's matter, and how concretely."""

from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign, bounded
from omni.analysis.material import Material, Window
from omni.analysis.traits import Traits

_ASIDE = 0.5
"""An aside may be the best story of the talk: it loses half of what being on the subject gains."""


def substance(window: Window, material: Material) -> Iterator[Sign]:
    """Yield salience, numbers, questions, contrast, claims, stories and courtesies."""
    if not material.has_words:
        return
    inside = material.inside(window)
    words = max(1, material.words_in(window))
    salience = bounded((material.salience_of(window) - 0.5) * 2.5)
    salience *= 1.0 if salience > 0 else _ASIDE
    if abs(salience) > 0.15:
        about = (
            "holds what the talk is about" + _named(window, material)
            if salience > 0
            else "is aside from the talk's matter"
        )
        yield Sign("say.salience", salience, about)
    yield from _devices(inside, words)
    tale = sum(t.tale for t in inside)
    me = sum(t.me for t in inside) / words
    if tale and me > 0.03:
        yield Sign("say.story", min(1.0, 0.4 + 0.2 * tale + 4 * me), "tells a story in the first person")
    elif me > 0.07:
        yield Sign("say.story", 0.4, "speaks in the first person")
    polite = sum(t.polite for t in inside)
    if polite:
        yield Sign("say.polite", -min(1.0, 0.3 + 0.3 * polite), "greets, thanks or keeps house")


def _devices(inside: tuple[Traits, ...], words: int) -> Iterator[Sign]:
    numbers = sum(t.numbers for t in inside)
    if numbers:
        yield Sign("say.numbers", min(1.0, 30 * numbers / words), f"names {_several(numbers, 'number')}")
    asked = sum(t.asks for t in inside[:-1])
    if asked:
        yield Sign("say.question", min(1.0, 0.6 + 0.2 * asked), "asks and goes on to answer")
    turns = sum(t.turns for t in inside) / len(inside)
    if turns >= 0.25:
        yield Sign("say.contrast", min(1.0, 2 * turns), "sets one thing against another")
    strong = sum(t.strong for t in inside) / words
    if strong > 0.02:
        yield Sign("say.claim", min(1.0, 15 * strong), "makes sharp claims")


def _named(window: Window, material: Material) -> str:
    """Return the two weightiest words of the window, as they are said."""
    stems = material.stems_of(window)
    best = sorted(stems, key=lambda s: (-material.salience.themes.get(s, 0.0), s))[:2]
    spoken = [material.surface[s] for s in best if s in material.surface]
    return f": {' and '.join(spoken)}" if spoken else ""


def _several(n: int, noun: str) -> str:
    return f"a {noun}" if n == 1 else f"{n} {noun}s"
