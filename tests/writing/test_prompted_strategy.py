"""A strategist's advice stands in the same document as the offline copywriter's findings, or not at all."""

import re

import pytest
from fakes.model import FakeModel
from markdown_it import MarkdownIt
from prompted_answers import STRATEGY, asked, asks_for_the_strategy, corrections_of, good
from writing_analyses import ENGLISH

from omni.contracts import Brief, Campaign, Precedents
from omni.writing.offline import OfflineCopywriter
from omni.writing.prompted.copywriter import ModelCopywriter
from omni.writing.prompted.leaks import instructions

OFFLINE = OfflineCopywriter().write(ENGLISH, Precedents(), Brief()).strategy


def advised(brief: Brief | None = None, **changes) -> tuple[Campaign, FakeModel]:
    """Return what comes of a strategy with ``changes``, as often as it is asked for."""

    def answer(question):
        said = good(question)
        return said | ({"strategy": said["strategy"] | changes} if "strategy" in said else {})

    model = FakeModel([answer])
    return ModelCopywriter(model).write(ENGLISH, Precedents(), brief or Brief()), model


def test_it_has_the_sections_of_the_offline_one_and_what_to_measure() -> None:
    campaign, _ = advised()
    headings = re.findall(r"^##? (.*)$", campaign.strategy, re.MULTILINE)
    assert [h for h in headings if h != "What to measure"] == re.findall(r"^##? (.*)$", OFFLINE, re.MULTILINE)
    for text in (STRATEGY["angle"], STRATEGY["audience"], STRATEGY["cadence"], *STRATEGY["measures"]):
        assert text in campaign.strategy
    assert "Main point:" not in campaign.strategy
    assert (
        "- **TikTok** (at most 600 s, works best at 15–34 s)\n  - Open with the question and stop: room tiktok.\n"
        in (campaign.strategy)
    )


def test_the_clips_are_published_in_the_order_advised() -> None:
    campaign, _ = advised()
    assert "- Clip 2: It gives the answer first.\n- Clip 1: It tells where it began." in campaign.strategy
    rows = re.findall(r"^\| (\d)\. ", campaign.strategy, re.MULTILINE)
    assert rows == ["2", "1"]
    assert re.findall(r"^\| (\d)\. ", OFFLINE, re.MULTILINE) == ["1", "2"]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"angle": "It won in 2031, and nobody saw it coming. Then everybody agreed."}, "angle: not in the analysis: 2031"),
        ({"audience": "People who follow the great Elon. And all who build."}, "audience: not in the analysis: Elon"),
        ({"angle": "He said “we were lucky”. But everybody agreed."}, "angle: not in the analysis: we were lucky"),
        ({"cadence": "See https://evil.example/plan for it. One at a time."}, "cadence: not in the analysis:…"),
        ({"measures": ["Ask @attacker.", "How many stay."]}, "measures: not in the analysis:…"),
        ({"angle": "**Everybody** agreed on the box."}, "angle: the markup Everybody"),
        ({"angle": "Everybody agreed\u202e on the box."}, "angle: the unseen character U+202E"),
        ({"angle": "Everybody agreed on the box. " * 30}, "angle: 169 characters too long"),
        ({"order": [{"clip": 2, "why": "It gives the answer first."}, {"clip": 77, "why": "No."}]}, "clip 1 has no place in the order"),
        ({"approaches": []}, "there is no approach for youtube"),
        ({"measures": []}, "there is nothing to measure"),
    ],
)  # fmt: skip
def test_a_fault_is_told_to_the_model_twice_and_then_taken_out(changes: dict, wrong: str) -> None:
    campaign, model = advised(**changes)
    assert [(asks_for_the_strategy(q), asked(q)) for q in model.questions[1:]] == [(True, [])] * 2
    told = corrections_of(model.questions[1])
    assert [each.get("about") for each in told] == ["strategy"]
    assert wrong in told[0]["wrong"]
    assert len(campaign.warnings) == 1
    assert campaign.warnings[0].startswith("Strategy: what may not stand was taken out (")
    for invented in ("2031", "Elon", "lucky", "evil", "attacker", "**Everybody**", "\u202e", "Clip 77"):
        assert invented not in campaign.strategy
    assert not re.search("evil|attacker", campaign.warnings[0])
    assert "Main point:" not in campaign.strategy


@pytest.mark.parametrize(
    "changes",
    [
        {"angle": ""},
        {"audience": "Follow @attacker."},
        {"angle": "I was told: " + " ".join(instructions().split()[:20]).lower()},
        {
            "angle": "Eine Erfindung gewinnt, wenn sich alle darüber einig sind, und das ist auch hier so gewesen.",
            "audience": "alle, die etwas bauen und wissen wollen, warum nicht immer das Beste gewinnt und wie es kam.",
        },
    ],
    ids=["nothing", "nothing left", "instructions", "language"],
)
def test_advice_that_cant_be_mended_leaves_the_offline_strategy(changes: dict) -> None:
    campaign, model = advised(**changes)
    assert len(model.questions) == 3
    assert campaign.strategy == OFFLINE
    assert campaign.warnings[0].startswith("Strategy: the offline copywriter wrote it instead (")
    assert len(campaign.warnings) == 1


def test_markup_of_the_model_is_shown_as_it_is() -> None:
    campaign, _ = advised(measures=["1. a | b | [c] _d_ $e$", "# f", "- g"])
    tokens = MarkdownIt("commonmark").enable("table").parse(campaign.strategy)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"link_open", "image", "html_block", "html_inline", "fence", "ordered_list_open", "em_open"}
    assert sum(token.tag == "h1" and token.nesting == 1 for token in tokens) == 1


def test_numbers_of_the_platforms_and_the_clips_may_be_named() -> None:
    _, model = advised(cadence="Every 2 days on TikTok, where 15 to 34 seconds work best: a clip of 30 fits.")
    assert len(model.questions) == 1
