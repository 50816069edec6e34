"""Whatever opens a source for decoding checks again where it lies: a path that was fine can have been swapped since."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import plan, source
from media import TALK

from omni.contracts import Area, Brief, FileRef, Logo, Span, SubtitleStream
from omni.errors import BriefUnusable, OmniError, SourceNotFound
from omni.ports import Media
from omni.ports.media import Mix
from omni.settings import Settings
from omni.wiring import Workshop

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (64).to_bytes(4) * 2


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A root and a folder outside it; ``talk.mp4`` of the root was swapped for a link that leads out."""
    for folder in ("media", "outside"):
        (tmp_path / folder).mkdir()
        shutil.copy(TALK, tmp_path / folder / "own.mp4")
        (tmp_path / folder / "logo.png").write_bytes(PNG)
    (tmp_path / "media" / "talk.mp4").symlink_to(tmp_path / "outside" / "own.mp4")
    (tmp_path / "media" / "swapped.png").symlink_to(tmp_path / "outside" / "logo.png")
    return tmp_path


@pytest.fixture
def workshop(house: Path) -> Workshop:
    return Workshop(Settings(home=house / "home", media_roots=(house / "media",)))


def readings(media: Media, folder: Path) -> dict[str, Callable[[Path], object]]:
    """Return every way to decode a source."""
    span, track = Span(start=0, end=1), SubtitleStream(index=0, codec="mov_text")
    return {
        "frames": lambda path: list(media.frames(source(path=path), width=16, height=16, fps=1)),
        "sound": lambda path: list(media.sound(source(path=path), rate=8000, block_seconds=1)),
        "loudness": lambda path: media.loudness(path, audio_index=1),
        "channel_levels": lambda path: media.channel_levels(source(path=path), span),
        "rehearse": lambda path: media.rehearse(source(path=path), plan(), Mix()),
        "subtitles": lambda path: media.subtitles(source(path=path), track),
        "stillness": lambda path: media.stillness(source(path=path), span),
        "render": lambda path: media.render(source(path=path), plan(), folder / "short.mp4", mix=Mix()),
    }


@pytest.mark.ffmpeg
@pytest.mark.parametrize(
    "name", ["frames", "sound", "loudness", "channel_levels", "rehearse", "subtitles", "stillness", "render"]
)
def test_no_decoding_follows_a_link_that_leads_out(name: str, house: Path, workshop: Workshop) -> None:
    read = readings(workshop.media, house)[name]

    with pytest.raises(SourceNotFound):
        read(house / "media" / "talk.mp4")
    assert not (house / "short.mp4").exists()


@pytest.mark.ffmpeg
@pytest.mark.parametrize("name", ["frames", "sound", "loudness", "channel_levels", "rehearse", "stillness"])
def test_a_source_below_the_roots_is_decoded(name: str, house: Path, workshop: Workshop) -> None:
    assert readings(workshop.media, house)[name](house / "media" / "own.mp4")


def test_probing_follows_no_link_that_leads_out(house: Path, workshop: Workshop) -> None:
    assert workshop.prober.probe(house / "media" / "own.mp4").pictures
    with pytest.raises(SourceNotFound):
        workshop.prober.probe(house / "media" / "talk.mp4")


def test_uploads_and_downloads_are_decoded_too(house: Path, workshop: Workshop) -> None:
    for folder in (workshop.settings.uploads, workshop.settings.downloads):
        folder.mkdir(parents=True)
        shutil.copy(TALK, folder / "talk.mp4")

        assert workshop.prober.probe(folder / "talk.mp4").pictures


def test_without_roots_any_file_is_decoded(house: Path) -> None:
    workshop = Workshop(Settings(home=house / "home", media_roots=()))

    assert workshop.prober.probe(house / "media" / "talk.mp4").pictures


@pytest.mark.ffmpeg
def test_a_logo_swapped_since_it_was_planned_is_not_drawn(house: Path, workshop: Workshop) -> None:
    swapped = FileRef(path=house / "media" / "swapped.png", sha256="ab" * 32, size_bytes=8)

    with pytest.raises(SourceNotFound):
        workshop.media.render(
            source(path=house / "media" / "own.mp4"),
            plan(logo=Logo(file=swapped, place=Area(left=65, top=288, right=225, bottom=448))),
            house / "short.mp4",
            mix=Mix(),
        )


@pytest.mark.parametrize(
    "logo", ["{house}/outside/logo.png", "../outside/logo.png", "swapped.png", "none.png", "own.mp4"]
)
def test_a_logo_outside_the_roots_can_not_be_told_from_one_that_is_not_there(
    logo: str, house: Path, workshop: Workshop
) -> None:
    brief = Brief(logo=Path(logo.format(house=house)))

    with pytest.raises(BriefUnusable):
        workshop.require(brief)


@pytest.mark.parametrize("asked", [{"brand_font": "Nobody Sans"}, {"brand_colour": "111111"}])
def test_a_brand_that_can_not_be_followed_is_refused_before_any_work(asked: dict[str, str], workshop: Workshop) -> None:
    with pytest.raises(BriefUnusable, match=next(iter(asked))):
        workshop.require(Brief.model_validate(asked))


def test_a_logo_below_the_roots_is_found_by_its_relative_name(house: Path, workshop: Workshop) -> None:
    found = workshop.logo(Brief(logo=Path("logo.png")))

    assert found is not None
    assert found.path == house / "media" / "logo.png"


def test_fetching_is_off_until_it_is_switched_on_and_then_allows_named_hosts_only(house: Path) -> None:
    off = Workshop(Settings(home=house / "home")).source_rules
    nobody = Workshop(Settings(home=house / "home", url_sources=True)).source_rules

    assert off.fetcher is None
    assert nobody.fetcher is not None
    with pytest.raises(OmniError, match="list"):
        nobody.fetcher("https://example.org/talk.mp4", house / "talk")
