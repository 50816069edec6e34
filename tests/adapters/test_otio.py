"""Files for editors through the real OpenTimelineIO: what is written is what is read."""

import json
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from builders import source, transcript, video
from parcels import filmed, parcel, short

from omni.adapters.otio import OtioTimelines
from omni.contracts import Source
from omni.errors import EditFileUnusable
from omni.packaging.editing.files import edit_files
from omni.packaging.editing.planning import USUAL_RATES
from omni.ports.editing import Interchange
from omni.timecode import frame_of, smpte

SOURCES = {
    **{str(rate): filmed(str(rate)) for rate in USUAL_RATES},
    "drop-frame": filmed("30000/1001", "09:59:59;29"),
    "drop-frame at 59.94": filmed("60000/1001", "01:00:00;00"),
    "time of day": filmed("24000/1001", "23:00:00:00"),
    "varies": source(path=Path("/t.mp4"), video=video(variable_rate=True, frame_rate="1500/43")),
    "sound alone": source(path=Path("/t.mp3"), video=None),
    "silent": source(path=Path("/t.mp4"), audio=None),
    "odd name": source(path=Path("/a'b\"<&>\n日本/..\n'.mp4"), title="'\"<&>\n]]>"),
}


class ShortSighted(OtioTimelines):
    """Reads one kind of file wrongly."""

    def __init__(self, kind: Interchange, *, fails: bool) -> None:
        self.kind, self.fails = kind, fails

    def takes_in(self, text: str, kind: Interchange, fps: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
        if kind != self.kind:
            return super().takes_in(text, kind, fps)
        if self.fails:
            raise EditFileUnusable(kind=kind, reason="broken")
        return tuple((start + 1, length) for start, length in super().takes_in(text, kind, fps))


@pytest.mark.parametrize("of", SOURCES.values(), ids=SOURCES)
def test_every_file_reads_back_as_it_was_meant(of: Source) -> None:
    made = parcel(short(1, (10.01, 14.2), (15, 20)), short(2, cut=(3599 / 30, 120)), of=of)

    files, told = edit_files(made, OtioTimelines())

    assert list(files) == ["job.otio", "job.fcpxml", "job.edl", "01-clip-1.otio", "02-clip-2.otio"]
    assert [warning for warning in told if "missing" in warning] == []


def test_a_time_line_has_true_rates_marks_and_a_source_to_find_again() -> None:
    said = transcript(("one two", 10, 12))
    files, _ = edit_files(parcel(transcript=said, of=filmed("30000/1001", "01:00:00:00")), OtioTimelines())

    read = otio.adapters.read_from_string(files["01-clip-1.otio"], "otio_json")
    picture, sound = read.tracks
    (shown,), (heard,) = picture, sound
    clock = shown.media_reference.available_range.start_time

    assert [picture.kind, sound.kind] == ["Video", "Audio"]
    assert (shown.source_range.start_time.value, shown.source_range.start_time.rate) == (108_300, 30000 / 1001)
    assert heard.source_range == shown.source_range
    assert otio.opentime.to_timecode(clock, clock.rate, drop_frame=False) == "01:00:00:00"
    assert shown.media_reference.target_url == "file:///talks/talk.mp4"
    assert [marker.name for marker in shown.markers] == ["01 Clip 1", "one", "two"]
    assert list(heard.markers) == []


def test_the_same_job_gives_the_same_bytes() -> None:
    once, again = (edit_files(parcel(), OtioTimelines())[0] for _ in range(2))

    assert once == again
    assert json.loads(once["job.otio"])["OTIO_SCHEMA"] == "Timeline.1"


@pytest.mark.parametrize(("rate", "clock"), [("60", "23:59:50:00"), ("30000/1001", "23:59:50;00")])
def test_a_list_goes_on_after_midnight_as_the_cameras_clock_does(rate: str, clock: str) -> None:
    files, told = edit_files(parcel(of=filmed(rate, clock)), OtioTimelines())

    assert told == ()
    assert {"job.otio", "job.fcpxml"} < set(files)
    assert " 00:00:00" in files["job.edl"]


@pytest.mark.parametrize("fails", [True, False], ids=["unreadable", "other times"])
@pytest.mark.parametrize("kind", ["otio", "fcpxml", "edl"])
def test_a_file_that_reads_otherwise_is_left_out_with_a_warning(kind: Interchange, *, fails: bool) -> None:
    files, told = edit_files(parcel(), ShortSighted(kind, fails=fails))

    assert not any(name.endswith(kind) for name in files)
    assert f"edit/job.{kind} is missing" in " ".join(told)
    assert {name.rpartition(".")[2] for name in files} == {"otio", "fcpxml", "edl"} - {kind}


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(60000, 1001)])
def test_our_drop_frame_clock_is_opentimelineios(rate: Fraction) -> None:
    counted = round(rate) * 600
    frames = {
        *range(0, 2 * counted, 97),
        *range(round(rate) * 60 - 5, round(rate) * 60 + 5),
        counted * 6,
        counted * 143,
    }

    for frame in frames:
        told = smpte(frame, rate, drop_frame=True)
        assert told == otio.opentime.to_timecode(otio.opentime.RationalTime(frame, float(rate)), float(rate), True)
        assert frame_of(told, rate) == frame
        assert frame_of(smpte(frame, rate), rate) == frame


def test_what_is_no_time_line_is_refused_as_unreadable() -> None:
    with pytest.raises(EditFileUnusable, match="fcpxml"):
        OtioTimelines().takes_in("<fcpxml><event", "fcpxml", Fraction(25))
