"""What outcomes taught: the window has what did better, or worse, than the rest of this workspace's clips."""

from collections.abc import Iterator, Sequence

from omni.analysis.evidence.sign import Sign
from omni.analysis.material import Material, Window
from omni.contracts import Lesson
from omni.lessons import Trait, band_of, hooks_of


def learned(signs: Sequence[Sign], window: Window, material: Material) -> Iterator[Sign]:
    """Yield a sign for each lesson that the window meets, ``signs`` being what the other kinds of evidence say of it.

    Together they are no stronger than one sign of full strength: outcomes tip a balance, they don't excuse a torn sentence.
    """
    met = [lesson for lesson in material.dossier.precedents.lessons if _is_met(lesson, signs, window, material)]
    loudness = max(1.0, sum(abs(lesson.effect) for lesson in met))
    for lesson in met:
        worked = "worked" if lesson.effect > 0 else "didn't work"
        yield Sign("learned", lesson.effect / loudness, f"does what {worked} for you: {lesson.because}")


def _is_met(lesson: Lesson, signs: Sequence[Sign], window: Window, material: Material) -> bool:
    match lesson.kind:
        case "hook":
            hooks = hooks_of({sign.kind: sign.strength for sign in signs})
            return material.has_words and Trait("hook", lesson.value) in hooks
        case "length":
            return band_of(window.span.length).value == lesson.value
        case "topic":
            stems = material.subjects.get(lesson.value, frozenset())
            return bool(stems) and stems <= material.stems_of(window)
        case "post":
            return False
