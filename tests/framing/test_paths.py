"""One axis, one shot: the path of least discomfort."""

from itertools import pairwise

import numpy as np
import pytest

from omni.framing.paths import Aim, camera_path, reversals, steps_in, thinned

CROP = 0.3164


def aims(middles, slack=0.13):
    return [None if m is None else Aim(m, slack) for m in middles]


def test_nothing_seen_or_nothing_to_choose_is_the_middle():
    assert camera_path(aims([None] * 11), CROP, 2.0) == [(0.0, 0.5), (2.0, 0.5)]
    assert camera_path(aims([0.2] * 11), 1.0, 2.0) == [(0.0, 0.5), (2.0, 0.5)]


def test_a_subject_inside_the_dead_zone_moves_nothing():
    middles = 0.4 + 0.03 * np.sin(np.arange(51))
    assert len({x for _, x in camera_path(aims(middles), CROP, 10.0)}) == 1


def test_while_the_subject_is_unseen_the_camera_waits_or_moves_but_never_jumps():
    keys = camera_path(aims([0.3] * 20 + [None] * 11 + [0.7] * 20), CROP, 10.0)
    assert keys[0][1] == pytest.approx(0.3, abs=0.05)
    assert keys[-1][1] == pytest.approx(0.7, abs=0.05)
    assert max(abs(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(keys)) <= 0.41


def test_the_move_begins_before_the_subject_leaves_so_that_it_is_never_cut():
    middles = [0.3] * 25 + list(np.linspace(0.3, 0.7, 6)) + [0.7] * 25
    keys = camera_path(aims(middles), CROP, 11.0)
    times = np.linspace(0, 11.0, len(middles))
    path = np.interp(times, [t for t, _ in keys], [x for _, x in keys])
    assert np.abs(path - middles).max() <= 0.13


def test_a_fidgeting_subject_does_not_make_a_fidgeting_camera():
    middles = [0.35 if n // 5 % 2 else 0.6 for n in range(101)]
    keys = camera_path(aims(middles), CROP, 20.0)
    assert reversals([x for _, x in keys]) <= 6


def test_a_turn_counts_even_with_a_rest_in_between():
    assert reversals([0, 1, 2, 2, 2, 1]) == 1
    assert reversals([0, 1, 1, 2, 3]) == 0
    assert reversals([]) == 0


def test_keys_on_a_line_go_first_and_the_ends_stay():
    line = [(0.0, 0.1), (1.0, 0.2), (2.0, 0.3), (3.0, 0.3), (4.0, 0.3)]
    assert thinned(line, 10) == [(0.0, 0.1), (2.0, 0.3), (4.0, 0.3)]
    zigzag = [(float(n), 0.5 + (0.01 if n % 2 else 0.0) + (0.2 if n == 5 else 0.0)) for n in range(11)]
    kept = thinned(zigzag, 5)
    assert len(kept) == 5
    assert (kept[0], kept[-1]) == (zigzag[0], zigzag[-1])
    assert zigzag[5] in kept


def test_the_grid_has_at_least_one_step():
    assert (steps_in(0.05), steps_in(1.0), steps_in(15.0)) == (1, 5, 75)
