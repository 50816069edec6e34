"""What outcomes taught: traits of clips and posts that did better or worse than the rest, past the guard against chance."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import exp

import numpy as np

from omni.contracts import Lesson
from omni.lessons import Trait, told
from omni.memory.describing import post_traits, topics_of, traits_of
from omni.memory.guarding import Estimate, Witnesses, believed, shrinkage
from omni.memory.standing import Standing
from omni.ports import MemoryRecord

FEWEST = 8
"""Clips that must have a trait, and that must not: of fewer, one lucky one decides."""
_FEWEST_VIDEOS = 3
"""Videos that they must come from: one video that did well says nothing about what its clips have in common."""
HALF_LIFE_WEEKS = 26
"""After half a year an outcome counts half: audiences and platforms change."""
_FAINTEST = 0.001
"""Weight below which no outcome falls, ten half-lives old or older."""
_LEAST = 0.1
"""Standard deviations: a smaller difference isn't worth a sentence."""
_MOST = 12
"""Lessons told: a prompt's worth."""
_ROUND_PERCENT = 5


@dataclass(frozen=True)
class Experience:
    """One clip, or one post of it, as it taught: ``value`` in standard deviations, ``growth`` as a logarithm of views."""

    clip_id: str
    group: str
    """The video that it comes from."""
    traits: frozenset[Trait]
    value: float
    growth: float | None
    weight: float
    made: date


def lessons(
    clips: Mapping[str, MemoryRecord], posts: Iterable[MemoryRecord], known: Mapping[str, Standing]
) -> tuple[Lesson, ...]:
    """Return what is past the guard, strongest first; the same for the same outcomes, whatever day it is."""
    newest = max((standing.newest for standing in known.values()), default=date.min)
    of_clips = _of_clips(clips, known, newest)
    of_posts = _of_posts(clips, posts, known, newest)
    asked = [*_asked(of_clips), *_asked(of_posts)]
    sure = believed([one.estimate.chance for one in asked])
    found = (_lesson(one) for one, stands in zip(_shrunk(asked), sure, strict=True) if stands)
    kept = [lesson for lesson in found if abs(lesson.effect) >= _LEAST]
    return tuple(sorted(kept, key=lambda one: (-abs(one.effect), one.kind, one.value))[:_MOST])


@dataclass(frozen=True)
class _Question:
    """One trait, and what its clips say; ``belief`` is the part of the estimate that is more than its error."""

    trait: Trait
    estimate: Estimate
    growth: float | None
    having: tuple[Experience, ...]
    belief: float = 1.0


def _of_clips(clips: Mapping[str, MemoryRecord], known: Mapping[str, Standing], newest: date) -> list[Experience]:
    judged = {key: clips[key] for key in sorted(known) if key in clips and known[key].merit is not None}
    topics = topics_of(judged)
    return [
        _experience(clip, traits_of(clip) | topics[key], known[key].merit or 0.0, known[key], newest)
        for key, clip in judged.items()
    ]


def _of_posts(
    clips: Mapping[str, MemoryRecord], posts: Iterable[MemoryRecord], known: Mapping[str, Standing], newest: date
) -> list[Experience]:
    """Return each post with what its clip did on its platform."""
    owners = {(clips[key].strategy_id, clips[key].payload.get("number")): key for key in known if key in clips}
    found: list[Experience] = []
    for post in sorted(posts, key=lambda one: one.id):
        key = owners.get((post.strategy_id, post.payload.get("clip")))
        standing = known[key] if key else None
        merit = _merit_on(post, standing) if standing else None
        if key and standing and merit is not None:
            found.append(_experience(clips[key], post_traits(post), merit, standing, newest))
    return found


def _merit_on(post: MemoryRecord, standing: Standing) -> float | None:
    """Return how the clip of a post did on the platform of the post."""
    named = post.payload.get("platform")
    return next((merit for platform, merit in standing.by_platform.items() if platform == named), None)


def _experience(
    clip: MemoryRecord, traits: frozenset[Trait], value: float, standing: Standing, newest: date
) -> Experience:
    weeks = (newest - standing.newest).days // 7
    return Experience(
        clip_id=clip.id,
        group=clip.source_sha256 or clip.strategy_id,
        traits=traits,
        value=value,
        growth=standing.growth,
        weight=max(_FAINTEST, 0.5 ** (weeks / HALF_LIFE_WEEKS)),
        made=clip.created_at.date() if clip.created_at else standing.newest,
    )


def _asked(experiences: Sequence[Experience]) -> list[_Question]:
    """Ask about every trait that enough clips of enough videos have, and enough haven't."""
    having: dict[Trait, list[int]] = defaultdict(list)
    for place, experience in enumerate(experiences):
        for trait in experience.traits:
            having[trait].append(place)
    if len(experiences) < 2 * FEWEST:
        return []
    values = _witnesses({place: one.value for place, one in enumerate(experiences)}, experiences)
    grown = {place: one.growth for place, one in enumerate(experiences) if one.growth is not None}
    growths = _witnesses(grown, experiences) if grown else None
    clips = len({one.clip_id for one in experiences})
    found: list[_Question] = []
    for trait, places in sorted(having.items()):
        mine = tuple(experiences[place] for place in places)
        if _is_enough(mine, clips):
            has = np.zeros(len(experiences), dtype=np.bool_)
            has[places] = True
            estimate = values.estimate(has)
            growth = growths.estimate(has[list(grown)]) if growths else None
            found += [_Question(trait, estimate, growth.effect if growth else None, mine)] if estimate else []
    return found


def _witnesses(values: Mapping[int, float], experiences: Sequence[Experience]) -> Witnesses:
    """Return what some of the experiences say, by their places."""
    heard = [experiences[place] for place in values]
    weights = np.array([one.weight for one in heard])
    return Witnesses(np.array(list(values.values())), [one.group for one in heard], weights)


def _is_enough(having: Sequence[Experience], clips: int) -> bool:
    mine = len({one.clip_id for one in having})
    return mine >= FEWEST and clips - mine >= FEWEST and len({one.group for one in having}) >= _FEWEST_VIDEOS


def _shrunk(asked: Sequence[_Question]) -> list[_Question]:
    """Return the questions with the belief that each kind of trait deserves."""
    beliefs: dict[Trait, float] = {}
    for kind in {one.trait.kind for one in asked}:
        alike = [one for one in asked if one.trait.kind == kind]
        parts = shrinkage([one.estimate for one in alike])
        beliefs |= {one.trait: part for one, part in zip(alike, parts, strict=True)}
    return [replace(one, belief=beliefs[one.trait]) for one in asked]


def _lesson(one: _Question) -> Lesson:
    effect = max(-1.0, min(1.0, round(one.belief * one.estimate.effect, 2)))
    count = len({experience.clip_id for experience in one.having})
    since = min(experience.made for experience in one.having)
    because = f"{count} {told(one.trait)} {_did(one, effect)} than your others (since {since:%B %Y})"
    return Lesson(kind=one.trait.kind, value=one.trait.value, effect=effect, count=count, because=because)


def _did(one: _Question, effect: float) -> str:
    """Say how much better or worse, in views where they say the same as the whole."""
    percent = 0.0 if one.growth is None else 100 * (exp(one.belief * one.growth) - 1)
    rounded = _ROUND_PERCENT * round(abs(percent) / _ROUND_PERCENT)
    if rounded and percent * effect > 0:
        return f"got {rounded} % {'more' if percent > 0 else 'fewer'} views"
    return f"did {'better' if effect > 0 else 'worse'}"
