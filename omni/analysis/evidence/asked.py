"""What the operator asked for, and what the memory knows."""

from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign, shortened
from omni.analysis.material import Material, Window
from omni.analysis.terms import tokenize
from omni.analysis.traits import content_stems

_ALIKE = 0.3
"""Share of a precedent's content words that must be said in the window for it to be named."""


def asked(window: Window, material: Material) -> Iterator[Sign]:
    """Yield how the window meets the directives, and which precedent it recalls."""
    if not material.has_words:
        return
    wishes, inside = material.wishes, material.inside(window)
    said = [stem for t in inside for stem in t.terms]
    wanted = sum(stem in wishes.wanted for stem in said)
    if wanted:
        share = sum(bool(wishes.wanted.intersection(t.terms)) for t in inside) / len(inside)
        yield Sign(
            "ask.wanted", min(1.0, 0.4 + share), "is about what was asked for" + _quoted(wishes.wanted, said, material)
        )
    shunned = sum(stem in wishes.shunned for stem in said)
    if shunned:
        yield Sign("ask.shunned", -min(1.0, 0.6 + 0.2 * shunned), "touches what was to be avoided")
    yield from _recalled(frozenset(said), material)


def _quoted(stems: frozenset[str], said: list[str], material: Material) -> str:
    words = [material.surface[s] for s in dict.fromkeys(said) if s in stems and s in material.surface][:3]
    return f": {', '.join(words)}" if words else ""


def _recalled(said: frozenset[str], material: Material) -> Iterator[Sign]:
    for precedent in material.dossier.precedents.nearest[:5]:
        stems = set(content_stems(tokenize(precedent.title), material.timeline.lexicon))
        if len(stems) >= 2 and len(stems & said) >= max(2, _ALIKE * len(stems)):
            yield Sign("recall.near", 1.0, f"is near in words to “{shortened(precedent.title)}”, made before")
            return
