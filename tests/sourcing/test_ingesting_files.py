"""ingest tells the truth about every made file, or refuses it by its cause."""

from pathlib import Path

import pytest
from media import MAKERS, make

import omni.errors
from omni.contracts import Source
from omni.sourcing.ingesting import ingest
from omni.wiring import wire

pytestmark = pytest.mark.ffmpeg


def opened(path: Path) -> Source:
    workshop = wire()
    return ingest(path, workshop.prober, workshop.limits)


@pytest.mark.parametrize("name", MAKERS)
def test_a_made_file_is_what_its_maker_says(name: str, ffmpeg: str, made: Path) -> None:
    file = make(name, ffmpeg, made)
    truth = file.truth
    if truth.error:
        with pytest.raises(getattr(omni.errors, truth.error)):
            opened(file.path)
        return

    source = opened(file.path)

    assert source.duration == pytest.approx(truth.duration, abs=truth.tolerance)
    assert source.audio_tracks == truth.audio_tracks
    assert len(source.subtitles) == len(truth.subtitles)
    if truth.width is None:
        assert source.video is None
        return
    assert source.video is not None
    video = source.video
    assert (video.width, video.height) == (truth.width, truth.height)
    assert (video.sample_aspect, video.bit_depth, video.hdr) == (truth.sample_aspect, truth.bit_depth, truth.hdr)
    assert (video.rotation, video.interlaced, video.variable_rate) == (
        truth.rotation, truth.interlaced, truth.variable_rate,
    )  # fmt: skip
    if truth.rate and not truth.variable_rate:
        assert video.frame_rate == truth.rate


@pytest.mark.parametrize(("name", "error"), [("playlist", "SourceUnreadable"), ("concat_list", "SourceUnreadable")])
def test_a_playlist_under_a_false_name_reads_no_other_file(name: str, error: str, ffmpeg: str, made: Path) -> None:
    with pytest.raises(getattr(omni.errors, error)):
        opened(make(name, ffmpeg, made).path)


@pytest.mark.footage
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("empty.mp4", "SourceEmpty"),
        ("playlist.mp4", "SourceUnreadable"),
        ("mov_text.mp4", "SourceTooShort"),
        ("h264-png.mp4", "SourceTooShort"),
        ("no_duration.webm", 4.94),
        ("truncated.mp4", 3.45),
        ("art-critic.mp4", 13.62),
        ("smartphone.mp3", 177.7),
    ],
)
def test_real_footage_is_opened_or_refused(name: str, outcome: str | float, footage: Path) -> None:
    if isinstance(outcome, str):
        with pytest.raises(getattr(omni.errors, outcome)):
            opened(footage / name)
    else:
        assert opened(footage / name).duration == pytest.approx(outcome, abs=0.1)
