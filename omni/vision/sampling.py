"""Which frames are searched for faces: one in two seconds where none is, one a second where one rests, four where it moves."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from omni.contracts import FaceBox
from omni.ports import FaceDetector, Picture
from omni.vision.mouths import LATER_SECONDS, mouth_motion, on_the_way

GRID_SECONDS = 0.25
"""Frames are searched at most this often."""

BLOCK_STEPS = 8
"""Steps of the grid between two frames that are always searched: 2 s."""

STILL_LEVELS = 0.3
"""Mean difference in 8-bit levels under which two frames hold the same faces."""

OTHER_LEVELS = 20.0
"""Mean difference above which two frames show two scenes, so that one tells nothing about the other."""

STIRRED, MOVED = 0.2, 0.4
"""A face that moves or grows by more than these parts of its width is looked at twice, or four times, a second."""

UNIMPORTANT = 0.015
"""So small a part of the frame moves no camera, and small boxes tremble by as much: five pixels."""


@dataclass(frozen=True)
class Sighting:
    """The faces of the frame at ``t``, best first; none is an answer too."""

    t: float
    faces: tuple[FaceBox, ...]


@dataclass
class _Sample:
    t: float
    picture: Picture
    later: Picture | None = None
    """The picture a moment after, in which lips have moved."""


class FaceSampler:
    """Searches a stream of frames in one thread beside the decoder; at most eight seconds of the grid wait for it."""

    def __init__(self, detector: FaceDetector, fps: float) -> None:
        self._searcher = BlockSearcher(detector)
        self._step = max(1, round(GRID_SECONDS * fps))
        self._lag = min(self._step - 1, round(LATER_SECONDS * fps))
        self._fps = fps
        self._frame = 0
        self._block: list[_Sample] = []
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="faces")
        self._pending: list[Future[list[Sighting]]] = []
        self._seen: list[Sighting] = []

    def push(self, picture: Picture) -> None:
        """Take the next frame."""
        if self._frame % self._step == 0:
            self._block.append(_Sample(self._frame / self._fps, picture.copy()))
        if self._frame % self._step == self._lag:
            if self._lag:
                self._block[-1].later = picture.copy()
            if len(self._block) > BLOCK_STEPS:
                self._submit()
        self._frame += 1

    def finish(self) -> tuple[Sighting, ...]:
        """Return what was seen, in time order."""
        if self._block:
            self._submit()
        while self._pending:
            self._collect()
        return tuple(self._seen)

    def close(self) -> None:
        """End the thread; what it hasn't begun is dropped."""
        self._worker.shutdown(cancel_futures=True)

    def _submit(self) -> None:
        block, self._block = self._block, self._block[-1:]
        self._pending.append(self._worker.submit(self._searcher.search, block))
        if len(self._pending) > 3:
            self._collect()

    def _collect(self) -> None:
        for sighting in self._pending.pop(0).result():
            if not self._seen or sighting.t > self._seen[-1].t:
                self._seen.append(sighting)


class BlockSearcher:
    """Searches block after block of samples; neighbouring blocks share their border sample."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        self._latest: tuple[_Sample, Sighting] | None = None

    def search(self, block: Sequence[_Sample]) -> list[Sighting]:
        """Search both ends, then halve wherever the ends don't tell what is between them."""
        last = len(block) - 1
        found = {0: self._look(block[0])}
        if last:
            found[last] = self._look(block[last])
            latest = self._latest
            self._halve(block, 0, last, found)
            self._latest = latest
        looked = sorted(found)
        return [_with_mouths(block, found, index, after) for index, after in pairwise([*looked, last + 1])]

    def _halve(self, block: Sequence[_Sample], first: int, last: int, found: dict[int, Sighting]) -> None:
        if last - first < 2:
            return
        middle = (first + last) // 2
        if last - first > BLOCK_STEPS // 2:
            faces = found[first].faces + found[last].faces
            strange = all(difference(block[middle].picture, block[end].picture) > OTHER_LEVELS for end in (first, last))
            wanted = bool(faces) or strange
        else:
            tolerance = STIRRED if last - first > BLOCK_STEPS // 4 else MOVED
            wanted = has_changed(found[first], found[last], tolerance)
        if not wanted:
            return
        found[middle] = self._look(block[middle])
        self._halve(block, first, middle, found)
        self._halve(block, middle, last, found)

    def _look(self, sample: _Sample) -> Sighting:
        if self._latest is not None and difference(self._latest[0].picture, sample.picture) < STILL_LEVELS:
            faces = tuple(face.model_copy(update={"t": sample.t}) for face in self._latest[1].faces)
        else:
            faces = self._detector.detect(sample.picture, sample.t)
        self._latest = sample, Sighting(sample.t, faces)
        return self._latest[1]


def _with_mouths(block: Sequence[_Sample], found: dict[int, Sighting], first: int, after: int) -> Sighting:
    """Return a sighting whose faces know how much their mouths move until the next one."""
    sighting, towards = found[first], found[after].faces if after in found else ()
    faces: list[FaceBox] = []
    for face in sighting.faces:
        seen = [
            mouth_motion(sample.picture, sample.later, on_the_way(face, towards, step / (after - first)))
            for step, sample in enumerate(block[first:after])
            if sample.later is not None
        ]
        moved = [motion for motion in seen if motion is not None]
        faces.append(face.model_copy(update={"mouth": round(sum(moved) / len(moved), 4) if moved else None}))
    return Sighting(sighting.t, tuple(faces))


def difference(one: Picture, other: Picture) -> float:
    """Return the mean difference of two frames in 8-bit levels, on one pixel in sixteen."""
    return float(np.abs(one[::4, ::4].astype(np.int16) - other[::4, ::4]).mean())


def has_changed(one: Sighting, other: Sighting, tolerance: float) -> bool:
    """Tell whether a face came, went, or moved or grew by more than ``tolerance`` of its width between two sightings."""
    if len(one.faces) != len(other.faces):
        return True
    pairs = zip(sorted(one.faces, key=_place), sorted(other.faces, key=_place), strict=True)
    return any(_moved(before, after) > max(UNIMPORTANT, tolerance * before.w) for before, after in pairs)


def _moved(before: FaceBox, after: FaceBox) -> float:
    (x0, y0), (x1, y1) = before.centre, after.centre
    aspect = before.w / before.h
    return max(abs(x1 - x0), abs(y1 - y0) * aspect, abs(after.w - before.w))


def _place(face: FaceBox) -> tuple[float, float]:
    return face.centre
