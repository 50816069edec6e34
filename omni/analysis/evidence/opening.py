"""The hook: what the first three seconds give a viewer who decides whether to stay."""

from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign, shortened
from omni.analysis.material import Material, Window

_SHORT = 10
"""Words that can be said in three to four seconds (2.6 a second)."""


def opening(window: Window, material: Material) -> Iterator[Sign]:
    """Yield what the first sentence and the first three seconds promise."""
    if not material.has_words:
        return
    first, lead = material.traits[window.first], material.units[window.first]
    begun = material.hooks[window.first]
    quoted = f"“{shortened(lead.text)}”"
    if first.asks:
        yield Sign("hook.question", 1.0 if first.words <= 2 * _SHORT else 0.6, f"opens with a question, {quoted}")
    if begun.numbers:
        yield Sign("hook.number", 1.0, f"names a number at once, {quoted}")
    if first.turns and first.words <= 2.5 * _SHORT:
        yield Sign("hook.contrast", 1.0, f"opens with a contrast, {quoted}")
    if begun.you:
        yield Sign("hook.address", min(1.0, 0.5 + 0.25 * begun.you), f"speaks to the viewer at once, {quoted}")
    if begun.me and not begun.polite:
        yield Sign("hook.person", 1.0, f"begins personally, {quoted}")
    if 3 <= first.words <= _SHORT and not lead.leans and not first.asks:
        sharp = 1.0 if first.strong else 0.6
        yield Sign("hook.claim", sharp, f"opens with a short {'claim' if first.strong else 'statement'}, {quoted}")
    if first.words > 3 * _SHORT:
        yield Sign("hook.slow", -1.0, f"takes {first.words} words to finish its first sentence")
    if begun.polite or first.polite:
        yield Sign("hook.polite", -1.0, f"opens with courtesies, {quoted}")
