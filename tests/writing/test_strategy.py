"""The strategy says what was found, in the language of the source, and warns where a clip doesn't fit a platform."""

import re

import pytest
from writing_analyses import ENGLISH, FRENCH, SILENT, WIN, analysis, clip

from omni.contracts import Brief, Platform, Precedent, Precedents, Span
from omni.writing.offline import OfflineCopywriter
from omni.writing.phrases import PostPhrases, StrategyPhrases, languages, phrasebook


def strategy_of(made, precedents=None, **brief) -> str:
    return OfflineCopywriter().write(made, precedents or Precedents(), Brief(**brief)).strategy


def precedent(title: str, text: str = "") -> Precedent:
    return Precedent(
        id=title,
        kind="clip",
        title=title,
        text=text,
        score=1,
        source_sha256="0" * 64,
        source_title="Ports",
        strategy_id="s",
    )


def test_the_sections_stand_in_order() -> None:
    headings = re.findall(r"^#+ (.*)$", strategy_of(ENGLISH), re.MULTILINE)
    assert headings == [
        "Content strategy: The box that changed the world",
        "What it is about",
        "Audience and angle",
        "Clips",
        "1. In 1937 a man called Malcom McLean sat in his truck",
        "2. So why did the box win?",
        "Publishing order",
        "Platform notes",
        "Hashtags",
        "Key quotes",
        "Made before",
    ]


def test_a_clip_is_listed_with_time_score_hook_and_reason() -> None:
    assert (
        "### 2. So why did the box win?\n\n- Time: 2:00–2:30 (30 s)\n- Score: 88/100\n"
        "- Hook: “So why did the box win?”\n- Why: Numbers and a turn.\n"
    ) in strategy_of(ENGLISH)


def test_the_best_score_goes_first_whatever_the_numbers() -> None:
    made = analysis(clip(1, WIN, title="Low", score=10), clip(2, WIN, title="High", score=90))
    strategy = strategy_of(made, platforms=(Platform.X, Platform.LINKEDIN))
    assert "clip 2 (90 of 100)" in strategy
    assert "| Clips | X | LinkedIn |\n|---|---|---|\n| 2. High | 1 | 1 |\n| 1. Low | 2 | 4 |" in strategy


def test_a_clip_too_long_for_a_platform_is_told_and_not_scheduled_there() -> None:
    made = analysis(clip(1, WIN), clip(3, WIN, title="Long", start=100, end=250, score=50))
    strategy = strategy_of(made, platforms=(Platform.X, Platform.YOUTUBE))
    assert "Clip 3 lasts 150 s: too long for X (at most 140 s)." in strategy
    assert "| 3. Long | – | 3 |" in strategy
    assert "Above 60 s a music claim blocks the Short: clip 3." in strategy


def test_a_clip_too_short_is_told() -> None:
    made = analysis(clip(1, WIN, start=0, end=2.4))
    assert "Clip 1 lasts 2.4 s: too short for TikTok (at least 3 s)." in strategy_of(made, platforms=(Platform.TIKTOK,))


def test_what_was_made_before_is_named_with_what_is_new() -> None:
    before = Precedents(
        nearest=(precedent("A truck in town"), precedent("A truck in town!")), used=(Span(start=5, end=65),)
    )
    strategy = strategy_of(ENGLISH, before)
    assert strategy.count("- “A truck in town") == 1
    assert "New this time: box, steel box, Malcom McLean" in strategy
    assert "already used: 0:05–1:05" in strategy
    assert "The memory holds nothing near this topic." in strategy_of(ENGLISH)


def test_headings_are_in_the_language_of_the_source_and_english_where_there_is_no_table() -> None:
    assert "## De quoi il s’agit" in strategy_of(FRENCH)
    assert "- Minutage\u00a0: 1:00–1:30 (30\u00a0s)" in strategy_of(FRENCH)
    assert "## What it is about" in strategy_of(SILENT)
    assert "- Hook: no speech" in strategy_of(SILENT)


@pytest.mark.parametrize("language", languages())
def test_every_phrase_table_fills_the_same_blanks_as_the_english_one(language: str) -> None:
    english, other = phrasebook("en"), phrasebook(language)
    blanks = re.compile(r"\{\w*\}")
    for kind, name in ((StrategyPhrases, "strategy"), (PostPhrases, "posts")):
        for field in kind.model_fields:
            ours = getattr(getattr(english, name), field)
            theirs = getattr(getattr(other, name), field)
            assert sorted(blanks.findall(theirs)) == sorted(blanks.findall(ours)), field
            assert theirs.strip()
    assert other.openers
    assert [word for word in (*other.openers, *other.connectors) if word != word.casefold()] == []


def test_a_language_is_known_by_its_other_codes_too() -> None:
    assert phrasebook("fr-CA") == phrasebook("FRA") == phrasebook("fr")
    assert phrasebook("sw").posts.key_points == ""
    assert phrasebook(None).language is None


def test_marks_inside_a_quotation_become_inner_ones() -> None:
    assert phrasebook("en").quoted('He said "no" and “yes”') == "“He said ‘no’ and ‘yes’”"
    assert phrasebook("de").quoted("Er sagte „nein“") == "„Er sagte ‚nein‘“"
    assert phrasebook("fr").quoted("« Non », dit-il") == "«\u00a0“Non”, dit-il\u00a0»"
    assert phrasebook("ja").quoted("「はい」と言った") == "「『はい』と言った」"
