import pytest

from omni.speech.subtitles import (
    LONGEST_CUE,
    MAX_BYTES,
    MAX_CUES,
    RawCue,
    SubtitlesUnusable,
    cues_of,
    decoded,
    read_cues,
)
from omni.speech.tokens import stamp

SRT = "1\n00:00:01,000 --> 00:00:02,500\nCafé déjà vu\n\n2\n00:00:03,000 --> 00:00:04,000\nSecond\nrow\n"
CUES = (RawCue(1.0, 2.5, "Café déjà vu"), RawCue(3.0, 4.0, "Second\nrow"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_usual_encoding_reads_the_same(encoding: str) -> None:
    assert read_cues(SRT.encode(encoding)) == CUES


def test_windows_line_ends_change_nothing() -> None:
    assert read_cues(SRT.replace("\n", "\r\n").encode()) == CUES


def test_cyrillic_without_utf8_is_read_and_not_refused() -> None:
    assert decoded("Привет".encode("cp1251"))


def test_webvtt_leaves_names_comments_and_styles_out() -> None:
    text = (
        "WEBVTT - a title\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.000 line:80%\nHello\n\n"
        "NOTE a comment\n\nouttro\n00:00:03.000 --> 00:00:04.000\nBye\n"
    )
    assert read_cues(text.encode()) == (RawCue(1.0, 2.0, "Hello"), RawCue(3.0, 4.0, "Bye"))


def test_two_inline_times_are_not_taken_for_the_times_of_a_cue() -> None:
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\none<00:00:01.500><c> two</c><00:00:02.000><c> three</c>\n"
    expected = f"one{stamp(1500)}<c> two</c>{stamp(2000)}<c> three</c>"
    assert read_cues(text.encode()) == (RawCue(1.0, 3.0, expected),)


def test_ass_comments_and_drawings_are_left_out() -> None:
    text = (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,a remark\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\p1}m 0 0 l 10 10{\\p0}\n"
        "Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\\i1}Hello{\\i0}\\Nthere\n"
    )
    assert read_cues(text.encode()) == (RawCue(2.0, 3.0, "{\\i1}Hello{\\i0}\nthere"),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x00\x01\x02garbage" * 20, "is not readable as SRT, WebVTT or ASS"),
        (b"Dear diary, today nothing happened.", "is not readable as SRT, WebVTT or ASS"),
        (b"1\n00:00:05,000 --> 00:00:04,000\nbackwards\n", "has no line with a time"),
        (b"x" * (17 * 2**20), "has 17 MB, more than any subtitle file"),
    ],
)
def test_what_is_no_subtitle_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(SubtitlesUnusable) as caught:
        read_cues(data)
    assert str(caught.value) == reason


def test_more_text_than_any_subtitle_file_has_is_not_parsed() -> None:
    with pytest.raises(SubtitlesUnusable, match="MB"):
        cues_of("x" * (MAX_BYTES + 1))


def test_more_lines_than_any_video_has_are_refused() -> None:
    with pytest.raises(SubtitlesUnusable, match="lines"):
        read_cues(b"1\n00:00:01,000 --> 00:00:02,000\na\n\n" * (MAX_CUES + 1))


@pytest.mark.parametrize("char", ["{", "<", "[", "(", "{\\p", "\\"])
def test_a_line_that_no_one_could_read_is_left_out_however_it_is_written(char: str) -> None:
    text = SRT + "\n3\n00:00:05,000 --> 00:00:06,000\n" + char * (2 * 10**6 // len(char))

    assert cues_of(text) == CUES
    assert cues_of(SRT.replace("row", char * (LONGEST_CUE // 2 // len(char))))[0] == CUES[0]
