"""Substance: what the window says of the talk's matter, and how concretely."""

from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign, bounded
from omni.analysis.material import Material, Window
from omni.analysis.traits import Traits

_ASIDE = 0.5
"""An aside may be the best story of the talk: it loses half of what being on the subject gains."""
_ENOUGH = 3
"""Numbers, turns or sharp words in a clip that say all they can: counted, not by the word, or the shortest clip would win."""
_LIST = 0.08
"""Numbers a word from which they are a list: bus lines, scores, prices (highlights of the bench's talks have 0.03 on average)."""


def substance(window: Window, material: Material) -> Iterator[Sign]:
    """Yield salience, numbers, questions, contrast and claims."""
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


def _devices(inside: tuple[Traits, ...], words: int) -> Iterator[Sign]:
    numbers = sum(t.numbers for t in inside)
    if numbers > max(_ENOUGH, _LIST * words):
        yield Sign("say.numbers", -0.5, f"lists {numbers} numbers")
    elif numbers:
        yield Sign("say.numbers", min(1.0, numbers / _ENOUGH), f"names {_several(numbers, 'number')}")
    asked = sum(t.asks for t in inside[:-1])
    if asked:
        yield Sign("say.question", min(1.0, 0.6 + 0.2 * asked), "asks and goes on to answer")
    turns = sum(t.turns for t in inside)
    if turns:
        yield Sign("say.contrast", min(1.0, turns / _ENOUGH), "sets one thing against another")
    strong = sum(t.strong for t in inside)
    if strong:
        yield Sign("say.claim", min(1.0, strong / _ENOUGH), "makes sharp claims")


def _named(window: Window, material: Material) -> str:
    """Return the two weightiest words of the window, as they are said."""
    stems = material.stems_of(window)
    best = sorted(stems, key=lambda s: (-material.salience.themes.get(s, 0.0), s))[:2]
    spoken = [material.surface[s] for s in best if s in material.surface]
    return f": {' and '.join(spoken)}" if spoken else ""


def _several(n: int, noun: str) -> str:
    return f"a {noun}" if n == 1 else f"{n} {noun}s"
