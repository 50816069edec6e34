"""One picture of all Shorts of a job; a picture that fails costs nothing but a warning."""

from pathlib import Path

import pytest
from builders import analysis, clip, plan, source
from fakes.ffmpeg import GOOD, FakeMedia

from omni.captions.fontbook import FontBook
from omni.contracts import Short
from omni.encoding.rendering import render_short
from omni.packaging.contact import draw_contact_sheet, preview_of, sheet_layout
from omni.packaging.sheetwords import MARGIN, sheet_words, verdict_of, wrapped

FONTS = FontBook.scan(system=())


def short(folder: Path, number: int = 1, media: FakeMedia | None = None) -> Short:
    return render_short(source(), plan(number=number), folder / str(number), media=media or FakeMedia())


def test_each_short_is_shown_once_and_nothing_is_drawn_again(tmp_path: Path) -> None:
    shorts, media = [short(tmp_path, 1), short(tmp_path, 2)], FakeMedia()

    first, told = draw_contact_sheet(analysis(clip(1), clip(2)), shorts, tmp_path, media=media, fonts=FONTS)
    again, _ = draw_contact_sheet(analysis(clip(1), clip(2)), shorts, tmp_path, media=media, fonts=FONTS)

    assert first == again
    assert first is not None
    assert first.is_file()
    assert preview_of(first).is_file()
    assert told == ()
    assert media.drawn == ["strip", "strip", "sheet", "preview"]


def test_another_verdict_is_another_sheet(tmp_path: Path) -> None:
    good = short(tmp_path)
    failed = good.checks[-1].model_copy(update={"passed": False})
    bad = good.model_copy(update={"checks": (*good.checks[:-1], failed)})

    def drawn(made: Short) -> Path | None:
        return draw_contact_sheet(analysis(), [made], tmp_path, media=FakeMedia(), fonts=FONTS)[0]

    assert drawn(good) == drawn(good)
    assert drawn(bad) != drawn(good)


def test_a_sheet_that_fails_is_a_warning(tmp_path: Path) -> None:
    media = FakeMedia(sheet_crashes=True)

    sheet, told = draw_contact_sheet(analysis(), [short(tmp_path)], tmp_path, media=media, fonts=FONTS)

    assert sheet is None
    assert len(told) == 1
    assert told[0].startswith("There is no contact sheet.")


def test_the_words_tell_number_score_times_title_hook_and_verdict(tmp_path: Path) -> None:
    quiet = GOOD.model_copy(update={"integrated_lufs": -17.0})
    made = short(tmp_path, 3, FakeMedia(takes=(quiet,)))
    told = clip(3, title="Why {boxes} won\\lost", hook="Why?", score=81.6)

    words = sheet_words([(made, told)], sheet_layout(), FONTS, "en").script

    for text in ("3 · 82 of 100", "0:10–0:30 · 20 s · fit", r"Why \{boxes\} won", "“Why?”", "checks failed: loudness"):
        assert text in words


def test_a_title_in_several_scripts_names_a_font_for_each(tmp_path: Path) -> None:
    words = sheet_words([(short(tmp_path), clip(title="Kisten שלום ящики"))], sheet_layout(), FONTS, None)

    assert any("Hebrew" in font.name for font in words.fonts)
    assert all(font.is_file() for font in words.fonts)


def test_a_short_that_is_not_delivered_says_so(tmp_path: Path) -> None:
    made = short(tmp_path, media=FakeMedia(takes=(GOOD.model_copy(update={"fps": 25.0}),)))

    assert verdict_of(made)[0].startswith("not delivered; 1 of ")
    assert verdict_of(short(tmp_path, 2))[0].startswith("all ")


@pytest.mark.parametrize("text", ["one two three four five six seven eight nine", "a" * 200, "", "a"])
def test_words_stay_in_their_panel(text: str) -> None:
    lettering = FONTS.lettering(f"{text} …", family="Noto Sans")
    ems = (sheet_layout().panel_width - 2 * MARGIN) / 34

    lines = wrapped(text, lettering, ems, 2)

    assert len(lines) <= 2
    assert all(lettering.width(line) <= ems for line in lines)
    assert lines[-1].endswith("…") or " ".join(lines) == text if lines else not text


def test_the_safe_area_lies_inside_the_frame() -> None:
    layout = sheet_layout()
    left, top, right, bottom = layout.safe_area

    assert 0 < left < right < layout.frame_width
    assert 0 < top < bottom < layout.frame_height


@pytest.mark.ffmpeg
def test_the_sheet_is_drawn_from_real_frames(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    """Two Shorts give two rows; the frames are pictures, with the safe area in yellow."""
    import av
    from media import make

    from omni.wiring import wire

    video = make("cuts", ffmpeg, made).path
    base = short(tmp_path)
    ref = base.video.model_copy(update={"path": video, "sha256": "cd" * 32})
    shorts = [base.model_copy(update={"video": ref, "number": n, "duration": 12.0}) for n in (1, 2)]

    sheet, told = draw_contact_sheet(
        analysis(clip(1), clip(2)), shorts, tmp_path, media=wire().media, fonts=FontBook.scan(system=())
    )

    assert told == ()
    assert sheet is not None
    layout = sheet_layout()
    with av.open(str(sheet)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert picture.shape == (2 * layout.row_height, layout.panel_width + layout.row_width, 3)
    frames = picture[:, layout.panel_width :]
    assert frames.std() > 20
    assert ((frames[..., 0] > 150) & (frames[..., 1] > 120) & (frames[..., 2] < 90)).sum() > 200
    panel = picture[:, : layout.panel_width]
    assert (panel.min(axis=2) > 200).sum() > 300
    with av.open(str(preview_of(sheet))) as container:
        assert next(container.decode(video=0)).width == 1000
