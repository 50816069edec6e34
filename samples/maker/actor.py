"""How the presenter moves: where he stands, looks and points, and what his mouth does, as functions of time."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from maker.sculpture import Array, smoothstep
from maker.timeline import Timeline
from maker.voice import RATE

FPS = 25
STRIDE = 1.75
"""Length of one step, in head units."""

HANDS = {
    "rest": ((-1.55, -5.1, 0.35), (1.55, -5.1, 0.35), 0.2),
    "folded": ((-0.35, -4.1, 1.05), (0.35, -4.15, 1.00), 0.3),
    "open": ((-1.95, -3.6, 1.05), (1.95, -3.6, 1.05), 1.0),
    "right": ((-0.75, -4.3, 0.95), (2.30, -2.9, 0.85), 1.0),
    "left": ((-2.30, -3.0, 0.85), (0.75, -4.3, 0.95), 1.0),
    "point": ((-0.75, -4.4, 0.95), (1.55, -1.55, 1.10), 0.6),
    "wide": ((-2.75, -2.6, 0.65), (2.75, -2.6, 0.65), 1.0),
    "box": ((-0.95, -3.5, 1.35), (0.95, -3.5, 1.35), 0.9),
    "heart": ((-1.45, -5.0, 0.35), (0.30, -2.95, 1.05), 0.8),
}
"""Wrists at the left and right of the picture, relative to the head, and how open the hands are."""

WALK = (
    (0.0, -8.5),
    (1.0, -8.5),
    (7.0, -3.0),
    (13.0, -3.0),
    (22.0, -2.6),
    (23.2, -2.6),
    (29.5, 5.2),
    (57.0, 5.4),
    (69.0, 5.4),
    (70.2, 5.4),
    (76.5, -4.2),
    (88.0, -4.2),
    (89.0, -4.2),
    (94.8, 3.4),
    (108.0, 3.4),
    (116.0, 3.0),
    (117.5, 3.0),
    (121.0, 0.4),
    (137.0, 0.6),
    (143.0, 0.8),
    (149.5, -6.6),
    (151.8, -6.6),
    (155.8, -5.0),
    (158.2, -5.0),
    (165.6, 4.4),
    (180.0, 4.2),
    (182.0, 4.2),
    (185.0, 5.2),
    (192.0, 2.0),
    (200.0, 2.0),
)
"""(second, place across the stage in head units); he stands where two places are alike."""


@dataclass(frozen=True)
class Pose:
    """Everything that a drawing of the presenter needs; angles in radians."""

    x: float
    bob: float
    stride: float
    walking: float
    heading: float
    body_yaw: float
    head_yaw: float
    nod: float
    tilt: float
    mouth: float
    blink: float
    left_hand: Array
    right_hand: Array
    spread: float


class Actor:
    """The presenter of one talk."""

    def __init__(self, timeline: Timeline) -> None:
        frames = round(timeline.duration * FPS) + 2
        t = np.arange(frames) / FPS
        self._mouth, self._stress = _mouth(timeline.voice, frames)
        self._x = _walk(t)
        speed = np.gradient(self._x) * FPS
        self._heading = _smooth(np.clip(speed / 1.1, -1, 1), 0.28)
        self._walking = _smooth(np.clip(np.abs(speed) / 0.9, 0, 1), 0.2)
        self._travel = np.cumsum(np.abs(speed)) / FPS / (2 * STRIDE)
        self._hands, self._spread, self._gaze = _gestures(timeline, t)
        self._blink = _blinks(t)

    def pose(self, frame: int) -> Pose:
        """Return the pose at a frame of the talk."""
        t, f = frame / FPS, frame
        walking, heading = float(self._walking[f]), float(self._heading[f])
        stride = float(self._travel[f]) % 1.0
        step = np.sin(4 * np.pi * stride)
        sway = 0.05 * np.sin(0.9 * t) + 0.03 * np.sin(2.3 * t + 1)
        stress, breath = float(self._stress[f]), np.sin(1.6 * t)
        beat = np.array([0.0, 0.16 * stress, 0.08 * stress])
        swing = np.array([0.35 * np.sin(2 * np.pi * stride) * walking * np.sign(heading or 1), 0, 0])
        return Pose(
            x=float(self._x[f]) + sway,
            bob=0.03 * breath + 0.10 * walking * step,
            stride=stride,
            walking=walking,
            heading=heading,
            body_yaw=0.16 * np.sin(0.5 * t + 0.4) + 0.42 * heading,
            head_yaw=float(self._gaze[f]) + 0.22 * heading + 0.05 * np.sin(1.9 * t),
            nod=0.10 * stress - 0.03 + 0.03 * np.sin(1.1 * t),
            tilt=0.035 * np.sin(0.8 * t + 2) + 0.03 * float(self._gaze[f]),
            mouth=float(self._mouth[f]),
            blink=float(self._blink[f]),
            left_hand=self._hands[f, 0] + beat + swing,
            right_hand=self._hands[f, 1] + beat - swing,
            spread=float(self._spread[f]),
        )


def _mouth(voice: Array, frames: int) -> tuple[Array, Array]:
    """Return mouth opening 0–1 and slow stress 0–1 of each frame, from the loudness of the dry voice."""
    hop = RATE // FPS
    padded = np.zeros(frames * hop, dtype=np.float32)
    padded[: min(len(voice), len(padded))] = voice[: len(padded)]
    level = np.sqrt(np.mean(padded.reshape(frames, hop) ** 2, axis=1))
    opened = np.clip(level / np.quantile(level[level > 1e-4], 0.9), 0, 1.15) ** 0.8
    stress = _smooth(opened, 0.22)
    return np.clip(_smooth(opened, 0.035), 0, 1), np.clip(stress * 1.2, 0, 1)


def _walk(t: Array) -> Array:
    """Smooth walks between the places of ``WALK``."""
    x = np.full(t.shape, WALK[-1][1])
    for (t0, x0), (t1, x1) in pairwise(WALK):
        u = np.clip((t - t0) / (t1 - t0), 0, 1)
        inside = (t >= t0) & (t < t1)
        x[inside] = (x0 + (x1 - x0) * u * u * (3 - 2 * u))[inside]
    return x


def _gestures(timeline: Timeline, t: Array) -> tuple[Array, Array, Array]:
    """Return hands (n, 2, 3), spread and gaze: a new gesture about every two seconds of speech, rest in between."""
    rng = np.random.default_rng(7)
    hands, spread, gaze = np.zeros((t.size, 2, 3)), np.zeros(t.size), np.zeros(t.size)
    keys: list[tuple[float, str, float]] = [(0.0, "folded", 0.0)]
    names, last = [n for n in HANDS if n not in ("rest", "folded")], ""
    for sentence in timeline.sentences:
        at = sentence.start - 0.15
        while at < sentence.end - 1.0:
            last = str(rng.choice([n for n in names if n != last]))
            keys.append((at, last, float(rng.uniform(-0.30, 0.30))))
            at += float(rng.uniform(1.7, 2.9))
        keys.append((sentence.end - 0.1, "folded" if rng.random() < 0.75 else "rest", float(rng.uniform(-0.2, 0.2))))
    current, look = HANDS["folded"], 0.0
    for (t0, name, turn), (t1, _, _) in pairwise([*keys, (float(t[-1]) + 1, "rest", 0.0)]):
        u = smoothstep(0.0, 0.55, t - t0)
        inside = (t >= t0) & (t < t1)
        for side in (0, 1):
            path = np.asarray(current[side]) + (np.asarray(HANDS[name][side]) - np.asarray(current[side])) * u[:, None]
            hands[inside, side] = path[inside]
        spread[inside] = (current[2] + (HANDS[name][2] - current[2]) * u)[inside]
        gaze[inside] = (look + (turn - look) * u)[inside]
        current, look = HANDS[name], turn
    return hands, spread, _smooth(gaze, 0.15)


def _blinks(t: Array) -> Array:
    """Eyelids: a blink of a fifth of a second every 2–5 s."""
    rng, closed, at = np.random.default_rng(11), np.zeros(t.size), 1.2
    while at < t[-1]:
        closed = np.maximum(closed, np.clip(1.5 - np.abs(t - at) / 0.07, 0, 1))
        at += float(rng.uniform(2.0, 5.0))
    return closed


def _smooth(signal: Array, seconds: float) -> Array:
    """Gaussian smoothing with edges held."""
    size = max(1, round(seconds * FPS * 3))
    kernel = np.exp(-0.5 * (np.arange(-size, size + 1) / (seconds * FPS)) ** 2)
    return np.convolve(np.pad(signal, size, mode="edge"), kernel / kernel.sum(), mode="valid")
