"""Frames are searched for faces as often as there is something to find."""

import numpy as np
import pytest
from fakes.centerface import FakeFaceDetector
from scenes import pan, scene, still

from omni.vision.sampling import FaceSampler, Sighting

A, B = scene(1), scene(2)
FACE = (0.4, 0.3, 0.1, 0.2)


def sightings(detector, frames, fps=20.0) -> tuple[Sighting, ...]:
    sampler = FaceSampler(detector, fps)
    try:
        for frame in frames:
            sampler.push(frame)
        return sampler.finish()
    finally:
        sampler.close()


def test_without_faces_one_frame_in_two_seconds_is_searched():
    detector = FakeFaceDetector()
    seen = sightings(detector, pan(A, 201, speed=0.2))
    assert detector.asked == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert all(s.faces == () for s in seen)


@pytest.mark.parametrize(("speed", "searched"), [(0.0, 11), (0.06, 21), (0.2, 41)])
def test_the_faster_a_face_the_more_often_it_is_searched(speed, searched):
    detector = FakeFaceDetector(lambda t: [(-0.2 + speed * t, 0.3, 0.2, 0.3)])
    assert len(sightings(detector, pan(A, 201, speed=2))) == searched


def test_a_face_that_comes_is_found_to_a_quarter_of_a_second():
    detector = FakeFaceDetector(lambda t: [FACE] if t >= 4.2 else [])
    seen = sightings(detector, pan(A, 201, speed=2))
    assert next(s.t for s in seen if s.faces) == 4.25


def test_a_face_in_a_shot_between_two_searched_frames_is_found():
    """Two empty scenes with a second and a half of a speaker between them: 2.3 s to 3.8 s."""
    frames = [*still(A, 46), *still(B, 30), *still(A, 125)]
    seen = sightings(FakeFaceDetector(lambda t: [FACE] if 2.3 <= t < 3.8 else []), frames)
    times = [s.t for s in seen if s.faces]
    assert (times[0], times[-1]) == (2.5, 3.75)
    assert len(times) >= 3


def test_frames_that_show_the_same_are_not_searched_again_but_still_tell_where_the_face_is():
    detector = FakeFaceDetector(lambda t: [FACE])
    seen = sightings(detector, still(A, 201))
    assert detector.asked == [0.0]
    assert [s.faces[0].t for s in seen] == [s.t for s in seen]
    assert seen[-1].t == 10.0


def test_sightings_come_in_time_order_and_once():
    detector = FakeFaceDetector(lambda t: [(0.01 * t * t, 0.3, 0.1, 0.2)])
    times = [s.t for s in sightings(detector, pan(A, 333, speed=2))]
    assert times == sorted(set(times))


def test_the_search_has_its_own_thread_and_its_failure_is_the_callers():
    detector = FakeFaceDetector(failing=RuntimeError("the model broke"), fails_at=3.0)
    with pytest.raises(RuntimeError, match="the model broke"):
        sightings(detector, pan(A, 400, speed=2))
    assert detector.threads == {"faces_0"}


def test_the_caller_may_reuse_its_buffer():
    """A media adapter may yield views of one buffer: what waits for the search must be a copy."""
    seen = []

    class Reader(FakeFaceDetector):
        def detect(self, picture, t):
            seen.append((t, int(picture[0, 0, 0])))
            return super().detect(picture, t)

    buffer = np.zeros((180, 320, 3), np.uint8)
    sampler = FaceSampler(Reader(), 1.0)
    for value in range(60):
        buffer[:] = value * 4
        sampler.push(buffer)
    sampler.finish()
    sampler.close()
    assert seen == [(t, int(t) * 4 % 256) for t, _ in seen]
