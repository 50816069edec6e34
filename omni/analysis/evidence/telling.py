"""Stories: somebody to whom something happened."""

from collections.abc import Iterator

from omni.analysis.evidence.sign import Sign
from omni.analysis.material import Material, Window

_TOLD = 0.12
"""Share of verbs of the past, persons and story words that a told passage has: the upper quarter of nine talks' windows."""
_SOME = 0.4
"""Part of it below which nothing is told: every talk has some verbs of the past."""


def telling(window: Window, material: Material) -> Iterator[Sign]:
    """Yield whether something is told."""
    if not material.has_words:
        return
    inside, words = material.inside(window), max(1, material.words_in(window))
    happened, others = sum(t.happened + t.tale for t in inside), sum(t.he for t in inside)
    told = (happened + others) / words / _TOLD
    if told >= _SOME and happened:
        whose = "in the first person" if sum(t.me for t in inside) > others else "about somebody"
        yield Sign("say.story", min(1.0, told), f"tells a story {whose}")
