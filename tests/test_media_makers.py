"""The makers of test media are checked through PyAV, so that other tests may believe their truth."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import imageio_ffmpeg
import media
import numpy as np
import pytest

pytestmark = pytest.mark.ffmpeg

FAULTY = ("cut_off_mp4", "cut_off_mkv", "damaged")
"""Opens, but not every frame comes out."""

READABLE = [n for n in media.MAKERS if n not in ("no_index", "empty", "text", "image", "playlist", "concat_list")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


def made(name: str, folder: Path) -> media.MadeVideo:
    return media.make(name, imageio_ffmpeg.get_ffmpeg_exe(), folder)


def opened(path: Path) -> "av.container.InputContainer":
    return av.open(f"file:{path}", metadata_errors="replace")


def pictures(container: "av.container.InputContainer") -> list["av.VideoStream"]:
    return [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]


def spans(path: Path) -> dict[str, tuple[float, float]]:
    """First and last presentation time of the packets of each kind of stream, in seconds."""
    found: dict[str, tuple[float, float]] = {}
    with opened(path) as container:
        for packet in container.demux(pictures(container) + list(container.streams.audio[:1])):
            if packet.pts is None:
                continue
            at = float(packet.pts * packet.time_base)
            end = at + float((packet.duration or 0) * packet.time_base)
            low, high = found.get(packet.stream.type, (at, end))
            found[packet.stream.type] = (min(low, at), max(high, end))
    return found


@pytest.mark.parametrize("name", READABLE)
def test_streams_and_their_times_are_as_told(name: str, folder: Path) -> None:
    path, truth = made(name, folder).path, made(name, folder).truth
    with opened(path) as container:
        video, audio = pictures(container), container.streams.audio
        assert len(video) == (truth.width is not None)
        assert len(audio) == truth.audio_tracks
        assert tuple(s.codec_context.codec.canonical_name for s in container.streams.subtitles) == truth.subtitles
        if audio:
            assert {s.codec_context.channels for s in audio} == {truth.channels}
        if video:
            assert_picture(video[0], truth)
    found = spans(path)
    assert ("video" in found, "audio" in found) == (truth.width is not None, truth.audio_tracks > 0)
    start = min(low for low, _ in found.values())
    assert max(high for _, high in found.values()) - start == pytest.approx(truth.duration, abs=truth.tolerance)
    for kind, expected in (("video", truth.video_start), ("audio", truth.audio_start)):
        if kind in found:
            assert found[kind][0] == pytest.approx(expected or 0.0, abs=0.06), kind


def assert_picture(stream: "av.VideoStream", truth: media.Truth) -> None:
    context = stream.codec_context
    pixel = context.sample_aspect_ratio or Fraction(1)
    wide, high = round(context.width * pixel), context.height
    assert (truth.width, truth.height) == ((high, wide) if truth.rotation in (90, 270) else (wide, high))
    assert pixel == Fraction(truth.sample_aspect.replace(":", "/"))
    assert context.name == truth.codec
    assert context.format.components[0].bits == truth.bit_depth
    assert {16: "pq", 18: "hlg"}.get(int(context.color_trc)) == truth.hdr
    if truth.rate is not None:
        assert float(stream.average_rate or 0) == pytest.approx(float(Fraction(truth.rate)), rel=2e-3)


@pytest.mark.parametrize("name", [n for n in READABLE if n not in FAULTY])
def test_the_first_picture_can_be_decoded(name: str, folder: Path) -> None:
    with opened(made(name, folder).path) as container:
        for stream in pictures(container):
            frame = next(container.decode(stream))
            assert np.ptp(frame.to_ndarray(format="rgb24")) > 100
            assert frame.interlaced_frame == made(name, folder).truth.interlaced


@pytest.mark.parametrize("name", ["no_index", "empty", "text"])
def test_an_unreadable_file_does_not_open(name: str, folder: Path) -> None:
    assert made(name, folder).truth.error is not None
    with pytest.raises(av.FFmpegError):
        opened(made(name, folder).path)


@pytest.mark.parametrize(("name", "demuxer"), [("playlist", "hls"), ("concat_list", "concat")])
def test_a_list_under_a_false_name_leads_to_another_file(name: str, demuxer: str, folder: Path) -> None:
    """Otherwise a refusal would prove nothing. FFmpeg 5.1 opens the playlist by itself, later ones when told to."""
    lax = {"hls": {"extension_picky": "0", "allowed_extensions": "ALL"}, "concat": {"safe": "0"}}[demuxer]
    with av.open(str(made(name, folder).path), format=demuxer, options=lax) as container:
        assert next(container.decode(video=0)).width == 320


@pytest.mark.parametrize(("name", "degrees"), [("rotated_90", 90), ("rotated_180", 180), ("rotated_270", 270)])
def test_a_turned_picture_is_upright_after_its_rotation(name: str, degrees: int, folder: Path) -> None:
    with opened(made(name, folder).path) as container:
        frame = next(container.decode(video=0))
        assert frame.rotation % 360 == -degrees % 360  # FFmpeg counts counter-clockwise
        upright = np.rot90(frame.to_ndarray(format="rgb24"), -degrees // 90)
    red, blue = upright[10:30, 10:30].mean(axis=(0, 1)), upright[-30:-10, -30:-10].mean(axis=(0, 1))
    assert red[0] > 180
    assert red[2] < 80
    assert blue[2] > 180
    assert blue[0] < 80


@pytest.mark.parametrize("name", ["variable_rate_mp4", "variable_rate_mkv"])
def test_a_variable_rate_has_two_frame_distances(name: str, folder: Path) -> None:
    with opened(made(name, folder).path) as container:
        times = [frame.time for frame in container.decode(video=0)]
    gaps = np.diff(times)
    assert len(times) == 120
    assert gaps[:80] == pytest.approx(1 / 30, abs=0.002)
    assert gaps[-25:] == pytest.approx(0.1, abs=0.002)


def test_cuts_are_where_the_picture_changes_most(folder: Path) -> None:
    with opened(made("cuts", folder).path) as container:
        small = [frame.to_ndarray(format="gray")[::4, ::4].astype(float) for frame in container.decode(video=0)]
    change = np.array([np.abs(b - a).mean() for a, b in pairwise(small)])
    assert len(small) == 300
    assert sorted((np.argsort(change)[-4:] + 1) / 25) == pytest.approx(media.CUTS)
    assert np.sort(change)[-5] > 0.2  # the scenes themselves move


def test_flashes_and_tones_coincide(folder: Path) -> None:
    path = made("sync", folder).path
    with opened(path) as container:
        light = [(f.time, f.to_ndarray(format="gray").mean()) for f in container.decode(video=0)]
    flashes = [t for i, (t, level) in enumerate(light) if level > 230 and (i == 0 or light[i - 1][1] < 200)]
    with opened(path) as container:
        blocks = [(f.time, f.to_ndarray()[0]) for f in container.decode(audio=0)]
    start, sound = blocks[0][0], np.abs(np.concatenate([b for _, b in blocks]))
    loud = start + np.flatnonzero(sound > 0.2) / 48_000
    tones = [float(loud[0]), *(float(b) for a, b in pairwise(loud) if b - a > 0.5)]
    assert flashes == pytest.approx(media.BEATS, abs=0.001)
    assert tones == pytest.approx(media.BEATS, abs=0.005)


@pytest.mark.parametrize("name", ["long_claim_mkv", "cut_off_mp4", "cut_off_mkv"])
def test_a_lying_header_tells_its_lie(name: str, folder: Path) -> None:
    with opened(made(name, folder).path) as container:
        assert (container.duration or 0) / av.time_base == pytest.approx(made(name, folder).truth.claimed, abs=0.1)


def test_only_the_named_track_speaks(folder: Path) -> None:
    for name in ("two_tracks", "silent_audio"):
        truth = made(name, folder).truth
        for track in range(truth.audio_tracks):
            with opened(made(name, folder).path) as container:
                stream = container.streams.audio[track]
                level = max(np.abs(f.to_ndarray()).max() for f in container.decode(stream))
                assert (level > 0.05) == (track == truth.spoken_track)
                if track == truth.spoken_track:
                    assert stream.language == truth.language


def test_every_promise_of_the_registry_is_documented(folder: Path) -> None:
    assert all(maker.__doc__ for maker in media.MAKERS.values())
    assert made("plain", folder) is made("plain", folder)
