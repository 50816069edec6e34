"""The edit: which camera sees what, and when it cuts."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from maker.actor import FPS
from maker.timeline import Timeline

Kind = Literal["wide", "medium", "close", "slide", "audience"]


@dataclass(frozen=True)
class Shot:
    """Frames ``first`` … ``last`` − 1 through one camera; ``place`` is where the presenter stands in the picture, 0–1."""

    first: int
    last: int
    kind: Kind
    place: float
    slide: str


EDIT: tuple[tuple[float | str, Kind, float, str], ...] = (
    ("0", "wide", 0.5, "title"),
    ("2", "medium", 0.32, "title"),
    ("3", "close", 0.50, "title"),
    ("5", "wide", 0.5, "title"),
    ("7", "medium", 0.34, "title"),
    ("8", "slide", 0.5, "warrior"),
    ("9", "close", 0.44, "warrior"),
    ("11", "slide", 0.5, "bill"),
    ("12", "medium", 0.66, "bill"),
    ("laughter", "audience", 0.5, "bill"),
    ("14", "wide", 0.5, "bill"),
    ("16", "medium", 0.32, "bill"),
    ("17", "close", 0.54, "bill"),
    ("18", "wide", 0.5, "bill"),
    ("20", "medium", 0.36, "bill"),
    ("21", "slide", 0.5, "cost"),
    ("23", "close", 0.48, "cost"),
    ("applause", "audience", 0.5, "cost"),
    ("24", "wide", 0.5, "cost"),
    ("25", "medium", 0.30, "cost"),
    ("27", "close", 0.52, "cost"),
    ("29", "medium", 0.66, "cost"),
    ("30", "wide", 0.5, "standard"),
    ("32", "medium", 0.33, "standard"),
    ("34", "wide", 0.5, "standard"),
    ("36", "close", 0.47, "standard"),
    ("38", "slide", 0.5, "ship"),
    ("39", "medium", 0.34, "ship"),
    ("41", "close", 0.50, "title"),
    ("last applause", "audience", 0.5, "title"),
    ("bow", "wide", 0.5, "title"),
)
"""Cut just before this sentence (by number) or with this sound; camera; place; what the stage's screen shows."""

BEFORE, WITH_SOUND, BOW_AFTER = 0.24, 0.08, 3.6
"""Seconds: a cut comes before the words; the audience is shown as it starts; the last shot follows the applause."""


def shots(timeline: Timeline) -> tuple[Shot, ...]:
    """Return the shots, which cover the talk without a gap."""
    starts = [round(_at(str(anchor), timeline) * FPS) for anchor, *_ in EDIT]
    ends = [*starts[1:], round(timeline.duration * FPS)]
    for a, b in pairwise([*starts, ends[-1]]):
        if b - a < FPS * 2:
            message = f"a shot of {b - a} frames at frame {a}"
            raise ValueError(message)
    return tuple(
        Shot(a, b, kind, place, slide) for a, b, (_, kind, place, slide) in zip(starts, ends, EDIT, strict=True)
    )


def _at(anchor: str, timeline: Timeline) -> float:
    if anchor == "0":
        return 0.0
    if anchor.isdigit():
        return timeline.sentences[int(anchor)].start - BEFORE
    if anchor == "bow":
        return timeline.sounds[-1].start + BOW_AFTER
    return timeline.sounds[{"laughter": 0, "applause": 1, "last applause": 2}[anchor]].start - WITH_SOUND


def drift(t: float) -> tuple[float, float]:
    """Return how a hand-held camera wanders, in head units."""
    return 0.035 * float(np.sin(0.61 * t)) + 0.02 * float(np.sin(1.37 * t + 1)), 0.025 * float(np.sin(0.83 * t + 2))
