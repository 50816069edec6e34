"""The figures tell a good camera from a bad one."""

import pytest
from stagings import at, footage, track

from omni.contracts import CameraKey, FaceBox, Framing, Segment, Span
from omni.framing.scoring import camera_figures, containment

CUT = Span(start=10, end=20)
SEEN = footage([track(at(0.3), 0, 10, shot=0), track(at(0.7), 10, 20, shot=1)], 0, 10, 20)


def framing(*keys, layout="follow"):
    made = tuple(CameraKey(t=t, x=x, y=0.5) for t, x in keys)
    return Framing(crop_w=0.3, crop_h=1.0, segments=(Segment(start=0, end=10, layout=layout, path=made),))


def test_a_still_camera_on_the_face_is_perfect():
    figures = camera_figures(framing((0, 0.7), (10, 0.7)), CUT, SEEN, 30)
    assert (figures.containment, figures.jitter, figures.reversals_per_s) == (1.0, pytest.approx(0, abs=1e-12), 0.0)


def test_a_camera_on_the_wrong_side_holds_nothing():
    assert camera_figures(framing((0, 0.3), (10, 0.3)), CUT, SEEN, 30).containment == 0.0


def test_half_the_time_off_is_half():
    figures = camera_figures(framing((0, 0.7), (5, 0.7), (5.001, 0.3), (10, 0.3)), CUT, SEEN, 30)
    assert figures.containment == pytest.approx(0.5, abs=0.01)


def test_a_shaking_camera_jitters_and_turns():
    keys = [(n / 5, 0.7 + (0.03 if n % 2 else -0.03)) for n in range(51)]
    figures = camera_figures(framing(*keys), CUT, SEEN, 30)
    assert figures.jitter > 0.0006
    assert figures.reversals_per_s > 4


def test_the_whole_frame_holds_every_face_and_no_face_is_no_figure():
    assert camera_figures(framing(layout="fit"), CUT, SEEN, 30).containment == 1.0
    assert camera_figures(framing((0, 0.5), (10, 0.5)), CUT, footage([], 0, 20), 30).containment is None


@pytest.mark.parametrize(("x", "share"), [(0.5, 1.0), (0.3, 0.5), (0.0, 0.0)])
def test_containment_is_the_share_of_the_box(x, share):
    face = FaceBox(t=0, x=0.4, y=0.4, w=0.1, h=0.2, score=1)
    assert containment(face, (x, 0.5), (0.3, 1.0)) == pytest.approx(share)


def split(upper, lower):
    ways = [(CameraKey(t=0, x=x, y=0.4), CameraKey(t=10, x=x, y=0.4)) for x in (upper, lower)]
    segment = Segment(start=0, end=10, layout="split", path=ways[0], lower=ways[1])
    return Framing(crop_w=0.3, crop_h=1.0, segments=(segment,))


def test_both_halves_of_a_split_must_hold_their_own_face():
    two = footage([track(at(0.2), 0, 20), track(at(0.8), 0, 20)], 0, 20)
    assert camera_figures(split(0.2, 0.8), CUT, two, 30).containment == 1.0
    assert camera_figures(split(0.2, 0.5), CUT, two, 30).containment == pytest.approx(0.5, abs=0.01)
    assert camera_figures(split(0.8, 0.2), CUT, two, 30).containment == 0.0


def test_a_jump_inside_a_shot_is_counted_and_one_on_a_cut_is_not():
    steady = camera_figures(framing((0, 0.7), (10, 0.7)), CUT, SEEN, 30)
    jumping = camera_figures(framing((0, 0.7), (5, 0.7), (5.01, 0.3), (10, 0.3)), CUT, SEEN, 30)
    assert (steady.jumps, jumping.jumps) == (0, 1)

    def two(at):
        parts = [(0, at, 0.3), (at, 10, 0.7)]
        segments = tuple(
            Segment(start=a, end=b, layout="follow", path=(CameraKey(t=a, x=x, y=0.5),)) for a, b, x in parts
        )
        return Framing(crop_w=0.3, crop_h=1.0, segments=segments)

    cut = Span(start=5, end=15)
    assert camera_figures(two(5), cut, SEEN, 30).jumps == 0  # on the cut at 10 s of the source
    assert camera_figures(two(4), cut, SEEN, 30).jumps == 1
