"""Posts as people want them."""

from builders import analysis, brief, campaign, clip

from omni.contracts import Advice, Brief, Campaign, Platform, Precedents, Turn
from omni.release import Release
from omni.review import ClipEdit, Decision, PostEdit, Revision, Verdict
from omni.writing.revising import revised as revised_for


def release(*edits: ClipEdit, clips: frozenset[int] = frozenset({1, 2})) -> Release:
    revision = Revision()
    for edit in edits:
        revision = revision.edited(edit)
    return Release(revision, clips)


SHOWN = analysis(clip(1, title="What a box costs"), clip(2, 40, 60, title="Who paid for it"))


def revised(written: Campaign, wanted: Release, asked: Brief) -> Campaign:
    shown = SHOWN.model_copy(update={"clips": tuple(c for c in SHOWN.clips if c.number in wanted.clips)})
    return revised_for(written, wanted, shown, Precedents(), asked)


def test_only_what_was_changed_changes() -> None:
    edit = ClipEdit(clip=2, posts={Platform.X: PostEdit(text="Mine."), Platform.YOUTUBE: PostEdit(hashtags=("boxes",))})

    told = revised(campaign(1, 2), release(edit), brief())

    changed = {(post.clip, post.platform): post for post in told.posts}
    assert changed[2, Platform.X].text == "Mine."
    assert (changed[2, Platform.YOUTUBE].title, changed[2, Platform.YOUTUBE].hashtags) == ("Boxes", ("boxes",))
    before = [post for post in campaign(1, 2).posts if (post.clip, post.platform) not in {(2, "x"), (2, "youtube")}]
    assert [post for post in told.posts if post in before] == before
    assert told.warnings == ()


def test_posts_of_clips_that_are_not_made_are_left_out() -> None:
    told = revised(campaign(1, 2), release(clips=frozenset({2})), brief())

    assert {post.clip for post in told.posts} == {2}


def test_what_a_platform_will_not_take_is_told_and_not_changed() -> None:
    edit = ClipEdit(clip=1, posts={Platform.X: PostEdit(text="word " * 80)})

    told = revised(campaign(1), release(edit), brief())

    assert next(post for post in told.posts if post.platform is Platform.X).text == "word " * 80
    assert "The post of Short 1 on X, as edited: the text is" in told.warnings[0]


def test_a_post_that_nobody_wrote_can_be_added_where_it_was_asked_for() -> None:
    bare = campaign(1).model_copy(update={"posts": ()})
    edit = ClipEdit(clip=1, posts={Platform.X: PostEdit(text="Mine."), Platform.TIKTOK: PostEdit(text="No.")})

    told = revised(bare, release(edit), brief(platforms=("x",)))

    assert [(post.platform, post.text) for post in told.posts] == [(Platform.X, "Mine.")]


def test_the_strategy_speaks_of_the_clips_that_people_approved_and_of_no_other() -> None:
    decisions = (Decision(clip=1, verdict=Verdict.APPROVED), Decision(clip=2, verdict=Verdict.REJECTED))
    advice = Advice(angle="Boxes are cheap.", audience="Shippers", order=(Turn(clip=2, why="x"), Turn(clip=1, why="y")))
    written = campaign(1, 2).model_copy(update={"advice": advice, "strategy_language": "en"})

    told = revised(written, Release(Revision().decided(decisions), frozenset({1})), brief())

    assert "### 1. What a box costs" in told.strategy
    assert "Boxes are cheap." in told.strategy
    assert "Who paid for it" not in told.strategy


def test_a_strategy_that_nobody_had_a_word_on_stands_as_it_was_written() -> None:
    assert revised(campaign(1, 2), release(), brief()) == campaign(1, 2)
