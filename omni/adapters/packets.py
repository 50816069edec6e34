"""What the packets of a container say: headers lie about durations and rates, packets do not."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

READING_ENDED = (FFmpegError, IndexError)
"""PyAV's demuxing ends with an IndexError in files that announce a stream after their opening."""

Steps = NDArray[np.float64]


@dataclass(frozen=True)
class Times:
    """The packets of one stream, in seconds."""

    start: float = 0.0
    end: float = 0.0
    count: int = 0
    keyframe_gap: float = 0.0
    steps: Steps = field(default_factory=lambda: np.empty(0))
    """From each packet to the next that has another time."""


@dataclass
class _Log:
    """The packets of one stream as they came; eight bytes a packet, for hostile files have many."""

    starts: "array[float]" = field(default_factory=lambda: array("d"))
    keys: "array[float]" = field(default_factory=lambda: array("d"))
    end: float = 0.0


def scan(container: Any, streams: Iterable[Any], origin: float) -> dict[int, Times]:
    """Return the times of the streams by index, counted from ``origin``."""
    logs = {stream.index: _Log() for stream in streams}
    try:
        for packet in container.demux([container.streams[index] for index in logs]) if logs else ():
            at = packet.pts if packet.pts is not None else packet.dts
            if at is None or packet.size == 0 or packet.time_base is None:
                continue
            log, start = logs[packet.stream.index], float(at * packet.time_base) - origin
            log.starts.append(start)
            log.end = max(log.end, start + float((packet.duration or 0) * packet.time_base))
            if packet.is_keyframe:
                log.keys.append(start)
    except MemoryError:
        raise
    except READING_ENDED:  # damaged or cut off further on: what was read so far is what can be used
        pass
    return {index: _times(log) for index, log in logs.items()}


def _times(log: _Log) -> Times:
    if not log.starts:
        return Times()
    starts = np.sort(np.frombuffer(log.starts))
    steps = np.diff(starts)
    steps = steps[steps > 0]
    last = float(starts[-1]) + (float(np.median(steps)) if steps.size else 0.0)
    gaps = np.diff(np.append(np.frombuffer(log.keys), starts[-1]))
    return Times(float(starts[0]), max(log.end, last), starts.size, float(gaps.max(initial=0.0)), steps)
