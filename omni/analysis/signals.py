"""What is heard and seen besides the words, second by second."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omni.analysis.edges import merged
from omni.contracts import Curve, Dossier, Pitch, Span

Values = NDArray[np.float64]

_SILENCE = -70.0
"""LUFS below which momentary loudness means nothing (the absolute gate of EBU R128)."""


@dataclass(frozen=True)
class Signals:
    """Arrays hold one value a second; an empty array was not measured."""

    loudness: Values
    """Momentary loudness in LU above the median of what can be heard; silence is −30."""
    pitch: Values
    """Semitones above the usual pitch of whoever speaks, the talk's median taken off; 0 where nothing is voiced."""
    voiced: Values
    """Share of the second in which a voice has a pitch."""
    motion: Values
    """Motion as a rank among all seconds, 0–1."""
    energy: Values
    """Loudness as a rank among all seconds, 0–1."""
    faces: Values
    """1 where a face was seen, else 0; empty when nothing was looked at."""
    black: tuple[Span, ...]
    still: tuple[Span, ...]
    """Frozen: a fault in moving pictures, but a slide in a talk."""

    def mean(self, values: Values, span: Span) -> float | None:
        """Return the mean of a signal over a span, ``None`` where it wasn't measured."""
        part = values[int(span.start) : max(int(span.start) + 1, round(span.end))]
        return float(part.mean()) if part.size else None

    def peak(self, values: Values, span: Span) -> float | None:
        """Return the highest value of a signal within a span, ``None`` where it wasn't measured."""
        part = values[int(span.start) : max(int(span.start) + 1, round(span.end))]
        return float(part.max()) if part.size else None


def signals_of(dossier: Dossier) -> Signals:
    """Return the signals of a dossier."""
    seconds = int(np.ceil(min(dossier.source.duration, 1e6)))
    levels = _per_second(dossier.transcript.loudness.curve, seconds, _SILENCE)
    audible = levels[levels > _SILENCE]
    middle = float(np.median(audible)) if audible.size else _SILENCE
    pitch, voiced = _pitch(dossier.transcript.pitch, seconds)
    return Signals(
        loudness=np.clip(levels - middle, -30.0, 30.0),
        pitch=pitch,
        voiced=voiced,
        motion=ranks(_per_second(dossier.footage.motion, seconds, 0.0)),
        energy=ranks(levels),
        faces=_faces(dossier, seconds),
        black=merged(dossier.footage.black),
        still=merged(dossier.footage.frozen),
    )


def ranks(values: Values) -> Values:
    """Return each value's rank as a fraction of the best, ties sharing the lower one; all 0.5 when all are alike."""
    if not varies(values):
        return np.full(values.shape, 0.5)
    rounded = np.round(values, 9)
    return np.searchsorted(np.sort(rounded), rounded).astype(np.float64) / max(1, values.size - 1)


def varies(values: Values) -> bool:
    """Tell whether a signal was measured and isn't the same all along."""
    return values.size > 0 and float(values.max() - values.min()) > 1e-12


def _per_second(curve: Curve, seconds: int, floor: float) -> Values:
    """Return a curve sampled once a second (the peak within each), not-a-number and missing ends as ``floor``."""
    if not curve.values:
        return np.zeros(0)
    values = np.nan_to_num(np.array(curve.values), nan=floor, posinf=0.0, neginf=floor)
    borders = np.minimum((np.arange(seconds) / curve.step).astype(np.int64), values.size)
    sampled = np.full(seconds, floor)
    within = borders < values.size
    if within.any():
        sampled[within] = np.maximum.reduceat(values, borders[within])
    return sampled


def _pitch(pitch: Pitch, seconds: int) -> tuple[Values, Values]:
    """Return excursion and voicing; seconds that are hardly voiced say nothing."""
    excursion, voiced = _per_second(pitch.excursion, seconds, 0.0), _per_second(pitch.voiced, seconds, 0.0)
    if excursion.size != voiced.size:
        return np.zeros(0), np.zeros(0)
    spoken = voiced > 0
    middle = float(np.median(excursion[spoken])) if spoken.any() else 0.0
    return np.where(spoken, excursion - middle, 0.0), voiced


def _faces(dossier: Dossier, seconds: int) -> Values:
    if not dossier.footage.shots and not dossier.footage.tracks:
        return np.zeros(0)
    seen = np.zeros(seconds)
    for track in dossier.footage.tracks:
        for box in track.boxes:
            if box.t < seconds:
                seen[int(box.t)] = 1.0
    return seen
