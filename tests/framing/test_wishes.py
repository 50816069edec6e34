"""A layout that was asked for is given wherever the picture allows it, and its refusal is told."""

import pytest
from builders import analysis, brief, clip, transcript
from pydantic import ValidationError
from stagings import at, footage, source, track

from omni.contracts import Brief, Span
from omni.encoding.planning import Dress, Material, plan_clips
from omni.encoding.rendering import layouts_of
from omni.framing.camera import frame_clip
from omni.wiring import wire

CUT = Span(start=0, end=20)
ONE = [track(at(0.3), 0, 20)]
TWO = [track(at(0.2), 0, 20), track(at(0.8), 0, 20)]


def framed(tracks, wish, *edges):
    framing = frame_clip(CUT, source(), footage(tracks, *(edges or (0, 20))), wish=wish)
    assert framing is not None
    return framing


@pytest.mark.parametrize("tracks", [[], ONE, TWO], ids=["nobody", "one", "two"])
@pytest.mark.parametrize("wish", ["follow", "fit"])
def test_follow_and_fit_are_always_to_be_had(tracks, wish):
    framing = framed(tracks, wish)
    assert [s.layout for s in framing.segments] == [wish]
    assert framing.warnings == ()


def test_a_split_is_to_be_had_where_two_faces_are_and_the_other_shots_keep_their_own_layout():
    tracks = [*TWO, track(at(0.3), 20, 40, shot=1)]
    cut = Span(start=0, end=40)
    framing = frame_clip(cut, source(), footage(tracks, 0, 20, 40, 60), wish="split")
    assert framing is not None
    assert [s.layout for s in framing.segments] == ["split", "follow"]


@pytest.mark.parametrize("tracks", [[], ONE], ids=["nobody", "one"])
def test_a_split_without_two_faces_is_refused_and_told(tracks):
    framing = framed(tracks, "split")
    assert "split" not in [s.layout for s in framing.segments]
    assert "no shot has two faces" in framing.warnings[0]


def test_a_wish_for_one_clip_changes_the_plan_of_that_clip_only():
    people = [track(at(x), 0, 120) for x in (0.2, 0.8)]
    material = Material(source(), transcript(), footage(people, 0, 120))
    chosen = analysis(clip(1, 0, 20), clip(2, 20, 40), clip(3, 40, 60))

    def plans(asked: Brief):
        dress = Dress(wire().look(asked), wire().fonts)
        return plan_clips(material, chosen, asked, dress=dress)

    before, after = plans(brief()), plans(brief(layouts={"2": "fit"}))
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]
    assert [span.layout for span in layouts_of(after[1])] == ["fit"]


def test_the_wish_for_a_clip_goes_before_the_one_for_all():
    asked = brief(layout="fit", layouts={"2": "auto", "4": "split"})
    assert [asked.layout_of(n) for n in (1, 2, 3, 4)] == ["fit", "auto", "fit", "split"]


def test_the_same_wishes_in_another_order_are_the_same_brief():
    assert brief(layouts={"3": "fit", "2": "split"}).digest() == brief(layouts={"2": "split", "3": "fit"}).digest()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"layouts": {"first": "fit"}}, "first is no clip; name clips by number, 1 to 20"),
        ({"layouts": {"0": "fit", "21": "fit"}}, "0, 21 is no clip"),
        ({"layouts": {"2": "zoom"}}, "'auto', 'follow', 'fit' or 'split'"),
        ({"layout": "zoom"}, "'auto', 'follow', 'fit' or 'split'"),
    ],
)
def test_a_wish_that_cannot_be_is_told_clearly(asked, told):
    with pytest.raises(ValidationError) as refused:
        Brief.model_validate(asked)
    assert told in str(refused.value)


def test_another_look_is_the_same_request_for_moments_and_posts():
    plain, dressed = brief(clips=3), brief(clips=3, layout="fit", layouts={"2": "split"})
    assert dressed.editorial() == plain
    assert dressed.digest() != plain.digest()
