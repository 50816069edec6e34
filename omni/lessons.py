"""What outcomes can teach about: the same names where a clip is judged, where it is kept, and where the memory learns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

Kind = Literal["hook", "length", "topic", "post"]


class Trait(NamedTuple):
    """One thing that a clip or a post has or hasn't."""

    kind: Kind
    value: str


HOOKS = {
    "question": "open with a question",
    "number": "name a number at once",
    "contrast": "open with a contrast",
    "address": "speak to the viewer at once",
    "person": "begin personally",
    "claim": "open with a short claim",
    "story": "tell a story",
    "none": "open plainly",
}
"""Hook types, as they complete "clips that …"; a kind of evidence ``hook.x`` that isn't among them is hook type ``x``."""

_STORY = "say.story"
_FAULTS = frozenset({"slow", "polite"})
"""Kinds of evidence about the opening that are faults, never types."""

BANDS = (20.0, 30.0, 45.0, 60.0)
"""Seconds: borders of the length bands. Platforms advise 15–60; finer bands would hold too few clips to learn from."""

POSTS = {
    "question": "whose post opens with a question",
    "number": "whose post names a number in its first line",
    "list": "whose post holds a list",
    "brief": "whose post is brief",
    "long": "whose post is long",
    "no hashtags": "whose post has no hashtags",
    "few hashtags": "whose post has one to three hashtags",
    "many hashtags": "whose post has four hashtags or more",
}
"""Post styles, as they complete "clips …"."""
BRIEF, LONG = 150, 500
"""Characters: what TikTok shows without a tap; where a post has more than two paragraphs."""
FEW = 3
_BULLETS = ("- ", "• ", "– ", "* ", "→ ", "▸ ", "✔", "✅", "・")
_QUESTION_MARKS = ("?", "？", "؟")


def hooks_of(weights: Mapping[str, float]) -> frozenset[Trait]:
    """Return the hook types of a clip from its evidence, kind → weight; ``none`` where nothing speaks for its opening."""
    speaking = {kind for kind, weight in weights.items() if weight > 0}
    types = {kind.removeprefix("hook.") for kind in speaking if kind.startswith("hook.")} - _FAULTS
    types |= {"story"} if _STORY in speaking else set()
    return frozenset(Trait("hook", name) for name in types or {"none"})


def band_of(seconds: float) -> Trait:
    """Return the length band of a clip.

    >>> band_of(24.2), band_of(75)
    (Trait(kind='length', value='20–30 s'), Trait(kind='length', value='over 60 s'))
    """
    above = [border for border in BANDS if seconds >= border]
    below = [border for border in BANDS if seconds < border]
    if not above:
        return Trait("length", f"under {below[0]:.0f} s")
    return Trait("length", f"{above[-1]:.0f}–{below[0]:.0f} s" if below else f"over {above[-1]:.0f} s")


def styles_of(text: str, hashtags: Sequence[str]) -> frozenset[Trait]:
    """Return the styles of a post; ``text`` is without its hashtags."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    first = lines[0] if lines else ""
    has = {
        "question": first.rstrip("\"'”’») ").endswith(_QUESTION_MARKS),
        "number": any(char.isdigit() for char in first),
        "list": sum(line.startswith(_BULLETS) for line in lines) >= 2,
        "brief": len(text) <= BRIEF,
        "long": len(text) >= LONG,
        "no hashtags": not hashtags,
        "few hashtags": 0 < len(hashtags) <= FEW,
        "many hashtags": len(hashtags) > FEW,
    }
    return frozenset(Trait("post", name) for name, true in has.items() if true)


def told(trait: Trait) -> str:
    """Return the clips that have a trait, in words: ``clips that open with a question``."""
    match trait.kind:
        case "hook":
            return f"clips that {HOOKS.get(trait.value, f'open with {trait.value}')}"
        case "length":
            return f"clips of {trait.value}" if trait.value[:1].isdigit() else f"clips {trait.value}"
        case "topic":
            return f"clips about “{trait.value}”"
        case "post":
            return f"clips {POSTS.get(trait.value, trait.value)}"


def of_kind(kind: Kind, traits: Iterable[Trait]) -> frozenset[str]:
    """Return the values of the traits of one kind."""
    return frozenset(trait.value for trait in traits if trait.kind == kind)
