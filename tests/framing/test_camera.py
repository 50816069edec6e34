"""The camera keeps the face, keeps still, and changes the layout as an editor would."""

from itertools import pairwise

import pytest
from stagings import at, footage, pacing, source, swaying, track, walking

from omni.contracts import Footage, Shot, Span
from omni.framing.camera import crop_size, frame_clip, shots_within
from omni.framing.scoring import camera_figures, middle_at

CUT = Span(start=0, end=20)


def framed(seen, cut=CUT, *, size=(1280, 720), **asked):
    framing = frame_clip(cut, source(*size), seen, **asked)
    assert framing is not None
    return framing


def layouts(framing):
    return [segment.layout for segment in framing.segments]


def is_still(segment):
    return len({(key.x, key.y) for key in segment.path}) == 1


WALKS = {
    "stands": at(0.3),
    "sways": swaying(0.6, 1),
    "crosses the stage": walking(0.2, 0.8, 6, 9),
    "crosses it briskly": walking(0.15, 0.8, 8, 10.2),
    "paces": pacing(0.5, 0.5, 14),
    "leans": walking(0.4, 0.5, 5, 5.6),
    "drifts": walking(0.3, 0.7, 0, 20),
    "stands at the edge": at(0.97),
}


@pytest.mark.parametrize("noise", [0.0, 0.06, 0.12])
@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_the_camera_meets_the_bars_on_the_true_face_when_the_detector_is_noisy_and_blinks(walk, noise):
    blinks = {4.5, 4.75, 9.0, 12.25, 12.5, 12.75}
    heard = footage([track(walk, 0, 20, noise=noise, seed=3, lost=lambda t: t in blinks)], 0, 20)
    truth = footage([track(walk, 0, 20)], 0, 20)
    framing = framed(heard)
    figures = camera_figures(framing, CUT, truth, 30)
    assert layouts(framing) == ["follow"]
    assert figures.containment is not None
    assert figures.containment >= 0.97
    assert figures.jitter <= 0.0006
    assert figures.reversals_per_s <= 0.3


@pytest.mark.parametrize("noise", [0.0, 0.12])
@pytest.mark.parametrize("walk", [at(0.3), swaying(0.6, 1), swaying(0.45, 2)])
def test_a_speaker_who_stands_gets_a_camera_that_stands(walk, noise):
    framing = framed(footage([track(walk, 0, 20, noise=noise, seed=4)], 0, 20))
    assert is_still(framing.segments[0])


def test_a_walk_is_one_move_between_two_rests():
    keys = framed(footage([track(walking(0.2, 0.8, 6, 9), 0, 20, noise=0.06)], 0, 20)).segments[0].path
    speeds = [(b.x - a.x) / (b.t - a.t) for a, b in pairwise(keys)]
    assert all(speed >= 0 for speed in speeds)
    assert speeds[0] == speeds[-1] == 0.0
    assert max(speeds) <= 0.4 + 1e-6


def test_the_camera_never_jumps_inside_a_shot_and_the_crop_never_leaves_the_frame():
    framing = framed(footage([track(pacing(0.5, 1.0, 7), 0, 20, noise=0.1)], 0, 20))
    segment = framing.segments[0]
    places = [middle_at(segment.path, n / 30)[0] for n in range(600)]
    assert max(abs(b - a) for a, b in pairwise(places)) <= 0.4 / 30 + 1e-6
    assert all(framing.crop_w / 2 - 1e-6 <= x <= 1 - framing.crop_w / 2 + 1e-6 for x in places)


def test_keys_cover_their_segment_and_are_few_enough_for_an_expression():
    framing = framed(footage([track(pacing(0.5, 0.8, 9), 0, 20, noise=0.1)], 0, 20))
    keys = framing.segments[0].path
    assert (keys[0].t, keys[-1].t) == (0.0, 20.0)
    assert all(a.t < b.t for a, b in pairwise(keys))
    assert len(keys) <= 20 * 40 / 15


def test_the_camera_jumps_exactly_on_a_cut():
    tracks = [track(at(0.2), 0, 7, shot=0), track(at(0.8), 7.2, 20, shot=1)]
    first, second = framed(footage(tracks, 0, 7.2, 20)).segments
    assert (first.end, second.start) == (7.2, 7.2)
    assert is_still(first)
    assert is_still(second)
    assert second.path[0].x - first.path[0].x > 0.5


def test_segments_are_in_clip_time_contiguous_and_cover_the_clip():
    cut = Span(start=31.3, end=52.9)
    segments = framed(footage([], 0, 30, 33.1, 40.04, 41, 60), cut).segments
    assert segments[0].start == 0
    assert segments[-1].end == pytest.approx(cut.length)
    assert all(a.end == b.start for a, b in pairwise(segments))
    assert [s.start for s in segments[1:]] == pytest.approx([1.8, 8.74, 9.7])


def test_a_sliver_of_a_shot_at_the_edge_of_the_clip_is_no_segment():
    assert [span for _, span in shots_within(Span(start=9.99, end=20), footage([], 0, 10, 30))] == [
        Span(start=9.99, end=20)
    ]


def test_two_people_who_fit_are_both_in_the_crop():
    seen = footage([track(at(0.4), 0, 20), track(at(0.55), 0, 20)], 0, 20)
    framing = framed(seen)
    assert layouts(framing) == ["follow"]
    assert framing.segments[0].path[0].x == pytest.approx(0.475, abs=0.02)


def test_two_people_far_apart_have_half_a_screen_each():
    seen = footage([track(swaying(0.8, 3), 0, 20, noise=0.1), track(at(0.2), 0, 20, noise=0.1)], 0, 20)
    framing = framed(seen)
    (segment,) = framing.segments
    assert segment.layout == "split"
    assert segment.path[0].x == pytest.approx(0.2, abs=0.03)  # the left one above
    assert segment.lower[0].x == pytest.approx(0.8, abs=0.03)
    assert camera_figures(framing, CUT, seen, 30).containment == 1.0


def test_one_speaker_before_small_faces_in_the_hall_is_followed():
    hall = [track(at(0.05 + 0.1 * n, 0.85), 0, 20, height=0.04) for n in range(4)]
    framing = framed(footage([track(at(0.7), 0, 20, height=0.3), *hall], 0, 20))
    assert layouts(framing) == ["follow"]
    assert framing.segments[0].path[0].x == pytest.approx(0.7, abs=0.03)


def test_a_screen_with_a_webcam_in_its_corner_is_shown_whole():
    assert layouts(framed(footage([track(at(0.9, 0.85), 0, 20, height=0.18)], 0, 20))) == ["fit"]


def test_slides_and_scenes_without_faces_are_shown_whole():
    assert layouts(framed(footage([], 0, 20))) == ["fit"]


def test_a_cutaway_too_short_for_a_change_of_layout_keeps_the_screen_full():
    tracks = [track(at(0.3), 0, 8, shot=0), track(at(0.3), 9, 20, shot=2)]
    assert layouts(framed(footage(tracks, 0, 8, 9, 20))) == ["follow", "follow", "follow"]


def test_a_glimpse_of_a_face_between_slides_keeps_the_slides_layout():
    tracks = [track(at(0.3), 8, 9, shot=1)]
    assert layouts(framed(footage(tracks, 0, 8, 9, 20))) == ["fit", "fit", "fit"]


def test_long_slides_between_two_talking_shots_are_shown_whole():
    tracks = [track(at(0.3), 0, 6, shot=0), track(at(0.3), 14, 20, shot=2)]
    assert layouts(framed(footage(tracks, 0, 6, 14, 20))) == ["follow", "fit", "follow"]


def test_a_stage_that_is_empty_for_seconds_before_the_speaker_comes_is_not_cropped():
    assert layouts(framed(footage([track(at(0.6), 9, 20)], 0, 20))) == ["fit"]


def test_a_speaker_who_turns_to_the_board_for_three_seconds_is_still_followed():
    seen = footage([track(at(0.6), 0, 8), track(at(0.62), 11, 20)], 0, 20)
    framing = framed(seen)
    assert layouts(framing) == ["follow"]
    assert is_still(framing.segments[0])


def test_a_speaker_lost_and_found_again_elsewhere_is_followed_there():
    framing = framed(footage([track(at(0.2), 0, 8), track(at(0.8), 10, 20)], 0, 20))
    segment = framing.segments[0]
    assert layouts(framing) == ["follow"]
    assert middle_at(segment.path, 4)[0] == pytest.approx(0.2, abs=0.03)
    assert middle_at(segment.path, 16)[0] == pytest.approx(0.8, abs=0.03)


def test_a_portrait_source_fills_the_screen_with_and_without_a_face():
    for tracks in ([], [track(at(0.5), 0, 20)]):
        framing = framed(footage(tracks, 0, 20), size=(1080, 1920))
        assert (framing.crop_w, framing.crop_h, layouts(framing)) == (1.0, 1.0, ["follow"])
        assert is_still(framing.segments[0])


def test_a_source_taller_than_the_short_keeps_the_eyes_in_the_upper_third():
    framing = framed(footage([track(at(0.5, 0.4), 0, 20)], 0, 20), size=(1080, 2400))
    assert (framing.crop_w, framing.crop_h) == (1.0, 0.8)
    top = framing.segments[0].path[0].y - framing.crop_h / 2
    assert 0.3 <= (0.4 - top) / framing.crop_h <= 0.45


def test_a_square_source_without_faces_is_cropped_little_rather_than_shown_small():
    assert layouts(framed(footage([], 0, 20), size=(900, 1200))) == ["follow"]
    assert layouts(framed(footage([], 0, 20), size=(1080, 720))) == ["fit"]


def test_a_face_wider_than_the_crop_is_centred():
    framing = framed(footage([track(at(0.45), 0, 20, height=0.9)], 0, 20))
    assert layouts(framing) == ["follow"]
    assert framing.segments[0].path[0].x == pytest.approx(0.45, abs=0.01)


def test_without_a_picture_there_is_no_framing():
    assert frame_clip(CUT, source().model_copy(update={"video": None}), Footage(engine="none")) is None


def test_footage_without_shots_is_framed_too():
    framing = framed(Footage(engine="none"))
    assert [(s.start, s.end) for s in framing.segments] == [(0, 20)]


def test_the_same_footage_gives_the_same_framing():
    seen = footage([track(pacing(0.5, 0.5, 6), 0, 20, noise=0.1), track(at(0.9), 3, 12, noise=0.1)], 0, 20)
    assert framed(seen).digest() == framed(seen).digest()


@pytest.mark.parametrize(
    ("source_aspect", "expected"), [(16 / 9, (0.3164, 1)), (9 / 16, (1, 1)), (1, (0.5625, 1)), (0.45, (1, 0.8))]
)
def test_the_crop_is_the_largest_of_its_shape(source_aspect, expected):
    assert crop_size(source_aspect, 9 / 16) == pytest.approx(expected, abs=1e-4)


def test_a_ninety_second_shot_is_framed_in_less_than_two_seconds():
    import time

    seen = Footage(
        shots=(Shot(start=0, end=90),), tracks=(track(pacing(0.5, 0.6, 11), 0, 90, noise=0.1),), engine="staged"
    )
    started = time.perf_counter()
    framed(seen, Span(start=0, end=90))
    assert time.perf_counter() - started < 2
