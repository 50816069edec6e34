"""A mouth that moves is told from a head that moves."""

import numpy as np
import pytest
from fakes.centerface import FakeFaceDetector

from omni.contracts import FaceBox
from omni.vision.mouths import mouth_motion, on_the_way
from omni.vision.sampling import FaceSampler

FACE = FaceBox(t=0, x=0.4, y=0.2, w=0.15, h=0.4, score=0.9)
"""48 × 72 pixels of a 320 × 180 picture."""


def drawn(opening: float, *, shift: tuple[int, int] = (0, 0), noise: float = 0.0, seed: int = 0):
    """Return a picture of a face with eyes, nose and a mouth that is open by some pixels."""
    rng = np.random.default_rng(7)
    picture = rng.uniform(90, 110, (180, 320, 3))
    left, top = 128 + shift[0], 36 + shift[1]
    picture[top : top + 72, left : left + 48] = 170
    for x in (10, 30):
        picture[top + 20 : top + 27, left + x : left + x + 9] = 40
    picture[top + 28 : top + 40, left + 22 : left + 26] = 130
    middle = top + 56
    picture[middle - int(opening) : middle + int(opening) + 1, left + 14 : left + 34] = 50
    picture += np.random.default_rng(seed).normal(0, noise, picture.shape) if noise else 0
    return np.clip(picture, 0, 255).astype(np.uint8)


def test_an_opening_mouth_moves_and_a_closed_one_does_not():
    assert mouth_motion(drawn(1), drawn(1, noise=3, seed=1), FACE) == pytest.approx(0, abs=0.01)
    assert mouth_motion(drawn(1), drawn(5, noise=3, seed=1), FACE) > 0.1


@pytest.mark.parametrize("shift", [(1, 0), (-2, 1), (0, 2)])
def test_a_head_that_nods_or_turns_a_little_does_not_speak(shift):
    assert mouth_motion(drawn(2), drawn(2, shift=shift), FACE) == pytest.approx(0, abs=0.02)
    assert mouth_motion(drawn(2), drawn(6, shift=shift), FACE) > 0.1


def test_of_a_small_face_or_one_at_the_edge_nothing_is_said():
    small, outside = FACE.model_copy(update={"h": 0.1, "w": 0.04}), FACE.model_copy(update={"y": 0.7})
    assert mouth_motion(drawn(1), drawn(5), small) is None
    assert mouth_motion(drawn(1), drawn(5), outside) is None


def test_a_face_between_two_looks_is_where_it_goes_and_never_at_another_one():
    gone, other = FACE.model_copy(update={"x": 0.44}), FACE.model_copy(update={"x": 0.7})
    assert on_the_way(FACE, (other, gone), 0.5).x == pytest.approx(0.42)
    assert on_the_way(FACE, (other,), 0.5) == FACE


def test_faces_that_are_seen_know_whether_they_speak():
    def sightings(*, speaks: bool):
        sampler = FaceSampler(FakeFaceDetector(lambda t: [(FACE.x, FACE.y, FACE.w, FACE.h)]), 20.0)
        try:
            for n in range(101):
                sampler.push(drawn(3 + 3 * np.sin(n * 1.9) if speaks else 2, noise=2, seed=n))
            return sampler.finish()
        finally:
            sampler.close()

    assert all(s.faces[0].mouth > 0.04 for s in sightings(speaks=True)[:-1])
    assert all(s.faces[0].mouth < 0.02 for s in sightings(speaks=False)[:-1])
