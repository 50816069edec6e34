"""Idle talk: sentences without content, hedges, and saying the same again."""

from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign
from omni.analysis.material import Material, Window
from omni.analysis.traits import Traits


def idling(window: Window, material: Material) -> Iterator[Sign]:
    """Yield how much of a window says little."""
    if not material.has_words:
        return
    inside, words = material.inside(window), max(1, material.words_in(window))
    empty = sum(_says_nothing(t) for t in inside) / len(inside)
    if empty > 0.2:
        yield Sign("idle.chatter", -min(1.0, 1.6 * empty), f"says little in {empty:.0%} of its sentences")
    hedges = sum(t.hedges for t in inside)
    if hedges / words > 0.012:
        yield Sign("idle.hedge", -min(1.0, 20 * hedges / words), "hedges and hesitates")
    terms = [stem for t in inside for stem in t.terms]
    fresh = len(set(terms)) / len(terms) if len(terms) >= 12 else 1.0
    if fresh < 0.75:
        yield Sign("idle.again", -min(1.0, (0.8 - fresh) * 3), "says the same words again and again")


def _says_nothing(traits: Traits) -> bool:
    return len(traits.terms) <= 1 and not traits.asks and not traits.numbers and not traits.strong
