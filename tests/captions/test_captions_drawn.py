"""What libass really draws: inside the safe area, nothing lost, nothing moving."""

import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from builders import plan, setting
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from numpy.typing import NDArray

from omni.captions.composing import compose_captions
from omni.captions.fontbook import FontBook
from omni.contracts import Area, Captions, CaptionStyle, Span, Transcript, Word
from omni.wiring import wire

FONTS = FontBook.scan(system=())
# Strict safe area of all networks on 1080×1920 (TARGETS.md §1).
LEFT, RIGHT, TOP, BOTTOM = 65, 888, 288, 1248

pytestmark = pytest.mark.ffmpeg


def caption(*words: str, language: str | None = None, fonts: FontBook = FONTS, **asked: Any) -> Captions:
    """Say a word every tenth of a second."""
    said = tuple(Word(start=i / 10, end=(i + 1) / 10, text=text) for i, text in enumerate(words))
    transcript = Transcript(words=said, engine="test", word_times="measured", language=language)
    return compose_captions(Span(start=0, end=len(words) / 10), transcript, fonts=fonts, setting=setting(**asked))


def painted(captions: Captions, folder: Path) -> NDArray[np.uint8]:
    """Render on grey, one frame a tenth of a second: shape (frames, 1920, 1080, 3)."""
    assert captions.script is not None
    (folder / "x.ass").write_text(captions.script, encoding="utf-8")
    for font in captions.fonts:
        shutil.copy(font, folder)
    ground = f"color=c=0x808080:s=1080x1920:r=10:d={captions.cues[-1].end},format=rgb24"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", ground]
    command += ["-vf", "ass=filename=x.ass:fontsdir=.", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, 1920, 1080, 3)


def drawn(captions: Captions, folder: Path, *, width: int = 1080, height: int = 1920) -> NDArray[np.bool_]:
    """Render on grey, one frame a tenth of a second, and tell which pixels changed: shape (frames, height, width)."""
    assert captions.script is not None
    (folder / "x.ass").write_text(captions.script, encoding="utf-8")
    for font in captions.fonts:
        shutil.copy(font, folder)
    ground = f"color=c=0x808080:s={width}x{height}:r=10:d={captions.cues[-1].end}"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", ground]
    command += ["-vf", "ass=filename=x.ass:fontsdir=.,format=gray", "-f", "rawvideo", "-"]
    raw = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, height, width)
    return np.abs(frames.astype(np.int16) - int(frames[0, 0, 0])) > 6


def box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("WWWWWWWWWWWWWWWWWWWWWWWW MMMMMMMMMMMM, Rindfleischetikettierungsüberwachungsgesetz jgÄÅ", "de"),
        ("المستشفيات والمؤسسات الاجتماعية (2024) للجميع؟ GPT-4", "ar"),
        ("विद्यार्थियों क्षत्रिय ตัวอย่างที่ดีที่สุดในโลกนี้ ผู้ที่ Z\u0351\u0303\u0309\u035b\u0352\u0313\u0344\u034d", None),
    ],
)
def test_nothing_is_drawn_outside_the_safe_area(text: str, language: str | None, tmp_path: Path):
    x0, y0, x1, y1 = box(drawn(caption(*text.split(), language=language), tmp_path).any(0))
    assert LEFT <= x0 < x1 <= RIGHT
    assert TOP <= y0 < y1 <= BOTTOM
    # Centred on the picture.
    assert abs((x0 + x1) / 2 - 540) < 12


@pytest.mark.parametrize("style", list(CaptionStyle))
def test_every_style_and_its_title_stay_inside_and_show_the_word_being_said(style: CaptionStyle, tmp_path: Path):
    """In each frame, the colour of the spoken word is where it wasn't in the frame before."""
    captions = caption(
        *["Wij", "legen", "jugglers", "Åqg", "now"], caption_style=style, brand_colour="00FF00", platforms=("tiktok",),
        safe_area="platforms", titles=("Jugglers of Ångström fame",),
    )  # fmt: skip
    assert captions.title is not None
    assert captions.area == Area(left=120, top=220, right=900, bottom=1420)
    frames = painted(captions, tmp_path)
    x0, y0, x1, y1 = box((np.abs(frames.astype(np.int16) - 128) > 6).any(-1).any(0))
    assert captions.area.left <= x0 < x1 <= captions.area.right
    assert captions.area.top <= y0 < y1 <= captions.area.bottom
    lower = frames[:, 1000:].astype(np.int16)
    green = (lower[..., 1] - np.maximum(lower[..., 0], lower[..., 2])) > 90
    assert all(frame.sum() > 400 for frame in green)
    assert all((before ^ after).sum() > 400 for before, after in pairwise(green))


def test_letters_of_the_operators_font_are_drawn(tmp_path: Path):
    """Chinese and an emoji with a font that draws each as a full square: the ink is that of the squares."""
    han_font(tmp_path / "own" / "Han.ttf", "今天我们讲字幕为什么好🔥")
    fonts = FontBook.scan((tmp_path / "own",), system=())
    captions = caption("今天", "我们", "讲", "字幕🔥", language="zh", fonts=fonts, titles=("为什么讲字幕好",))
    assert captions.warnings == ()
    assert captions.title is not None
    assert {path.name for path in captions.fonts} == {"Han.ttf"}
    frames = painted(captions, tmp_path).astype(np.int16)
    white = (frames[0, 900:] > 200).all(-1) | ((frames[0, 900:, :, 0] > 200) & (frames[0, 900:, :, 2] < 90))
    # Eight squares, 0.8 em wide and high, of 67 px.
    assert white.sum() == pytest.approx(8 * (0.8 * 67) ** 2, rel=0.1)


def han_font(path: Path, letters: str) -> None:
    path.parent.mkdir()
    names = {ord(letter): f"uni{ord(letter):04X}" for letter in letters}
    order = [".notdef", *names.values()]
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 800), (900, 800), (900, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(names)
    builder.setupGlyf(dict.fromkeys(order, square))
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 100)))
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": "Test Han", "styleName": "Bold"})
    builder.setupOS2(usWeightClass=700, usWinAscent=900, usWinDescent=200, ulUnicodeRange2=1 << 27 | 1 << 25)
    builder.setupPost()
    builder.save(path)


@pytest.mark.parametrize("style", ["subtitle", "bold"])
def test_the_measure_of_the_safe_area_sees_dark_boxes_and_edges(style: str, tmp_path: Path):
    captions = caption("So", "why", "did", "it", "win?", caption_style=style)
    x0, y0, x1, y1 = box((np.abs(painted(captions, tmp_path).astype(np.int16) - 128) > 24).any(-1).any(0))
    found = wire().media.caption_extent(plan(cut=Span(start=0, end=1), captions=captions))
    assert (found.x0, found.y0, found.x1, found.y1) == pytest.approx((x0, y0, x1, y1), abs=4)


def test_braces_and_backslashes_are_drawn(tmp_path: Path):
    """A text of nothing but signs that ASS knows draws as much ink as its look-alikes without meaning."""
    meaning = drawn(caption(r"{\an8}", r"\N\h{x}"), tmp_path).any(0)
    plain = drawn(caption("(/an8)", "/N/h(x)"), tmp_path).any(0)
    assert box(meaning)[1] > 1000
    assert meaning.sum() == pytest.approx(plain.sum(), rel=0.1)


def test_nothing_moves_and_nothing_flickers_while_the_highlight_walks(tmp_path: Path):
    frames = drawn(caption("AVATAR", "To", "We", "Tip"), tmp_path)
    assert len(frames) == 4
    # The edges of neighbouring words blend a little differently; a shift by one pixel would change thousands.
    assert max(int((frames[0] ^ frame).sum()) for frame in frames) < 600
