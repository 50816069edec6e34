"""What learning is worth: worlds whose viewers have preferences, and worlds whose viewers have none.

The talks, their candidates, the evidence, the choice and the learning are the real code; only the viewers are made. ``--worlds N`` makes
more worlds of each kind.
"""

import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import exp, sqrt
from statistics import fmean, stdev
from uuid import NAMESPACE_OID, uuid5

from bench.figures import Figure, at_least, at_most
from bench.memory._talks import talk
from omni.analysis.candidates import Candidate, candidates
from omni.analysis.choice import Count, choose
from omni.analysis.cuts import cutter_for
from omni.analysis.evidence.learned import learned
from omni.analysis.evidence.sign import Sign
from omni.analysis.judgement import KINDS
from omni.analysis.material import Material, material_of
from omni.analysis.weights import WEIGHTS
from omni.contracts import Dossier, Lesson, Platform, Precedents
from omni.lessons import HOOKS, Trait, band_of, hooks_of
from omni.memory.receptions import learned as learned_from
from omni.outcomes import ClipOutcome, Outcome, clip_id
from omni.ports import MemoryRecord

TALKS, HELD_OUT = 40, 8
"""Talks that a workspace makes clips of, five each; and those on which its taste is tried."""
PICKS = 5
CONTENDERS = 250
"""Candidates of a talk that are looked at, the best by evidence: what was learned moves none of the others to the top."""
AFTER = (10, 50, 200)
WORLDS, NULL_WORLDS = 20, 200
LUCK, NOISE = 0.4, 0.8
"""Standard deviations in the logarithm of views that a video's clips share, and of each clip alone."""
TASTE = 0.5
"""Standard deviation of what viewers give for a trait: a strong one gains or loses half of the views."""
FIRST = date(2026, 1, 5)
SUBJECTS = ("vessel", "crane", "orchard", "violin", "pillow", "ledger", "oven", "melody")


@dataclass(frozen=True)
class Choice:
    """A candidate, all that speaks for it but what was learned, and the traits that viewers see in it."""

    candidate: Candidate
    signs: tuple[Sign, ...]
    traits: frozenset[Trait]


@dataclass
class Bench:
    """The talks, measured once for all worlds."""

    _plain: dict[int, list[Choice]] = field(default_factory=dict[int, list[Choice]])

    @cached_property
    def talks(self) -> list[tuple[Material, list[Choice]]]:
        """Every talk with its candidates."""
        dice = random.Random(7)
        return [_measured(talk(number, dice)) for number in range(TALKS + HELD_OUT)]

    def picks(self, number: int, lessons: Sequence[Lesson]) -> list[Choice]:
        """Return what is chosen of a talk by a workspace with these lessons."""
        if not lessons and number in self._plain:
            return self._plain[number]
        material, choices = self.talks[number]
        dossier = material.dossier.model_copy(update={"precedents": Precedents(lessons=tuple(lessons))})
        wiser = replace(material, dossier=dossier)
        judged = {id(each.candidate.window): each for each in choices}
        merits = [replace(each.candidate, merit=_merit(each, wiser)) for each in choices]
        chosen = [judged[id(one.window)] for one in choose(merits, Count(PICKS, PICKS, firm=True), wiser)]
        if not lessons:
            self._plain[number] = chosen
        return chosen


@dataclass
class World:
    """Viewers with a taste, and a workspace that publishes for them, job after job, with what it has learned so far."""

    bench: Bench
    dice: random.Random
    taste: dict[Trait, float]
    clips: list[MemoryRecord] = field(default_factory=list[MemoryRecord])
    told: list[ClipOutcome] = field(default_factory=list[ClipOutcome])

    def publish(self, number: int, lessons: Sequence[Lesson]) -> None:
        """Make the clips of one talk, and hear what came of them."""
        luck = self.dice.gauss(0, LUCK)
        made = FIRST + timedelta(days=3 * number)
        strategy = str(uuid5(NAMESPACE_OID, f"talk {number}"))
        for place, choice in enumerate(self.bench.picks(number, lessons), start=1):
            self.clips.append(_record(self.bench.talks[number][0], choice, strategy, place, made))
            views = 800 * exp(self.worth(choice) + luck + self.dice.gauss(0, NOISE))
            told = Outcome(on=made + timedelta(days=7), platform=Platform.TIKTOK, views=round(views))
            self.told.append(ClipOutcome(workspace="w", strategy_id=strategy, clip=place, outcome=told))

    def worth(self, choice: Choice) -> float:
        """Return what viewers give for a clip, without luck: in the logarithm of views."""
        return sum(self.taste.get(trait, 0.0) for trait in choice.traits)

    def lessons(self) -> tuple[Lesson, ...]:
        """Return what has been learned."""
        return learned_from(self.clips, self.told).lessons

    def quality(self, lessons: Sequence[Lesson]) -> float:
        """Return the mean worth of what is chosen of talks that nobody has seen."""
        unseen = range(TALKS, TALKS + HELD_OUT)
        return fmean(self.worth(choice) for number in unseen for choice in self.bench.picks(number, lessons))

    def best(self) -> float:
        """Return the quality of a workspace that knows the viewers' taste from the beginning."""
        values = [
            Lesson(kind=t.kind, value=t.value, effect=max(-1.0, min(1.0, v / NOISE)), count=1, because="") for t, v in self.taste.items()
        ]  # fmt: skip
        return self.quality(values)


def figures() -> list[Figure]:
    """Print the table, and return what has a bar."""
    wanted = int(sys.argv[sys.argv.index("--worlds") + 1]) if "--worlds" in sys.argv else None
    bench = Bench()
    return [*_with_taste(bench, wanted or WORLDS), *_without_taste(bench, wanted or NULL_WORLDS)]


def _with_taste(bench: Bench, worlds: int) -> list[Figure]:
    gains: dict[int, list[float]] = {after: [] for after in AFTER}
    counts: dict[int, list[int]] = {after: [] for after in AFTER}
    ceilings: list[float] = []
    for seed in range(worlds):
        dice = random.Random(seed)
        world = World(bench, dice, _taste(dice))
        before = world.quality(())
        ceilings.append(world.best() - before)
        for number in range(TALKS):
            world.publish(number, world.lessons())
            if (after := len(world.clips)) in AFTER:
                lessons = world.lessons()
                gains[after].append(world.quality(lessons) - before)
                counts[after].append(len(lessons))
    print(f"viewers with a taste, {worlds} worlds: gain in the mean worth of what is picked, as views")
    for after in AFTER:
        mean, margin = _interval(gains[after])
        print(
            f"  after {after:>3} clips: {_percent(mean)} more views (95 %: {_percent(mean - margin)} to {_percent(mean + margin)}), "
            f"{fmean(counts[after]):.1f} lessons"
        )
    print(f"  if the taste were known from the beginning, with the same cap: {_percent(fmean(ceilings))}")
    return [
        at_least(f"gain in views after {AFTER[-1]} clips", exp(fmean(gains[AFTER[-1]])) - 1, 0.05),
        at_least(f"gain in views after {AFTER[0]} clips", exp(fmean(gains[AFTER[0]])) - 1, -0.02),
    ]


def _without_taste(bench: Bench, worlds: int) -> list[Figure]:
    wrong: dict[int, int] = dict.fromkeys(AFTER, 0)
    loudness: dict[int, list[float]] = {after: [] for after in AFTER}
    for seed in range(worlds):
        world = World(bench, random.Random(1000 + seed), {})
        for number in range(TALKS):
            world.publish(number, ())
            if (after := len(world.clips)) in AFTER:
                lessons = world.lessons()
                wrong[after] += bool(lessons)
                loudness[after].append(min(1.0, sum(abs(lesson.effect) for lesson in lessons)))
    print(
        f"viewers without a taste, {worlds} worlds: workspaces that believe anything, and the mean strength of it (1: the cap)"
    )
    for after in AFTER:
        low, high = _wilson(wrong[after], worlds)
        print(
            f"  after {after:>3} clips: {wrong[after] / worlds:.1%} (95 %: {low:.1%} to {high:.1%}), strength {fmean(loudness[after]):.3f}"
        )
    share = sum(wrong.values()) / (worlds * len(AFTER))
    return [
        at_most("workspaces that learn from noise", share, 0.05),
        at_most("mean strength of what noise taught", fmean(x for each in loudness.values() for x in each), 0.03),
    ]


def _taste(dice: random.Random) -> dict[Trait, float]:
    """Return what viewers give for openings, lengths and subjects, in the logarithm of views."""
    bands = [band_of(seconds).value for seconds in (18, 25, 40, 55)]
    traits = [Trait("hook", hook) for hook in sorted(HOOKS)] + [Trait("length", band) for band in bands]
    traits += [Trait("topic", word) for word in SUBJECTS]
    return {trait: dice.gauss(0, TASTE) for trait in traits}


def _measured(dossier: Dossier) -> tuple[Material, list[Choice]]:
    cutter = cutter_for(dossier)
    material = material_of(dossier, cutter.timeline)
    found: list[Choice] = []
    judged = sorted(candidates(material, cutter, strict=True), key=lambda one: -one.merit)[:CONTENDERS]
    for candidate in sorted(judged, key=lambda one: (one.span.start, one.span.end)):
        signs = tuple(sign for kind in KINDS for sign in kind(candidate.window, material))
        found.append(Choice(candidate, signs, _traits(candidate, signs, material)))
    return material, found


def _traits(candidate: Candidate, signs: Iterable[Sign], material: Material) -> frozenset[Trait]:
    said = material.text_of(candidate.window).casefold()
    subjects = {Trait("topic", word) for word in SUBJECTS if word in said}
    return hooks_of({sign.kind: sign.strength for sign in signs}) | {band_of(candidate.span.length)} | subjects


def _merit(choice: Choice, material: Material) -> float:
    """Weigh as ``omni.analysis.judgement`` does, what doesn't change having been measured once."""
    more = learned(choice.signs, choice.candidate.window, material)
    return choice.candidate.merit + sum(sign.strength * WEIGHTS[sign.kind].value for sign in more)


def _record(material: Material, choice: Choice, strategy: str, place: int, made: date) -> MemoryRecord:
    return MemoryRecord(
        id=clip_id(strategy, place),
        workspace="w",
        kind="clip",
        strategy_id=strategy,
        source_sha256=material.dossier.source.sha256,
        source_title=material.dossier.source.title,
        title="",
        text=material.text_of(choice.candidate.window),
        span=choice.candidate.span,
        payload={
            "number": place,
            "evidence": {sign.kind: sign.strength for sign in choice.signs},
            "keywords": sorted(trait.value for trait in choice.traits if trait.kind == "topic"),
        },
        created_at=datetime(made.year, made.month, made.day, tzinfo=UTC),
    )


def _interval(values: Sequence[float]) -> tuple[float, float]:
    return fmean(values), 1.96 * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0


def _wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def _percent(logarithm: float) -> str:
    return f"{100 * (exp(logarithm) - 1):+.0f} %"
