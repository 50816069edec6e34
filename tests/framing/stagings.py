"""Footage with known faces, as a detector would have seen it: noise, drop-outs, ghosts."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from omni.contracts import FaceBox, FaceTrack, Footage, Shot, Source, VideoStream

Path2D = Callable[[float], tuple[float, float]]
"""Centre of a face at a time, as fractions of the frame."""


def source(width: int = 1280, height: int = 720) -> Source:
    """Return a probed source with a picture of that size."""
    video = VideoStream(
        index=0, codec="h264", width=width, height=height, coded_width=width, coded_height=height,
        fps=30, frame_rate="30/1",
    )  # fmt: skip
    return Source(
        path=Path("/nowhere/talk.mp4"), sha256="0" * 64, size_bytes=1, container="mp4", duration=120,
        video=video, audio=None, title="talk",
    )  # fmt: skip


def track(
    where: Path2D, start: float, end: float, *, shot: int = 0, height: float = 0.2, noise: float = 0.0, seed: int = 0,
    lost: Callable[[float], bool] = lambda t: False, mouth: Callable[[float], float | None] = lambda t: None,
) -> FaceTrack:  # fmt: skip
    """Return a face followed four times a second; ``noise`` is a part of its size, ``lost`` hides detections.

    ``mouth`` is what its mouth moves at a time.
    """
    rng = np.random.default_rng(seed)
    wide = height * 9 / 16
    times = [t for t in np.arange(start, end + 1e-9, 0.25) if not lost(float(t))]
    boxes: list[FaceBox] = []
    for t in times:
        dx, dy, grown = rng.normal(0, noise, 3) if noise else (0.0, 0.0, 0.0)
        w, h = wide * (1 + grown), height * (1 + grown)
        x, y = where(float(t))
        boxes.append(
            FaceBox(t=float(t), x=x + dx * w - w / 2, y=y + dy * h - h / 2, w=w, h=h, score=0.9, mouth=mouth(float(t)))
        )
    return FaceTrack(shot=shot, boxes=tuple(boxes))


def footage(tracks: Sequence[FaceTrack], *edges: float) -> Footage:
    """Return footage whose shots lie between the edges."""
    shots = tuple(Shot(start=a, end=b) for a, b in pairwise(edges))
    return Footage(shots=shots, tracks=tuple(tracks), engine="staged")


def at(x: float, y: float = 0.3) -> Path2D:
    """Stand still."""
    return lambda t: (x, y)


def walking(x0: float, x1: float, start: float, end: float) -> Path2D:
    """Stand, walk evenly from one place to another between two times, stand."""
    return lambda t: (x0 + (x1 - x0) * min(1.0, max(0.0, (t - start) / (end - start))), 0.3)


def pacing(middle: float, wide: float, period: float) -> Path2D:
    """Walk to and fro."""
    return lambda t: (middle + wide / 2 * float(np.sin(2 * np.pi * t / period)), 0.3)


def swaying(x: float, seed: int) -> Path2D:
    """Stand and talk: the head leaves its place by a few per cent, without a rhythm."""
    rng = np.random.default_rng(seed)
    phases, rates = rng.uniform(0, 6.28, 4), rng.uniform(0.1, 0.7, 4)
    return lambda t: (x + 0.008 * float(np.sin(6.28 * rates * t + phases).sum()), 0.3)
