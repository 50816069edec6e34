"""Reading what FFmpeg's measuring filters say on stderr."""

import math
import re
from dataclasses import dataclass, field

from omni.contracts import Curve, Loudness, Span

SILENCE_LUFS = -70.0
SILENT_DBFS = -120.0
"""Stands for digital silence: below the noise of any converter."""


@dataclass
class LoudnessLog:
    """Collects ``ebur128=peak=true`` lines: ten a second, then a summary."""

    _by_second: dict[int, float] = field(default_factory=dict[int, float])
    _integrated: float | None = None
    _peak: float | None = None
    _in_summary: bool = False

    def read(self, line: str) -> None:
        """Take one line of stderr."""
        if "Summary:" in line:
            self._in_summary = True
        elif self._in_summary:
            self._read_summary(line)
        elif moment := re.search(r"t:\s*([\d.]+)\s.*?M:\s*(-?[\d.]+|nan|-inf)", line):
            second, level = int(float(moment[1]) - 0.05), _finite(moment[2])
            if level is not None:
                self._by_second[second] = max(level, self._by_second.get(second, SILENCE_LUFS))

    def result(self) -> Loudness:
        """Return what was heard; ``None`` where everything was below the gate."""
        seconds = max(self._by_second, default=-1) + 1
        values = tuple(round(max(SILENCE_LUFS, self._by_second.get(i, SILENCE_LUFS)), 1) for i in range(seconds))
        integrated = self._integrated
        if integrated is not None and integrated <= SILENCE_LUFS:
            integrated = None
        return Loudness(integrated_lufs=integrated, true_peak_dbtp=self._peak, curve=Curve(step=1.0, values=values))

    def _read_summary(self, line: str) -> None:
        if found := re.match(r"\s*I:\s*(-?[\d.]+|nan|-inf)\s+LUFS", line):
            self._integrated = _finite(found[1])
        elif found := re.match(r"\s*Peak:\s*(-?[\d.]+|nan|-inf)\s+dBFS", line):
            self._peak = _finite(found[1])


@dataclass
class LevelLog:
    """Collects the RMS level of each channel that ``astats`` tells at the end, in their order."""

    levels: list[float] = field(default_factory=list[float])

    def read(self, line: str) -> None:
        """Take one line of stderr."""
        if found := re.search(r"RMS level dB:\s*(-?[\d.]+|nan|-inf)", line):
            level = _finite(found[1])
            self.levels.append(SILENT_DBFS if level is None else max(SILENT_DBFS, level))


@dataclass
class StillnessLog:
    """Collects ``blackdetect`` and ``freezedetect`` lines."""

    black: list[Span] = field(default_factory=list[Span])
    frozen: list[Span] = field(default_factory=list[Span])
    _freeze_start: float | None = None

    def read(self, line: str) -> None:
        """Take one line of stderr."""
        if found := re.search(r"black_start:\s*([\d.]+)\s+black_end:\s*([\d.]+)", line):
            self.black.append(Span(start=float(found[1]), end=float(found[2])))
        elif found := re.search(r"freeze_start:\s*([\d.]+)", line):
            self._freeze_start = float(found[1])
        elif (found := re.search(r"freeze_end:\s*([\d.]+)", line)) and self._freeze_start is not None:
            self.frozen.append(Span(start=self._freeze_start, end=float(found[1])))
            self._freeze_start = None

    def finish(self, duration: float) -> None:
        """Close a freeze that lasts to the end."""
        if self._freeze_start is not None:
            self.frozen.append(Span(start=self._freeze_start, end=max(duration, self._freeze_start)))
            self._freeze_start = None


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None
