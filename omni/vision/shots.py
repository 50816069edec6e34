"""Where one shot ends and the next begins: hard cuts to the frame, dissolves and fades as well as can be."""

from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from omni.contracts import Shot
from omni.vision.thumbnails import SCALE, Thumbnail, distance, luma_distance

LOOK_SECONDS = 0.2
"""Frames this far on both sides must differ across a cut; a flash or a passing hand is over sooner."""

HARD_RATIO = 2.0
"""A cut changes the picture at least this many times more than its neighbours move it (true cuts of real footage: 2.2–60)."""

QUIET_RATIO = 4.5
"""With still neighbours, a smaller change is enough, as between dark scenes; key frames of thin encodes reach 3.9."""

SOFT_SECONDS = 0.6, 0.3
"""Half lengths of the dissolves looked for."""

SOFT_STEP_SECONDS = 0.1
MIN_SHOT_SECONDS = 0.3
MIN_HARD_SHOT_SECONDS = 0.1
"""Two hard cuts may stand this close: real three-frame shots exist, and a camera may jump on each cut."""


@dataclass(frozen=True)
class Boundary:
    """The first frame of a new shot."""

    frame: int
    strength: float
    """How much more changes than moves; comparable within a video."""
    hard: bool


class ShotDetector:
    """Finds boundaries in a stream of thumbnails at a constant rate; holds about a second of them."""

    def __init__(self, fps: float) -> None:
        self._look = max(2, round(LOOK_SECONDS * fps))
        self._step = max(1, round(SOFT_STEP_SECONDS * fps))
        self._fps = fps
        self._near: deque[Thumbnail] = deque(maxlen=2 * self._look + 1)
        self._far: deque[Thumbnail] = deque(maxlen=1 + 2 * round(SOFT_SECONDS[0] / SOFT_STEP_SECONDS))
        self._hard: list[Boundary] = []
        self._soft: list[Boundary] = []
        self.changes = array("f")
        """Change of luma and colour from the frame before, in 8-bit levels; one a frame."""
        self.luma_changes = array("f")
        """Change of luma from the frame before, as a fraction 0–1; one a frame."""

    def push(self, thumbnail: Thumbnail) -> None:
        """Take the next frame."""
        before = self._near[-1] if self._near else thumbnail
        self.changes.append(distance(before, thumbnail))
        self.luma_changes.append(luma_distance(before, thumbnail))
        self._near.append(thumbnail)
        self._judge_hard(len(self.changes) - 1 - self._look)
        if (len(self.changes) - 1) % self._step == 0:
            self._far.append(thumbnail)
            self._judge_soft()

    def finish(self) -> tuple[Boundary, ...]:
        """Judge the last frames and return every boundary in time order."""
        total = len(self.changes)
        for frame in range(max(1, total - self._look), total):
            self._judge_hard(frame)
        return settle(self._hard, self._soft, self._fps)

    def _judge_hard(self, frame: int) -> None:
        if frame < 1:
            return
        ratio = standing_out(self.changes, frame, self._look)
        if ratio < HARD_RATIO:
            return
        here = len(self._near) - (len(self.changes) - frame)
        window = list(self._near)
        before, after = window[max(0, here - self._look) : here], window[here : here + self._look]
        if is_cut(before, after, ratio):
            self._hard.append(Boundary(frame, ratio, hard=True))

    def _judge_soft(self) -> None:
        if len(self._far) < (self._far.maxlen or 0):
            return
        middle = len(self._far) // 2
        frame = (len(self.changes) - 1) - middle * self._step
        for seconds in SOFT_SECONDS:
            half = round(seconds / SOFT_STEP_SECONDS)
            strength = dissolve(self._far[middle - half], self._far[middle], self._far[middle + half])
            if strength > 0:
                self._soft.append(Boundary(frame, strength, hard=False))
                return


def standing_out(changes: Sequence[float], frame: int, look: int) -> float:
    """Return how many times ``frame`` changes more than its neighbours; 0.0 when one beside it changes more.

    The three largest of ``look`` frames on both sides stand for the motion, so that repeated frames (pulldown,
    animation on twos) don't make it look small; the frames next to it are left out, as a cut may be blended.
    """
    change = changes[frame]
    if change < 2 or change < max(changes[max(0, frame - 2) : frame + 3]):
        return 0.0
    around = [*changes[max(1, frame - look) : max(1, frame - 1)], *changes[frame + 2 : frame + look + 1]]
    largest = sorted(around)[-3:]
    motion = sum(largest) / len(largest) if largest else 0.0
    return change / (motion + 1.0)


def is_cut(before: Sequence[Thumbnail], after: Sequence[Thumbnail], ratio: float) -> bool:
    """Tell whether two runs of frames show two things: no frame of one is like a frame of the other.

    Numbers from the shared montage: cuts leave ≥ 14 levels after motion is allowed for and change ≥ 60 % of the cells;
    fast motion and key-frame pops of thin encodes stay below 8 levels or 25 %.
    """
    last, first = before[-1], after[0]
    change = distance(last, first)
    if min(distance(one, other) for one in before for other in after) < 0.4 * change:
        return False
    share = float((np.abs(last - first).sum(axis=0) > 12 * SCALE).mean())
    left = unexplained(last, first)
    return (share >= 0.3 and left >= 9) or (ratio >= QUIET_RATIO and share >= 0.25 and left >= 3.5)


def unexplained(one: Thumbnail, other: Thumbnail) -> float:
    """Return the mean difference in 8-bit levels when each cell may have come from up to 3 cells away."""
    rows, columns = one.shape[1:]
    high, wide = min(2, (rows - 1) // 2), min(3, (columns - 1) // 2)
    inner = other[:, high : rows - high, wide : columns - wide]
    best = np.full(inner.shape[1:], np.iinfo(np.int16).max, np.int16)
    for y in range(2 * high + 1):
        for x in range(2 * wide + 1):
            moved = one[:, y : y + inner.shape[1], x : x + inner.shape[2]]
            best = np.minimum(best, np.abs(moved - inner).sum(axis=0, dtype=np.int16))
    return float(best.mean()) / SCALE


def dissolve(start: Thumbnail, middle: Thumbnail, end: Thumbnail) -> float:
    """Return the change across a dissolve or fade in levels, or 0.0: its middle is the mean of its ends, motion's is not.

    On real footage motion and pans leave ≥ 0.21 of the change in the middle, a fade 0.05–0.14.
    """
    change = distance(start, end)
    if change < 25:
        return 0.0
    return change if distance(middle, (start + end) >> 1) <= 0.16 * change else 0.0


def settle(hard: Sequence[Boundary], soft: Sequence[Boundary], fps: float) -> tuple[Boundary, ...]:
    """Return the boundaries that stand, in time order: of two that are too close, the stronger; a cut beats a dissolve."""
    kept: list[Boundary] = []
    for boundary in sorted(hard, key=lambda b: (-b.strength, b.frame)):
        if all(abs(boundary.frame - other.frame) >= MIN_HARD_SHOT_SECONDS * fps for other in kept):
            kept.append(boundary)
    apart = max(MIN_SHOT_SECONDS, 2 * SOFT_SECONDS[0]) * fps
    for boundary in sorted(soft, key=lambda b: (-b.strength, b.frame)):
        if all(abs(boundary.frame - other.frame) >= apart for other in kept):
            kept.append(boundary)
    return tuple(sorted(kept, key=lambda b: b.frame))


def shots_between(boundaries: Sequence[Boundary], frames: int, fps: float) -> tuple[Shot, ...]:
    """Return the shots of a video of ``frames`` frames; each begins exactly at the time of its first frame."""
    edges = [0, *(b.frame for b in boundaries), frames]
    return tuple(Shot(start=a / fps, end=b / fps) for a, b in pairwise(edges) if b > a)
