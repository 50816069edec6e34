"""SwiftF0 on ONNX Runtime: the pitch of a voice, with the model that the package carries."""

from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
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
    """Fulfils the port ``PitchDetector``; raises :class:`EngineUnavailable` where package or model doesn't work."""

    @property
    def hop_seconds(self) -> float:
        return _HOP / _RATE

    def begin(self) -> "SwiftStream":
        model_path()
        with _faults_told():
            package: Any = import_module("swift_f0")
            # One thread that sleeps between blocks: speech detector and picture want the other cores.
            return SwiftStream(package.SwiftF0(threads=1, spin=False).stream(*_RANGE))


class SwiftStream:
    """Fulfils the port ``PitchStream``."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def push(self, block: Samples) -> NDArray[np.float32]:
        # A file of floats may hold what is no number.
        sound = np.nan_to_num(block, posinf=0.0, neginf=0.0)
        with _faults_told():
            return _voiced(self._stream.push(sound, _RATE))

    def finish(self) -> NDArray[np.float32]:
        with _faults_told():
            return _voiced(self._stream.flush())


def model_path() -> Path:
    """Return the model's file without importing the package around it; raises :class:`EngineUnavailable`."""
    package = find_spec("swift_f0")
    if package is not None and package.origin is not None:
        path = Path(package.origin).parent / "model.onnx"
        if path.is_file():
            return path
    reason = "swift-f0 is not installed, or without its model.onnx"
    raise _failure(reason)


@contextmanager
def _faults_told() -> Generator[None]:
    """Turn what ONNX Runtime raises into EngineUnavailable; its errors have no base of their own to catch."""
    try:
        yield
    except ImportError as error:
        raise _failure(str(error)) from error
    except Exception as error:
        if not type(error).__module__.startswith("onnxruntime"):
            raise
        reason = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
        raise _failure(reason) from error


def _failure(reason: str) -> EngineUnavailable:
    return EngineUnavailable(engine="swift-f0", role="pitch detector", reason=reason)


def _voiced(found: Any) -> NDArray[np.float32]:
    return np.where(found.confidence >= _SURE, found.pitch_hz, 0.0).astype(np.float32)
