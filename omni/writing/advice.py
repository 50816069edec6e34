"""What of a strategist's advice is fit to stand."""

from collections.abc import Iterator

from omni.contracts import Advice, Analysis, Approach, Brief, Turn
from omni.untrusted.invisibles import unseen_characters
from omni.writing.grounds import Grounds, grounds_of_strategy
from omni.writing.lengths import width
from omni.writing.sanitizing import markup, plain
from omni.writing.shortening import shorten

# A strategy is skimmed: so wide a paragraph (three or four sentences) and so many things to measure are read.
_WIDEST, _MEASURES = 700, 6

NO_ADVICE = Advice()


def faults_of_advice(advice: Advice, analysis: Analysis, brief: Brief) -> tuple[str, ...]:
    """Return what makes advice unfit, each fault as a clause that names the finding; ``()`` for advice that is fit."""
    grounds = grounds_of_strategy(analysis, brief)
    numbers = {turn.clip for turn in advice.order}
    platforms = {approach.platform for approach in advice.approaches}
    return (
        *(f"the {name} is empty" for name in ("angle", "audience", "cadence") if not getattr(advice, name).strip()),
        *(f"clip {clip.number} has no place in the order" for clip in analysis.clips if clip.number not in numbers),
        *(f"there is no approach for {name}" for name in dict.fromkeys(brief.platforms) if name not in platforms),
        *([] if advice.measures else ["there is nothing to measure"]),
        *(f"{name}: {fault}" for name, text in advice.paragraphs for fault in _faults_of(text, grounds)),
    )


def mended_advice(advice: Advice, analysis: Analysis, brief: Brief) -> Advice:
    """Return ``advice`` with everything taken away that may not stand: fields may become empty."""
    grounds = grounds_of_strategy(analysis, brief)

    def mended(text: str) -> str:
        return shorten(plain(grounds.supported(text), brief.directives), _WIDEST)

    return Advice(
        angle=mended(advice.angle),
        audience=mended(advice.audience),
        order=tuple(Turn(clip=turn.clip, why=mended(turn.why)) for turn in advice.order),
        cadence=mended(advice.cadence),
        approaches=tuple(Approach(platform=each.platform, text=mended(each.text)) for each in advice.approaches),
        measures=tuple(text for text in map(mended, advice.measures) if text)[:_MEASURES],
    )


def is_usable(advice: Advice) -> bool:
    """Say whether mended advice still says what a strategy is for."""
    return bool(advice.angle and advice.audience)


def _faults_of(text: str, grounds: Grounds) -> Iterator[str]:
    yield from (f"the unseen character {name}" for name in unseen_characters(text))
    yield from (f"the markup {mark}" for mark in markup(text))
    yield from (f"not in the analysis: {claim}" for claim in grounds.unsupported(text))
    if (over := width(text) - _WIDEST) > 0:
        yield f"{over} characters too long"
