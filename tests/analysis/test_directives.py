"""Operator directives that are understood without a model, and those that are told back."""

import pytest

from omni.analysis.directives import wishes_of
from omni.analysis.terms import stem, tokenize

KNOWN = frozenset(stem(w) for w in ("pricing", "customers", "harbour", "boxes", "joke"))
STOP = {"the", "on", "about", "and", "it", "make", "more", "of"}
INFINITE = float("inf")


def understood(text: str):
    return wishes_of(text, KNOWN, lambda t: tuple(stem(w) for w in tokenize(t) if w not in STOP))


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("from 10:00 to 20:00", ((600, 1200),)),
        ("10:00-20:00", ((600, 1200),)),
        ("between 1:02:03 and 1:03:00", ((3723, 3780),)),
        ("after 5:00", ((300, INFINITE),)),
        ("only after 5:00 and before 7:30", ((300, 450),)),
        ("the first 10 minutes", ((0, 600),)),
        ("from 0:10 to 0:20, from 1:00 to 1:30", ((10, 20), (60, 90))),
        ("between 1.5 minutes and 200 s", ((90, 200),)),
        ("nothing of the kind", ()),
    ],
)
def test_times_are_read_in_the_ways_people_write_them(text: str, within: tuple[tuple[float, float], ...]) -> None:
    assert understood(text).within == within


def test_a_clip_may_reach_half_a_second_beyond_the_asked_time_and_no_more() -> None:
    wishes = understood("from 1:00 to 2:00")
    assert wishes.allows(59.6, 120.4)
    assert not wishes.allows(59.4, 100)
    assert not wishes.allows(70, 121)


def test_subjects_are_found_in_the_words_of_the_talk() -> None:
    assert understood("topic: pricing").wanted == {stem("pricing")}
    assert understood("More about customers; avoid: harbour").wanted == {stem("customers")}
    assert understood("More about customers; avoid: harbour").shunned == {stem("harbour")}


def test_only_questions_is_understood_and_leaves_nothing_over() -> None:
    wishes = understood("Only questions, topic: boxes")
    assert wishes.questions
    assert wishes.wanted == {stem("boxes")}
    assert wishes.unused == ()


def test_what_nothing_can_be_done_with_is_told_back_word_for_word() -> None:
    assert understood("topic: pricing. Make it snappy and elegant").unused == ("Make it snappy and elegant",)


def test_no_directives_are_no_wishes() -> None:
    assert understood("") == understood("  \n ")
    assert understood("").unused == ()
