"""SwiftF0 on ONNX Runtime: the pitch of a voice, with the model that the package carries."""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omni.errors import EngineUnavailable
from omni.ports import Samples

_RATE = 16_000
_HOP = 256
_RANGE = (60.0, 500.0)
"""Hz: deep voices to excited ones."""
_SURE = 0.5
"""From this confidence a frame is voiced, as the package is calibrated."""


class SwiftPitch:
    """Fulfils the port ``PitchDetector``; raises :class:`EngineUnavailable` where the package is missing."""

    @property
    def hop_seconds(self) -> float:
        return _HOP / _RATE

    def begin(self) -> "SwiftStream":
        return SwiftStream(_detector().stream(*_RANGE))


class SwiftStream:
    """Fulfils the port ``PitchStream``."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def push(self, block: Samples) -> NDArray[np.float32]:
        # A file of floats may hold what is no number.
        return _voiced(self._stream.push(np.nan_to_num(block, posinf=0.0, neginf=0.0), _RATE))

    def finish(self) -> NDArray[np.float32]:
        return _voiced(self._stream.flush())


def _detector() -> Any:
    try:
        package: Any = import_module("swift_f0")
    except ImportError as error:
        raise EngineUnavailable(engine="swift-f0", role="pitch detector", reason="it isn't installed") from error
    # One thread that sleeps between blocks: speech detector and picture want the other cores.
    return package.SwiftF0(threads=1, spin=False)


def _voiced(found: Any) -> NDArray[np.float32]:
    return np.where(found.confidence >= _SURE, found.pitch_hz, 0.0).astype(np.float32)
