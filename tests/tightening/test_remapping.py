"""What was heard and seen, in clip time."""

import pytest
from builders import transcript

from omni.contracts import Curve, FaceBox, FaceTrack, Footage, Pitch, Sentence, Shot, Span, Transcript, Word
from omni.tightening.remapping import footage_in, transcript_in
from omni.tightening.splice import Splice

SPLICE = Splice((Span(start=10, end=12), Span(start=13, end=16)))


def said(*words: tuple[str, float, float]) -> Transcript:
    made = tuple(Word(text=t, start=a, end=b) for t, a, b in words)
    text = " ".join(w.text for w in made)
    sentence = Sentence(start=made[0].start, end=made[-1].end, first=0, last=len(made), text=text)
    return Transcript(words=made, sentences=(sentence,), language="en", engine="test", word_times="measured")


def test_words_of_both_pieces_follow_each_other_and_others_are_gone() -> None:
    heard = transcript(("Before.", 8.0, 9.0), ("One two.", 10.5, 11.5), ("Three.", 13.5, 14.5), ("After.", 17.0, 18.0))

    told = transcript_in(SPLICE, heard)

    assert [(w.text, w.start) for w in told.words] == [("One", 0.5), ("two.", 1.0), ("Three.", 2.5)]
    assert [(s.text, s.first, s.last, s.start, s.end) for s in told.sentences] == [
        ("One two.", 0, 2, 0.5, 1.5),
        ("Three.", 2, 3, 2.5, 3.5),
    ]
    assert told.speech == (Span(start=0.5, end=1.5), Span(start=2.5, end=3.5))


def test_a_word_that_a_cut_divides_is_not_said_in_the_clip() -> None:
    told = transcript_in(SPLICE, said(("half", 9.5, 10.5), ("whole", 10.97, 12.03), ("late", 15.5, 16.5)))

    assert [w.text for w in told.words] == ["whole"]


def test_a_sentence_without_its_fillers_is_still_written_as_one() -> None:
    told = transcript_in(
        Splice((Span(start=10, end=11), Span(start=12, end=14), Span(start=15, end=16))),
        said(("Um,", 11.2, 11.8), ("boxes", 12.2, 12.8), ("won,", 13.0, 13.8), ("uh.", 14.2, 14.8)),
    )

    assert [w.text for w in told.words] == ["Boxes", "won."]
    assert told.sentences[0].text == "Boxes won."


def test_a_clip_that_begins_in_a_sentence_gets_no_capital() -> None:
    told = transcript_in(SPLICE, said(("The", 9.0, 9.5), ("box", 10.2, 10.8), ("won.", 11.0, 11.5)))

    assert told.sentences[0].text == "box won."


def box(t: float, x: float) -> FaceBox:
    return FaceBox(t=t, x=x, y=0.2, w=0.1, h=0.2, score=0.9)


def test_a_face_is_followed_over_a_join_and_to_the_edges_of_the_clip() -> None:
    track = FaceTrack(shot=0, boxes=tuple(box(t, t / 100) for t in (9.9, 11.1, 12.3, 13.5, 15.9, 16.1)))

    seen = footage_in(SPLICE, Footage(shots=(Shot(start=0, end=60),), tracks=(track,), engine="test"))

    assert seen.shots == (Shot(start=0, end=5),)
    times = [b.t for b in seen.tracks[0].boxes]
    assert times[0] == 0
    assert times[-1] == pytest.approx(5)
    assert times == sorted(set(times))
    assert {round(b.t, 2): round(b.x, 3) for b in seen.tracks[0].boxes}[2.5] == 0.135


def test_a_shot_that_is_left_out_is_gone_and_tracks_keep_theirs() -> None:
    shots = tuple(Shot(start=a, end=b) for a, b in ((0, 11), (11, 12.2), (12.2, 12.8), (12.8, 60)))
    tracks = tuple(FaceTrack(shot=n, boxes=(box(t, 0.1), box(t + 0.4, 0.1))) for n, t in ((0, 10), (2, 12.3), (3, 14)))

    seen = footage_in(SPLICE, Footage(shots=shots, tracks=tracks, engine="test"))

    assert [(s.start, s.end) for s in seen.shots] == [(0, 1), (1, 2), (2, 5)]
    assert [t.shot for t in seen.tracks] == [0, 2]


def test_curves_are_read_where_the_clip_is() -> None:
    motion = Curve(step=1.0, values=tuple(float(i) for i in range(30)))

    assert footage_in(SPLICE, Footage(motion=motion, engine="test")).motion.values == (10, 11, 13, 14, 15)
    heard = said(("box", 10.2, 10.8)).model_copy(update={"pitch": Pitch(voiced=motion, excursion=motion)})
    assert transcript_in(SPLICE, heard).pitch.excursion.values == (10, 11, 13, 14, 15)
    assert transcript_in(SPLICE, heard).pitch.voiced.values == (10, 11, 13, 14, 15)


def test_a_speaker_s_turn_is_told_in_clip_time() -> None:
    talk = said(("So?", 1.0, 1.4), ("Um.", 2.0, 2.4), ("Yes.", 4.0, 4.4)).model_copy(update={"turns": (1.0, 2.0, 4.0)})
    clip = transcript_in(Splice.of([Span(start=0.5, end=1.5), Span(start=3.5, end=5.0)]), talk)
    assert clip.turns == tuple(word.start for word in clip.words)
