import itertools

import pytest

from omni.contracts import Span, Word
from omni.speech.cepstra import Cepstrograph
from omni.speech.markup import Line
from omni.speech.placing import placed
from omni.speech.tokens import tokens

NOTHING_HEARD = Cepstrograph().values
"""Too little to learn from: words are shared out by length."""


def line(start: float, end: float, text: str) -> Line:
    return Line(start, end, (tokens(text),))


def place(lines: list[Line], *speech: tuple[float, float]) -> tuple[Word, ...]:
    return placed(lines, tuple(Span(start=a, end=b) for a, b in speech), NOTHING_HEARD, 100.0)


def test_words_fill_the_speech_and_not_the_line() -> None:
    """A subtitle stands longer than its words are said."""
    words = place([line(1.0, 5.0, "one two three four")], (1.2, 3.2))
    assert (words[0].start, words[-1].end) == (1.2, 3.2)


def test_speech_may_begin_before_its_line_and_end_after_it() -> None:
    words = place([line(1.0, 2.0, "hello there")], (0.8, 2.2))
    assert (words[0].start, words[-1].end) == (0.8, 2.2)


def test_a_pause_falls_on_the_comma() -> None:
    words = place([line(0.0, 4.0, "not the computer, and not the engine")], (0.0, 1.4), (2.0, 3.4))
    assert [word.text for word in words if word.end <= 1.41] == ["not", "the", "computer,"]
    assert words[3].start == 2.0


def test_no_word_lies_over_a_pause() -> None:
    words = place([line(0.0, 6.0, "a short and then a considerably longer sentence")], (0.2, 1.0), (1.8, 5.0))
    assert not any(word.start < 1.0 - 1e-6 and word.end > 1.8 + 1e-6 for word in words)


def test_longer_words_take_longer() -> None:
    words = place([line(0, 3, "a considerable thing")], (0, 3))
    assert words[1].length > words[2].length > words[0].length


def test_a_pause_between_lines_parts_their_words() -> None:
    words = place([line(0.0, 2.2, "first line here"), line(2.2, 4.0, "second line here")], (0.1, 2.0), (2.4, 3.9))
    assert words[2].end == 2.0
    assert words[3].start == 2.4


def test_without_speech_near_a_line_keeps_its_own_time() -> None:
    assert place([line(5.0, 6.0, "whispered")], (0.0, 2.0)) == (Word(start=5.0, end=6.0, text="whispered"),)


def test_a_line_that_stands_long_does_not_stretch_a_word() -> None:
    assert place([line(0.0, 9.0, "Yes.")], (0.0, 9.0))[0].length < 2


def test_inline_times_are_kept() -> None:
    from omni.speech.tokens import Token

    told = Line(1.0, 3.0, ((Token("one"), Token("two", 1.5), Token("three", 2.0)),))
    assert [word.start for word in place([told], (0.0, 4.0))] == [1.0, 1.5, 2.0]


@pytest.mark.parametrize("speech", [(), ((0.0, 60.0),), tuple((i * 0.9, i * 0.9 + 0.5) for i in range(60))])
def test_words_are_always_all_there_in_order_and_apart(speech: tuple[tuple[float, float], ...]) -> None:
    lines = [
        line(i * 2.0, i * 2.0 + 1.5 + (i % 3) * 0.25, "some words, and a few more of them 2026!") for i in range(20)
    ]
    words = place(lines, *speech)
    assert [word.text for word in words] == [token.text for one in lines for token in one.tokens]
    assert all(a.end <= b.start for a, b in itertools.pairwise(words))
    assert all(word.end > word.start for word in words)
