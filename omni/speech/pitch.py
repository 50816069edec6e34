"""How far above its usual pitch a voice is, second by second: sixty pitches a second in, one excursion out."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from omni.contracts import Curve, Pitch, Span, Warnings
from omni.errors import EngineUnavailable
from omni.ports import PitchDetector, PitchStream, Samples

Heights = NDArray[np.float32]
"""Semitones above :data:`ORIGIN`, one value a hop; not-a-number where no voice has a pitch."""

ORIGIN = 100.0
"""Hz."""
_SHORTEST = 3
"""Frames (48 ms): what is voiced for less is a click or a slip of the detector."""
_OCTAVE = (10.5, 13.5)
"""Semitones off the middle of its phrase at which a frame is an octave error, where it is one of few."""
_LEAP = 6.0
"""Semitones off the middle from which a frame belongs to a leap, and..."""
_SLIP = 9
"""...voiced frames in a row (0.15 s), the longest leap that is an error: a longer one is a cry, or somebody else."""
_VOICED = 0.15
"""Share of a second that must be voiced for its pitch to mean something (ten frames)."""
_HIGH = 75.0
"""Percentile of a second's pitches: emphasis lifts the stressed syllables; a few frames that are wrong don't count."""
_USUAL = 90
"""Seconds to both sides in which a voice's usual pitch is taken: longer than a raised moment, shorter than a tired hour."""
_FEWEST = 10
"""Seconds of a voice from which its usual pitch is known."""
_FURTHEST = 12.0
"""Semitones: an octave above oneself is a scream."""


class Pitchtap:
    """Lets blocks of 16 kHz sound through and keeps their pitches: 0.9 MB an hour.

    A detector that fails is told in ``warnings``, and nothing has a pitch then: it is one sign among many.
    """

    def __init__(self, detector: PitchDetector) -> None:
        self.warnings: Warnings = ()
        self._detector = detector
        self._hop = detector.hop_seconds
        self._stream: PitchStream | None = None
        self._found: list[NDArray[np.float32]] = []

    def through(self, blocks: Iterator[Samples]) -> Iterator[Samples]:
        """Yield every block unchanged."""
        for block in blocks:
            self._hear(block)
            yield block
        self._hear(None)

    def heights(self, speech: Sequence[Span]) -> Heights:
        """Return the pitches within speech, freed of slips and octave errors; music and noise have none."""
        pitches = np.concatenate([np.zeros(0, np.float32), *self._found])
        return heights_in(pitches, self._hop, speech)

    def _hear(self, block: Samples | None) -> None:
        """Keep the next pitches, at the end the last ones; after a failure none."""
        if self.warnings:
            return
        try:
            self._stream = self._stream or self._detector.begin()
            self._found.append(self._stream.finish() if block is None else self._stream.push(block))
        except EngineUnavailable as error:
            self._found.clear()
            self.warnings = (f"Pitch wasn't measured: {error.facts.get('reason', error)}.",)


def heights_in(pitches: NDArray[np.float32], hop: float, speech: Sequence[Span]) -> Heights:
    """Return pitches in Hz (0: none) as semitones, within speech only."""
    voiced = _without_slips(pitches > 0)
    heights = np.full(len(pitches), np.nan, np.float32)
    heights[voiced] = 12 * np.log2(pitches[voiced] / ORIGIN)
    spoken = np.full(len(pitches), np.nan, np.float32)
    for first, last in frames_of(speech, hop):
        spoken[first:last] = _folded(heights[first:last])
    return spoken


def pitch_of(heights: Heights, hop: float, speech: Sequence[Span], voices: Sequence[int]) -> Pitch:
    """Return voicing and excursion of each second; ``voices`` tells whose each region of speech is."""
    seconds = ceil(len(heights) * hop)
    borders = [min(len(heights), round(second / hop)) for second in range(seconds + 1)]
    parts = [heights[a:b][~np.isnan(heights[a:b])] for a, b in pairwise(borders)]
    voiced = np.array([len(part) * hop for part in parts])
    highs = np.array([np.percentile(p, _HIGH) if len(p) * hop >= _VOICED else np.nan for p in parts])
    whose = _speakers(speech, voices, seconds)
    excursion = np.zeros(seconds)
    for voice in np.unique(whose):
        own = (whose == voice) & ~np.isnan(highs)
        excursion[own] = highs[own] - _usual(highs, own)
    return Pitch(
        voiced=Curve(step=1.0, values=tuple(np.round(np.minimum(voiced, 1.0), 2).tolist())),
        excursion=Curve(step=1.0, values=tuple(np.round(np.clip(excursion, -_FURTHEST, _FURTHEST), 1).tolist())),
    )


def frames_of(spans: Sequence[Span], hop: float) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of frames of spans."""
    for span in spans:
        yield round(span.start / hop), round(span.end / hop)


def _without_slips(voiced: NDArray[np.bool_]) -> NDArray[np.bool_]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], voiced.astype(np.int8), [0]])))
    kept = voiced.copy()
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if last - first < _SHORTEST:
            kept[first:last] = False
    return kept


def _folded(phrase: Heights) -> Heights:
    """Return the phrase with frames an octave off its middle laid back into it, but for those of a leap that lasts."""
    voiced = np.flatnonzero(~np.isnan(phrase))
    if not len(voiced):
        return phrase
    off = phrase[voiced] - np.median(phrase[voiced])
    wrong = (np.abs(off) >= _OCTAVE[0]) & (np.abs(off) <= _OCTAVE[1])
    leaps = np.sign(off) * (np.abs(off) >= _LEAP)
    for first, last in pairwise([0, *(np.flatnonzero(np.diff(leaps)) + 1).tolist(), len(voiced)]):
        if leaps[first] and last - first > _SLIP:
            wrong[first:last] = False
    folded = phrase.copy()
    folded[voiced[wrong]] -= 12 * np.sign(off[wrong])
    return folded


def _speakers(speech: Sequence[Span], voices: Sequence[int], seconds: int) -> NDArray[np.int64]:
    """Return which voice each second belongs to."""
    whose = np.zeros(seconds, np.int64)
    for span, voice in zip(speech, voices, strict=True):
        if voice:
            whose[round(span.start) : max(round(span.start) + 1, round(span.end))] = voice
    return whose


def _usual(highs: NDArray[np.float64], own: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the running median for each second of a voice."""
    at, values = np.flatnonzero(own), highs[own]
    if len(at) < _FEWEST:
        return np.full(len(at), np.median(values)) if len(at) else np.zeros(0)
    firsts, lasts = np.searchsorted(at, at - _USUAL), np.searchsorted(at, at + _USUAL, side="right")
    ranges = zip(firsts.tolist(), lasts.tolist(), strict=True)
    return np.array([np.median(values[a:b] if b - a >= _FEWEST else values) for a, b in ranges])
