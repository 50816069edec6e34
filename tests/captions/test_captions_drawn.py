"""What libass really draws: inside the safe area, nothing lost, nothing moving."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from builders import setting
from numpy.typing import NDArray

from omni.captions.composing import compose_captions
from omni.captions.fontbook import FontBook
from omni.contracts import Captions, Span, Transcript, Word

FONTS = FontBook.scan(system=())
# Strict safe area of all networks on 1080×1920 (TARGETS.md §1).
LEFT, RIGHT, TOP, BOTTOM = 65, 888, 288, 1248

pytestmark = pytest.mark.ffmpeg


def caption(*words: str, language: str | None = None, **asked: Any) -> Captions:
    """Say a word every tenth of a second."""
    said = tuple(Word(start=i / 10, end=(i + 1) / 10, text=text) for i, text in enumerate(words))
    transcript = Transcript(words=said, engine="test", word_times="measured", language=language)
    return compose_captions(Span(start=0, end=len(words) / 10), transcript, fonts=FONTS, setting=setting(**asked))


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
