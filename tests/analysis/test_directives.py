"""Operator directives that are understood without a model, and those that are told back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omni.analysis.directives import Wishes, names, wishes_of
from omni.analysis.orders import in_english
from omni.analysis.terms import stem, tokenize
from omni.analysis.tongues import TONGUES

KNOWN = frozenset(
    stem(w.casefold())
    for w in ("pricing", "customers", "harbour", "boxes", "joke", "cranes", "Preise", "السعر", "价格")
)
STOP = {"the", "on", "about", "and", "it", "make", "more", "of"}
INFINITE = float("inf")


def understood(text: str, language: str | None = None):
    return wishes_of(text, 1200.0, KNOWN, lambda t: tuple(stem(w) for w in tokenize(t) if w not in STOP), language)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("from 10:00 to 20:00", ((600, 1200),)),
        ("10:00-20:00", ((600, 1200),)),
        ("between 1:02:03 and 1:03:00", ((3723, 3780),)),
        ("between 1:00 and 2:30", ((60, 150),)),
        ("after 5:00", ((300, INFINITE),)),
        ("from 12:00 onwards", ((720, INFINITE),)),
        ("only after 5:00 and before 7:30", ((300, 450),)),
        ("the first 10 minutes", ((0, 600),)),
        ("in the last 5 minutes only", ((900, INFINITE),)),
        ("from 0:10 to 0:20, from 1:00 to 1:30", ((10, 20), (60, 90))),
        ("between 1.5 minutes and 200 s", ((90, 200),)),
        ("from 10 to 20 minutes", ((600, 1200),)),
        ("minutes 10 to 20", ((600, 1200),)),
        ("from 5m30s to 7 min", ((330, 420),)),
        ("until minute 5", ((0, 300),)),
        ("only from the second half", ((600, INFINITE),)),
        ("the middle third", ((400, 800),)),
        ("skip the first 2 minutes", ((120, INFINITE),)),
        ("avoid 3:00–5:00, 7:00-8:00", ((0, 180), (300, 420), (480, INFINITE))),
        ("not before 5:00", ((300, INFINITE),)),
        ("skip the intro", ((60, INFINITE),)),
        ("the first 5 minutes and the last 5 minutes", ((0, 300), (900, INFINITE))),
        ("nothing of the kind", ()),
        ("topic: the intro of harbours", ()),
        ("clips of 20 to 30 seconds", ()),
        ("clips between 20 and 40 seconds", ()),
        ("the 3 to 5 boxes", ()),
        ("30s to 45s long", ()),
        ("from 2:00 to 1:00", ((60, 120),)),
        ("von 10:00 bis 20:00", ((600, 1200),)),
        ("nicht von 3:00 bis 5:00", ((0, 180), (300, INFINITE))),
        ("ab 5 Minuten", ((300, INFINITE),)),
        ("die letzten 5 Minuten", ((900, INFINITE),)),
        ("de 1:00 a 2:30", ((60, 150),)),
        ("los 10 primeros minutos", ((0, 600),)),
        ("entre 1:00 et 2:30", ((60, 150),)),
        ("до 5:00", ((0, 300),)),
        ("从1:00到2:30", ((60, 150),)),
        ("من 1:00 إلى 2:30", ((60, 150),)),
    ],
)
def test_times_are_read_in_the_ways_people_write_them(text: str, within: tuple[tuple[float, float], ...]) -> None:
    assert understood(text).within == within


def test_times_that_exclude_each_other_leave_nothing_to_choose_from() -> None:
    assert not understood("after 10:00 and before 5:00").allows(0, 1200)


@pytest.mark.parametrize(
    "text", ["from 1:00 to 2:00", "only after 5:00 and before 7:30", "in the first 10 minutes only", "only the intro"]
)
def test_what_was_understood_as_a_time_leaves_nothing_over(text: str) -> None:
    assert understood(text).unused == ()


def test_a_clip_may_reach_half_a_second_beyond_the_asked_time_and_no_more() -> None:
    wishes = understood("from 1:00 to 2:00")
    assert wishes.allows(59.6, 120.4)
    assert not wishes.allows(59.4, 100)
    assert not wishes.allows(70, 121)


@pytest.mark.parametrize(
    ("text", "wanted", "shunned"),
    [
        ("topic: pricing", {"pricing"}, set()),
        ("Topic: price", {"pricing"}, set()),
        ("topic: pricing, customers and harbours", {"pricing", "customers", "harbour"}, set()),
        ("More about customers; avoid: harbour", {"customers"}, {"harbour"}),
        ("more about customers but not about the harbour", {"customers"}, {"harbour"}),
        ("avoid: harbour, cranes", set(), {"harbour", "cranes"}),
        ("avoid the harbour and the cranes, focus on boxes", {"boxes"}, {"harbour", "cranes"}),
        ("everything about boxes except cranes", {"boxes"}, {"cranes"}),
        ("no jokes, please", set(), {"joke"}),
        ("don't mention the harbour", set(), {"harbour"}),
        ("leave out the cranes. Pricing!", {"pricing"}, {"cranes"}),
        ("nothing about cranes, only the harbour", {"harbour"}, {"cranes"}),
        ("find the best moments where the speaker talks about boxes", {"boxes"}, set()),
        ("topic: Preis", {"Preise"}, set()),
        ("topic: سعر", {"السعر"}, set()),
        ("avoid: 价格、boxes", set(), {"价格", "boxes"}),
        ("Thema: Preise", {"Preise"}, set()),
        ("nichts über Preise", set(), {"Preise"}),
        ("keine Preise", set(), {"Preise"}),
        ("harbour ohne Preise", {"harbour"}, {"Preise"}),
        ("tema: harbour, pero nada de cranes", {"harbour"}, {"cranes"}),
        ("vermeiden: harbour, cranes", set(), {"harbour", "cranes"}),
        ("без cranes", set(), {"cranes"}),
        ("不要价格", set(), {"价格"}),
        ("cranesなし", set(), {"cranes"}),
        ("topic: the 5 second harbour", {"harbour"}, set()),
        ("boxes of the 90s", {"boxes"}, set()),
        ("the 5 boxes rule and the 5 second joke", {"boxes", "joke"}, set()),
        ("avoid the cranes of the 90s", set(), {"cranes"}),
        ("not only cranes, also the harbour", {"cranes", "harbour"}, set()),
        ("don't just show cranes", {"cranes"}, set()),
        ("nicht nur cranes", {"cranes"}, set()),
        ("niet alleen cranes", {"cranes"}, set()),
        ("avoid: cranes. Thema: harbour", {"harbour"}, {"cranes"}),
        ("Thema: cranes, ab 5 Minuten; keine Preise", {"cranes"}, {"Preise"}),
    ],
)
def test_subjects_are_found_and_avoided_in_the_words_of_the_talk(
    text: str, wanted: set[str], shunned: set[str]
) -> None:
    wishes = understood(text)
    assert wishes.wanted == {stem(w.casefold()) for w in wanted}
    assert wishes.shunned == {stem(w.casefold()) for w in shunned}
    assert wishes.unused == ()


@pytest.mark.parametrize(
    ("text", "language", "wanted", "shunned"),
    [
        ("sin cranes", "es", "", "cranes"),
        ("pas de cranes", "fr", "", "cranes"),
        ("pas d'cranes", "fr", "", "cranes"),
        ("sans doute cranes", "fr", "cranes", ""),
        ("harbour, sin embargo cranes", "es", "harbour cranes", ""),
        ("no solo cranes", "es", "cranes", ""),
        ("sin cranes", "en", "cranes", ""),
        ("topic: boxes, avoid the harbour", "pl", "boxes", "harbour"),
    ],
)
def test_few_words_are_read_in_the_language_of_the_talk(text: str, language: str, wanted: str, shunned: str) -> None:
    wishes = understood(text, language)
    assert (wishes.wanted, wishes.shunned) == ({stem(w) for w in wanted.split()}, {stem(w) for w in shunned.split()})


@pytest.mark.parametrize("talk", [None, "en", *TONGUES])
@pytest.mark.parametrize(
    "text",
    [
        "topic: SEM campaigns",
        "topic: sans serif fonts; NIC teaming",
        "sans serif fonts",
        "the sin of pride",
        "do 3 minutes on cranes",
        "please do 45 seconds on pricing",
        "the prime 10 minutes",
        "more cranes, do 20 s each",
        "not only cranes",
        "from 1:00 to 2:00, no kids but men only",
        "find the first 5 minutes, avoid: von Neumann",
        "music of the 90s, solo artists without a band",
        "keep the energy high, for a young audience",
    ],
)
def test_plain_english_is_never_rewritten(text: str, talk: str | None) -> None:
    assert in_english(text, talk).text == text


@pytest.mark.parametrize(
    "text", ["SEM campaigns", "Nic Cage stories", "sin city", "Las Vegas and Los Angeles, Sin City"]
)
def test_names_and_abbreviations_of_an_english_talk_are_no_orders(text: str) -> None:
    assert in_english(text, "en").text == in_english(text).text == text


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("topic: pricing, customers and harbours", "pricing customers harbour"),
        ("find the boxes. Keep the cranes high, for customers", "boxes"),
        ("topic: boxes, keep the cranes high", "boxes"),
        ("more about customers; avoid: harbour", "customers"),
        ("only the harbour", "harbour"),
        ("Show me where they talk about cranes", "cranes"),
        ("Thema: Preise", "Preise"),
        ("Keep the cranes high, for customers of boxes", ""),
        ("only from 1:00 to 2:00, jokes", ""),
        ("find the best moments, jokes", ""),
        ("not only cranes", ""),
        ("avoid: boxes, cranes", ""),
    ],
)
def test_only_what_is_named_is_a_subject_that_goes_before_all_others(text: str, named: str) -> None:
    assert understood(text).named == {stem(word.casefold()) for word in named.split()}
    assert names(text) == bool(named)


def test_a_word_of_orders_is_a_subject_when_it_is_named_as_one() -> None:
    assert understood("find the best moments") == understood("")
    assert understood("topic: best moments").unused == ("topic: best moments",)


@pytest.mark.parametrize(
    "text",
    [
        "Only questions",
        "questions only",
        "just the Q&A",
        "only clips with questions",
        "nur Fragen",
        "solo preguntas",
        "質問だけ",
    ],
)
def test_only_questions_is_understood_and_leaves_nothing_over(text: str) -> None:
    wishes = understood(f"{text}, topic: boxes")
    assert wishes.questions
    assert wishes.wanted == {stem("boxes")}
    assert wishes.unused == ()


def test_what_nothing_can_be_done_with_is_told_back_word_for_word() -> None:
    assert understood("topic: pricing. Make it snappy and elegant").unused == ("Make it snappy and elegant",)


@pytest.mark.parametrize(
    "text",
    [
        "clips of 30 seconds",
        "60 boxes each",
        "between 30 and 90 seconds",
        "30s to 45s long",
        "at most 5 boxes",
        "5 clips",
    ],
)
def test_how_long_or_how_many_is_neither_a_time_nor_a_subject_and_told_back(text: str) -> None:
    wishes = understood(f"{text}, topic: pricing")
    assert (wishes.within, wishes.wanted) == ((), {stem("pricing")})
    assert wishes.unused == (text,)


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("more cranes, do  20 s each", None, "do 20 s each"),
        ("mehr cranes, 20 Sekunden lang; um 5:00 Uhr", None, "um 5:00 Uhr"),
        ("keine cranes, um 5:00 ohne Eile", None, "um 5:00|ohne Eile"),
        ("not only the first 10 minutes, boxes", None, "not only the first 10 minutes"),
        ("nicht nur die ersten 10 Minuten, boxes", None, "nicht nur die ersten 10 Minuten"),
        ("not only questions", None, "not only questions"),
    ],
)
def test_what_is_told_back_is_told_in_the_words_of_the_operator(text: str, language: str | None, told: str) -> None:
    wishes = understood(text, language)
    assert set(told.split("|")) <= set(wishes.unused)
    assert all(one in " ".join(text.split()) for one in wishes.unused)
    assert (wishes.within, wishes.questions) == ((), False)


def test_a_time_that_is_not_understood_drops_nothing_that_is_to_be_avoided() -> None:
    wishes = understood("avoid the harbour at 5:00")
    assert wishes.shunned == {stem("harbour")}
    assert wishes.unused == ("avoid the harbour at 5:00",)


def test_a_time_that_is_not_understood_is_told_back_and_its_words_are_no_subject() -> None:
    assert understood("am harbour um 5:00") == Wishes(unused=("am harbour um 5:00",))


def test_what_is_asked_for_and_ruled_out_is_avoided_and_told() -> None:
    wishes = understood("topic: harbour, boxes; avoid: harbour")
    assert wishes.torn == {stem("harbour")} == wishes.shunned
    assert wishes.wanted == {stem("boxes")}


def test_no_directives_are_no_wishes() -> None:
    assert understood("") == understood("  \n ")
    assert understood("").unused == ()


ORDERS = tokenize(
    "the first last half from between after until skip not no only to and minutes min h m s 5 10 0:30 12:00"
)
MARKS = ("-", "–", ",", ".", ";", ":", "\n", "q&a")


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(ORDERS + MARKS) | st.text(max_size=4), max_size=25), st.sampled_from((" ", "")))
def test_whatever_is_written_means_stretches_of_time_or_nothing(words: list[str], gap: str) -> None:
    wishes = understood(gap.join(words))
    assert all(0 <= low < high or low == high == INFINITE for low, high in wishes.within)
    assert not wishes.wanted & wishes.shunned
