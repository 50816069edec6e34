"""Silero VAD on ONNX Runtime, with the model that faster-whisper's wheel carries."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omni.errors import EngineUnavailable
from omni.ports import Samples

_RATE = 16_000
_FRAME = 512
_CONTEXT = 64  # since version 5 the model also sees the last 64 samples before each frame
_STATE = (1, 1, 128)


class SileroDetector:
    """Speech probabilities of a stream; the model's memory is carried from block to block."""

    @property
    def hop_seconds(self) -> float:
        return _FRAME / _RATE

    def probabilities(self, blocks: Iterator[Samples]) -> NDArray[np.float32]:
        session = _session(model_path())
        hidden, cell = np.zeros(_STATE, np.float32), np.zeros(_STATE, np.float32)
        heard: list[NDArray[np.float32]] = []
        for frames in _framed(blocks):
            found, hidden, cell = session.run(None, {"input": frames, "h": hidden, "c": cell})
            heard.append(np.asarray(found, np.float32).reshape(-1))
        return np.concatenate(heard) if heard else np.zeros(0, np.float32)


def model_path() -> Path:
    """Return the model's file without importing the package around it; raises :class:`EngineUnavailable`."""
    package = find_spec("faster_whisper")
    if package is not None and package.origin is not None:
        for path in sorted((Path(package.origin).parent / "assets").glob("silero_vad*.onnx"), reverse=True):
            return path
    raise EngineUnavailable(
        engine="silero", role="speech detector", reason="faster-whisper is installed without its silero_vad_v6.onnx"
    )


def _session(path: Path) -> Any:
    runtime: Any = import_module("onnxruntime")
    options = runtime.SessionOptions()
    # The recurrent part runs frame after frame: more threads only wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _framed(blocks: Iterator[Samples]) -> Iterator[NDArray[np.float32]]:
    """Yield batches of frames, each row led by its context; the last frame is filled with silence."""
    before, rest = np.zeros(_CONTEXT, np.float32), np.zeros(0, np.float32)
    for block in blocks:
        sound = np.concatenate([rest, block.astype(np.float32, copy=False)])
        whole = len(sound) - len(sound) % _FRAME
        rest = sound[whole:]
        if whole:
            yield _rows(before, sound[:whole])
            before = sound[whole - _CONTEXT : whole]
    if len(rest):
        yield _rows(before, np.pad(rest, (0, _FRAME - len(rest))))


def _rows(before: Samples, sound: Samples) -> NDArray[np.float32]:
    frames = sound.reshape(-1, _FRAME)
    contexts = np.vstack([before[None, :], frames[:-1, -_CONTEXT:]])
    return np.hstack([contexts, frames])
