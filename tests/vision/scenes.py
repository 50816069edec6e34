"""Synthetic pictures with known truth: textured scenes that pan, cut, flash and dissolve."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from omni.contracts import AudioStream, Source, VideoStream

HEIGHT, WIDTH = 180, 320
Frame = NDArray[np.uint8]


def scene(seed: int, *, brightness: float = 1.0) -> Frame:
    """Return a scene twice as wide as a frame: blobs of colour at several scales, unlike any other seed's."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((HEIGHT, 2 * WIDTH, 3))
    for cells in (4, 10, 30):
        coarse = rng.uniform(0, 255, (cells, 2 * cells, 3))
        rows = np.minimum(np.arange(HEIGHT) * cells // HEIGHT, cells - 1)
        columns = np.minimum(np.arange(2 * WIDTH) * cells // WIDTH, 2 * cells - 1)
        picture += coarse[rows][:, columns] / 3
    return np.clip(picture * brightness, 0, 255).astype(np.uint8)


def view(picture: Frame, shift: float = 0.0) -> Frame:
    """Return the frame that begins ``shift`` pixels into a scene, which goes round."""
    left = int(shift) % (2 * WIDTH)
    if left <= WIDTH:
        return picture[:, left : left + WIDTH]
    return np.roll(picture, -left, axis=1)[:, :WIDTH]


def still(picture: Frame, frames: int) -> Iterator[Frame]:
    """Hold a scene."""
    return (view(picture) for _ in range(frames))


def pan(picture: Frame, frames: int, *, speed: float) -> Iterator[Frame]:
    """Move over a scene by ``speed`` pixels a frame."""
    return (view(picture, speed * n) for n in range(frames))


def noisy(frames: Iterable[Frame], *, seed: int, levels: float = 4.0) -> Iterator[Frame]:
    """Add sensor noise."""
    rng = np.random.default_rng(seed)
    for frame in frames:
        yield np.clip(frame + rng.normal(0, levels, frame.shape), 0, 255).astype(np.uint8)


def blend(one: Frame, other: Frame, frames: int) -> Iterator[Frame]:
    """Dissolve from one scene to another."""
    for n in range(frames):
        part = (n + 1) / (frames + 1)
        yield (view(one) * (1 - part) + view(other) * part).astype(np.uint8)


def white(frames: int) -> Iterator[Frame]:
    """Flash."""
    return (np.full((HEIGHT, WIDTH, 3), 250, np.uint8) for _ in range(frames))


def black(frames: int) -> Iterator[Frame]:
    """Show nothing."""
    return (np.full((HEIGHT, WIDTH, 3), 3, np.uint8) for _ in range(frames))


def source(
    *, duration: float = 10.0, size: tuple[int, int] = (1280, 720), rate: str = "30/1", picture: bool = True
) -> Source:
    """Return a probed source of that shape."""
    top, _, bottom = rate.partition("/")
    video = VideoStream(
        index=0, codec="h264", width=size[0], height=size[1], coded_width=size[0], coded_height=size[1],
        fps=int(top) / int(bottom), frame_rate=rate,
    )  # fmt: skip
    sound = AudioStream(index=1, codec="aac", sample_rate=48000, channels=2)
    return Source(
        path=Path("/nowhere/talk.mp4"), sha256="0" * 64, size_bytes=1, container="mp4", duration=duration,
        video=video if picture else None, audio=sound, title="talk",
    )  # fmt: skip


class FakeFrames:
    """The part of the port ``Media`` that ``watch`` uses; remembers what was asked and how many frames were alive."""

    def __init__(self, frames: Callable[[], Iterable[Frame]]) -> None:
        self._frames = frames
        self.asked: list[tuple[int, int, float]] = []
        self.closed = False

    def frames(self, source: Source, *, width: int, height: int, fps: float) -> Iterator[Frame]:
        self.asked.append((width, height, fps))
        try:
            yield from self._frames()
        finally:
            self.closed = True
