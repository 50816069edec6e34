"""Fades never eat a word."""

import pytest
from builders import transcript
from hypothesis import given
from hypothesis import strategies as st

from omni.contracts import Fades, Span, Transcript
from omni.encoding.fading import FALL, RISE, SHORTEST_FALL, SHORTEST_RISE, UNHEARD, fades_for


def test_where_there_is_room_fades_have_their_full_length() -> None:
    assert fades_for(transcript(("Why?", 0.2, 1.0)), 1.5) == Fades(rise=RISE, fall=FALL)


def test_near_a_word_they_are_shorter() -> None:
    fades = fades_for(transcript(("Why?", 0.06, 1.0)), 1.09)

    assert fades == Fades(rise=0.0186, fall=0.07)


def test_against_a_word_they_only_take_the_click_out() -> None:
    assert fades_for(transcript(("Why?", 0.0, 1.0)), 1.0) == Fades(rise=SHORTEST_RISE, fall=SHORTEST_FALL)


def test_without_words_the_voice_detector_tells_where_the_room_is() -> None:
    heard = Transcript(speech=(Span(start=0.5, end=1.0),), engine="none", word_times="none")

    assert fades_for(heard, 1.05).fall == pytest.approx(0.03)


def test_without_speech_there_is_room() -> None:
    assert fades_for(Transcript(engine="none", word_times="none"), 5.0) == Fades(rise=RISE, fall=FALL)


@given(st.floats(0, 0.5), st.floats(0, 1))
def test_no_fade_reaches_a_word_unless_the_cut_does(lead: float, tail: float) -> None:
    fades = fades_for(transcript(("Why?", lead, lead + 1)), lead + 1 + tail)

    assert UNHEARD + fades.rise <= lead or fades.rise == SHORTEST_RISE
    assert fades.fall <= tail or fades.fall == SHORTEST_FALL


def test_a_word_at_the_very_start_loses_less_than_a_cut_may_take() -> None:
    assert UNHEARD + SHORTEST_RISE < 0.04
