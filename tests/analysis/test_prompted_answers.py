"""Reading answers and finding quotes again: lenient where it does no harm, never guessing where it does."""

import json
from typing import Any

import pytest
from injections import clean_dossier

from omni.analysis.prompted.answers import AnswerUnreadable, ProposedClip, read_answer, schema
from omni.analysis.prompted.placing import Misplaced, names_words, said_at
from omni.analysis.prompted.quoting import Passage
from omni.contracts import Word

WORDS = clean_dossier().transcript.words
ALL = Passage(WORDS, 0, len(WORDS))


def keys(node: object) -> set[str]:
    """Return every keyword of a schema, the names of properties left out."""
    if isinstance(node, list):
        return {key for item in node for key in keys(item)}
    if not isinstance(node, dict):
        return set()
    found = set(node)
    for key, value in node.items():
        found |= {k for v in value.values() for k in keys(v)} if key in ("properties", "$defs") else keys(value)
    return found


@pytest.mark.parametrize("spoken", [True, False])
def test_the_schema_keeps_to_the_subset_of_the_services_and_requires_everything(*, spoken: bool) -> None:
    asked = schema(spoken=spoken)
    known = {"$defs", "$ref", "properties", "required", "type", "items", "description", "title", "minimum", "maximum"}
    assert keys(asked) <= known
    (clip,) = asked["$defs"].values()
    assert set(clip["required"]) == set(clip["properties"]) >= {"title", "hook", "reason", "score"}
    assert ("opening" in clip["properties"]) is spoken
    assert ("start" in clip["properties"]) is not spoken


def test_fences_unknown_fields_numbers_as_text_and_a_bare_list_do_no_harm() -> None:
    clip = {"first_word": "12", "last_word": 30.0, "score": "88", "title": "T", "tool": {"rm": "-rf"}}
    fenced = read_answer(f"```json\n{json.dumps({'clips': [clip], 'note': 'hi'})}\n```")
    bare = read_answer(json.dumps([clip]))
    assert fenced.clips == bare.clips
    (read,) = fenced.clips
    assert (read.first_word, read.last_word, read.score, read.title) == (12, 30, 88.0, "T")


def test_values_of_the_wrong_type_count_as_missing_and_what_is_no_clip_is_named() -> None:
    wrong: dict[str, Any] = {"title": 7, "hook": None, "score": [], "first_word": 1.5, "start": {}, "opening": True}
    answer = read_answer(json.dumps({"topic": 3, "titles": "x", "keywords": [1, "a"], "clips": ["x", wrong, None]}))
    (clip,) = answer.clips
    assert clip == ProposedClip(number=2)
    assert answer.misshapen == ("Clip 1 is not an object.", "Clip 3 is not an object.")
    assert (answer.topic, answer.titles, answer.keywords) == ("", (), ("a",))


@pytest.mark.parametrize("score", [-5, 500, "1e400", "nan"])
def test_a_score_is_bounded_or_missing(score: object) -> None:
    (clip,) = read_answer(json.dumps([{"score": score}])).clips
    assert clip.score in (0.0, 100.0, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"), ("I can't do that.", "not JSON"), ('{"clips": [', "not JSON"), ("[" * 100_000, "not JSON"),
        ("1" * 5000, "not JSON"), ("null", "list"), ('"clips"', "list"), ("{}", "list"), ('{"clips": {}}', "list"),
    ],
)  # fmt: skip
def test_what_has_no_list_of_clips_is_unreadable_and_the_reason_can_be_told_to_the_model(
    text: str, reason: str
) -> None:
    with pytest.raises(AnswerUnreadable, match=reason):
        read_answer(text)


def placed(**fields: object) -> tuple[str, str] | str:
    """Return the first and the last word of where a clip is placed, or why it isn't."""
    clip = ProposedClip.model_validate({"number": 1, **fields})
    assert names_words(clip)
    try:
        span = said_at(clip, WORDS, ALL)
    except Misplaced as why:
        return str(why)
    inside = [w.text for w in WORDS if span.start <= w.start < span.end]
    return inside[0], inside[-1]


HARBOUR = {"opening": "Why do harbours wake up", "closing": "sack by sack, for thirty years."}


def test_a_quote_beats_a_number_and_needs_neither_case_nor_punctuation() -> None:
    assert placed(**HARBOUR) == ("Why", "years.")
    assert placed(opening="WHY DO HARBOURS; wake up", closing="thirty years", first_word=300, last_word=310) == (
        "Why",
        "years.",
    )


def test_a_quote_that_is_said_twice_is_taken_where_the_number_points() -> None:
    twice = [i for i, w in enumerate(WORDS) if w.text.startswith("stamp") and WORDS[i - 1].text == "a"]
    assert len(twice) == 2
    assert [ALL.closing("with a stamp", number, 0) for number in twice] == twice
    assert [ALL.opening("a stamp", number + 3) for number in twice] == [number - 1 for number in twice]
    assert ALL.opening("the", None) is None


def test_the_first_words_of_a_quote_that_goes_wrong_later_are_enough() -> None:
    assert placed(opening="Why do harbours wake up long ere the town does", closing=HARBOUR["closing"])[0] == "Why"


def test_one_quote_that_is_made_up_falls_back_on_its_number_two_do_not() -> None:
    assert placed(opening="As Plato put it", closing=HARBOUR["closing"], first_word=0, last_word=22) == (
        "Why",
        "years.",
    )
    assert "aren't to be found" in placed(opening="As Plato put it", closing="said he", first_word=0, last_word=22)


def test_numbers_alone_do_but_unknown_ones_are_refused_with_the_range() -> None:
    assert placed(first_word=0, last_word=22) == ("Why", "years.")
    assert f"0–{len(WORDS) - 1}" in placed(first_word=0, last_word=len(WORDS))
    assert "isn't in the transcript" in placed(first_word=-1, last_word=5)
    assert placed(first_word=22, last_word=3) == "ends before it begins"


def test_words_of_another_part_are_unknown() -> None:
    part = Passage(WORDS, 100, 200)
    assert part.opening("Why do harbours wake up", None) is None
    assert not part.holds(99)
    assert part.opening(" ".join(w.text for w in WORDS[120:126]), None) == 120


def test_quotes_are_found_in_scripts_without_blanks() -> None:
    said = [Word(start=i, end=i + 1, text=c) for i, c in enumerate("你好世界。今天我们谈港口的故事，谢谢大家。")]
    passage = Passage(said, 0, len(said))
    assert passage.opening("今天我们谈港口", None) == 5
    assert said[passage.closing("港口的故事", None, 0)].text == "事"
