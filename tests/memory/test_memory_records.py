"""What is kept of a job, and under which ids."""

from pathlib import Path
from uuid import UUID

import pytest

from omni.contracts import Analysis, Brief, Campaign, Clip, Engine, Evidence, Platform, Post, Source, Span
from omni.memory.records import page_ids, records_of, strategy_id
from omni.outcomes import clip_id
from omni.review import Decision, Revision, Verdict

SHA = "a" * 64
SOURCE = Source(
    path=Path("/media/talk.mp4"),
    sha256=SHA,
    size_bytes=1,
    container="mp4",
    duration=200,
    video=None,
    audio=None,
    title="Talk",
)
ANALYSIS = Analysis(
    topic="How containers changed shipping",
    titles=("The steel box", "Why boxes won"),
    keywords=("container", "harbour"),
    clips=(
        Clip(
            number=1,
            start=10,
            end=40,
            title="The box",
            hook="It is a steel box.",
            text="It is a steel box. No motor.",
            score=80,
            reason="hook",
        ),
        Clip(
            number=2,
            start=90,
            end=120,
            title="The bill",
            hook="",
            text="The harbours were a third.",
            score=60,
            reason="number",
        ),
    ),
    language="en",
    engine="offline-1",
)
CAMPAIGN = Campaign(strategy="# Strategy\nLead with the box.", posts=(), language="en", engine="offline-1")


def test_the_same_request_has_the_same_id_for_ever():
    """Frozen: another value would make every job of the past a new one."""
    assert strategy_id("default", SHA, Brief()) == "52acfa0e-40fd-58a4-98ca-60a55993a256"
    assert (
        strategy_id("default", SHA, Brief(directives="numbers only", clips=5)) == "ddd400d2-54ef-5483-950c-f47f9b7c9932"
    )


@pytest.mark.parametrize(
    "other",
    [
        Brief(directives="funny"),
        Brief(clips=3),
        Brief(min_seconds=20),
        Brief(platforms=(Platform.X,)),
        Brief(posts_language="fr"),
        Brief(analyst=Engine.OFFLINE),
        Brief(repeat=True),
    ],
)
def test_a_brief_that_asks_for_something_else_is_another_strategy(other: Brief):
    assert strategy_id("default", SHA, other) != strategy_id("default", SHA, Brief())


@pytest.mark.parametrize(
    "other", [Brief(captions=False), Brief(logo=Path("logo.png")), Brief(budget_usd=1), Brief(fallback=False)]
)
def test_another_look_or_budget_is_the_same_strategy_so_that_its_moments_are_not_called_used(other: Brief):
    assert strategy_id("default", SHA, other) == strategy_id("default", SHA, Brief())


def test_other_workspaces_and_other_videos_are_other_strategies():
    ids = {strategy_id(workspace, sha, Brief()) for workspace in ("default", "acme") for sha in (SHA, "b" * 64)}
    assert len(ids) == 4


def test_the_workspace_inside_the_brief_counts_only_once():
    assert strategy_id("acme", SHA, Brief(workspace="acme")) == strategy_id("acme", SHA, Brief())


def test_a_default_that_is_spelled_out_is_no_other_request():
    assert strategy_id("default", SHA, Brief(min_seconds=15.0, captions=True)) == strategy_id("default", SHA, Brief())


def test_a_job_becomes_one_strategy_and_one_record_a_clip():
    brief = Brief(workspace="acme")
    strategy, first, second = records_of(SOURCE, brief, ANALYSIS, CAMPAIGN)
    assert strategy.id == strategy.strategy_id == strategy_id("acme", SHA, brief)
    assert (strategy.kind, strategy.title, strategy.span) == ("strategy", ANALYSIS.topic, None)
    assert strategy.text == "The steel box\nWhy boxes won\ncontainer, harbour\n# Strategy\nLead with the box."
    assert (first.kind, first.title, first.span) == ("clip", "The box", Span(start=10, end=40))
    assert first.text == "It is a steel box. No motor."
    assert (first.payload["number"], first.payload["hook"], first.payload["score"]) == (1, "It is a steel box.", 80)
    assert second.text == "The harbours were a third."
    for record in (strategy, first, second):
        assert (record.workspace, record.source_sha256, record.source_title) == ("acme", SHA, "Talk")
        assert record.strategy_id == strategy.id
        assert UUID(record.id).version == 5


def test_a_clip_tells_what_spoke_for_it_where_it_was_posted_and_what_people_decided():
    weighed = (("hook.question", 1.25), ("sound.laughter", 0.5), ("hook.question", 0.5), ("cut", -0.25))
    evidence = tuple(Evidence(kind=kind, weight=weight, text="…") for kind, weight in weighed)
    analysis = ANALYSIS.model_copy(update={"clips": (ANALYSIS.clips[0].model_copy(update={"evidence": evidence}),)})
    posts = tuple(Post(clip=1, platform=p, text="Look!", hashtags=("box",)) for p in (Platform.X, Platform.TIKTOK))
    decided = Revision(decisions=(Decision(clip=1, verdict=Verdict.APPROVED),))

    campaign = CAMPAIGN.model_copy(update={"posts": posts, "language": "de"})
    strategy, clip, on_x, on_tiktok = records_of(SOURCE, Brief(), analysis, campaign, decided)

    assert strategy.payload == {"analyst": "offline-1", "copywriter": "offline-1", "language": "en", "length": 200}
    assert clip.payload["evidence"] == {"hook.question": 1.75, "sound.laughter": 0.5, "cut": -0.25}
    assert (clip.payload["platforms"], clip.payload["decision"]) == (["x", "tiktok"], "approved")
    assert clip.payload["length"] == 30
    assert clip.id == clip_id(strategy.id, 1)
    assert (on_x.kind, on_x.title, on_x.text, on_x.span) == ("post", "The box", "Look!", clip.span)
    assert on_x.payload == {
        "analyst": "offline-1", "copywriter": "offline-1", "language": "de", "clip": 1, "platform": "x", "hashtags": ["box"], "length": 5,
    }  # fmt: skip
    assert on_x.id != on_tiktok.id


def test_a_clip_that_nobody_looked_at_in_time_leaves_no_trace():
    lapsed = Decision(clip=1, verdict=Verdict.REJECTED, by="timeout")
    seen = Decision(clip=2, verdict=Verdict.REJECTED)

    told = records_of(SOURCE, Brief(), ANALYSIS, CAMPAIGN, Revision().decided((lapsed, seen)))

    assert [(r.kind, r.title) for r in told] == [("strategy", ANALYSIS.topic), ("clip", "The bill")]


def test_posts_of_clips_that_the_job_does_not_have_are_not_kept():
    campaign = CAMPAIGN.model_copy(update={"posts": (Post(clip=9, platform=Platform.X, text="?"),)})
    assert [record.kind for record in records_of(SOURCE, Brief(), ANALYSIS, campaign)] == ["strategy", "clip", "clip"]


def test_a_hook_that_is_not_the_first_sentence_is_kept_before_the_text():
    clip = ANALYSIS.clips[0].model_copy(update={"hook": "Guess what won."})
    records = records_of(SOURCE, Brief(), ANALYSIS.model_copy(update={"clips": (clip,)}), CAMPAIGN)
    assert records[1].text == "Guess what won.\nIt is a steel box. No motor."


def test_ids_are_distinct_and_the_same_in_a_second_run():
    first, second = (records_of(SOURCE, Brief(), ANALYSIS, CAMPAIGN) for _ in range(2))
    assert first == second
    assert len({record.id for record in first}) == 3


@pytest.mark.parametrize("text", ["word " * 2000, "w" * 10_000])
def test_long_texts_are_cut_at_a_blank_where_there_is_one(text: str):
    clip = ANALYSIS.clips[0].model_copy(update={"text": text, "hook": ""})
    campaign = CAMPAIGN.model_copy(update={"strategy": text})
    strategy, kept = records_of(SOURCE, Brief(), ANALYSIS.model_copy(update={"clips": (clip,)}), campaign)
    assert 990 < len(kept.text) <= 1001
    assert len(strategy.text) < 1600
    assert kept.text.endswith(("word…", "w…"))


def test_another_layout_for_the_same_moments_is_the_same_strategy() -> None:
    asked = Brief(layout="fit", layouts={"2": "split"})
    assert strategy_id("default", SHA, asked) == strategy_id("default", SHA, Brief())


def test_a_further_page_is_another_strategy_of_the_same_request() -> None:
    pages = [Brief(clips=3, page=page) for page in range(1, 6)]
    ids = [strategy_id("default", SHA, brief) for brief in pages]
    assert len(set(ids)) == 5
    assert ids[0] == strategy_id("default", SHA, Brief(clips=3))
    assert all(page_ids("default", SHA, brief) == tuple(ids) for brief in pages)
