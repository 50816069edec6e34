"""Cuts are found to the frame; what only looks like one is not."""

from itertools import chain, repeat

import numpy as np
import pytest
from scenes import black, blend, noisy, pan, scene, still, view, white

from omni.contracts import Shot
from omni.vision.shots import Boundary, ShotDetector, dissolve, settle, shots_between, standing_out, unexplained
from omni.vision.thumbnails import distance, shrink

A, B, C = scene(1), scene(2), scene(3)


def boundaries(*parts, fps=30.0):
    detector = ShotDetector(fps)
    for frame in chain(*parts):
        detector.push(shrink(frame))
    return detector.finish()


def cuts(*parts, fps=30.0):
    return [b.frame for b in boundaries(*parts, fps=fps)]


@pytest.mark.parametrize("fps", [12.0, 24.0, 25.0, 29.97])
def test_a_hard_cut_is_the_first_frame_of_the_new_shot_at_any_rate(fps):
    assert cuts(still(A, 41), still(B, 37), still(C, 50), fps=fps) == [41, 78]


def test_noise_does_not_hide_or_make_cuts():
    assert cuts(noisy(chain(still(A, 60), still(B, 60)), seed=7)) == [60]


def test_a_cut_between_two_dark_scenes_is_found():
    one, other = scene(4, brightness=0.15), scene(5, brightness=0.15)
    assert cuts(noisy(chain(still(one, 50), still(other, 50)), seed=8, levels=1)) == [50]


def test_a_cut_from_a_still_into_a_fast_pan_is_found():
    assert cuts(still(A, 40), pan(B, 60, speed=3)) == [40]


@pytest.mark.parametrize("frames", [1, 2, 4])
def test_a_flash_is_not_a_cut(frames):
    assert cuts(still(A, 50), white(frames), still(A, 50)) == []


def test_a_cut_under_a_flash_is_one_cut():
    found = cuts(still(A, 50), white(1), still(B, 50))
    assert len(found) == 1
    assert found[0] in (50, 51)


@pytest.mark.parametrize("speed", [1, 4, 9])
def test_a_pan_is_not_a_cut_however_fast(speed):
    assert cuts(still(A, 20), pan(A, 90, speed=speed)) == []


def test_a_shaking_camera_is_not_a_cut():
    shake = np.random.default_rng(3).uniform(0, 14, 90)
    assert cuts(view(A, 40 + s) for s in shake) == []


def test_animation_drawn_every_second_frame_is_not_full_of_cuts():
    assert cuts(chain.from_iterable(repeat(view(A, 6 * n), 2) for n in range(45))) == []


def test_a_short_shot_stays_a_shot():
    assert cuts(still(A, 60), still(B, 8), still(C, 60)) == [60, 68]


def test_a_single_foreign_frame_at_the_edge_is_kept_apart():
    assert cuts(still(B, 1), still(A, 60), still(C, 1)) == [1, 61]


def test_a_dissolve_is_one_boundary_near_its_middle():
    found = boundaries(still(A, 60), blend(A, B, 20), still(B, 60))
    assert len(found) == 1
    assert not found[0].hard
    assert abs(found[0].frame - 70) <= 5


def test_a_fade_through_black_divides_the_two_scenes():
    empty = next(black(1)).repeat(2, axis=1)
    found = cuts(still(A, 60), blend(A, empty, 15), black(10), blend(empty, B, 15), still(B, 60))
    assert len(found) >= 1
    assert all(58 <= frame <= 102 for frame in found)


def test_a_cut_to_black_and_back_is_two_cuts():
    assert cuts(still(A, 40), black(20), still(B, 40)) == [40, 60]


def test_nothing_and_one_frame_have_no_cuts():
    assert cuts(still(A, 0)) == []
    assert cuts(still(A, 1)) == []


def test_standing_out_counts_the_neighbours_motion_but_not_the_frame_beside():
    assert standing_out([0, 2, 2, 2, 40, 20, 2, 2, 2], 4, 4) == pytest.approx(40 / 3)
    assert standing_out([0, 2, 2, 2, 20, 40, 2, 2, 2], 4, 4) == 0.0


def test_motion_of_a_few_cells_explains_itself_and_another_scene_does_not():
    here = shrink(view(A, 40))
    assert unexplained(here, shrink(view(A, 50))) < 0.25 * distance(here, shrink(view(A, 50)))
    assert unexplained(here, shrink(view(B))) > 9


def test_a_dissolve_is_told_from_motion_by_its_middle():
    one, other = shrink(view(A)), shrink(view(B))
    assert dissolve(one, (one + other) // 2, other) > 25
    assert dissolve(one, one, other) == 0.0


def test_of_two_boundaries_that_are_too_close_the_stronger_stands_and_a_cut_beats_a_dissolve():
    hard = [Boundary(100, 9.0, hard=True), Boundary(101, 4.0, hard=True), Boundary(130, 5.0, hard=True)]
    soft = [Boundary(110, 99.0, hard=False), Boundary(200, 40.0, hard=False), Boundary(203, 60.0, hard=False)]
    assert [b.frame for b in settle(hard, soft, 30.0)] == [100, 130, 203]


def test_shots_are_contiguous_and_begin_exactly_at_the_time_of_their_first_frame():
    found = shots_between([Boundary(41, 9.0, hard=True)], 100, 25.0)
    assert found == (Shot(start=0, end=41 / 25), Shot(start=41 / 25, end=4.0))
    assert shots_between([], 0, 25.0) == ()


def test_a_title_laid_over_the_lower_third_is_not_a_cut():
    titled = view(A).copy()
    titled[135:165, 20:200] = (240, 240, 240)
    assert cuts(noisy(chain(still(A, 50), repeat(titled, 50)), seed=4)) == []
