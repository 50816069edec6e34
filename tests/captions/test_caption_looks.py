"""From a brief to a look: styles by name, the brand, and what is refused before any work."""

import shutil
from pathlib import Path

import pytest
from builders import brief

from omni.captions.colours import contrast, ink_on
from omni.captions.fontbook import BUNDLED, FontBook
from omni.captions.logos import logo_place
from omni.captions.looks import Look, look_of
from omni.captions.pages import scaled
from omni.captions.styles import style_of
from omni.contracts import Area, CaptionStyle, Corner, Image
from omni.errors import BriefUnusable

FONTS = FontBook.scan(system=())
STRICT = Area(left=65, top=288, right=888, bottom=1248)


def look(fonts: FontBook = FONTS, **asked: object) -> Look:
    return look_of(brief(**asked), STRICT, fonts)


@pytest.mark.parametrize("name", list(CaptionStyle))
def test_every_style_of_a_brief_exists_is_readable_and_has_its_font(name: CaptionStyle) -> None:
    style = style_of(name)

    assert contrast(style.spoken, style.behind) >= 4.5
    assert contrast(style.said, style.ground or style.edge) >= 4.5
    assert FONTS.family(style.family) == style.family
    assert style.about


def test_styles_differ_in_more_than_a_colour() -> None:
    looks = {(s.family, s.em, s.ground is None, s.block is None, s.unsaid_alpha) for s in map(style_of, CaptionStyle)}

    assert len(looks) == len(CaptionStyle)


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("777777", "FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert (ink_on("FFE600"), ink_on("001F5B")) == ("101010", "FFFFFF")


def test_a_brands_colour_is_that_of_the_word_and_of_the_titles_card() -> None:
    found = look(brand_colour="#00b3ff")

    assert (found.style.spoken, found.style.said) == ("00B3FF", "FFFFFF")
    assert (found.card.ground, found.card.said) == ("00B3FF", "101010")


def test_a_colour_that_can_not_be_read_is_refused_with_a_way_out() -> None:
    with pytest.raises(BriefUnusable, match=r"contrast of 1\.\d:1 .* 'bold' .* caption_style 'marker'"):
        look(brand_colour="001F5B")
    assert look(brand_colour="001F5B", caption_style="marker").style.spoken == "FFFFFF"
    assert look(brand_colour="001F5B", captions=False).card.ground == "001F5B"


def test_a_font_is_found_by_family_or_file_and_an_unknown_one_is_refused_with_what_there_is(tmp_path: Path) -> None:
    shutil.copy(BUNDLED / "DejaVuSans-Bold.ttf", tmp_path / "Brand.ttf")
    fonts = FontBook.scan((tmp_path,), system=())

    assert look(fonts, brand_font="dejavu sans").style.family == "DejaVu Sans"
    assert look(fonts, brand_font="Brand.ttf").card.family == "DejaVu Sans"
    with pytest.raises(BriefUnusable, match=r"no font here is called 'Comic Sans'; OMNI_FONTS holds DejaVu Sans\. Add"):
        look(fonts, brand_font="Comic Sans")


def test_a_brands_font_draws_what_it_can_and_the_bundled_ones_the_rest() -> None:
    lettering = FONTS.lettering("Box Ω مرحبا", family="League Spartan Black")

    assert [(run.text.strip(), run.face.family) for run in lettering.runs("Box Ω مرحبا")] == [
        ("Box", "League Spartan Black"),
        ("Ω", "Noto Sans"),
        ("مرحبا", "Noto Sans Arabic"),
    ]


@pytest.mark.parametrize(
    ("corner", "place"),
    [
        (Corner.TOP_LEFT, (65, 288, 281, 396)),
        (Corner.TOP_RIGHT, (672, 288, 888, 396)),
        (Corner.BOTTOM_LEFT, (65, 1140, 281, 1248)),
        (Corner.BOTTOM_RIGHT, (672, 1140, 888, 1248)),
    ],
)
def test_a_logo_stands_in_its_corner_of_the_safe_area(corner: Corner, place: tuple[int, ...]) -> None:
    image = Image(path=Path("logo.png"), sha256="ab" * 32, size_bytes=9, width=400, height=200)
    found = logo_place(image, brief(logo_corner=corner, logo_width=0.2), STRICT, width=1080, height=1920)

    assert (found.left, found.top, found.right, found.bottom) == place


def test_a_narrow_logo_is_limited_in_height_and_keeps_its_shape() -> None:
    image = Image(path=Path("logo.png"), sha256="ab" * 32, size_bytes=9, width=100, height=1000)
    found = logo_place(image, brief(logo_width=0.4), STRICT, width=1080, height=1920)

    assert (found.width, found.height) == (22, 230)


def test_a_safe_area_never_grows_on_another_size() -> None:
    assert scaled(STRICT, 540, 960) == Area(left=33, top=144, right=444, bottom=624)
