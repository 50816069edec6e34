"""Follow or fit: the layout of each shot, chosen over the whole clip so that it changes as seldom as possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from omni.framing.subjects import Subject

Layout = Literal["follow", "fit"]

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

SCREEN_LOSS = 0.6
"""What is lost a second when a screen is cropped to the webcam in its corner."""

SWITCH_LOSS = 0.3
"""A change of layout: a shot of a face must last 2 s to be worth one on both sides, a scene without faces 2.6 s."""


@dataclass(frozen=True)
class Stretch:
    """One shot's part of a clip: its length and what it is about."""

    seconds: float
    subject: Subject


def choose_layouts(stretches: Sequence[Stretch], kept: float) -> tuple[Layout, ...]:
    """Return a layout for each stretch: the cheapest sequence of losses and switches; ``kept`` is the crop's area."""
    names: tuple[Layout, Layout] = ("follow", "fit")
    costs, ways = [0.0, 0.0], list[tuple[int, int]]()
    for stretch in stretches:
        here = losses(stretch, kept)
        came = tuple(min((0, 1), key=lambda before: costs[before] + SWITCH_LOSS * (before != now)) for now in (0, 1))
        costs = [costs[came[now]] + SWITCH_LOSS * (came[now] != now) * bool(ways) + here[now] for now in (0, 1)]
        ways.append((came[0], came[1]))
    now = 0 if costs[0] <= costs[1] else 1
    chosen: list[Layout] = []
    for way in reversed(ways):
        chosen.append(names[now])
        now = way[now]
    return tuple(reversed(chosen))


def losses(stretch: Stretch, kept: float) -> tuple[float, float]:
    """Return what ``follow`` and ``fit`` lose over a stretch, in loss-seconds."""
    subject = stretch.subject
    scene = SCENE_LOSS * max(0.0, 1 - kept / ENOUGH_KEPT)
    missed = max(
        min(MISSED_FACES_LIMIT, MISSED_FACES_LOSS * (1 - subject.captured)), SCREEN_LOSS if subject.overlaid else 0.0
    ) * min(1.0, scene / 0.2)
    seen, unseen = subject.coverage, 1 - subject.coverage
    absent = scene * ABSENT_LOSS / SCENE_LOSS if seen else scene
    follow = seen * missed + unseen * absent
    fit = FIT_LOSS + seen * (SMALL_FACE_LOSS if not subject.overlaid else 0.0)
    return follow * stretch.seconds, fit * stretch.seconds
