"""The timbre of a sound as mel cepstra: what tells one letter's sound from another's."""

import math

import numpy as np
from numpy.typing import NDArray

from omni.ports import Samples

RATE = 16_000
HOP = 160
"""Samples between two values: 10 ms, the usual grid of speech recognition."""
_WINDOW = 400
_BANDS = 20
COEFFICIENTS = 8
"""With 20 bands and 13, 10, 8 or 6 coefficients, 8 placed words best (readings with known word times)."""
_EDGE = (_WINDOW - HOP) // 2

Cepstra = NDArray[np.float32]
"""Shape (n, :data:`COEFFICIENTS`); row ``i`` describes [10·i, 10·(i+1)) ms."""


class Cepstrograph:
    """Takes blocks of 16 kHz sound and keeps their cepstra: 11 MB an hour."""

    def __init__(self) -> None:
        self._rest = np.zeros(_EDGE, np.float32)
        self._rows: list[Cepstra] = []
        self._bands = _mel_bands()
        self._cosines = np.cos(np.arange(COEFFICIENTS)[:, None] * (np.arange(_BANDS) + 0.5) * np.pi / _BANDS).T

    def feed(self, block: Samples) -> None:
        """Measure every window that is complete with this block."""
        sound = np.concatenate([self._rest, block])
        count = (len(sound) - _WINDOW) // HOP + 1
        if count <= 0:
            self._rest = sound
            return
        windows = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::HOP][:count]
        # Pre-emphasis lifts the consonants; 0.97 is the usual factor.
        lifted = windows - 0.97 * np.concatenate([windows[:, :1], windows[:, :-1]], axis=1)
        power = np.square(np.abs(np.fft.rfft(lifted * np.hamming(_WINDOW), 512, axis=1)))
        self._rows.append((np.log(power @ self._bands + 1e-6) @ self._cosines).astype(np.float32))
        self._rest = sound[count * HOP :]

    @property
    def values(self) -> Cepstra:
        """The cepstra of all that was fed."""
        # Joined in place: hours of blocks and their copy are not held side by side for longer than this line.
        self._rows = [np.concatenate([np.zeros((0, COEFFICIENTS), np.float32), *self._rows])]
        return self._rows[0]


def _mel_bands() -> NDArray[np.float64]:
    """Return triangular filters, 80 Hz to 7.6 kHz, evenly spaced in mel (O'Shaughnessy's 2595·log10(1 + f/700))."""
    low, high = 2595 * math.log10(1 + 80 / 700), 2595 * math.log10(1 + 7600 / 700)
    steps = [low + (high - low) * i / (_BANDS + 1) for i in range(_BANDS + 2)]
    corners = np.array([700 * (10 ** (mel / 2595) - 1) for mel in steps], np.float64)
    frequencies = np.arange(257, dtype=np.float64)[:, None] * (RATE / 512)
    rising = (frequencies - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - frequencies) / (corners[2:] - corners[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None)
