"""One plan becomes one checked Short, with at most one repair."""

from pathlib import Path

import pytest
from builders import audio, cue, plan, source
from fakes.ffmpeg import GOOD, FakeMedia

from omni.contracts import Captions, Span
from omni.encoding.rendering import is_intact, render_short
from omni.errors import MediaToolFailed
from omni.ports.media import Stillness

QUIET = GOOD.model_copy(update={"integrated_lufs": -16.5})
LOUD_PEAK = GOOD.model_copy(update={"true_peak_dbtp": -0.2})


def test_a_good_take_is_kept_and_every_gate_is_told(tmp_path: Path) -> None:
    media = FakeMedia()

    short = render_short(source(), plan(), tmp_path, media=media)

    assert len(media.gains) == 1
    assert short.usable
    assert short.warnings == ()
    assert all(check.passed for check in short.checks)
    assert is_intact(short)


def test_a_quiet_take_is_repaired_once_with_the_missing_gain(tmp_path: Path) -> None:
    media = FakeMedia(takes=(QUIET, GOOD))

    short = render_short(source(), plan(), tmp_path, media=media)

    assert media.gains == [10.0, 12.5]
    assert all(check.passed for check in short.checks)
    assert not (tmp_path / "repair.mp4").exists()
    assert (tmp_path / "short.mp4").read_text().endswith("12.5")


def test_a_peak_over_the_bar_lowers_the_ceiling(tmp_path: Path) -> None:
    media = FakeMedia(takes=(LOUD_PEAK, GOOD))

    render_short(source(), plan(), tmp_path, media=media)

    assert [(mix.gain_db, mix.ceiling_dbfs) for mix in media.mixes] == [(10.0, -2.0), (10.0, -3.1)]


def test_a_repair_that_mends_one_gate_and_breaks_another_is_dropped(tmp_path: Path) -> None:
    """Two failures became one, but a new one: nobody asked for that trade."""
    both = QUIET.model_copy(update={"true_peak_dbtp": -0.2})
    broken = GOOD.model_copy(update={"audio_duration": 19.0})
    media = FakeMedia(takes=(both, broken))

    short = render_short(source(), plan(), tmp_path, media=media)

    assert len(media.mixes) == 2
    assert {c.name for c in short.checks if c.passed is False} == {"loudness", "true peak"}
    assert (tmp_path / "short.mp4").read_text().endswith("10.0")


def test_a_fault_that_no_mix_can_mend_gets_no_second_take(tmp_path: Path) -> None:
    media = FakeMedia(takes=(GOOD.model_copy(update={"fps": 25.0}),))

    render_short(source(), plan(), tmp_path, media=media)

    assert len(media.mixes) == 1


def test_a_repair_that_is_not_better_is_dropped_and_the_gate_is_marked(tmp_path: Path) -> None:
    media = FakeMedia(takes=(QUIET, QUIET))

    short = render_short(source(), plan(), tmp_path, media=media)

    assert (tmp_path / "short.mp4").read_text().endswith("10.0")
    assert short.usable
    assert short.warnings == ("Short 1: its loudness is -16.5 LUFS (good: -14 ± 1 LUFS).",)


def test_frames_frozen_only_by_us_make_a_short_unusable(tmp_path: Path) -> None:
    frozen = GOOD.model_copy(update={"stillness": Stillness(frozen=(Span(start=3, end=6),))})

    assert not render_short(source(), plan(), tmp_path, media=FakeMedia(takes=(frozen,))).usable


def test_frames_frozen_in_the_source_too_are_no_fault(tmp_path: Path) -> None:
    frozen = GOOD.model_copy(update={"stillness": Stillness(frozen=(Span(start=3, end=6),))})
    media = FakeMedia(takes=(frozen,), still=Stillness(frozen=(Span(start=2.9, end=6.1),)))

    assert render_short(source(), plan(), tmp_path, media=media).usable


def test_frames_frozen_in_the_source_are_looked_for_where_a_tightened_short_shows_them(tmp_path: Path) -> None:
    """The source stands still from 20 to 26, in the cut from 10 to 16; five seconds before it are left out."""
    frozen = GOOD.model_copy(
        update={"stillness": Stillness(frozen=(Span(start=5, end=11),)), "video_duration": 15.0, "audio_duration": 15.0}
    )
    media = FakeMedia(takes=(frozen,), still=Stillness(frozen=(Span(start=10, end=16),)))
    tight = plan(kept=(Span(start=10, end=13), Span(start=18, end=30)))

    assert render_short(source(), tight, tmp_path, media=media).usable
    assert not render_short(source(), plan(), tmp_path, media=media).usable


def test_a_crash_leaves_no_file_under_a_final_name(tmp_path: Path) -> None:
    with pytest.raises(MediaToolFailed):
        render_short(source(), plan(), tmp_path, media=FakeMedia(crashes=1))

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".short.mp4.123-0.part").write_text("half")

    render_short(source(), plan(), tmp_path, media=FakeMedia())

    assert not list(tmp_path.glob(".*"))


def test_the_sidecars_say_what_the_cues_say(tmp_path: Path) -> None:
    captions = Captions(cues=(cue("So why did", 0.2, 1.0), cue("the box win?", 1.0, 2.0)))

    short = render_short(source(audio=audio()), plan(captions=captions), tmp_path, media=FakeMedia())

    assert "So why did" in short.srt.path.read_text()
    assert "the box win?" in short.vtt.path.read_text()


def test_a_changed_file_is_not_intact(tmp_path: Path) -> None:
    short = render_short(source(), plan(), tmp_path, media=FakeMedia())
    short.poster.path.write_text("other")

    assert not is_intact(short)
