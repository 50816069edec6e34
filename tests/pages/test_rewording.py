"""Captions that a person types become as few changed words as can be, and read the same again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.pages.rewording import Line, Words, kept, lines, reworded
from omni.review import ClipEdit, Wording

SAID = Words(
    words=tuple(
        (i * 0.5, i * 0.5 + 0.4, text)
        for i, text in enumerate(["He", "was", "born", "in", "Nantes", ".", "And", "he", "left", "it"])
    ),
    sentences=((0, 6), (6, 10)),
)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("He was born in Nantes .", []),
        ("  He was  born in\nNantes . ", []),
        ("He was born in Nancy .", [(4, 5, "Nancy")]),
        ("He was born and raised in Nantes .", [(2, 3, "born and raised")]),
        ("So he was born in Nantes .", [(0, 1, "So he")]),
        ("So He was born in Nantes .", [(0, 1, "So He")]),
        ("He was born in Nantes . Yes", [(5, 6, ". Yes")]),
        ("He was born .", [(3, 5, "")]),
        ("They were born in Nancy .", [(0, 2, "They were"), (4, 5, "Nancy")]),
        ("", [(0, 6, "")]),
    ],
)
def test_only_what_is_typed_differently_is_changed(text: str, changes: list[tuple[int, int, str]]) -> None:
    assert reworded(SAID, 0, 6, text) == [Wording(first=a, last=b, text=told) for a, b, told in changes]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["He", "was", "born", "in", "Nantes", ".", "So", "and", "Nancy"]), max_size=9))
def test_what_is_typed_is_what_is_shown_again(typed: list[str]) -> None:
    changes = reworded(SAID, 0, 6, " ".join(typed))

    assert ClipEdit(clip=1, captions=tuple(changes))  # they don't overlap
    assert "".join(line.text for line in lines(SAID, 0, 2.9, changes)) == " ".join(typed)


def test_a_line_is_a_sentence_cut_to_the_clip() -> None:
    assert lines(SAID, 1.0, 4.0) == [
        Line(2, 6, 1.0, "born in Nantes ."),
        Line(6, 8, 3.0, "And he"),
    ]


def test_sentences_that_one_wording_joins_are_one_line() -> None:
    joined = Wording(first=5, last=7, text=", and")

    assert [(line.first, line.last, line.text) for line in lines(SAID, 0, 5, [joined])] == [
        (0, 10, "He was born in Nantes , and he left it")
    ]


def test_wordings_of_other_lines_are_kept() -> None:
    near, far = Wording(first=2, last=3, text="x"), Wording(first=8, last=9, text="y")

    assert kept([near, far], [(0, 6)]) == [far]


def test_without_words_there_is_no_line() -> None:
    assert lines(Words(), 0, 10) == []
