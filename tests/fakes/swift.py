"""A pitch detector that is told how high the voice is."""

import numpy as np
from numpy.typing import NDArray

from omni.errors import EngineUnavailable
from omni.ports import Samples

FAULT = EngineUnavailable(engine="swift-f0", role="pitch detector", reason="Fail: out of memory")

_HOP = 256


class FakePitch:
    """Fulfils the port ``PitchDetector``: the same pitch in every frame, 0 for none; raises FAULT in a block, from 0 on."""

    def __init__(self, hertz: float = 0.0, *, fails_in: int | None = None) -> None:
        self._hertz, self._fails_in = hertz, fails_in

    @property
    def hop_seconds(self) -> float:
        return _HOP / 16_000

    def begin(self) -> "FakePitchStream":
        return FakePitchStream(self._hertz, self._fails_in)


class FakePitchStream:
    """Fulfils the port ``PitchStream``."""

    def __init__(self, hertz: float, fails_in: int | None) -> None:
        self._hertz, self._rest, self._left = hertz, 0, fails_in

    def push(self, block: Samples) -> NDArray[np.float32]:
        if self._left is not None:
            if not self._left:
                raise FAULT
            self._left -= 1
        frames, self._rest = divmod(self._rest + len(block), _HOP)
        return np.full(frames, self._hertz, np.float32)

    def finish(self) -> NDArray[np.float32]:
        return np.zeros(0, np.float32)
