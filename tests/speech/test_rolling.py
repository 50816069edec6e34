from omni.speech.markup import Line, read_lines
from omni.speech.rolling import unrolled
from omni.speech.subtitles import read_cues
from omni.speech.tokens import Token, tokens


def line(start: float, end: float, *rows: str) -> Line:
    return Line(start, end, tuple(tokens(row) for row in rows))


def said(lines: tuple[Line, ...]) -> list[tuple[float, float, str]]:
    return [(one.start, one.end, " ".join(token.text for token in one.tokens)) for one in lines]


YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:00.030 --> 00:00:02.389 align:start position:0%
~
hello<00:00:00.320><c> everyone</c><00:00:00.640><c> and</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
hello everyone and
~

00:00:02.399 --> 00:00:04.500 align:start position:0%
hello everyone and
welcome<00:00:02.720><c> to</c><00:00:03.100><c> this</c>

00:00:04.500 --> 00:00:04.510 align:start position:0%
welcome to this
~

00:00:04.510 --> 00:00:06.000 align:start position:0%
welcome to this
talk<00:00:04.900><c> about</c><00:00:05.300><c> ships</c>
"""


def test_youtube_captions_say_every_word_once_with_its_own_time() -> None:
    lines, _ = read_lines(read_cues(YOUTUBE.encode()))
    assert [token for one in unrolled(lines) for token in one.tokens] == [
        Token("hello"), Token("everyone", 0.32), Token("and", 0.64),
        Token("welcome"), Token("to", 2.72), Token("this", 3.1),
        Token("talk"), Token("about", 4.9), Token("ships", 5.3),
    ]  # fmt: skip


def test_rows_that_roll_up_are_said_once() -> None:
    rolled = [
        line(0, 2, "one two", "three"),
        line(2, 4, "three", "four five"),
        line(4, 6, "four five", "six"),
        line(6, 8, "six", "end"),
    ]
    assert said(unrolled(rolled)) == [(0, 2, "one two three"), (2, 4, "four five"), (4, 6, "six"), (6, 8, "end")]


def test_a_row_that_a_pause_leaves_standing_is_said_once_and_a_refrain_twice() -> None:
    rolled = [
        line(0, 2, "one two", "three"),
        line(2, 4, "three", "four five"),
        line(4, 6, "four five", "six"),
        line(9, 11, "six", "end"),
        line(11, 13, "end", "refrain"),
        line(16, 17, "refrain"),
    ]
    texts = [text for _, _, text in said(unrolled(rolled))]
    assert texts == ["one two three", "four five", "six", "end", "refrain", "refrain"]


def test_captions_that_grow_word_by_word_are_said_once() -> None:
    grown = [line(0, 1, "we"), line(1, 2, "we are"), line(2, 3, "we are here"), line(3, 4, "we are here now")]
    assert said(unrolled(grown)) == [(0, 1, "we"), (1, 2, "are"), (2, 3, "here"), (3, 4, "now")]


def test_a_dialogue_that_repeats_itself_keeps_both() -> None:
    spoken = [
        line(0, 1, "No."),
        line(1, 2, "No."),
        line(3, 4, "Are you sure?"),
        line(5, 6, "Quite."),
        line(7, 8, "Good."),
    ]
    assert len(unrolled(spoken)) == 5


def test_the_layers_of_an_effect_are_said_once() -> None:
    assert said(unrolled([line(1, 3, "Title"), line(1, 3, "Title"), line(4, 5, "Text")])) == [
        (1, 3, "Title"),
        (4, 5, "Text"),
    ]


def test_lines_that_lie_over_each_other_come_one_after_the_other() -> None:
    assert said(unrolled([line(0, 4, "first"), line(2, 6, "second")])) == [(0, 2, "first"), (2, 6, "second")]
    assert said(unrolled([line(0, 4, "A"), line(0.2, 4, "B")])) == [(0, 4, "A B")]
