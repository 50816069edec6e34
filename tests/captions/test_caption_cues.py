"""Cues: what stands together, and when it comes and goes."""

import unicodedata
from itertools import pairwise

from builders import setting
from hypothesis import given, settings
from hypothesis import strategies as st

from omni.captions.composing import compose_captions
from omni.captions.fontbook import FontBook
from omni.contracts import Captions, Sentence, Span, Transcript, Word

FONTS = FontBook.scan(system=())


def said(text: str, *, rate: float = 15.0, start: float = 10.0, pauses: dict[int, float] | None = None) -> Transcript:
    """Say a text at ``rate`` characters a second from ``start``; ``pauses`` are seconds after the word of that index."""
    words: list[Word] = []
    now = start
    for i, word in enumerate(text.split(" ")):
        words.append(Word(start=now, end=now + len(word) / rate, text=word))
        now += (len(word) + 1) / rate + (pauses or {}).get(i, 0.0)
    return Transcript(words=tuple(words), engine="test", word_times="measured", language="en")


def composed(transcript: Transcript, *, start: float = 9.8, end: float | None = None) -> Captions:
    last = transcript.words[-1].end + 0.4 if end is None else end
    return compose_captions(Span(start=start, end=last), transcript, fonts=FONTS, setting=setting())


def texts(captions: Captions) -> list[str]:
    return [cue.text for cue in captions.cues]


def test_phrases_follow_the_syntax_and_small_words_stay_with_the_next_one():
    text = "The best way to learn a language is to speak it every day, and the worst one is to read a book about it."
    assert texts(composed(said(text))) == [
        "The best way",
        "to learn a language",
        "is to speak it",
        "every day,",
        "and the worst one",
        "is to read",
        "a book about it.",
    ]


def test_a_sentence_end_always_ends_a_caption_that_can_be_read():
    assert texts(composed(said("I agree. She does not agree with me."))) == [
        "I agree.",
        "She does not agree",
        "with me.",
    ]


def test_sentences_of_the_transcript_are_trusted_over_full_stops():
    transcript = said("He met Dr. Brown last year")
    whole = Sentence(start=10, end=13, first=0, last=6, text="")
    captions = composed(transcript.model_copy(update={"sentences": (whole,)}))
    assert texts(captions) == ["He met Dr. Brown", "last year"]


def test_words_too_short_to_be_read_alone_share_a_caption_over_a_sentence_end():
    assert texts(composed(said("No. No. No. I said no.", rate=16))) == ["No. No. No.", "I said no."]


def test_a_pause_always_parts():
    assert texts(composed(said("we waited and then it came", pauses={1: 0.45}))) == ["we waited", "and then it came"]


def test_a_caption_stays_until_it_is_read_but_not_through_a_silence():
    captions = composed(said("Stop! Now we can begin again.", pauses={0: 3.0}))
    assert [(cue.start, cue.end) for cue in captions.cues] == [(0.2, 0.73), (3.6, 5.33)]


def test_a_gap_that_would_flicker_is_closed():
    captions = composed(said("This is one sentence. This is another sentence.", pauses={3: 0.2}))
    first, second = captions.cues
    assert first.end == second.start


def test_a_caption_never_begins_with_a_comma_and_stray_marks_join_their_word():
    transcript = said("Well , ,and he said : ( yes ) – but ...")
    assert " ".join(texts(composed(transcript))).replace("\n", " ") == "Well,, and he said: (yes)\u00a0– but..."


def test_words_outside_the_cut_are_not_shown_and_a_hair_over_the_edge_is():
    transcript = said("one two three four", rate=4)
    three = transcript.words[2]
    captions = composed(transcript, start=transcript.words[1].start + 0.03, end=three.end - 0.03)
    assert texts(captions) == ["two three"]
    assert captions.cues[0].start == 0


def test_long_words_are_divided_with_hyphens_and_addresses_without():
    transcript = said("Donaudampfschifffahrtsgesellschaft www.example.org/a-rather-long-path/index.html")
    assert texts(composed(transcript)) == [
        "Donaudampfschiff-\nfahrtsgesellschaft",
        "www.example.",
        "org/a-rather-\nlong-path/index.html",
    ]


def test_chinese_is_joined_without_blanks_and_korean_is_not():
    chinese = said("今天 我们 来讲 字幕 ， 好吗 ？").model_copy(update={"language": "zh"})
    assert texts(composed(chinese))[0].replace("\n", "") == "今天我们来讲字幕，好吗？"
    assert texts(composed(said("안녕하세요 여러분"))) == ["안녕하세요 여러분"]


def test_a_letter_that_an_engine_cut_through_is_made_whole():
    thai = said("ผู้ที่ท ำงาน ด ี").model_copy(update={"language": "th"})
    assert texts(composed(thai))[0].replace("\n", "") == "ผู้ที่ทำงานดี"


def test_no_words_no_captions():
    assert composed(Transcript(engine="none", word_times="none"), end=20) == Captions()


def test_words_that_share_one_time_divide_it():
    words = tuple(Word(start=1, end=3, text=text) for text in ("all", "at", "once", "here"))
    captions = compose_captions(
        Span(start=0, end=4),
        Transcript(words=words, engine="test", word_times="estimated"),
        fonts=FONTS,
        setting=setting(),
    )
    assert [word.start for line in captions.cues[0].lines for word in line] == [1.0, 1.5, 2.0, 2.5]


def test_reading_speed_holds_for_a_fast_speaker():
    text = "we measured the speed of every caption that was shown and found that people could read all of them, " * 4
    captions = composed(said(text.strip(), rate=18.5))
    speeds = sorted(len(cue.text) / cue.length for cue in captions.cues)
    assert speeds[int(len(speeds) * 0.95)] <= 20


LETTERS = "aeinorstulWmqéßжщبמनက字かคำ한'’-.,!?{}\\%&<>\u0301\u200d🔥😀♪5 \u00a0"
word_texts = st.one_of(
    st.sampled_from(["the", "of", "I", "word", "another", "Yes.", "no,", "well—", "everything", "123", "–", "“", "!"]),
    st.text(alphabet=LETTERS, min_size=1, max_size=40),
)
gaps = st.one_of(st.just(0.0), st.floats(0, 0.3), st.floats(0.3, 2.0))


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    words: list[Word] = []
    now = 5.0
    for _ in range(draw(st.integers(1, 25))):
        length = draw(st.one_of(st.just(0.0), st.floats(0.05, 0.8)))
        words.append(Word(start=now, end=now + length, text=draw(word_texts)))
        now += length + draw(gaps)
    return Transcript(words=tuple(words), engine="test", word_times="measured")


def spoken(text: str) -> str:
    """Reduce a text to what is said: letters and digits, whatever is drawn on them."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if char.isalnum())


@settings(max_examples=40, deadline=None)
@given(transcripts())
def test_rules_that_hold_for_every_transcript(transcript: Transcript):
    cut = Span(start=4.5, end=transcript.words[-1].end + 0.3)
    captions = compose_captions(cut, transcript, fonts=FONTS, setting=setting())
    words = [word for cue in captions.cues for line in cue.lines for word in line]
    # Every word is there, once, in order.
    assert spoken("".join(w.text for w in words)) == spoken("".join(w.text for w in transcript.words))
    # In time, in order, never two at once.
    assert all(0 <= cue.start < cue.end <= cut.length + 1e-9 for cue in captions.cues)
    assert all(before.end <= after.start for before, after in pairwise(captions.cues))
    for cue in captions.cues:
        inside = [word for line in cue.lines for word in line]
        assert all(cue.start <= word.start <= word.end <= cue.end for word in inside)
        assert all(before.start <= after.start for before, after in pairwise(inside))
        assert len(cue.lines) <= 2
        assert all(line for line in cue.lines)
        assert all(len(line) <= 24 for line in cue.text.split("\n"))
        assert not cue.text.startswith((",", ";", ":"))
        assert all(after.start - before.end < 0.46 for before, after in pairwise(inside))
    # The same answer twice.
    assert compose_captions(cut, transcript, fonts=FONTS, setting=setting()) == captions
