"""What a job will probably cost, told from its source's length before anything is asked of anybody; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from omni.contracts import Brief, Charge, Estimate, Role, Warnings, total_usd
from omni.ports.model import Question
from omni.spending.account import unpriced
from omni.spending.prices import Prices, Tokens
from omni.spending.wording import dollars

VIDEO_TOKENS = 100.0
"""A second of low-resolution video: 66 for its one frame, 32 for its sound, the rest for its time stamp (ai.google.dev)."""
SOUND_TOKENS = 32.0
"""A second of sound alone (ai.google.dev)."""
WORDS = 2.5
"""Words spoken in a second: 150 a minute is common; samples/talk.srt has 2.7."""
TOKENS_OF_WORD = 1.5
"""Google counts 100 tokens for 60–80 English words."""
TOKENS_OF_HEARD_WORD = 2.5
"""A word of the transcript as the analyst reads it: a line of about 15 words begins with two numbers and a time."""
PART_SECONDS, OVERLAP_SECONDS = 1800.0, 90.0
"""A longer video is looked at in parts of this length that overlap so much; as the analyst cuts it."""
INSTRUCTIONS, MEMORIES = 1500, 1500
"""Tokens: what every question says before its material, and the precedents beside it."""
THOUGHTS = {"low": 1000, "medium": 4000, "high": 10_000}
"""Tokens thought before an answer. Assumed: nobody has measured it here."""
CLIP_ANSWER, STRATEGY, POST = 250, 1000, 200
"""Tokens: a clip with its reasons, a strategy, a post with its hashtags (JSON round it included)."""
POSTS_AT_ONCE = 24
"""Posts in one answer, whole clips together; as the copywriter asks for them."""
CLIP_SECONDS = 45.0
SPARE_CLIPS = 2
"""Each part is asked for so many more than its share: some will be dropped."""
SECONDS_EACH, FEWEST, MOST, ONE_BELOW = 45.0, 4, 9, 45.0
"""Clips of a job without a number in its brief, as the offline analyst counts them (TARGETS §2)."""
MEMORY_RECORD, MEMORY_QUESTION = 300, 300
"""Tokens of one thing remembered (1 000 to 1 500 characters), and of what the memory is asked."""
LONGEST_ANSWER: int = Question.model_fields["max_output_tokens"].default

Thinking = Literal["low", "medium", "high"]


@dataclass(frozen=True)
class Models:
    """The model that answers in each role; ``None``: an engine of this machine, which costs nothing."""

    analyst: str | None = None
    copywriter: str | None = None
    embedder: str | None = None
    thinking: Thinking = "medium"

    @property
    def names(self) -> frozenset[str]:
        """Every model that is paid for."""
        return frozenset(name for name in (self.analyst, self.copywriter, self.embedder) if name)


@dataclass(frozen=True)
class Footing:
    """What an estimate stands on: ``seconds`` of source, whether they have a picture, who answers."""

    seconds: float
    has_picture: bool
    models: Models


def estimate(footing: Footing, brief: Brief, budget_usd: float | None, prices: Prices) -> Estimate:
    """Return what a job will typically come to: each call answered once, nothing cached, no answer asked for twice."""
    charges = tuple(
        Charge(
            role=role, model=model, calls=calls, input_tokens=tokens.input, output_tokens=tokens.output,
            usd=prices.usd(model, tokens),
        )
        for role, model, calls, tokens in _asked(footing, brief)
    )  # fmt: skip
    usd = total_usd(charges)
    warnings = tuple(dict.fromkeys(unpriced(charge.model) for charge in charges if charge.usd is None))
    if budget_usd is not None and charges:
        warnings += _on_budget(budget_usd, charges, prices, falls_back=brief.fallback)
    return Estimate(charges=charges, usd=usd, seconds=footing.seconds, warnings=warnings)


def parts_of(seconds: float) -> int:
    """Return in how many parts a source is looked at."""
    return max(1, ceil((seconds - OVERLAP_SECONDS) / (PART_SECONDS - OVERLAP_SECONDS)))


def _asked(footing: Footing, brief: Brief) -> list[tuple[Role, str, int, Tokens]]:
    """Return role, model, calls and tokens of all that is asked, in the order in which it is."""
    models, clips = footing.models, _clips(brief.clips, footing.seconds)
    asked: list[tuple[Role, str, int, Tokens]] = []
    if models.analyst:
        asked.append(("analyst", models.analyst, parts_of(footing.seconds), _analyst(footing, clips)))
    if models.copywriter:
        platforms = len(set(brief.platforms))
        calls = ceil(clips / max(1, POSTS_AT_ONCE // platforms))
        asked.append(("copywriter", models.copywriter, calls, _copywriter(calls, clips, platforms, models.thinking)))
    if models.embedder:
        tokens = Tokens(input=MEMORY_QUESTION + (clips + 1) * MEMORY_RECORD, output=0)
        asked.append(("embedder", models.embedder, 2, tokens))
    return asked


def _analyst(footing: Footing, clips: int) -> Tokens:
    parts = parts_of(footing.seconds)
    seen = footing.seconds + (parts - 1) * OVERLAP_SECONDS
    second = (VIDEO_TOKENS if footing.has_picture else SOUND_TOKENS) + WORDS * TOKENS_OF_HEARD_WORD
    read = seen * second + parts * (INSTRUCTIONS + MEMORIES)
    written = parts * THOUGHTS[footing.models.thinking] + (clips + parts * SPARE_CLIPS) * CLIP_ANSWER
    return Tokens(input=round(read), output=written)


def _copywriter(calls: int, clips: int, platforms: int, thinking: Thinking) -> Tokens:
    times_told = 1 if calls == 1 else 2  # the first question has all clips, for the strategy, each further one its own
    said = times_told * clips * CLIP_SECONDS * WORDS * TOKENS_OF_WORD
    written = calls * THOUGHTS[thinking] + STRATEGY + clips * platforms * POST
    return Tokens(input=round(said) + calls * (INSTRUCTIONS + MEMORIES), output=written)


def _clips(asked: int | None, seconds: float) -> int:
    if asked is not None:
        return asked
    return 1 if seconds < ONE_BELOW else max(FEWEST, min(MOST, ceil(seconds / SECONDS_EACH)))


def _on_budget(budget: float, charges: Sequence[Charge], prices: Prices, *, falls_back: bool) -> Warnings:
    """Warn of a budget that may stop the job: a call is made only where its longest answer would still fit."""
    then = "the offline engines take over then" if falls_back else "the job fails then"
    usd, room = total_usd(tuple(charges)), _room(charges, prices)
    if usd is None or room is None:
        return (f"The budget of {dollars(budget)} can't be kept without every price; {then}.",)
    if usd > budget:
        return (f"The job will probably cost {dollars(usd)}, more than its budget of {dollars(budget)}; {then}.",)
    if room > budget:
        why = "a call is made only where its longest answer would still fit"
        return (f"The budget of {dollars(budget)} may stop the job: {why}, which takes {dollars(room)}; {then}.",)
    return ()


def _room(charges: Sequence[Charge], prices: Prices) -> float | None:
    """Return what a budget must hold for every call to be made: all that is typical before the last call, and its most."""
    spent, most = 0.0, 0.0
    for charge in charges:
        longest = LONGEST_ANSWER if charge.output_tokens else 0
        typical = charge.output_tokens / charge.calls
        more = prices.usd(charge.model, Tokens(input=0, output=round(max(0.0, longest - typical))))
        if charge.usd is None or more is None:
            return None
        spent += charge.usd
        most = max(most, spent + more)
    return most
