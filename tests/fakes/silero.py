"""A speech detector that is told where somebody speaks."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from omni.ports import Samples


class FakeDetector:
    """Fulfils the port ``SpeechDetector``; ``speech`` are (start, end) seconds, ``failing`` is raised after hearing."""

    def __init__(self, *speech: tuple[float, float], failing: Exception | None = None) -> None:
        self._speech = speech
        self._failing = failing

    @property
    def hop_seconds(self) -> float:
        return 0.032

    def probabilities(self, blocks: Iterator[Samples]) -> NDArray[np.float32]:
        frames = -(-sum(len(block) for block in blocks) // 512)
        if self._failing:
            raise self._failing
        found = np.zeros(frames, np.float32)
        for start, end in self._speech:
            found[round(start / 0.032) : round(end / 0.032)] = 0.95
        return found
