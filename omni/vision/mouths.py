"""Who speaks, as far as a small picture tells: how much a mouth moves beyond its head."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from omni.contracts import FaceBox
from omni.ports import Picture

LATER_SECONDS = 0.1
"""Between the two pictures compared: lips open and close three to seven times a second."""

SMALLEST = 22
"""Pixels of a face's height below which its mouth is three rows, and noise."""

EYES, MOUTH, ACROSS = (0.15, 0.55), (0.62, 0.95), (0.2, 0.8)
"""Parts of a face: its rows from eyebrows to nose, those of mouth and chin, the columns of both."""

DRIFT = 2
"""Pixels by which a head may have moved between the two pictures."""


def mouth_motion(before: Picture, after: Picture, face: FaceBox) -> float | None:
    """Return how much the mouth changed beyond the eyes, in parts of the face's contrast; ``None`` for a small face.

    The head's own motion is taken out: both parts are compared where the eyes fit best.
    """
    height, width = before.shape[:2]
    if face.h * height < SMALLEST:
        return None
    left, right = (int((face.x + part * face.w) * width) for part in ACROSS)
    eyes, mouth = (slice(*(int((part - EYES[0]) * face.h * height) for part in rows)) for rows in (EYES, MOUTH))
    top, bottom = int((face.y + EYES[0] * face.h) * height), int((face.y + MOUTH[1] * face.h) * height)
    if right - left < DRIFT or min(left, top) < DRIFT or right + DRIFT > width or bottom + DRIFT > height:
        return None
    one = _luma(before[top:bottom, left:right])
    other = _luma(after[top - DRIFT : bottom + DRIFT, left - DRIFT : right + DRIFT])
    moved = [
        other[down : down + one.shape[0], across : across + one.shape[1]]
        for down in range(2 * DRIFT + 1)
        for across in range(2 * DRIFT + 1)
    ]
    calm, fitting = min((_change(one[eyes], shifted[eyes]), number) for number, shifted in enumerate(moved))
    return max(0.0, _change(one[mouth], moved[fitting][mouth]) - calm) / (float(one.std()) + 4.0)


def on_the_way(face: FaceBox, towards: Sequence[FaceBox], part: float) -> FaceBox:
    """Return where a face is ``part`` (0–1) of the way to the next look: nearest of its faces, if it is the same one."""
    near = [other for other in towards if abs(other.centre[0] - face.centre[0]) <= 0.5 * face.w]
    if not near:
        return face
    other = min(near, key=lambda other: abs(other.centre[0] - face.centre[0]))
    moved = {side: getattr(face, side) * (1 - part) + getattr(other, side) * part for side in ("x", "y", "w", "h")}
    return face.model_copy(update=moved)


def _change(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    return float(np.abs(one - other).sum(dtype=np.int64)) / one.size


def _luma(picture: Picture) -> NDArray[np.int16]:
    red, green, blue = (picture[..., channel].astype(np.int16) for channel in range(3))
    return (red * 2 + green * 5 + blue) >> 3
