"""Where captions and title stand: beside faces and logo, moved as seldom as possible."""

from pathlib import Path

import pytest
from builders import footage, plan, setting, transcript

from omni.captions.composing import compose_captions
from omni.captions.faces import Sighting, sightings
from omni.captions.fontbook import FontBook
from omni.captions.placing import Scene, covered, place_captions
from omni.captions.sidecars import to_srt, to_vtt
from omni.checking.captions import caption_checks, lateness
from omni.contracts import Area, CameraKey, Captions, FaceBox, FaceTrack, Framing, Segment, Span

FONTS = FontBook.scan(system=())
COLUMN = Area(left=192, top=301, right=888, bottom=1235)
LOW, TOP = 1235, 392
CUT = Span(start=10, end=20)
SAID = transcript(("The best way to learn a language", 10.2, 13.0), ("is to speak it every day", 13.0, 16.0))


def face(t: float, top: int, bottom: int, left: int = 340, right: int = 740) -> Sighting:
    return Sighting(t, Area(left=left, top=top, right=right, bottom=bottom))


def faces(start: float, end: float, top: int, bottom: int) -> tuple[Sighting, ...]:
    return tuple(face(start + i * 0.2, top, bottom) for i in range(int((end - start) / 0.2)))


def bottoms(count: int, scene: Scene) -> list[int]:
    """Place ``count`` captions of two seconds."""
    spans = [Span(start=2 * i, end=2 * i + 2) for i in range(count)]
    return [place.bottom for place in place_captions(spans, [(600, 91)] * count, COLUMN, scene)]


def captions(titles: tuple[str, ...] = (), scene: Scene | None = None, **asked: object) -> Captions:
    return compose_captions(CUT, SAID, fonts=FONTS, setting=setting(titles=titles, scene=scene, **asked))


def test_without_faces_captions_stand_low() -> None:
    assert bottoms(3, Scene()) == [LOW] * 3


def test_captions_move_off_a_face_for_as_long_as_it_is_there() -> None:
    low_face = faces(0, 6, 900, 1500)

    assert max(bottoms(3, Scene(faces=low_face))) < 900


def test_one_place_serves_a_whole_shot_however_the_face_moves() -> None:
    nodding = tuple(face(i * 0.2, 800 + 60 * (i % 7), 1300 + 60 * (i % 7)) for i in range(50))
    found = bottoms(5, Scene(faces=nodding))

    assert len(set(found)) == 1


def test_one_line_and_two_share_a_line_wherever_they_stand() -> None:
    def both(scene: Scene) -> tuple[Area, Area]:
        one, two = place_captions([Span(start=0, end=2), Span(start=2, end=4)], [(600, 91), (600, 182)], COLUMN, scene)
        return one, two

    one, two = both(Scene())
    assert one.bottom == two.bottom
    one, two = both(Scene(faces=faces(0, 4, 700, 1500)))
    assert one.top == two.top < 700


def test_a_face_that_is_met_for_a_glimpse_moves_nothing() -> None:
    assert bottoms(3, Scene(faces=(face(1.95, 900, 1500), face(2.05, 900, 1500)))) == [LOW] * 3


def test_captions_return_at_a_cut() -> None:
    found = bottoms(6, Scene(faces=faces(0, 4, 900, 1500), cuts=(4.0,)))

    assert found[0] == found[1] < 900
    assert found[2:] == [LOW] * 4


def test_a_line_across_a_face_that_fills_the_picture_is_all_over_it() -> None:
    huge = Scene(faces=(face(1, 100, 1700, 0, 1080),))

    assert covered(Area(left=240, top=1144, right=840, bottom=1235), Span(start=0, end=2), huge) == 1


def test_a_logo_is_never_written_over() -> None:
    low = Area(left=716, top=1140, right=888, bottom=1248)
    (place,) = place_captions([Span(start=0, end=2)], [(600, 91)], COLUMN, Scene(logo=low))

    assert not place.overlap(low)


def test_faces_are_seen_through_the_camera_and_through_the_whole_frame() -> None:
    box = FaceBox(t=12, x=0.45, y=0.2, w=0.1, h=0.25, score=1)
    seen = footage().model_copy(update={"tracks": (FaceTrack(shot=0, boxes=(box,)),)})
    path = (CameraKey(t=0, x=0.5, y=0.5), CameraKey(t=10, x=0.5, y=0.5))

    def through(segment: Segment) -> Area:
        framing = Framing(crop_w=0.31640625, crop_h=1, segments=(segment,))
        (found,) = sightings(framing, CUT, seen, width=1080, height=1920)
        assert found.t == 2
        return found.box

    # A crop of the middle 31.6 %: a tenth of the frame is 341 of 1080 px. The whole frame stands 607 px high at 656.
    assert through(Segment(start=0, end=10, layout="follow", path=path)) == Area(
        left=369, top=384, right=711, bottom=864
    )
    assert through(Segment(start=0, end=10, layout="fit")) == Area(left=486, top=778, right=594, bottom=930)


def test_a_split_shows_each_face_in_its_half() -> None:
    boxes = (FaceBox(t=12, x=0.2, y=0.3, w=0.1, h=0.2, score=1), FaceBox(t=12, x=0.7, y=0.3, w=0.1, h=0.2, score=1))
    seen = footage().model_copy(update={"tracks": tuple(FaceTrack(shot=0, boxes=(box,)) for box in boxes)})
    segment = Segment(
        start=0, end=10, layout="split", path=(CameraKey(t=0, x=0.25, y=0.4),), lower=(CameraKey(t=0, x=0.75, y=0.4),)
    )
    framing = Framing(crop_w=0.31640625, crop_h=1, segments=(segment,))
    upper, lower = (sighting.box for sighting in sightings(framing, CUT, seen, width=1080, height=1920))

    assert (upper.left + upper.right) // 2 == (lower.left + lower.right) // 2 == 540
    assert (upper.top, upper.bottom) == (288, 672)
    assert (lower.top, lower.bottom) == (1248, 1632)


def test_faces_outside_the_crop_or_too_small_to_matter_are_none() -> None:
    boxes = (FaceBox(t=12, x=0.05, y=0.2, w=0.1, h=0.25, score=1), FaceBox(t=13, x=0.5, y=0.5, w=0.01, h=0.03, score=1))
    seen = footage().model_copy(update={"tracks": (FaceTrack(shot=0, boxes=boxes),)})
    path = (CameraKey(t=0, x=0.5, y=0.5), CameraKey(t=10, x=0.5, y=0.5))
    framing = Framing(crop_w=0.31640625, crop_h=1, segments=(Segment(start=0, end=10, layout="follow", path=path),))

    assert sightings(framing, CUT, seen, width=1080, height=1920) == ()
    assert sightings(None, CUT, seen, width=1080, height=1920) == ()


def test_a_title_stands_highest_in_lines_of_like_length() -> None:
    title = captions(("Why nobody should ever read a grammar book",)).title

    assert title is not None
    assert title.lines == ("Why nobody", "should ever read", "a grammar book")
    assert (title.start, title.end) == (0, 2.8)
    assert title.place.top == 308


def test_a_title_gives_way_to_faces_captions_and_logo() -> None:
    high_face = Scene(faces=faces(0, 10, 290, 700), logo=Area(left=65, top=288, right=281, bottom=396))
    found = captions(("Why nobody should read",), high_face)

    assert found.title is not None
    assert found.title.place.top >= 690
    assert all(
        not cue.place.overlap(found.title.place) for cue in found.cues if cue.place and cue.start < found.title.end
    )


def test_where_there_is_no_room_there_is_no_title() -> None:
    everywhere = Scene(faces=faces(0, 10, 200, 1300))

    assert captions(("Why nobody should read",), everywhere).title is None


@pytest.mark.parametrize(
    "text",
    [
        "The best way to learn a language",  # said at that very moment
        "Yes",  # too little
        "为什么",  # no font here has its letters
        "word " * 60,  # too long
        "",
    ],
)
def test_a_title_that_says_nothing_new_or_can_not_be_drawn_gives_way_to_the_next(text: str) -> None:
    assert captions((text,)).title is None
    found = captions((text, "Nobody reads it")).title
    assert found is not None
    assert found.lines == ("Nobody reads it",)


def test_a_titles_text_is_cleaned_and_loses_what_no_font_has() -> None:
    title = captions(("So \u202ehot 🔥 and\x00 it’s \u2066{\\an8} now",)).title

    assert title is not None
    assert " ".join(title.lines) == "So hot and it’s {\\an8} now"


def test_title_and_captions_have_switches_of_their_own() -> None:
    only_title = captions(("Nobody reads it",), captions=False)

    assert only_title.script is not None
    assert [line.split(",")[3] for line in only_title.script.splitlines() if line.startswith("Dialogue")] == ["title"]
    assert [cue.place for cue in only_title.cues] == [None] * len(only_title.cues)
    assert captions(captions=False).script is None


def test_the_sidecars_hold_what_is_said_and_not_the_title() -> None:
    with_title, without = captions(("Nobody reads it",)), captions()

    assert with_title.title is not None
    assert to_srt(with_title.cues) == to_srt(without.cues)
    assert "Nobody" not in to_vtt(with_title.cues)


def test_words_are_highlighted_when_they_are_said_and_a_shift_is_found() -> None:
    words = list(SAID.words)
    found = captions()
    late = Captions(
        cues=tuple(
            cue.model_copy(
                update={
                    "lines": tuple(
                        tuple(w.model_copy(update={"start": w.start + 0.2, "end": w.end + 0.2}) for w in line)
                        for line in cue.lines
                    )
                }
            )
            for cue in found.cues
        )
    )

    assert max(lateness(found, words, CUT)) <= 0.006
    assert min(lateness(late, words, CUT)) >= 0.19
    verdicts = {c.name: c.passed for c in caption_checks(plan(cut=CUT, captions=late), words, footage())}
    assert verdicts["caption timing"] is False
    assert lateness(Captions(cues=found.cues[:1]), words, CUT)[-1] == float("inf")


def test_a_caption_over_a_face_is_found_only_where_there_was_room() -> None:
    path = (CameraKey(t=0, x=0.5, y=0.5), CameraKey(t=10, x=0.5, y=0.5))
    framing = Framing(crop_w=0.31640625, crop_h=1, segments=(Segment(start=0, end=10, layout="follow", path=path),))

    def verdict(y: float, h: float) -> bool | None:
        boxes = tuple(FaceBox(t=10 + i / 5, x=0.42, y=y, w=0.16, h=h, score=1) for i in range(50))
        seen = footage().model_copy(update={"tracks": (FaceTrack(shot=0, boxes=boxes),)})
        made = plan(cut=CUT, framing=framing, captions=captions())
        return {c.name: c.passed for c in caption_checks(made, list(SAID.words), seen)}["captions beside the face"]

    assert verdict(0.2, 0.2) is True
    assert verdict(0.5, 0.2) is False
    assert verdict(0.05, 0.9) is None


def test_the_briefs_styles_are_told_apart_in_the_script() -> None:
    scripts = {name: captions(caption_style=name).script or "" for name in ("bold", "marker", "pop", "subtitle")}

    assert r"\rmarker-block" in scripts["marker"]
    assert r"\alpha&HFF&" in scripts["pop"]
    assert ",4,0,18," in scripts["subtitle"]
    assert Path("bold").name in scripts["bold"]
