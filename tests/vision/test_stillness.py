"""Black and frozen stretches, as FFmpeg's blackdetect and freezedetect would tell them."""

from itertools import chain

from scenes import black, noisy, pan, scene, still

from omni.contracts import Span
from omni.vision.stillness import StillnessFinder
from omni.vision.thumbnails import shrink

A = scene(1)


def spans(*parts, fps=30.0):
    finder = StillnessFinder(fps)
    for frame in chain(*parts):
        finder.push(shrink(frame))
    return finder.finish()


def test_black_is_a_span_with_its_exact_frames():
    found, _ = spans(noisy(still(A, 30), seed=1), black(15), noisy(still(A, 30), seed=2))
    assert found == (Span(start=1.0, end=1.5),)


def test_two_black_frames_are_too_short_and_black_at_the_end_counts():
    found, _ = spans(noisy(still(A, 30), seed=1), black(2), noisy(still(A, 28), seed=2), black(30))
    assert found == (Span(start=2.0, end=3.0),)


def test_a_dark_scene_is_not_black():
    dark = scene(2, brightness=0.35)
    assert spans(still(dark, 30))[0] == ()


def test_a_held_frame_is_frozen_from_its_first_frame_to_its_last():
    _, frozen = spans(pan(A, 30, speed=2), still(scene(2), 45), pan(A, 30, speed=2))
    assert frozen == (Span(start=1.0, end=2.5),)


def test_a_still_shorter_than_a_second_is_not_frozen():
    assert spans(pan(A, 30, speed=2), still(scene(2), 25), pan(A, 30, speed=2))[1] == ()


def test_a_slow_pan_is_not_frozen_although_each_step_is_small():
    assert spans(pan(A, 120, speed=0.5))[1] == ()
