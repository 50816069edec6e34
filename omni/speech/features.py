"""What else is kept of the sound while the speech detector hears it: level and colour, in the same pass."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omni.ports import Progress, Samples
from omni.speech.cepstra import Cepstra, Cepstrograph

RATE = 16_000
FRAME = 512
"""Samples of one texture frame: 32 ms, the grid of the speech detector."""

# Applause, music and speech differ between 300 Hz and 7 kHz; below is rumble, above the filter's slope.
_BAND = slice(int(300 * FRAME / RATE), int(7000 * FRAME / RATE))
_TINY = 1e-10


@dataclass(frozen=True)
class Texture:
    """One value a :data:`FRAME`: level in dBFS, spectral flatness 0–1, spectral centroid in Hz."""

    level: NDArray[np.float32]
    flatness: NDArray[np.float32]
    centroid: NDArray[np.float32]


class Soundtap:
    """Lets blocks of 16 kHz sound through and measures them on the way; holds figures, never the sound."""

    def __init__(self, duration: float, on_progress: Progress | None = None) -> None:
        self._duration = max(duration, 1e-3)
        self._on_progress = on_progress
        self._heard = 0
        self._peak = 0.0
        self._rest = np.zeros(0, np.float32)
        self._cepstrograph = Cepstrograph()
        self._textures: list[NDArray[np.float32]] = []

    def through(self, blocks: Iterator[Samples]) -> Iterator[Samples]:
        """Yield every block unchanged."""
        for block in blocks:
            self._measure(block)
            yield block
            self._heard += len(block)
            if self._on_progress is not None:
                self._on_progress(min(1.0, self._heard / RATE / self._duration))

    @property
    def seconds(self) -> float:
        """Seconds heard so far."""
        return self._heard / RATE

    @property
    def peak(self) -> float:
        """Largest sample so far, 0–1."""
        return self._peak

    @property
    def cepstra(self) -> Cepstra:
        """The timbre, one row each 10 ms."""
        return self._cepstrograph.values

    @property
    def texture(self) -> Texture:
        """Level and colour, one value each 32 ms."""
        table = np.concatenate(self._textures, axis=1) if self._textures else np.zeros((3, 0), np.float32)
        return Texture(level=table[0], flatness=table[1], centroid=table[2])

    def _measure(self, block: Samples) -> None:
        if len(block):
            self._peak = max(self._peak, float(np.abs(block).max()))
        self._cepstrograph.feed(block)
        sound = np.concatenate([self._rest, block])
        whole = len(sound) - len(sound) % FRAME
        self._rest = sound[whole:]
        if whole:
            self._textures.append(_texture(sound[:whole].reshape(-1, FRAME)))


def _texture(frames: Samples) -> NDArray[np.float32]:
    """Return level, flatness and centroid as the rows of a (3, n) table."""
    window = np.hanning(FRAME).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(frames * window, axis=1)))[:, _BAND] + _TINY
    frequencies = np.fft.rfftfreq(FRAME, 1 / RATE)[_BAND]
    flatness = np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)
    centroid = (power @ frequencies) / power.sum(axis=1)
    return np.stack([_decibels(np.square(frames).mean(axis=1)), flatness, centroid]).astype(np.float32)


def _decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    return (10 * np.log10(power + _TINY)).astype(np.float32)
