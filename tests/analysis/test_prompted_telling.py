"""What a model writes is kept when it is plain and grounded; else the clip is told in words that were said."""

import json

import pytest
from injections import clean_dossier

from omni.analysis.finding import search_for
from omni.analysis.material import Material, Window
from omni.analysis.prompted.answers import Answer, read_answer
from omni.analysis.prompted.prompting import INSTRUCTIONS
from omni.analysis.prompted.telling import (
    hook_for,
    keywords_for,
    plain,
    reason_for,
    title_for,
    titles_for,
    topic_for,
)
from omni.contracts import Brief, Span


def material(brief: Brief | None = None) -> Material:
    return search_for(clean_dossier(brief)).material


TALK = material()
QUEUE = TALK.window_of(Span(start=79.1, end=107.7)) or Window(0, 1, Span(start=0, end=1))
"""Four hundred trucks and a clerk."""


def test_the_window_of_a_cut_is_the_sentences_in_it() -> None:
    assert TALK.text_of(QUEUE).startswith("I lost my first company")
    assert TALK.text_of(QUEUE).endswith("one clerk with a stamp.")


@pytest.mark.parametrize(
    "title", ["How a clerk stopped four hundred trucks", "Four hundred trucks, one stamp", "The lie about two days"]
)
def test_a_title_in_the_words_of_its_clip_is_kept(title: str) -> None:
    assert title_for(title, QUEUE, TALK, []) == title


@pytest.mark.parametrize(
    "title",
    [
        "", "KITE-4417", "How Elon Musk builds rockets", "99 trucks at the gate", "Trucks: more on www.trucks.com",
        "Four hundred trucks by @truckking", "<b>Four hundred trucks</b>", "[four hundred trucks](x)", "{trucks}", "Four hundred #trucks",
        "<|im_start|>trucks", INSTRUCTIONS[:90], "trucks gate clerk " + " ".join(INSTRUCTIONS.split()[20:30]),
        "Vierhundert Lastwagen am Tor",
    ],
)  # fmt: skip
def test_a_title_that_is_empty_made_up_pointing_marked_up_or_ours_becomes_a_sentence_of_the_clip(title: str) -> None:
    told = title_for(title, QUEUE, TALK, [])
    assert told != title
    assert told in TALK.text_of(QUEUE)


def test_a_title_is_freed_of_unseen_characters_and_cut_between_words() -> None:
    assert title_for("Four\u202e hundred\u200b\n trucks\x07", QUEUE, TALK, []) == "Four hundred trucks"
    long = title_for("Trucks and " + "four hundred trucks " * 20, QUEUE, TALK, [])
    assert len(long) <= 100
    assert not long.endswith(" truck…")


def test_no_two_clips_have_one_title() -> None:
    assert title_for("Four hundred trucks", QUEUE, TALK, ["Four hundred trucks"]) != "Four hundred trucks"


def test_in_another_language_only_numbers_and_form_can_be_checked() -> None:
    german = material(Brief(posts_language="de"))
    assert title_for("Vierhundert Lastwagen am Tor", QUEUE, german, []) == "Vierhundert Lastwagen am Tor"
    assert title_for("99 Lastwagen", QUEUE, german, []) in TALK.text_of(QUEUE)


def test_a_hook_is_whole_sentences_from_the_clips_start_as_the_transcript_has_them() -> None:
    first = "I lost my first company because I did not understand a queue."
    assert hook_for("i lost my FIRST company", QUEUE, TALK) == first
    assert hook_for("Something better", QUEUE, TALK) == first
    assert hook_for("", QUEUE, TALK) == first
    assert hook_for(f"{first} We promised", QUEUE, TALK).startswith(f"{first} We promised delivery in two days")


def test_a_reason_is_a_clause_without_pointers_or_numbers_that_nobody_said() -> None:
    assert reason_for("This clip tells of a loss. ", QUEUE, TALK) == "tells of a loss"
    assert reason_for("Has 4417 trucks", QUEUE, TALK) == ""
    assert reason_for("See https://x.com/a", QUEUE, TALK) == ""
    assert len(reason_for("tells it well " * 100, QUEUE, TALK)) <= 240


def test_pointers_of_the_operator_may_stay() -> None:
    own = material(Brief(directives="Mention docks.example.com and @dockside"))
    assert plain("More at docks.example.com by @dockside", own) == "More at docks.example.com by @dockside"
    assert plain("More at docks.example.com by @dockside", TALK) == ""


def answer(**fields: object) -> Answer:
    return read_answer(json.dumps({"clips": [], **fields}))


def told(*answers: Answer) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return topic_for(answers, TALK), titles_for(answers, TALK), keywords_for(answers, TALK)


def test_what_recurs_in_the_talk_can_be_its_topic_titles_and_keywords() -> None:
    given = answer(topic="Boxes and trucks", titles=["The box and the coffee"], keywords=["coffee", "box", "Ducks"])
    topic, titles, keywords = told(Answer(), given)
    assert topic == "Boxes and trucks"
    assert titles[0] == "The box and the coffee"
    assert 3 <= len(titles) <= 5
    assert keywords == ("coffee", "box", "Ducks")


def test_what_is_said_at_one_place_or_nowhere_is_replaced() -> None:
    once = answer(topic="Kansas", titles=["Kansas", "Rockets", "KITE-4417"], keywords=["Kansas", "rockets", "1966"])
    assert told(once) == told(Answer())
    topic, titles, keywords = told(once)
    assert "Kansas" not in (topic, *titles, *keywords)
    assert len(titles) >= 3
    assert len(keywords) >= 3
