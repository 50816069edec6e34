"""The ASS script: golden texts, and a reader that sees what libass sees."""

import html
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from builders import setting
from hypothesis import given, settings
from hypothesis import strategies as st

from omni.captions.composing import compose_captions
from omni.captions.fontbook import FontBook
from omni.captions.sidecars import to_srt, to_vtt
from omni.contracts import Captions, CaptionStyle, Span, Transcript, Word

FONTS = FontBook.scan(system=())
GOLDEN = Path(__file__).parent / "golden"


def caption(*words: str, language: str = "en", **asked: Any) -> Captions:
    """Say words, one every half second from 0.25 s."""
    said = tuple(Word(start=0.25 + i / 2, end=0.7 + i / 2, text=text) for i, text in enumerate(words))
    transcript = Transcript(words=said, engine="test", word_times="measured", language=language)
    return compose_captions(Span(start=0, end=1 + len(words) / 2), transcript, fonts=FONTS, setting=setting(**asked))


def dialogues(captions: Captions) -> list[str]:
    if captions.script is None:
        assert captions.cues == () or captions.warnings
        return []
    return [line.split(",", 9)[9] for line in captions.script.splitlines() if line.startswith("Dialogue:")]


def plain(text: str) -> str:
    """Read an event as libass does: override blocks vanish, escapes mean what they mean, joiners draw nothing."""
    text = re.sub(
        r"\\([{}])|\{[^}]*\}", lambda match: {"{": "\ue000", "}": "\ue001"}.get(match.group(1) or "", ""), text
    )
    text = text.replace(r"\N", "\n").replace(r"\n", " ").replace(r"\h", "\u00a0")
    return text.translate({0xE000: "{", 0xE001: "}", 0x2060: None, 0x200E: None, 0x200F: None})


def test_a_whole_script_reads_as_agreed():
    captions = caption("It's", "100%", "true,", "isn't", "it?")
    assert captions.script == (GOLDEN / "plain.ass").read_text(encoding="utf-8")
    assert [path.name for path in captions.fonts] == ["NotoSans-Bold.ttf"]


def test_arabic_keeps_its_order_and_names_a_font_only_where_it_changes():
    captions = caption("استخدم", "GPT-4", "في", "العمل؟", language="ar")
    assert dialogues(captions)[1].split(r"\N") == [
        r"{\blur1.5}استخدم {\c&H00D4FF&\fnNoto Sans\fs91.3}GPT-4",
        r"{\c\fnNoto Sans Arabic\fs141.5}في العمل؟",
    ]
    assert [path.name for path in captions.fonts] == ["NotoSansArabic-Bold.ttf", "NotoSans-Bold.ttf"]
    assert ",-1\n" in (captions.script or "")


def test_a_line_that_begins_with_the_other_direction_keeps_that_of_the_talk():
    captions = caption("نحن", "الآن", "نستخدم", "GPT", "العربية.", language="ar")
    assert captions.cues[0].text == "نحن الآن نستخدم\nGPT العربية."
    assert all("\\N\u200f" in text for text in dialogues(captions))


def test_a_wide_word_is_drawn_smaller_and_only_its_caption():
    captions = caption("Straßenverkehrsordnung", "gilt.", language="de")
    size = re.search(r"\\fs([\d.]+)", dialogues(captions)[0])
    assert size is not None
    assert 70 < float(size.group(1)) < 91


def test_other_sizes_scale():
    small, large = caption("Hello", "there", width=720, height=1280), caption("Hello", "there")
    assert "Style: bold,Noto Sans,60.8," in (small.script or "")
    assert [cue.text for cue in small.cues] == [cue.text for cue in large.cues]
    assert [word.start for cue in small.cues for line in cue.lines for word in line] == [
        word.start for cue in large.cues for line in cue.lines for word in line
    ]


def test_signs_without_a_glyph_are_left_out_and_told():
    captions = caption("Great", "🔥", "stuff", "👨‍👩‍👧!")
    assert {plain(text) for text in dialogues(captions)} == {"Great stuff !"} or "🔥" not in plain(
        dialogues(captions)[0]
    )
    assert captions.warnings == ("Left out of the burned-in captions, for no font here has them: 🔥👨👩👧",)
    assert "🔥" in to_srt(captions.cues)


def test_letters_without_a_font_stop_the_burning_and_say_what_to_install():
    captions = caption("今天", "讲", "字幕", language="zh")
    assert captions.script is None
    assert captions.fonts == ()
    (warning,) = captions.warnings
    assert warning == (
        "Captions were not burned in: no font here has the letters of Han (今天讲字幕). Install one "
        "(Debian: apt-get install fonts-noto-cjk) or name its folder in OMNI_FONTS; the .srt and .vtt files are complete."
    )
    assert "今天讲字幕" in to_srt(captions.cues)


def test_one_foreign_name_costs_its_caption_and_not_all():
    words = ["We", "went", "there."] * 6 + ["字幕."] + ["We", "came", "back."] * 3
    captions = caption(*words)
    assert captions.script is not None
    assert captions.warnings[0].startswith("1 of 10 captions were not burned in")
    assert not any("字" in text for text in dialogues(captions))


def test_sidecars_say_what_is_burned_in():
    captions = caption("Tom", "&", "<b>Jerry</b>", "run.")
    assert to_srt(captions.cues) == "1\n00:00:00,250 --> 00:00:02,400\nTom & <b>Jerry</b>\nrun.\n"
    assert to_vtt(captions.cues) == (
        "WEBVTT\n\n00:00:00.250 --> 00:00:02.400\nTom &amp; &lt;b&gt;Jerry&lt;/b&gt;\nrun.\n"
    )


def burned(captions: Captions) -> list[tuple[str, str, str]]:
    """Return start, end and text of everything that the letters of a script show, events of one text joined."""
    found: list[tuple[str, str, str]] = []
    for line in (captions.script or "").splitlines():
        if line.startswith("Dialogue: 1,"):
            _, start, end, *_, text = line.split(",", 9)
            if found and (found[-1][1], found[-1][2]) == (start, plain(text)):
                start = found.pop()[0]
            found.append((start, end, plain(text)))
    return found


@pytest.mark.parametrize("style", list(CaptionStyle))
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("So why did {the} box win? Because \\N everybody, agreed on <it>. Don’t & won't!", "en"),
        ("استخدم GPT-4 في العمل؟ نحن الآن نستخدم العربية.", "ar"),
        ("วิธี ที่ดี ที่สุด ใน การ เรียน ภาษา", "th"),
    ],
)
def test_the_sidecars_equal_what_is_burned_in_text_and_times(style: CaptionStyle, text: str, language: str):
    captions = caption(*text.split(), language=language, caption_style=style, titles=("Nobody planned any of this",))
    blocks = [block.split("\n", 2) for block in to_srt(captions.cues).strip().split("\n\n")]
    srt = [(*times.split(" --> "), said) for _, times, said in blocks]
    # An hour of one digit and centiseconds are how ASS writes the same times.
    assert [(start[1:-1].replace(",", "."), end[1:-1].replace(",", "."), said) for start, end, said in srt] == burned(
        captions
    )
    assert all(start.endswith("0") for start, _, _ in srt)
    vtt = [block.split("\n", 1) for block in to_vtt(captions.cues).strip().split("\n\n")[1:]]
    assert [(*times.replace(".", ",").split(" --> "), html.unescape(said)) for times, said in vtt] == srt


HOSTILE = st.text(alphabet="aN nhr{}\\&c,:'%<>-\u2060\u200fאم\u0301", min_size=1, max_size=14)


@settings(max_examples=60, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=8))
def test_no_text_becomes_a_tag_and_none_is_lost(words: list[str]):
    captions = caption(*words)
    texts = {cue.text for cue in captions.cues}
    assert {plain(event) for event in dialogues(captions)} == texts


def test_events_meet_in_the_same_centisecond():
    captions = caption("one", "two", "three", "four", "five", "six", "seven")
    times = re.findall(r"Dialogue: 1,([\d:.]+),([\d:.]+),", captions.script or "")
    assert len(times) == 7
    assert all(before[1] == after[0] for before, after in pairwise(times))
