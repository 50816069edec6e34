"""Stretches where nothing is seen or nothing moves: black spans and frozen spans, judged on thumbnails."""

from omni.contracts import Span
from omni.vision.thumbnails import SCALE, Thumbnail, luma_distance

BLACK_LUMA = 0.10
"""FFmpeg's blackdetect: 98 % of the picture darker than this fraction of white."""

BLACK_SECONDS = 0.1
FROZEN_CHANGE = 0.001
"""FFmpeg's freezedetect at −60 dB: mean change against the first frame of the stretch, as a fraction of white."""

FROZEN_SECONDS = 1.0


class StillnessFinder:
    """Collects black and frozen spans from a stream of thumbnails at a constant rate."""

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._frame = 0
        self._black_from: int | None = None
        self._still_from = 0
        self._still: Thumbnail | None = None
        self._black: list[Span] = []
        self._frozen: list[Span] = []

    def push(self, thumbnail: Thumbnail) -> None:
        """Take the next frame."""
        if is_black(thumbnail):
            self._black_from = self._frame if self._black_from is None else self._black_from
        else:
            self._end_black()
        if self._still is None or luma_distance(self._still, thumbnail) > FROZEN_CHANGE:
            self._end_frozen()
            self._still, self._still_from = thumbnail, self._frame
        self._frame += 1

    def finish(self) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """Return the black and the frozen spans, in time order."""
        self._end_black()
        self._end_frozen()
        return tuple(self._black), tuple(self._frozen)

    def _end_black(self) -> None:
        if self._black_from is not None and self._frame - self._black_from >= BLACK_SECONDS * self._fps:
            self._black.append(Span(start=self._black_from / self._fps, end=self._frame / self._fps))
        self._black_from = None

    def _end_frozen(self) -> None:
        if self._frame - self._still_from >= FROZEN_SECONDS * self._fps:
            self._frozen.append(Span(start=self._still_from / self._fps, end=self._frame / self._fps))


def is_black(thumbnail: Thumbnail) -> bool:
    """Tell whether 98 % of the cells are darker than a tenth of white."""
    return float((thumbnail[0] < BLACK_LUMA * 255 * SCALE).mean()) >= 0.98
