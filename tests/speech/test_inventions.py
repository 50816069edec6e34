"""What speech models make up is left out and told; what people say, in two languages too, stays."""

import pytest

from omni.contracts import Span, Word
from omni.speech.inventions import said_lines, said_words
from omni.speech.markup import Line
from omni.speech.tokens import tokens

TALK = "We built the first box in a shed behind the harbour. Nobody came to see it. It was blue and it was late."


def lines(*texts: str) -> tuple[Line, ...]:
    """Lines of two seconds, one after the other."""
    return tuple(Line(2.0 * i, 2.0 * i + 2, (tokens(text),)) for i, text in enumerate(texts))


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(start=i / 2, end=i / 2 + 0.4, text=w) for i, w in enumerate(text.split()))


def over(*seconds: tuple[float, float]) -> tuple[Span, ...]:
    return tuple(Span(start=a, end=b) for a, b in seconds)


def kept_lines(*texts: str, speech: tuple[Span, ...]) -> tuple[list[str], tuple[str, ...]]:
    kept, told = said_lines(lines(*texts), speech)
    return [" ".join(t.text for t in line.tokens) for line in kept], told


def kept_words(text: str, language: str = "en") -> tuple[str, tuple[str, ...]]:
    said = words(text)
    kept, told = said_words(said, language, over((0, said[-1].end)))
    return " ".join(w.text for w in kept), told


@pytest.mark.parametrize(
    "credit",
    [
        "Subtitles by the Amara.org community",
        "Untertitelung des ZDF, 2020",
        "Sous-titrage Société Radio-Canada",
        "Субтитры сделал DimaTorzok",
        "字幕由Amara.org社区提供",
        "♪ Subtitles by Jane ♪",
        "Captions by Jane Doe and the Example Team",
        "Translated by Amara.org volunteers",
    ],
)
def test_credits_are_left_out_even_over_speech_and_told(credit: str) -> None:
    kept, told = kept_lines("We built a box.", credit, "It was blue.", speech=over((0, 6)))
    assert kept == ["We built a box.", "It was blue."]
    assert len(told) == 1
    assert "nobody said" in told[0]


@pytest.mark.parametrize(
    "said",
    [
        ("The book was", "translated by my mother in 1950."),
        ("The book was", "Translated by Mary Shelley."),
        ("It is a book.", "Translated by Dryden in 1697, it became famous."),
        ("It is a book.", "Translated by Dryden,", "it became famous."),
        ("It is a book.", "Transcribed by hand.", "Nobody read it."),
        ("We wrote it.", "Captions bye and bye."),
    ],
)
def test_what_is_heard_and_only_begins_like_a_credit_stays(said: tuple[str, ...]) -> None:
    assert kept_lines(*said, speech=over((0, 2.0 * len(said)))) == (list(said), ())


@pytest.mark.parametrize(
    ("texts", "heard"),
    [
        (("The book was", "translated by my mother in 1950.", "It was blue."), ((0, 2), (4, 6))),  # nobody says it
        (("It was blue.", "captions by jane"), ((0, 4),)),  # short, and the last line
        (("subtitles by jane", "We built it."), ((0, 4),)),
    ],
)
def test_a_credit_goes_where_nobody_is_heard_or_at_a_file_s_edge(
    texts: tuple[str, ...], heard: tuple[tuple[float, float], ...]
) -> None:
    assert len(kept_lines(*texts, speech=over(*heard))[0]) == len(texts) - 1


def test_a_credit_after_a_gap_goes_even_where_no_line_has_stops() -> None:
    apart = Line(9.0, 11.0, (tokens("Subtitles by Jane Doe"),))
    kept, told = said_lines((*lines("we built a box", "and it was blue"), apart), over((0, 11)))
    assert (len(kept), len(told)) == (2, 1)


def test_a_farewell_is_left_out_only_where_nobody_is_heard() -> None:
    said = "It was blue.", "Thanks for watching!"
    assert kept_lines(*said, speech=over((0, 2)))[0] == ["It was blue."]
    assert kept_lines(*said, speech=over((0, 4))) == (list(said), ())


def test_where_no_speech_was_heard_at_all_nothing_can_be_told() -> None:
    assert kept_lines("It was blue.", "Thanks for watching!", speech=())[1] == ()


def test_a_sentence_about_subtitles_stays() -> None:
    said = "Our subtitles by the way were the first to be made by hand for every single film that year"
    assert kept_lines(said, "So amara.org asked us.", speech=over((0, 4))) == ([said, "So amara.org asked us."], ())


def test_a_line_that_loops_is_kept_twice() -> None:
    kept, told = kept_lines("One.", *["I'm sorry."] * 6, "Two.", speech=over((0, 16)))
    assert kept == ["One.", "I'm sorry.", "I'm sorry.", "Two."]
    assert told


def test_loops_of_a_speech_model_are_told_with_their_number() -> None:
    kept, told = kept_words("We built it and so on and so on and so on and so on and so on too.")
    assert kept == "We built it and so on and so on too."
    assert told == ("9 words that the speech model said over and over were left out.",)


@pytest.mark.parametrize(
    "strange", ["ご視聴ありがとうございました。", "Спасибо что были с нами.", "Mae'r rhain yn y bobl."]
)
def test_a_run_in_another_script_in_a_model_s_words_is_left_out(strange: str) -> None:
    kept, told = kept_words(f"{TALK} {strange} {TALK}")
    if strange.startswith("Mae"):
        assert strange in kept  # no list knows Welsh: nothing is claimed
    else:
        assert kept == f"{TALK} {TALK}"
        assert strange[:5] in told[0]


def test_a_run_in_another_language_of_the_same_script_is_left_out() -> None:
    strange = "Und wir haben das nicht für die anderen gemacht, sondern es war für uns."
    kept, told = kept_words(f"{TALK} {TALK} {TALK} {strange} {TALK} {TALK} {TALK} {TALK}")
    assert "Und wir" not in kept
    assert "Und wir" in told[0]


def test_a_talk_in_two_languages_keeps_both() -> None:
    german = "Wir haben die erste Kiste in einem Schuppen hinter dem Hafen gebaut und niemand ist gekommen."
    russian = "Мы построили первый ящик в сарае за гаванью."
    for other in (german, russian):
        text = f"{TALK} {other} {TALK} {other} {TALK}"
        assert kept_words(text) == (text, ())


def test_a_name_or_quotation_in_latin_letters_stays_anywhere() -> None:
    text = "我们在港口造了第一个箱子。 没有人来看它。 Just do it, they said. 它是蓝色的。 我们很晚才到。 那天下雨了。"
    assert kept_words(text, "zh") == (text, ())


def test_subtitles_that_are_nothing_but_recitals_are_left_as_they_are() -> None:
    """Then the file is odd altogether, and its words are all there is."""
    assert kept_lines("Subtitles by Jane", speech=over((0, 2)))[0] == ["Subtitles by Jane"]
