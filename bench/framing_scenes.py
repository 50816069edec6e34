"""People in front of a camera, with known truth; and what a detector that errs would see of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from omni.contracts import FaceBox, Footage, Shot, Span
from omni.vision.sampling import GRID_SECONDS, Sighting
from omni.vision.tracks import link

FPS = 30.0
Way = Callable[[float], tuple[float, float]]
"""Middle of a face at a time, in fractions of the frame."""


@dataclass(frozen=True)
class Person:
    """A face that is in the picture from ``start`` to ``end``; ``height`` is a part of the frame's height."""

    way: Way
    start: float
    end: float
    height: float = 0.2
    width: float | None = None

    def box(self, t: float) -> FaceBox | None:
        """Return the true face at ``t``."""
        if not self.start <= t < self.end:
            return None
        x, y = self.way(t)
        wide = self.width or self.height * 9 / 16 * 0.8
        return FaceBox(t=t, x=x - wide / 2, y=y - self.height / 2, w=wide, h=self.height, score=1.0)


@dataclass(frozen=True)
class Scene:
    """A clip of 16:9 video: people, and the edges of its shots."""

    name: str
    people: tuple[Person, ...]
    edges: tuple[float, ...]

    @property
    def cut(self) -> Span:
        """Return the whole scene."""
        return Span(start=0, end=self.edges[-1])

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return the true shots."""
        return tuple(Shot(start=a, end=b) for a, b in pairwise(self.edges))


@dataclass(frozen=True)
class Faults:
    """How a detector errs: ``noise`` of place and size in parts of the face, the part of the faces it doesn't see."""

    noise: float
    lost: float
    ghosts: float = 0.0
    """False faces a look."""


CLEAN = Faults(0.0, 0.0)
ORDINARY = Faults(0.06, 0.05, 0.02)
"""CenterFace on the shared montage: 2–7 % lost, boxes that tremble by 3–6 % of their size."""

POOR = Faults(0.12, 0.25, 0.1)


def seen(scene: Scene, faults: Faults, seed: int) -> Footage:
    """Return the footage that the tracker makes of a scene's faulty detections."""
    rng = np.random.default_rng(seed)
    looks = np.arange(0, scene.cut.end, GRID_SECONDS)
    sightings = [Sighting(float(t), tuple(_detected(scene, float(t), faults, rng))) for t in looks]
    tracks = link(sightings, scene.shots, 1 / FPS)
    return Footage(shots=scene.shots, tracks=tracks, engine="generated")


def _detected(scene: Scene, t: float, faults: Faults, rng: np.random.Generator) -> list[FaceBox]:
    faces = [box for person in scene.people if (box := person.box(t)) is not None and rng.random() >= faults.lost]
    found = [_disturbed(box, faults.noise, rng) for box in faces]
    if rng.random() < faults.ghosts:
        x, y, size = rng.uniform(0, 0.9), rng.uniform(0, 0.8), rng.uniform(0.05, 0.15)
        found.append(FaceBox(t=t, x=x, y=y, w=size * 9 / 16, h=size, score=0.5))
    return found


def _disturbed(box: FaceBox, noise: float, rng: np.random.Generator) -> FaceBox:
    across, down, grown = rng.normal(0, noise, 3) if noise else (0.0, 0.0, 0.0)
    size = max(0.5, 1 + grown)
    (x, y), w, h = box.centre, box.w * size, box.h * size
    return FaceBox(t=box.t, x=x + across * box.w - w / 2, y=y + down * box.h - h / 2, w=w, h=h, score=0.9)


def scenes() -> tuple[Scene, ...]:
    """Return the scenes that every camera is measured on."""
    whole = (0.0, 30.0)
    return (
        Scene("seated talker", (Person(_swaying(0.62, 1), *whole, height=0.3),), whole),
        Scene("walker", (Person(_walking((0, 0.2), (8, 0.2), (12, 0.75), (20, 0.75), (23, 0.4)), *whole),), whole),
        Scene("pacing speaker", (Person(_pacing(0.5, 0.55, 16, 2), *whole, height=0.16),), whole),
        Scene("brisk crossing", (Person(_walking((0, 0.15), (10, 0.15), (12.2, 0.8)), *whole, height=0.18),), whole),
        Scene("restless talker", (Person(_fidgeting(0.45, 3), *whole, height=0.35),), whole),
        Scene(
            "interview, one wide shot",
            (Person(_swaying(0.25, 4), *whole, height=0.22), Person(_swaying(0.76, 5), *whole, height=0.22)),
            whole,
        ),
        Scene(
            "interview, cuts between two",
            tuple(
                Person(_swaying(0.3 if n % 2 else 0.7, 6 + n), a, b, height=0.32)
                for n, (a, b) in enumerate(pairwise((0.0, 4.2, 9.1, 12.0, 18.6, 23.3, 30.0)))
            ),
            (0.0, 4.2, 9.1, 12.0, 18.6, 23.3, 30.0),
        ),
        Scene(
            "speaker, passer-by behind",
            (
                Person(_swaying(0.4, 13), *whole, height=0.3),
                Person(_walking((5, 0.0), (14, 1.0)), 5, 14, height=0.12),
            ),
            whole,
        ),
    )  # fmt: skip


def _swaying(x: float, seed: int) -> Way:
    """Sit and talk: the head leaves its place by a few per cent, without a rhythm."""
    rng = np.random.default_rng(seed)
    phases, rates = rng.uniform(0, 6.28, 4), rng.uniform(0.1, 0.7, 4)
    return lambda t: (x + 0.008 * float(np.sin(6.28 * rates * t + phases).sum()), 0.35)


def _fidgeting(x: float, seed: int) -> Way:
    """Lean to and fro in a chair, by half a face."""
    rng = np.random.default_rng(seed)
    phases, rates = rng.uniform(0, 6.28, 4), rng.uniform(0.05, 0.5, 4)
    return lambda t: (x + 0.025 * float(np.sin(6.28 * rates * t + phases).sum()), 0.35)


def _walking(*stops: tuple[float, float]) -> Way:
    """Be at places at times, and walk evenly in between."""
    times, places = [t for t, _ in stops], [x for _, x in stops]
    return lambda t: (float(np.interp(t, times, places)), 0.3 + 0.01 * float(np.sin(12 * t)))


def _pacing(middle: float, wide: float, period: float, pause: float) -> Way:
    """Walk to and fro and rest at both ends for ``pause`` seconds."""
    times = [0.0, period / 2 - pause, period / 2, period - pause, period]
    places = [middle - wide / 2, middle + wide / 2, middle + wide / 2, middle - wide / 2, middle - wide / 2]
    return lambda t: (float(np.interp(t % period, times, places)), 0.3 + 0.01 * float(np.sin(12 * t)))


def watched_windows(seed: int, seconds: float = 12.0) -> Scene:
    """Return a window as people draw it on RetargetVid: a third as wide as high, led by hand after something that moves.

    Its way: an interest that rests, drifts or jumps, followed by a hand that lags 0.3 s and trembles a little.
    """
    rng = np.random.default_rng(seed)
    wide = 1 / 3 * 9 / 16
    times = [0.0]
    places = [float(rng.uniform(0.2, 0.8))]
    while times[-1] < seconds:
        move = rng.choice(("rest", "drift", "jump"), p=(0.45, 0.4, 0.15))
        lasting = float(rng.uniform(0.8, 3.0)) if move != "jump" else 0.2
        shift = {"rest": 0.0, "drift": float(rng.normal(0, 0.15)), "jump": float(rng.normal(0, 0.3))}[str(move)]
        times.append(times[-1] + lasting)
        places.append(float(np.clip(places[-1] + shift, wide / 2, 1 - wide / 2)))
    grid = np.arange(0, seconds, 1 / FPS)
    led = _led(np.interp(grid, times, places), 0.3) + 0.004 * rng.standard_normal(len(grid)).cumsum() / 10
    led = np.clip(led, wide / 2, 1 - wide / 2)

    def way(t: float) -> tuple[float, float]:
        return float(np.interp(t, grid, led)), 0.5

    return Scene(f"hand-drawn window {seed}", (Person(way, 0, seconds, height=1.0, width=wide),), (0.0, seconds))


def _led(places: Sequence[float], lag: float) -> np.ndarray:
    part, here, led = 1 / (lag * FPS), places[0], []
    for place in places:
        here += part * (place - here)
        led.append(here)
    return np.array(led)
