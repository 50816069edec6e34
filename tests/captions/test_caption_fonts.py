"""The book of fonts: what is bundled, and what is chosen."""

from pathlib import Path

import pytest

from omni.captions.fontbook import BUNDLED, FontBook
from omni.captions.fontfaces import read_faces

FONTS = FontBook.scan(system=())


def families(text: str, language: str | None = None) -> list[str]:
    return [face.family for face in FONTS.lettering(text, family="Noto Sans", language=language).faces]


def test_bundled_fonts_stay_small_and_carry_their_licences():
    assert sum(path.stat().st_size for path in BUNDLED.iterdir()) <= 3_100_000
    makers = {
        path.name.removeprefix("LICENSE-").split("-")[0].removesuffix(".txt") for path in BUNDLED.glob("LICENSE*")
    }
    assert all(path.name.startswith(tuple(makers)) for path in BUNDLED.glob("*.[ot]tf"))


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Grüße, Łódź!", "Noto Sans"),
        ("Привет Ελλάδα Việt", "Noto Sans"),
        ("مرحبا", "Noto Sans Arabic"),
        ("שלום", "Noto Sans Hebrew"),
        ("नमस्ते", "Noto Sans Devanagari"),
        ("สวัสดี", "Noto Sans Thai"),
        ("বাংলা", "Noto Sans Bengali"),
        ("தமிழ்", "Noto Sans Tamil"),
        ("తెలుగు", "Noto Sans Telugu"),
        ("ગુજરાતી", "Noto Sans Gujarati"),
        ("ਪੰਜਾਬੀ", "Noto Sans Gurmukhi"),
        ("ಕನ್ನಡ", "Noto Sans Kannada"),
        ("മലയാളം", "Noto Sans Malayalam"),
        ("Հայերեն", "Noto Sans Armenian"),
        ("ქართული", "Noto Sans Georgian"),
        ("♪★", "DejaVu Sans"),
    ],
)
def test_every_bundled_script_has_its_font(text: str, family: str):
    lettering = FONTS.lettering(text, family="Noto Sans")
    assert lettering.missing == ""
    assert {run.face.family for run in lettering.runs(text.replace(" ", ""))} == {family}


def test_a_script_is_not_drawn_by_the_font_of_a_sign():
    assert families("♪ مرحبا ♪") == ["Noto Sans Arabic", "DejaVu Sans"]


def test_punctuation_stays_in_the_font_of_its_word_where_that_has_it():
    lettering = FONTS.lettering("नमस्ते, शलोम! שלום, ok", family="Noto Sans")
    assert [(run.text, run.face.family.split()[-1]) for run in lettering.runs("नमस्ते, ok שלום,")] == [
        ("नमस्ते, ", "Devanagari"),
        ("ok ", "Sans"),
        ("שלום", "Hebrew"),
        (",", "Sans"),
    ]


def test_width_is_the_sum_of_the_advances():
    lettering = FONTS.lettering("Ai", family="Noto Sans")
    assert lettering.width("Ai") == pytest.approx(0.690 + 0.305)


def test_fonts_of_the_operator_come_before_the_system_and_after_the_bundled(tmp_path: Path):
    book = FontBook.scan((tmp_path, tmp_path / "absent"), system=(BUNDLED,))
    assert (len(book.bundled), book.own, len(book.system)) == (17, (), 17)


def test_damaged_and_foreign_files_are_no_fonts(tmp_path: Path):
    cases = {
        "empty.ttf": b"",
        "text.ttf": b"hello world" * 20,
        "cut.otf": (BUNDLED / "NotoSans-Bold.ttf").read_bytes()[:3000],
    }
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
        assert read_faces(tmp_path / name) == ()
    assert read_faces(tmp_path / "absent.ttf") == ()
