"""What people say of a job adds up, and decides what is made."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import analysis, clip
from pydantic import ValidationError

from omni.contracts import Approval, Brief, Platform
from omni.record import JobRecord, planned
from omni.release import objection, release_of
from omni.review import ClipEdit, Decision, PostEdit, Revision, Verdict

YES, NO = Verdict.APPROVED, Verdict.REJECTED
NOW = datetime(2026, 11, 26, tzinfo=UTC)
APPROVAL = Brief(approval=Approval.CLIPS)
FOUND = analysis(clip(1, 10, 30), clip(2, 40, 60)).clips


def said(*decisions: tuple[int, Verdict]) -> Revision:
    return Revision().decided(Decision(clip=clip, verdict=verdict) for clip, verdict in decisions)


def test_the_last_word_of_a_person_counts_and_a_time_out_never_overrides_one() -> None:
    told = said((1, YES)).decided([Decision(clip=1, verdict=NO, reason="dull")])
    assert told.decision_on(1) == Decision(clip=1, verdict=NO, reason="dull")

    late = told.decided([Decision(clip=1, verdict=YES, by="timeout")])
    assert late == told


def test_the_same_said_again_is_as_old_as_it_was() -> None:
    told = Revision().decided([Decision(clip=1, verdict=YES, at=NOW)])
    later = NOW + timedelta(hours=1)

    again = told.decided(Decision(clip=n, verdict=YES, at=later) for n in (1, 2))

    assert [decision.at for decision in again.decisions] == [NOW, later]


def test_an_edit_replaces_the_one_before_and_an_empty_one_takes_it_back() -> None:
    told = (
        Revision().edited(ClipEdit(clip=2, title="A")).edited(ClipEdit(clip=1, start=3)).edited(ClipEdit(clip=2, end=9))
    )

    assert told.edits == (ClipEdit(clip=1, start=3), ClipEdit(clip=2, end=9))
    assert told.edited(ClipEdit(clip=1)).edited(ClipEdit(clip=2)) == Revision()


def test_posts_are_not_seen_in_the_short() -> None:
    post = ClipEdit(clip=1, posts={Platform.X: PostEdit(text="Mine.")})

    assert Revision().edited(post).seen == ()
    assert Revision().edited(post.model_copy(update={"title": "A"})).seen == (ClipEdit(clip=1, title="A"),)


@pytest.mark.parametrize("captions", [[(0, 3), (2, 4)], [(3, 3)], [(5, 2)]])
def test_wordings_that_contradict_each_other_are_refused(captions: list[tuple[int, int]]) -> None:
    with pytest.raises(ValidationError):
        ClipEdit.model_validate(
            {"clip": 1, "captions": [{"first": first, "last": last, "text": ""} for first, last in captions]}
        )


def test_without_approval_everything_is_made_whatever_people_think_of_it() -> None:
    release = release_of(Brief(), said((1, NO)), FOUND)

    assert (release.clips, release.is_draft) == ({1, 2}, False)
    assert release.brief(Brief()) == Brief()


def test_with_approval_drafts_of_all_are_made_until_the_last_is_decided() -> None:
    release = release_of(APPROVAL, said((1, NO)), FOUND)

    assert (release.clips, release.is_draft) == ({1, 2}, True)
    assert release.brief(APPROVAL).draft


def test_once_all_are_decided_only_the_approved_are_made() -> None:
    release = release_of(APPROVAL, said((1, NO), (2, YES), (9, YES)), FOUND)

    assert (release.clips, release.is_draft, release.is_void) == ({2}, False, False)
    assert release_of(APPROVAL, said((1, NO), (2, NO)), FOUND).is_void


def test_what_was_said_of_other_moments_does_not_hold() -> None:
    seen = JobRecord(clips=planned(FOUND), revision=said((1, YES)))

    assert objection(seen, FOUND) == ()
    assert objection(seen, (clip(1, 10, 30), clip(2, 41, 60))) != ()
    assert objection(seen, FOUND[:1]) != ()


def test_a_moment_that_a_person_moved_is_no_other_moment() -> None:
    moved = Revision().edited(ClipEdit(clip=1, start=12.0))
    shown = (clip(1, 12, 30), FOUND[1])

    assert objection(JobRecord(clips=planned(shown), revision=moved, made=moved), FOUND) == ()


def test_a_round_that_dies_while_it_makes_a_moved_clip_forgets_nothing() -> None:
    moved = said((2, NO)).edited(ClipEdit(clip=1, start=12.0))
    told = (clip(1, 12, 30), FOUND[1])

    assert objection(JobRecord(clips=planned(told), revision=moved, made=said((2, NO))), FOUND) == ()


def test_who_said_nothing_is_not_contradicted() -> None:
    assert objection(JobRecord(clips=planned(FOUND)), (clip(1, 0, 9),)) == ()
    assert objection(JobRecord(revision=said((1, YES))), FOUND) == ()
