"""The way into an editor: cuts in frames of the source, as texts that say what was meant."""

from fractions import Fraction
from pathlib import Path

import pytest
from builders import analysis, clip, source, transcript, video
from parcels import filmed, parcel, short

from omni.contracts import Evidence
from omni.packaging.editing.edl import edl
from omni.packaging.editing.fcpxml import fcpxml
from omni.packaging.editing.planning import cut_list, rate_of, remarks
from omni.ports.editing import CutList


def takes(cuts: CutList) -> list[tuple[int, int]]:
    return [(take.first, take.frames) for cut in cuts.cuts for take in cut.takes]


def test_a_short_is_one_stretch_of_its_source() -> None:
    cuts = cut_list(parcel())

    assert takes(cuts) == [(300, 600)]
    assert (cuts.reel.url, cuts.reel.rate, cuts.reel.frames) == ("file:///talks/talk.mp4", "30", 3600)


def test_a_tightened_short_is_its_pieces_in_order() -> None:
    assert takes(cut_list(parcel(short(1, (10, 14), (15, 20.5), (21, 30))))) == [
        (300, 120),
        (450, 165),
        (630, 270),
    ]


def test_frames_are_those_of_the_cameras_rate() -> None:
    cuts = cut_list(parcel(of=filmed("30000/1001")))

    assert takes(cuts) == [(300, 599)]  # 10 s are 299.7 frames, 30 s are 899.1


def test_a_camera_that_keeps_the_time_of_day_is_counted_by_its_clock() -> None:
    cuts = cut_list(parcel(of=filmed("25", "10:00:00:00")))

    assert cuts.reel.first == 900_000
    assert takes(cuts) == [(900_250, 500)]


def test_no_cut_reaches_beyond_the_source() -> None:
    cuts = cut_list(parcel(short(1, (10, 30), (119.99, 121))))

    assert takes(cuts)[-1] == (3599, 1)


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        ("30000/1001", "30000/1001"),
        ("2997/100", "30000/1001"),
        ("15", "30"),
        ("120", "60"),
        ("1500/43", "30"),
        ("24", "24"),
    ],
)
def test_an_editor_gets_a_rate_that_it_knows(rate: str, shown: str) -> None:
    assert rate_of(video(frame_rate=rate)) == Fraction(shown)


def test_a_source_of_sound_alone_has_the_rate_of_the_shorts() -> None:
    cuts = cut_list(parcel(of=source(path=Path("/a.mp3"), video=None)))

    assert (cuts.reel.rate, cuts.reel.has_picture, takes(cuts)) == ("30", False, [(300, 600)])


def test_a_rate_that_varies_is_told() -> None:
    assert "varies" in remarks(source(video=video(variable_rate=True)))[0]
    assert remarks(source()) == ()
    assert remarks(source(video=None)) == ()


def test_words_and_the_reason_are_marks() -> None:
    said = transcript(("before", 1, 2), ("one two", 10, 12), ("after", 31, 32))
    told = clip(1, 10, 30, hook="Why?", evidence=(Evidence(kind="pause", weight=-0.5, text="A long pause."),))

    marks = cut_list(parcel(transcript=said, analysis=analysis(told))).cuts[0].takes[0].marks

    assert [(m.kind, m.first, m.frames, m.text) for m in marks] == [
        ("short", 300, 1, "01 Clip 1"), ("word", 300, 30, "one"), ("word", 330, 30, "two"),
    ]  # fmt: skip
    assert marks[0].comment == "Hook: Why? / Score 80: Opens with a question. / - A long pause."


def test_a_file_that_was_sent_or_fetched_is_named_without_our_folder() -> None:
    sent = source(path=Path("/home/omni/uploads/up_1/my talk.mp4"))

    assert cut_list(parcel(of=sent), [Path("/home/omni/uploads")]).reel.url == "my%20talk.mp4"


def test_the_edl_counts_without_dropping_where_the_camera_does() -> None:
    text = edl(cut_list(parcel(short(1, (10, 14), (15, 20)))))

    assert text == (
        "TITLE: Talk\n"
        "FCM: NON-DROP FRAME\n"
        "\n"
        "001  AX       AA/V  C        00:00:10:00 00:00:14:00 01:00:00:00 01:00:04:00\n"
        "* FROM CLIP NAME: talk.mp4\n"
        "* LOC: 01:00:00:00 RED     01 Clip 1\n"
        "002  AX       AA/V  C        00:00:15:00 00:00:20:00 01:00:04:00 01:00:09:00\n"
        "* FROM CLIP NAME: talk.mp4\n"
    )


def test_the_edl_counts_drop_frame_where_the_camera_does() -> None:
    lines = edl(cut_list(parcel(of=filmed("30000/1001", "00:00:59;28")))).splitlines()

    assert lines[1] == "FCM: DROP FRAME"
    assert lines[3].endswith("00:01:10;00 00:01:29;29 01:00:00;00 01:00:19;29")


@pytest.mark.parametrize(("channels", "code"), [(None, "V"), (1, "B"), (2, "AA/V"), (6, "AA/V")])
def test_the_edl_names_the_sound(channels: int | None, code: str) -> None:
    sound = source().audio
    heard = sound.model_copy(update={"channels": channels}) if sound and channels else None

    assert f"AX       {code:<5} C" in edl(cut_list(parcel(of=source(audio=heard))))


def test_the_fcpxml_has_a_vertical_project_a_short_in_exact_fractions() -> None:
    text = fcpxml(cut_list(parcel(of=filmed("30000/1001"))))

    assert '<format id="r2" frameDuration="1001/30000s" width="1080" height="1920" />' in text
    assert '<project name="01 Clip 1">' in text
    assert 'offset="0s" start="1001/100s" duration="599599/30000s" tcFormat="NDF"' in text


@pytest.mark.parametrize("name", ["a'b\"c<&>.mp4", "..\n..\x1b.mp4", "日本 語.mp4", "x\u202ey.mp4", "-i.mp4"])
def test_no_name_breaks_out_of_its_line_or_its_attribute(name: str) -> None:
    from xml.etree.ElementTree import fromstring

    told = clip(1, 10, 30, title=f"t {name}", reason=f"r {name}")
    cuts = cut_list(parcel(of=source(path=Path("/talks") / name, title=name), analysis=analysis(told)))

    assert len(edl(cuts).splitlines()) == 6
    assert [e.tag for e in fromstring(fcpxml(cuts).encode()).iter("marker")] == ["marker"]
    assert "/" not in cuts.cuts[0].stem
