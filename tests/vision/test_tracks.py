"""Sightings become tracks: one face through one shot."""

import numpy as np
import pytest

from omni.contracts import FaceBox, Shot
from omni.vision.sampling import Sighting
from omni.vision.tracks import bridged, link, steadied

FRAME = 1 / 25


def face(t, x, y=0.3, w=0.1, h=0.2, score=0.9):
    return FaceBox(t=t, x=x, y=y, w=w, h=h, score=score)


def sighted(times, *faces):
    return [Sighting(float(t), tuple(f for make in faces if (f := make(float(t))) is not None)) for t in times]


def test_two_people_are_two_tracks_even_when_they_come_near_each_other():
    seen = sighted(np.arange(0, 8, 0.25), lambda t: face(t, 0.1 + 0.04 * t), lambda t: face(t, 0.75 - 0.03 * t))
    tracks = link(seen, [Shot(start=0, end=8)], FRAME)
    assert len(tracks) == 2
    assert [t.boxes[0].x for t in tracks] == pytest.approx([0.1, 0.75])
    assert [t.boxes[-1].x for t in tracks] == pytest.approx([0.1 + 0.04 * 7.75, 0.75 - 0.03 * 7.75], abs=0.01)


def test_no_track_crosses_a_cut_even_when_the_face_stays_in_place():
    shots = [Shot(start=0, end=3.1), Shot(start=3.1, end=6)]
    tracks = link(sighted(np.arange(0, 6, 0.25), lambda t: face(t, 0.4)), shots, FRAME)
    assert [t.shot for t in tracks] == [0, 1]
    for track in tracks:
        assert all(shots[track.shot].start <= box.t < shots[track.shot].end for box in track.boxes)


def test_a_face_that_is_seen_once_or_twice_is_no_face():
    seen = sighted(
        np.arange(0, 8, 0.25), lambda t: face(t, 0.4), lambda t: face(t, 0.8, score=0.7) if t in (3.0, 3.25) else None
    )
    assert len(link(seen, [Shot(start=0, end=8)], FRAME)) == 1


def test_a_pattern_that_is_never_sure_is_no_face():
    seen = sighted(np.arange(0, 8, 0.25), lambda t: face(t, 0.4, score=0.45))
    assert link(seen, [Shot(start=0, end=8)], FRAME) == ()


def test_in_a_short_shot_two_sure_sightings_are_enough():
    tracks = link(sighted([2.0, 2.25], lambda t: face(t, 0.4)), [Shot(start=1.9, end=2.5)], FRAME)
    assert len(tracks) == 1
    assert (tracks[0].boxes[0].t, tracks[0].boxes[-1].t) == (1.9, 2.5 - FRAME)


def test_a_gap_of_a_second_is_bridged_by_interpolation_and_a_longer_one_parts_two_tracks():
    hidden = {2.25, 2.5, 2.75, 5.0, 5.25, 5.5, 5.75, 6.0}
    seen = sighted(np.arange(0, 9, 0.25), lambda t: None if t in hidden else face(t, 0.2 + 0.04 * t))
    tracks = link(seen, [Shot(start=0, end=9)], FRAME)
    assert [round(t.boxes[-1].t, 2) for t in tracks] == [4.75, 8.96]  # the gap of 1.25 s was looked into
    steps = np.diff([box.t for box in tracks[0].boxes])
    assert steps.max() <= 0.25 + 1e-9
    bridge = next(box for box in tracks[0].boxes if box.t == 2.5)
    assert bridge.x == pytest.approx(0.2 + 0.04 * 2.5, abs=0.005)


def test_boxes_come_in_time_order_and_jitter_is_less_than_the_detectors():
    noise = np.random.default_rng(5).normal(0, 0.01, 40)
    raw = [face(n / 4, 0.4 + float(noise[n])) for n in range(40)]
    steady = steadied(raw)
    assert [b.t for b in steady] == [b.t for b in raw]
    assert np.std(np.diff([b.x for b in steady])) < 0.5 * np.std(np.diff([b.x for b in raw]))


def test_bridging_leaves_what_is_dense_alone():
    dense = [face(n / 4, 0.1) for n in range(5)]
    assert bridged(dense) == dense


def test_nothing_seen_is_no_track():
    assert link([], [Shot(start=0, end=3)], FRAME) == ()
    assert link([], [], FRAME) == ()


@pytest.mark.parametrize("seed", range(5))
def test_two_who_cross_keep_their_tracks_though_the_detector_trembles_and_blinks(seed):
    rng = np.random.default_rng(seed)

    def walker(place, speed):
        def seen(t):
            dx, dy = rng.normal(0, 0.006, 2)
            return face(t, place + speed * t + dx, 0.3 + dy) if rng.random() > 0.1 else None

        return seen

    tracks = link(sighted(np.arange(0, 8, 0.25), walker(0.05, 0.1), walker(0.85, -0.1)), [Shot(start=0, end=8)], FRAME)
    ends = sorted((track.boxes[0].x < 0.4, track.boxes[-1].x < 0.4) for track in tracks)
    assert ends == [(False, True), (True, False)]


def test_who_walks_briskly_is_one_track_and_so_is_who_stops():
    walk = sighted(np.arange(0, 8, 0.25), lambda t: face(t, 0.05 + 0.3 * min(max(t - 2, 0), 2.5), w=0.07))
    (track,) = link(walk, [Shot(start=0, end=8)], FRAME)
    assert track.boxes[-1].x == pytest.approx(0.8, abs=0.01)
