"""Captions in other words: the same stretch of time, and no other word moves."""

from builders import transcript
from hypothesis import given, settings
from hypothesis import strategies as st

from omni.contracts import Word
from omni.review import Wording
from omni.speech.rewording import reworded

TALK = transcript(("One two three four.", 0, 4), ("Five six.", 5, 7))


def wording(first: int, last: int, text: str) -> Wording:
    return Wording(first=first, last=last, text=text)


def test_as_many_words_keep_their_times() -> None:
    told = reworded(TALK, [wording(1, 3, "due tre")])

    assert [word.text for word in told.words] == ["One", "due", "tre", "four.", "Five", "six."]
    assert [(word.start, word.end) for word in told.words] == [(word.start, word.end) for word in TALK.words]
    assert told.sentences[0].text == "One due tre four."


def test_fewer_or_more_words_share_the_stretch_by_their_length() -> None:
    told = reworded(TALK, [wording(0, 4, "Everything else")])

    assert told.words[:2] == (Word(start=0, end=2.75, text="Everything"), Word(start=2.75, end=4, text="else"))
    assert told.words[2:] == TALK.words[4:]
    assert [(s.first, s.last) for s in told.sentences] == [(0, 2), (2, 4)]


def test_no_words_show_nothing_and_leave_no_empty_sentence() -> None:
    told = reworded(TALK, [wording(4, 6, " ")])

    assert told.words == TALK.words[:4]
    assert told.sentences == TALK.sentences[:1]


def test_a_stretch_over_two_sentences_stays_in_order() -> None:
    told = reworded(TALK, [wording(3, 5, "fourth, and fifth,")])

    assert [word.text for word in told.words] == ["One", "two", "three", "fourth,", "and", "fifth,", "six."]
    assert told.words[-1] == TALK.words[-1]


def test_numbers_are_those_of_the_transcript_however_many_change() -> None:
    told = reworded(TALK, [wording(0, 1, "a b c"), wording(5, 6, "end."), wording(90, 91, "beyond")])

    assert [word.text for word in told.words] == ["a", "b", "c", "two", "three", "four.", "Five", "end."]


def test_scripts_without_blanks_become_several_words() -> None:
    told = reworded(TALK, [wording(0, 4, "今天我们讨论箱子")])

    assert len(told.words) > 3
    assert told.words[-3].end == 4


@settings(derandomize=True, max_examples=60)
@given(st.integers(0, 5), st.integers(1, 6), st.text("ab cd,.", max_size=20))
def test_whatever_is_written_times_stay_in_order_and_sentences_hold_words(first: int, length: int, text: str) -> None:
    told = reworded(TALK, [wording(first, first + length, text)])

    edges = [edge for word in told.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    for sentence in told.sentences:
        assert 0 <= sentence.first < sentence.last <= len(told.words)
        assert sentence.start <= sentence.end
