"""Follow, fit or split: the layout of each shot, chosen over the whole clip so that it changes as seldom as possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from omni.contracts import Layout, LayoutWish
from omni.framing.subjects import Pair, Subject

SMALL_FACE_LOSS = 0.3
"""What is lost a second when a face that could fill the screen stands in a band across it."""

SCENE_LOSS = 0.6
"""What is lost a second when a scene without faces is cropped to nothing but a strip."""

ABSENT_LOSS = 1.8
"""The same while the camera waits for a face that has not come yet, or has left: an empty stage."""

MISSED_FACES_LOSS = 1.5
"""What a second loses for each part of the faces' weight out of view: a fifth outside is as bad as a band. At most:"""

MISSED_FACES_LIMIT = 0.6

ENOUGH_KEPT = 0.6
"""A crop that keeps this part of the frame loses nothing that matters."""

FIT_LOSS = 0.05
"""The blurred fill is never as good as a full screen."""

SPLIT_LOSS = 0.3
"""Two half screens: worth it when one crop would leave out more than a fifth of the faces' weight."""

SCREEN_LOSS = 0.6
"""What is lost a second when a screen is cropped to the webcam in its corner."""

SWITCH_LOSS = 0.3
"""A change of layout: a shot of a face must last 2 s to be worth one on both sides, a scene without faces 2.6 s."""


@dataclass(frozen=True)
class Stretch:
    """One shot's part of a clip: its length, what it is about, and the two it is about when there are two."""

    seconds: float
    subject: Subject
    pair: Pair | None = None


def choose_layouts(stretches: Sequence[Stretch], kept: float, wish: LayoutWish = "auto") -> tuple[Layout, ...]:
    """Return a layout for each stretch: the cheapest sequence of losses and switches; ``kept`` is the crop's area.

    A wish is granted wherever the picture allows it: a ``split`` needs two faces, and is chosen as by default elsewhere.
    """
    if not stretches:
        return ()
    costs = [granted(losses(stretch, kept), stretch, wish) for stretch in stretches]
    totals: dict[Layout, float] = costs[0]
    ways: list[dict[Layout, Layout]] = []
    for here in costs[1:]:
        way: dict[Layout, Layout] = {now: _cheapest_before(totals, now) for now in here}
        totals = {now: totals[before] + switch(before, now) + here[now] for now, before in way.items()}
        ways.append(way)
    chosen: list[Layout] = [_least(totals)]
    for way in reversed(ways):
        chosen.append(way[chosen[-1]])
    return tuple(reversed(chosen))


def switch(before: Layout, now: Layout) -> float:
    """Return what a change of layout costs."""
    return SWITCH_LOSS if before != now else 0.0


def granted(losses: dict[Layout, float], stretch: Stretch, wish: LayoutWish) -> dict[Layout, float]:
    """Return the losses with every layout but the wished one forbidden, where the stretch can have it."""
    if wish == "auto" or (wish == "split" and stretch.pair is None):
        return losses
    return {layout: 0.0 if layout == wish else inf for layout in losses}


def losses(stretch: Stretch, kept: float) -> dict[Layout, float]:
    """Return what each layout loses over a stretch, in loss-seconds; one that can't be had loses everything."""
    subject, pair = stretch.subject, stretch.pair
    scene = SCENE_LOSS * max(0.0, 1 - kept / ENOUGH_KEPT)
    cropping = min(1.0, scene / 0.2)
    missed = max(_missed(subject.captured), SCREEN_LOSS if subject.overlaid else 0.0) * cropping
    seen, unseen = subject.coverage, 1 - subject.coverage
    absent = scene * ABSENT_LOSS / SCENE_LOSS
    follow = seen * missed + unseen * (absent if seen else scene)
    fit = FIT_LOSS + seen * (SMALL_FACE_LOSS if not subject.overlaid else 0.0)
    told: dict[Layout, float] = {"follow": follow * stretch.seconds, "fit": fit * stretch.seconds, "split": inf}
    if pair is not None:
        split = SPLIT_LOSS + _missed(pair.captured) * cropping + (1 - pair.coverage) * absent
        told["split"] = split * stretch.seconds
    return told


def _cheapest_before(totals: dict[Layout, float], now: Layout) -> Layout:
    return min(totals, key=lambda before: totals[before] + switch(before, now))


def _least(costs: dict[Layout, float]) -> Layout:
    return min(costs, key=lambda layout: costs[layout])


def _missed(captured: float) -> float:
    return min(MISSED_FACES_LIMIT, MISSED_FACES_LOSS * max(0.0, 1 - captured))
