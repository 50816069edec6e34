"""What is decided about a probed file, without opening one."""

import os
from pathlib import Path

import pytest
from builders import video

from omni.contracts import SubtitleStream
from omni.errors import (
    BriefUnusable,
    SourceEmpty,
    SourceNotFound,
    SourceTooLarge,
    SourceTooLong,
    SourceTooShort,
    SourceUnreadable,
)
from omni.ports import AudioTrack, Probe
from omni.sourcing.ingesting import Limits, choose_track, ingest, logo_reference, readable_title

LIMITS = Limits(max_seconds=3600, max_bytes=1000)


def track(index: int, *, default: bool = False, peak: float | None = None, language: str | None = None) -> AudioTrack:
    return AudioTrack(
        index=index, codec="aac", sample_rate=48000, channels=2, language=language, is_default=default, peak_dbfs=peak
    )


def probe(**changes: object) -> Probe:
    facts: dict[str, object] = {
        "container": "mov,mp4", "header_duration": 60.0, "pictures": (video(),), "tracks": (track(1),),
        "subtitles": (), "picture_end": 60.0, "sound_end": 60.0,
    }  # fmt: skip
    return Probe.model_validate(facts | changes)


class FixedProber:
    def __init__(self, found: Probe) -> None:
        self.found = found

    def probe(self, path: Path) -> Probe:
        return self.found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my_talk-final.mp4"
    path.write_bytes(b"data")
    return path


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"picture_end": 2.9}, SourceTooShort),
        ({"picture_end": 3601.0}, SourceTooLong),
        ({"pictures": (), "tracks": ()}, SourceUnreadable),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_cause(file: Path, changes: dict[str, object], error: type) -> None:
    with pytest.raises(error):
        ingest(file, FixedProber(probe(**changes)), LIMITS)


def test_a_missing_an_empty_and_a_huge_file_are_told_apart(tmp_path: Path, file: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    huge = tmp_path / "huge.mp4"
    huge.write_bytes(b"x" * 1001)

    with pytest.raises(SourceNotFound):
        ingest(tmp_path / "none.mp4", FixedProber(probe()), LIMITS)
    with pytest.raises(SourceNotFound):
        ingest(tmp_path, FixedProber(probe()), LIMITS)
    with pytest.raises(SourceEmpty):
        ingest(empty, FixedProber(probe()), LIMITS)
    with pytest.raises(SourceTooLarge):
        ingest(huge, FixedProber(probe()), LIMITS)


def test_an_error_says_what_happened_and_what_to_do() -> None:
    error = SourceTooLong(path="talk.mp4", duration=9000.0, limit=3600.0)

    assert error.cause == "talk.mp4 lasts 9000 s; the limit is 3600 s."
    assert "OMNI_MAX_SOURCE_SECONDS" in error.next_step


def test_a_plain_file_has_nothing_to_report(file: Path) -> None:
    source = ingest(file, FixedProber(probe()), LIMITS)

    assert source.title == "my talk final"
    assert source.warnings == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pictures": (video(rotation=90),)}, "turned upright"),
        ({"pictures": (video(sample_aspect="4:3"),)}, "not square"),
        ({"pictures": (video(variable_rate=True),)}, "frame rate varies"),
        ({"pictures": (video(interlaced=True),)}, "interlaced"),
        ({"pictures": (video(hdr="pq", primaries="bt2020"),)}, "tone-mapped to BT.709"),
        ({"pictures": (video(hdr="hlg", primaries=None),)}, "BT.2020 is assumed"),
        ({"pictures": (video(bit_depth=10, transfer="bt709"),)}, "10 bits a channel; the Shorts have 8."),
        ({"pictures": (video(bit_depth=10),)}, "no colour tags: it is taken for BT.709"),
        ({"pictures": (video(primaries="bt2020"),)}, "those of BT.2020; they are converted"),
        ({"pictures": (video(width=320, height=240),)}, "small"),
        ({"pictures": (), "picture_end": 0.0}, "no picture"),
        ({"tracks": ()}, "no sound"),
        ({"tracks": (track(1), track(2, default=True, language="fra"))}, "2 audio tracks; stream 2 (fra) is used"),
        ({"header_duration": 200000.0}, "claims 200000 s, but only 60 s"),
        ({"sound_end": 30.0}, "sound ends after 30 s"),
    ],
)
def test_what_is_unusual_is_told(file: Path, changes: dict[str, object], said: str) -> None:
    warnings = ingest(file, FixedProber(probe(**changes)), LIMITS).warnings

    assert len(warnings) == 1
    assert said in warnings[0]


@pytest.mark.parametrize(
    ("tracks", "chosen"),
    [
        ((), None),
        ((track(1), track(2)), 1),
        ((track(1, peak=-3), track(2, default=True, peak=-6)), 2),
        ((track(1, default=True, peak=-120), track(2, peak=-6)), 2),
        ((track(1, default=True, peak=-120), track(2, peak=-120)), 1),
    ],
)
def test_the_default_track_is_used_unless_it_is_silent(tracks: tuple[AudioTrack, ...], chosen: int | None) -> None:
    found = choose_track(tracks)

    assert (found.index if found else None) == chosen


def test_the_largest_picture_is_used(file: Path) -> None:
    pictures = (video(index=0, width=320, height=180), video(index=2, width=1920, height=1080))

    source = ingest(file, FixedProber(probe(pictures=pictures)), LIMITS)

    assert source.video is not None
    assert source.video.index == 2


@pytest.mark.parametrize("name", ["my_talk-final.srt", "my_talk-final.vtt", "my_talk-final.en.srt"])
def test_subtitles_beside_the_file_are_found(file: Path, name: str) -> None:
    (file.parent / name).write_text("1\n")

    source = ingest(file, FixedProber(probe(subtitles=(SubtitleStream(index=3, codec="subrip"),))), LIMITS)

    assert source.sidecar is not None
    assert source.sidecar.path.name == name


def test_another_files_subtitles_are_not(file: Path) -> None:
    (file.parent / "my_talk-final-2.srt").write_text("1\n")

    assert ingest(file, FixedProber(probe()), LIMITS).sidecar is None


@pytest.mark.parametrize(
    ("name", "title"),
    [("a_b-c.mp4", "a b c"), ("tab\there.mp4", "tab here"), ("🎬.mp4", "🎬"), ("---.mp4", "Untitled")],
)
def test_a_title_is_readable(name: str, title: str) -> None:
    assert readable_title(Path(name)) == title


def test_a_logo_must_be_a_png(tmp_path: Path) -> None:
    fake = tmp_path / "logo.png"
    fake.write_text("<svg/>")

    with pytest.raises(BriefUnusable, match="not a PNG"):
        logo_reference(fake)
    with pytest.raises(BriefUnusable, match="no file"):
        logo_reference(tmp_path / "none.png")
    assert logo_reference(None) is None


def test_subtitles_that_lead_out_of_the_roots_are_not_subtitles(tmp_path: Path) -> None:
    (root := tmp_path / "root").mkdir()
    (root / "talk.mp4").write_bytes(b"x")
    (secret := tmp_path / "secret.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nsecret\n")
    (root / "talk.srt").symlink_to(secret)
    limits = Limits(LIMITS.max_seconds, LIMITS.max_bytes, roots=(root,))

    assert ingest(root / "talk.mp4", FixedProber(probe()), limits).sidecar is None
    assert ingest(root / "talk.mp4", FixedProber(probe()), LIMITS).sidecar is not None


@pytest.mark.parametrize("name", ["circle.mp4", "a\0b.mp4", "x" * 300, "~nobody-of-this-name/talk.mp4"])
def test_a_name_that_leads_nowhere_is_no_file(name: str, tmp_path: Path) -> None:
    (tmp_path / "circle.mp4").symlink_to("circle.mp4")
    path = Path(name) if name.startswith("~") else tmp_path / name

    with pytest.raises(SourceNotFound):
        ingest(path, FixedProber(probe()), LIMITS)


def test_a_name_that_is_not_text_is_refused_before_anyone_has_to_write_it(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    path.write_bytes(b"x")

    with pytest.raises(SourceUnreadable, match="rename") as refused:
        ingest(path, FixedProber(probe()), LIMITS)
    assert str(refused.value).encode()


def test_a_folder_that_can_not_be_listed_still_gives_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> None:
        raise PermissionError

    (tmp_path / "talk.mp4").write_bytes(b"x")
    (tmp_path / "talk.srt").write_text("1")
    monkeypatch.setattr(Path, "iterdir", refused)

    assert ingest(tmp_path / "talk.mp4", FixedProber(probe()), LIMITS).sidecar is not None
