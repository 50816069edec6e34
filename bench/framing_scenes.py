"""People in front of a camera, with known truth; and what a detector that errs would see of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
class Drawn:
    """A box that somebody drew on every frame from ``start`` to ``end``."""

    boxes: Callable[[float], FaceBox]
    start: float
    end: float

    def box(self, t: float) -> FaceBox | None:
        """Return the box at ``t``."""
        return self.boxes(t) if self.start <= t < self.end else None


@dataclass(frozen=True)
class Scene:
    """A clip of 16:9 video: the people who matter, the edges of its shots, and others who only pass by."""

    name: str
    people: tuple[Person | Drawn, ...]
    edges: tuple[float, ...]
    others: tuple[Person, ...] = ()

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
    faces = [
        box
        for person in (*scene.people, *scene.others)
        if (box := person.box(t)) is not None and rng.random() >= faults.lost
    ]
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
    whole, cuts = (0.0, 30.0), (0.0, 4.2, 9.1, 12.0, 18.6, 23.3, 30.0)
    speaker = Person(_swaying(0.4, 13, 0.3), *whole, height=0.3)
    return (
        Scene("seated talker", (Person(_swaying(0.62, 1, 0.3), *whole, height=0.3),), whole),
        Scene("restless talker", (Person(_fidgeting(0.45, 3), *whole, height=0.35),), whole),
        Scene("close-up", (Person(_swaying(0.5, 9, 0.5), *whole, height=0.5),), whole),
        Scene("runner", (Person(_walking((4, 0.1), (6.4, 0.9), (15, 0.9), (17.4, 0.15)), *whole),), whole),
        Scene("walker", (Person(_walking((0, 0.2), (8, 0.2), (12, 0.75), (20, 0.75), (23, 0.4)), *whole),), whole),
        Scene("brisk crossing", (Person(_walking((10, 0.15), (12.2, 0.8)), *whole, height=0.18),), whole),
        Scene("pacing speaker", (Person(_pacing(0.5, 0.55, 16, 2), *whole, height=0.16),), whole),
        Scene(
            "cuts between two",
            tuple(
                Person(_swaying(0.3 if n % 2 else 0.7, 6 + n, 0.32), a, b, height=0.32)
                for n, (a, b) in enumerate(pairwise(cuts))
            ),
            cuts,
        ),
        Scene(
            "speaker and passer-by",
            (speaker,),
            whole,
            others=(Person(_walking((5, 0.0), (14, 1.0)), 5, 14, height=0.12),),
        ),
        Scene(
            "speaker before a hall",
            (Person(_swaying(0.65, 14, 0.25), *whole, height=0.25),),
            whole,
            others=tuple(Person(_swaying(0.06 + 0.11 * n, 20 + n, 0.05), *whole, height=0.05) for n in range(9)),
        ),
        Scene(
            "interview in one shot",
            tuple(Person(_swaying(x, n, 0.22), *whole, height=0.22) for n, x in enumerate((0.25, 0.76), 4)),
            whole,
        ),
    )


def _swaying(x: float, seed: int, height: float = 0.2) -> Way:
    """Sit and talk: the head leaves its place by a third of its width, without a rhythm."""
    rng = np.random.default_rng(seed)
    phases, rates = rng.uniform(0, 6.28, 4), rng.uniform(0.1, 0.7, 4)
    return lambda t: (x + 0.04 * height * float(np.sin(6.28 * rates * t + phases).sum()), 0.35)


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


def windows(count: int = 40) -> tuple[Scene, ...]:
    """Return windows as people draw them on RetargetVid: a third as wide as high, led by hand after what they look at."""
    return tuple(_window(seed) for seed in range(count))


def drawn(file: Path, *, size: str | None, fps: float, cuts: str | None) -> Scene:
    """Return the boxes of a file, ``frame,x,y,w,h`` a line, as one person; ``size`` is the frame's, ``640x360``.

    Without a size, fractions are taken as they are, and pixels as those of the smallest usual 16:9 frame that holds them.
    """
    rows = np.array(sorted(_rows(file)))
    wide, high = (float(side) for side in size.split("x")) if size else _frame_size(rows)
    times, boxes = rows[:, 0] / fps, rows[:, 1:] / (wide, high, wide, high)
    first, last = float(times[0]), float(times[-1]) + 1 / fps

    def box(t: float) -> FaceBox:
        x, y, w, h = (float(np.interp(t, times, boxes[:, side])) for side in range(4))
        return FaceBox(t=t, x=x, y=y, w=max(w, 1e-3), h=max(h, 1e-3), score=1.0)

    edges = (0.0, *(int(frame) / fps for frame in cuts.split(",")), last) if cuts else (0.0, last)
    return Scene(file.stem, (Drawn(box, first, last),), edges)


def _rows(file: Path) -> Iterator[tuple[float, ...]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        fields = line.replace(";", ",").split(",")
        try:
            yield tuple(float(field) for field in fields[:5])
        except ValueError:
            if number > 1 and line.strip():  # the first line may name the columns
                msg = f"{file}, line {number}: {line!r} is not frame,x,y,w,h"
                raise SystemExit(msg) from None


def _frame_size(rows: NDArray[np.float64]) -> tuple[float, float]:
    right, bottom = float((rows[:, 1] + rows[:, 3]).max()), float((rows[:, 2] + rows[:, 4]).max())
    usual = ((1, 1), (640, 360), (854, 480), (1280, 720), (1920, 1080), (3840, 2160))
    return next((size for size in usual if right <= size[0] * 1.02 and bottom <= size[1] * 1.02), usual[-1])


def _window(seed: int, seconds: float = 12.0) -> Scene:
    """Return one window: an interest that rests, drifts or jumps, followed by a hand that lags 0.3 s and trembles."""
    rng = np.random.default_rng(seed)
    wide = 1 / 3 * 9 / 16
    times, places = [0.0], [float(rng.uniform(0.2, 0.8))]
    while times[-1] < seconds:
        move = str(rng.choice(("rest", "drift", "jump"), p=(0.45, 0.4, 0.15)))
        shift = {"rest": 0.0, "drift": float(rng.normal(0, 0.15)), "jump": float(rng.normal(0, 0.3))}[move]
        times.append(times[-1] + (0.2 if move == "jump" else float(rng.uniform(0.8, 3.0))))
        places.append(float(np.clip(places[-1] + shift, wide / 2, 1 - wide / 2)))
    grid = np.arange(0, seconds, 1 / FPS)
    trembling = 0.0004 * rng.standard_normal(len(grid)).cumsum()
    led = np.clip(_led(np.interp(grid, times, places), 0.3) + trembling, wide / 2, 1 - wide / 2)

    def way(t: float) -> tuple[float, float]:
        return float(np.interp(t, grid, led)), 0.5

    return Scene(f"window {seed}", (Person(way, 0, seconds, height=1.0, width=wide),), (0.0, seconds))


def _led(places: Sequence[float], lag: float) -> np.ndarray:
    part, here, led = 1 / (lag * FPS), places[0], []
    for place in places:
        here += part * (place - here)
        led.append(here)
    return np.array(led)
