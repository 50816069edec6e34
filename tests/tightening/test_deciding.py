"""What stays of a cut: long pauses shortened, fillers left out, words and shots whole."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omni.contracts import Footage, Sentence, Shot, SoundEvent, Span, Tighten, Transcript, Word
from omni.tightening.deciding import AFTER, BEFORE, LONGEST_PAUSE, SHORTEST_PIECE, kept_pieces

FRAME = 1 / 25
CUT = Span(start=10, end=30)


def heard(*words: tuple[str, float, float], **changes: object) -> Transcript:
    made = tuple(Word(text=text, start=start, end=end) for text, start, end in words)
    sentence = Sentence(
        start=made[0].start, end=made[-1].end, first=0, last=len(made), text=" ".join(w.text for w in made)
    )
    facts: dict[str, object] = {
        "words": made, "sentences": (sentence,), "speech": tuple(Span(start=w.start, end=w.end) for w in made),
        "language": "en", "engine": "test", "word_times": "measured",
    }  # fmt: skip
    return Transcript.model_validate(facts | changes)


def pieces(
    transcript: Transcript,
    how: Tighten = Tighten.PAUSES,
    *,
    cut: Span = CUT,
    shots: tuple[float, ...] = (),
    shortest: float = 0,
) -> list[tuple[float, float]]:
    edges = [0.0, *shots, 60.0]
    footage = Footage(shots=tuple(Shot(start=a, end=b) for a, b in pairwise(edges)), engine="test")
    kept = kept_pieces(cut, transcript, footage, how=how, frame=FRAME, shortest=shortest)
    return [(round(p.start, 3), round(p.end, 3)) for p in kept]


PAUSE = heard(("One", 10.2, 12.0), ("two.", 14.0, 29.6))
HESITATION = heard(("So", 10.2, 12.0), ("um,", 12.3, 12.7), ("why?", 13.0, 29.6))


def test_nothing_is_left_out_unless_it_is_asked_for() -> None:
    assert pieces(PAUSE, Tighten.NONE) == [(10, 30)]


def test_a_long_pause_keeps_a_breath_on_both_sides() -> None:
    (_, out), (back, _) = pieces(PAUSE)

    assert 12.0 + AFTER <= out < 12.0 + AFTER + FRAME
    assert 14.0 - BEFORE - FRAME < back <= 14.0 - BEFORE


def test_joins_lie_on_the_frames_of_the_clip() -> None:
    (_, out), (back, _) = pieces(PAUSE)

    assert [round((t - 10) / FRAME, 6) % 1 for t in (out, back)] == [0, 0]


def test_an_ordinary_pause_stays() -> None:
    assert pieces(heard(("One", 10.2, 12.0), ("two.", 12.0 + LONGEST_PAUSE, 29.6))) == [(10, 30)]


def test_the_lead_in_and_the_tail_are_no_pauses() -> None:
    assert pieces(heard(("One", 12.0, 15.0), ("two.", 15.1, 27.0))) == [(10, 30)]


@pytest.mark.parametrize("kind", ["applause", "laughter", "music"])
def test_a_pause_in_which_something_is_heard_stays(kind: str) -> None:
    event = SoundEvent.model_validate({"kind": kind, "start": 12.1, "end": 13.9, "confidence": 0.9})

    assert pieces(PAUSE.model_copy(update={"events": (event,)})) == [(10, 30)]


def test_speech_that_nobody_wrote_down_stays() -> None:
    speech = (Span(start=10.2, end=12.0), Span(start=12.2, end=13.8), Span(start=14.0, end=29.6))

    assert pieces(PAUSE.model_copy(update={"speech": speech})) == [(10, 30)]


def test_without_words_the_voice_detector_tells_the_pauses() -> None:
    silent = PAUSE.model_copy(update={"words": (), "sentences": (), "word_times": "none"})

    assert pieces(silent) == pieces(PAUSE)


def test_a_filler_goes_only_when_fillers_are_asked_for() -> None:
    assert pieces(HESITATION, Tighten.PAUSES) == [(10, 30)]
    (_, out), (back, _) = pieces(HESITATION, Tighten.FILLERS)
    assert 12.0 < out <= 12.3
    assert 12.7 <= back < 13.0


def test_a_filler_between_words_without_room_stays() -> None:
    said = heard(("So", 10.2, 12.0), ("um,", 12.0, 12.7), ("why?", 12.7, 29.6))

    assert pieces(said, Tighten.FILLERS) == [(10, 30)]


def test_a_filler_that_is_the_whole_sentence_may_be_an_answer() -> None:
    sentences = tuple(
        Sentence(start=w.start, end=w.end, first=i, last=i + 1, text=w.text) for i, w in enumerate(HESITATION.words)
    )

    assert pieces(HESITATION.model_copy(update={"sentences": sentences}), Tighten.FILLERS) == [(10, 30)]


def test_estimated_word_times_find_no_fillers() -> None:
    assert pieces(HESITATION.model_copy(update={"word_times": "estimated"}), Tighten.FILLERS) == [(10, 30)]


@pytest.mark.parametrize("border", [12.2, 13.85])
def test_no_shot_flashes_up_beside_a_join(border: float) -> None:
    for start, end in pieces(PAUSE, shots=(border,)):
        assert not 0 < border - start < 5 * FRAME - 1e-6
        assert not 0 < end - border < 5 * FRAME - 1e-6


def test_the_clip_stays_as_long_as_it_must_and_the_longest_pause_goes_first() -> None:
    said = heard(("One", 10.2, 12.0), ("two", 14.0, 20.0), ("three.", 25.0, 29.6))

    assert len(pieces(said)) == 3
    assert [(round(a), round(b)) for a, b in pieces(said, shortest=15)] == [(10, 20), (25, 30)]


words = st.lists(
    st.tuples(st.sampled_from(["um", "uh,", "box", "why?", "Hmm."]), st.floats(0.02, 3), st.floats(0.05, 1.2)),
    min_size=1,
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(words, st.lists(st.floats(10, 40), max_size=4), st.sampled_from(list(Tighten)))
def test_whatever_is_said_no_word_is_cut_and_no_piece_is_a_stutter(
    said: list[tuple[str, float, float]], shots: list[float], how: Tighten
) -> None:
    at, made = 10.2, list[tuple[str, float, float]]()
    for text, gap, length in said:
        made.append((text, at + gap, at + gap + length))
        at += gap + length
    cut = Span(start=10, end=at + 0.4)

    found = pieces(heard(*made), how, cut=cut, shots=tuple(sorted(set(shots))))

    assert found[0][0] == 10
    assert found[-1][1] == round(cut.end, 3)
    assert all(b - a >= min(SHORTEST_PIECE, cut.length) - 1e-3 for a, b in found)
    edges = [t for piece in found for t in piece][1:-1]
    assert edges == sorted(edges)
    assert not [(w, e) for w in made for e in edges if w[1] + 1e-3 < e < w[2] - 1e-3]
