"""Sentences, breath groups, speech regions and stretches of picture as the pieces of a timeline."""

from talk_builder import dossier, source, spoken, transcript

from omni.analysis.timeline import timeline_of
from omni.analysis.units import picture_units, spoken_units
from omni.contracts import Brief, Dossier, Precedents, Sentence, Span, Transcript, Word


def words(*texts: str, length: float = 0.4, gaps: dict[int, float] | None = None) -> tuple[Word, ...]:
    t, made = 0.0, list[Word]()
    for i, text in enumerate(texts):
        t += (gaps or {}).get(i, 0.0)
        made.append(Word(start=round(t, 3), end=round(t + length, 3), text=text))
        t += length
    return tuple(made)


def heard(said: tuple[Word, ...], sentences: tuple[Sentence, ...] = ()) -> Transcript:
    return Transcript(words=said, sentences=sentences, engine="test", word_times="measured")


def test_words_that_no_sentence_covers_are_split_at_full_stops_and_long_pauses() -> None:
    said = words("One", "two.", "Three", "four", "five", gaps={4: 0.9})
    assert [u.text for u in spoken_units(heard(said), said, 30)] == ["One two.", "Three four", "five"]


def test_a_sentence_index_out_of_range_is_ignored_and_its_words_are_kept() -> None:
    said = words("One", "two.", "Three")
    broken = (Sentence(start=0, end=1, first=1, last=9, text="?"),)
    assert [u.text for u in spoken_units(heard(said, broken), said, 30)] == ["One two.", "Three"]


def test_a_sentence_without_end_is_split_at_its_breaths_and_the_parts_say_that_they_are_torn() -> None:
    said = words(*["word"] * 40, gaps={18: 0.5})
    parts = spoken_units(heard(said), said, 10)
    assert [(u.first, u.last) for u in parts] == [(0, 18), (18, 40)]
    assert (parts[0].opens, parts[0].closes, parts[1].opens, parts[1].closes) == (True, False, False, True)


def test_picture_units_cover_the_source_and_prefer_shot_edges() -> None:
    units = picture_units(22, (5.8, 14.0), 5)
    assert [u.start for u in units] == [0.0, 5.8, 10.8, 14.0, 19.0]
    assert units[-1].end == 22


def ground(transcript_: Transcript, duration: float) -> str:
    given = dossier(transcript_, duration)
    return timeline_of(given).ground


def test_the_ground_is_words_else_speech_else_picture() -> None:
    talk = spoken("One word is enough.\nTwo words are better.\nThree are a talk.")
    assert ground(transcript(talk), talk.t) == "words"
    assert ground(transcript(talk), 10 * talk.t) == "picture"
    assert ground(transcript(talk, words=(), sentences=()), talk.t) == "regions"
    assert ground(transcript(talk, words=(), sentences=(), speech=()), talk.t) == "picture"


def test_an_audio_only_source_needs_no_frame_rate() -> None:
    talk = spoken("One word is enough.")
    given = Dossier(
        source=source(talk.t, picture=False),
        transcript=transcript(talk),
        footage=dossier(transcript(talk), talk.t).footage,
        precedents=Precedents(),
        brief=Brief(),
    )
    assert 0.16 < timeline_of(given).obstacles.sliver < 0.21


def test_words_beyond_the_end_of_the_source_are_left_out() -> None:
    talk = spoken("One word is enough.\nTwo words are better.")
    given = dossier(transcript(talk), talk.sentences[0].end + 0.1)
    assert timeline_of(given).words[-1].text == "enough."
    assert all(isinstance(u.start, float) and Span(start=u.start, end=u.end) for u in timeline_of(given).units)


def test_the_second_sentence_of_an_answer_leans_on_the_first_and_a_later_one_stands() -> None:
    talk = spoken(
        "Why do ships need boxes?\nMoney is one reason.\nTime is another reason.\n" + "Sailors like the shore.\n" * 6
    )
    turns = tuple(s.start for s in talk.sentences[:2])
    given = dossier(transcript(talk, turns=turns), talk.t + 1)
    units = timeline_of(given).units
    assert [u.goes_on for u in units[:4]] == [False, False, True, True]
    assert not units[-1].goes_on
    assert not any(u.goes_on for u in timeline_of(dossier(transcript(talk), talk.t + 1)).units)
