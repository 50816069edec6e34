"""Words as evidence in many languages, and in a language that nobody listed."""

import pytest

from omni.analysis.languages import WORDS
from omni.analysis.lexicon import lexicon_for
from omni.analysis.terms import stem, tokenize
from omni.analysis.traits import traits_of

SAYINGS = {
    "en": "So what is the one thing that nobody ever told you about the sea and why it matters to us?",
    "de": "Aber was ist das eine, das dir niemand über das Meer gesagt hat, und warum ist es für uns so wichtig?",
    "fr": "Mais quelle est la chose que personne ne vous a dite sur la mer, et pourquoi est-ce que ça compte pour nous ?",
    "es": "Pero ¿qué es lo que nadie te ha dicho sobre el mar y por qué es tan importante para todos nosotros?",
    "it": "Ma che cosa è quello che nessuno ti ha detto del mare, e perché è così importante per noi?",
    "nl": "Maar wat is het dat niemand je over de zee heeft verteld en waarom is dat voor ons zo belangrijk?",
    "ru": "Но что же это такое, о чём вам никто не говорил, и почему это так важно для нас?",
}


@pytest.mark.parametrize("code", sorted(SAYINGS))
def test_language_is_recognised_by_its_function_words_when_nobody_names_it(code: str) -> None:
    assert lexicon_for(None, tokenize(SAYINGS[code])).code == code


@pytest.mark.parametrize("code", sorted(SAYINGS))
def test_a_connective_at_the_front_makes_a_sentence_lean(code: str) -> None:
    assert lexicon_for(code, ()).leans(SAYINGS[code])


@pytest.mark.parametrize("code", sorted(SAYINGS))
def test_question_contrast_and_address_are_seen(code: str) -> None:
    lexicon = lexicon_for(code, ())
    traits = traits_of(SAYINGS[code], lexicon, punctuated=True)
    assert traits.asks
    assert traits.turns


@pytest.mark.parametrize(
    "text",
    [
        "what is it worth",
        "so why did the box win",
        "how many people are there",
        "and did it ruin you",
        "where were you",
        "do you know",
    ],
)
def test_without_its_mark_a_question_is_known_by_the_order_of_its_words(text: str) -> None:
    assert traits_of(text, lexicon_for("en", ()), punctuated=False).asks


@pytest.mark.parametrize(
    "text",
    ["when i was nine my grandfather cried", "what you need is a flat stone", "where there are six lanes you need them",
     "do not lift the handle", "do it while there is somebody", "what a day it is", "so we left"],
)  # fmt: skip
def test_a_sentence_that_only_opens_like_a_question_is_none(text: str) -> None:
    assert not traits_of(text, lexicon_for("en", ()), punctuated=False).asks


def test_a_wrong_language_tag_is_not_believed_against_the_words() -> None:
    assert lexicon_for("eng", tokenize(SAYINGS["de"] * 5)).code == "de"


def test_an_unlisted_language_gets_stop_words_from_frequency() -> None:
    text = "ja on ei se kissa on talossa ja koira on pihalla ja kissa ei ole pihalla " * 4
    lexicon = lexicon_for("fi", tokenize(text))
    assert {"on", "ja"} <= lexicon.stop
    assert "talossa" not in lexicon.stop


def test_languages_without_blanks_are_read_in_pairs_of_characters() -> None:
    assert "世界" in tokenize("改变了世界的箱子")
    assert lexicon_for("zh", ()).leans("但是没有人知道。")
    assert not lexicon_for("zh", ()).leans("箱子改变了世界。")


def test_vowel_signs_stay_in_their_word() -> None:
    assert tokenize("हिन्दी में बात") == ("हिन्दी", "में", "बात")


def test_inflections_share_a_stem_and_short_words_keep_theirs() -> None:
    assert stem("boxes") == stem("box")
    assert stem("container") == stem("containers")
    assert stem("glass") != stem("gla")


def test_every_language_has_the_lists_that_evidence_needs() -> None:
    for code, lists in WORDS.items():
        assert {"stop", "link", "point", "ask", "turn", "me", "you", "strong", "count", "polite"} <= set(lists), code
