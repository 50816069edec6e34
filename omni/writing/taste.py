"""How posts are written after what outcomes taught, where a clip's own words carry it."""

from collections.abc import Iterable
from dataclasses import dataclass

from omni.contracts import Lesson
from omni.lessons import FEW


@dataclass(frozen=True)
class Taste:
    """``None`` leaves a thing to what each platform likes."""

    questions: bool | None = None
    """Whether a post opens with the question that its clip asks."""
    most_tags: int | None = None


NO_TASTE = Taste()


def taste_of(lessons: Iterable[Lesson]) -> Taste:
    """Return what the lessons on posts ask for; lessons that contradict each other are settled by the stronger one."""
    effects = {lesson.value: lesson.effect for lesson in lessons if lesson.kind == "post"}
    asks = effects.get("question")
    return Taste(questions=None if asks is None else asks > 0, most_tags=_most_tags(effects))


def _most_tags(effects: dict[str, float]) -> int | None:
    liked = {style: effect for style, effect in effects.items() if style.endswith("hashtags") and effect > 0}
    best = max(liked, key=lambda style: liked[style], default="")
    if best == "no hashtags":
        return 0
    return FEW if best == "few hashtags" or effects.get("many hashtags", 0.0) < 0 else None
