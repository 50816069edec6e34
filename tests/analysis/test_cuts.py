"""The cut engine: whole words, whole sentences, air around the speech, no sliver of another shot."""

import pytest
from talk_builder import Talk, dossier, spoken, transcript

from omni.analysis.cuts import Cutter, cutter_for
from omni.contracts import Brief, Dossier, Sentence, Span, Transcript, Word

TEXT = """
Bread needs four things.
Flour is the first of them.
And water is the second.
Salt keeps the yeast in check.
Time does all of the rest.
Nobody can buy that in a shop.
"""


def talk_of(
    lines: list[tuple[float, float, str]],
    duration: float,
    *,
    speech: tuple[Span, ...] = (),
    shots: tuple[float, ...] = (),
    word_times: str = "measured",
    brief: Brief | None = None,
) -> Dossier:
    """One sentence a line, two words each, said at the given times."""
    words: list[Word] = []
    sentences: list[Sentence] = []
    for start, end, text in lines:
        middle = (start + end) / 2
        first, second = text.split()
        words += [Word(start=start, end=middle, text=first), Word(start=middle, end=end, text=second)]
        sentences.append(Sentence(start=start, end=end, first=len(words) - 2, last=len(words), text=text))
    heard = Transcript(
        words=tuple(words),
        sentences=tuple(sentences),
        speech=speech,
        language="en",
        engine="test",
        word_times=word_times,
    )
    return dossier(heard, duration, shots=shots, brief=brief or Brief(min_seconds=3, max_seconds=12))


def cutter(given: Dossier) -> Cutter:
    return cutter_for(given)


def test_speech_begins_a_fifth_of_a_second_in_and_a_short_tail_follows() -> None:
    cut = cutter(talk_of([(2, 4, "Bread rises."), (6, 9, "Time helps.")], 20)).trim(0, 2)
    assert cut is not None
    assert 2 - cut.start == pytest.approx(0.2)
    assert cut.end - 9 == pytest.approx(0.4)


def test_sentences_without_a_gap_are_cut_in_the_middle_of_what_gap_there_is() -> None:
    cut = cutter(talk_of([(0, 4, "Bread rises."), (4.1, 8, "Time helps."), (8, 12, "Nobody buys.")], 12)).trim(1, 2)
    assert cut is not None
    assert (cut.start, cut.end) == pytest.approx((4.05, 8))


def test_tail_of_one_clip_and_lead_in_of_the_next_share_a_pause_without_overlapping() -> None:
    for gap in (0.0, 0.1, 0.2, 0.25, 0.3, 0.5, 0.8, 2.0):
        c = cutter(talk_of([(1, 4, "Bread rises."), (4 + gap, 8, "Time helps.")], 12))
        one, two = c.trim(0, 1), c.trim(1, 2)
        assert one is not None
        assert two is not None
        assert 4 <= one.end <= two.start + 1e-9 <= 4 + gap + 1e-9


@pytest.mark.parametrize("offset", [-0.25, -0.15, -0.05, 0.0])
def test_start_near_a_shot_cut_moves_away_from_it_by_five_frames_or_onto_the_new_shot(offset: float) -> None:
    shot = 5 + offset
    cut = cutter(talk_of([(1, 3, "Bread rises."), (5, 9, "Time helps.")], 20, shots=(shot,))).trim(1, 2)
    assert cut is not None
    assert not cut.start < shot < cut.start + 0.2
    assert 4.5 <= cut.start <= 5


def test_end_near_a_shot_cut_leaves_no_flash_of_the_next_shot() -> None:
    cut = cutter(talk_of([(1, 4, "Bread rises."), (7, 9, "Time helps.")], 20, shots=(4.3,))).trim(0, 1)
    assert cut is not None
    assert not cut.end - 0.2 < 4.3 < cut.end
    assert 4 <= cut.end <= 4.8


def test_a_shot_cut_just_after_the_first_word_with_no_room_before_it_is_refused() -> None:
    tight = talk_of([(1, 4, "Bread rises."), (4, 8, "Time helps.")], 20, shots=(4.1,))
    assert cutter(tight).trim(1, 2) is None
    assert cutter(tight).trim(0, 2) is not None


def test_edges_stay_outside_speech_that_the_detector_heard_beyond_the_word() -> None:
    speech = (Span(start=1.7, end=4.3),)
    cut = cutter(talk_of([(2, 4, "Bread rises.")], 20, speech=speech)).trim(0, 1)
    assert cut is not None
    assert cut.start <= 1.7
    assert cut.end >= 4.3


def test_estimated_words_are_cut_only_in_a_silence() -> None:
    lines = [(1, 4, "Bread rises."), (4, 8, "Time helps."), (9, 12, "Nobody buys.")]
    c = cutter(talk_of(lines, 20, speech=(Span(start=1, end=8), Span(start=9, end=12)), word_times="estimated"))
    assert c.trim(1, 2) is None
    assert c.trim(1, 2, strict=False) is not None
    assert c.trim(0, 2) is not None


def test_a_rough_window_grows_to_whole_sentences_and_never_loses_its_ending() -> None:
    talk = spoken(TEXT)
    c = cutter(dossier(transcript(talk), talk.t + 1, brief=Brief(min_seconds=3, max_seconds=20)))
    last = talk.sentences[4]
    rough = Span(start=talk.sentences[3].start + 0.9, end=last.end - 0.5)
    cut = c.cut(rough)
    assert cut is not None
    assert cut.start <= talk.sentences[3].start
    assert last.end <= cut.end < talk.sentences[5].start


def test_a_rough_window_that_is_too_long_starts_later_rather_than_losing_its_ending() -> None:
    talk = spoken(TEXT)
    c = cutter(dossier(transcript(talk), talk.t + 1, brief=Brief(min_seconds=3, max_seconds=8)))
    cut = c.cut(Span(start=0.5, end=talk.sentences[5].end))
    assert cut is not None
    assert cut.end >= talk.sentences[5].end
    assert cut.length <= 8
    assert any(0 <= s.start - cut.start <= 0.5 for s in talk.sentences)


def test_a_start_that_leans_on_the_sentence_before_moves_to_one_that_stands_by_itself() -> None:
    talk = spoken(TEXT)
    c = cutter(dossier(transcript(talk), talk.t + 1, brief=Brief(min_seconds=3, max_seconds=20)))
    cut = c.cut(Span(start=talk.sentences[2].start, end=talk.sentences[4].end))
    assert cut is not None
    assert talk.transcript_text(cut).startswith("Flour is the first")


def test_a_mere_touch_of_a_neighbouring_sentence_is_not_meant() -> None:
    talk = spoken(TEXT)
    c = cutter(dossier(transcript(talk), talk.t + 1, brief=Brief(min_seconds=3, max_seconds=20)))
    cut = c.cut(Span(start=talk.sentences[0].end - 0.2, end=talk.sentences[4].start + 0.2))
    assert cut is not None
    assert (
        talk.transcript_text(cut)
        == "Flour is the first of them. And water is the second. Salt keeps the yeast in check."
    )


def test_a_window_beyond_all_repair_is_refused() -> None:
    endless = talk_of([(0, 40, "Bread rises.")], 40)
    assert cutter(endless).cut(Span(start=5, end=12)) is None


def test_where_nothing_is_said_a_rough_window_is_kept_within_bounds_and_off_the_shot_cuts() -> None:
    silent = dossier(transcript(Talk(), speech=()), 60, shots=(10.1, 20.0), brief=Brief(min_seconds=5, max_seconds=15))
    cut = cutter(silent).cut(Span(start=10, end=19.95))
    assert cut is not None
    assert 5 <= cut.length <= 15
    assert not cut.start < 10.1 < cut.start + 0.2
    assert not cut.end - 0.2 < 20.0 < cut.end
    assert abs(cut.start - 10) <= 0.5
