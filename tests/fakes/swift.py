"""A pitch detector that is told how high the voice is."""

import numpy as np
from numpy.typing import NDArray

from omni.ports import Samples

_HOP = 256


class FakePitch:
    """Fulfils the port ``PitchDetector``: the same pitch in every frame, 0 for none."""

    def __init__(self, hertz: float = 0.0) -> None:
        self._hertz = hertz

    @property
    def hop_seconds(self) -> float:
        return _HOP / 16_000

    def begin(self) -> "FakePitchStream":
        return FakePitchStream(self._hertz)


class FakePitchStream:
    """Fulfils the port ``PitchStream``."""

    def __init__(self, hertz: float) -> None:
        self._hertz, self._rest = hertz, 0

    def push(self, block: Samples) -> NDArray[np.float32]:
        frames, self._rest = divmod(self._rest + len(block), _HOP)
        return np.full(frames, self._hertz, np.float32)

    def finish(self) -> NDArray[np.float32]:
        return np.zeros(0, np.float32)
