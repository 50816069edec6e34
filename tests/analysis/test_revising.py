"""What people change about the moments stands; what had to give way is told."""

import pytest
from builders import analysis, clip, transcript
from hypothesis import given, settings
from hypothesis import strategies as st

from omni.analysis.revising import LONGEST, SHORTEST, only, revised
from omni.contracts import Analysis, Clip, Warnings
from omni.review import ClipEdit, Revision

TALK = transcript(("One two three four.", 10, 14), ("Five six seven eight.", 14, 18), ("Nine ten.", 40, 42))
FOUND = analysis(clip(1, 10, 18, title="Found"), clip(2, 40, 50))


def edited(duration: float = 120.0, **changes: object) -> tuple[Clip, Warnings, Analysis]:
    revision = Revision().edited(ClipEdit.model_validate({"clip": 1, **changes}))
    told = revised(FOUND, revision, TALK, duration)
    return told.clips[0], told.warnings, told


def test_a_chosen_cut_is_kept_even_inside_a_word() -> None:
    changed, warnings, told = edited(start=11.5, end=17.3)

    assert (changed.start, changed.end) == (11.5, 17.3)
    assert warnings == ()
    assert told.clips[1] == FOUND.clips[1]


def test_a_moved_clip_says_what_is_said_in_it() -> None:
    changed, *_ = edited(start=13, end=18)

    assert changed.text == "four. Five six seven eight."
    assert changed.hook == "four."


def test_a_title_is_taken_as_it_is_and_its_origin_is_told() -> None:
    changed, *_ = edited(title="Mine")

    assert (changed.title, changed.start) == ("Mine", 10)
    assert [e.kind for e in changed.evidence] == ["chosen title"]


def test_what_lies_outside_gives_way_and_is_told() -> None:
    changed, warnings, _ = edited(start=0, end=119, duration=100.0)

    assert (changed.start, changed.end) == (0, 90)
    assert "Short 1 goes from 0 s to 90 s, not quite as edited" in warnings[0]


def test_what_nobody_chose_gives_way_without_a_word() -> None:
    changed, warnings, _ = edited(end=12)

    assert (changed.start, changed.end, warnings) == (9, 12, ())


def test_clips_may_share_a_moment_and_it_is_told() -> None:
    _, warnings, _ = edited(end=45)

    assert warnings == ("Shorts 1 and 2 share 5.0 s, as edited.",)


def test_a_caption_that_nobody_will_see_is_told() -> None:
    def caption(first: int, last: int) -> object:
        return {"first": first, "last": last, "text": "other"}

    assert edited(captions=[caption(3, 5)])[1] == ()
    assert edited(captions=[caption(8, 10)])[1] == (
        "Short 1: 'other' changes no caption: words 8–9 of transcript.json can't be heard in it.",
    )
    assert edited(captions=[caption(8, 9)], end=42)[1] == ("Shorts 1 and 2 share 2.0 s, as edited.",)
    assert "word 10 of transcript.json can't be, it has 10" in edited(captions=[caption(10, 11)])[1][0]


def test_clips_that_were_found_so_are_not_told_of() -> None:
    found = analysis(clip(1, 10, 30), clip(2, 29, 50))

    assert revised(found, Revision(), TALK, 120).warnings == ()


@settings(derandomize=True, max_examples=100)
@given(st.none() | st.floats(0, 300), st.none() | st.floats(0, 300), st.sampled_from([3.0, 20.0, 120.0, 400.0]))
def test_whatever_is_chosen_a_short_lies_inside_the_source(
    start: float | None, end: float | None, duration: float
) -> None:
    if start is not None and end is not None and end <= start:
        return
    revision = Revision().edited(ClipEdit(clip=1, start=start, end=end))

    changed = revised(analysis(clip(1, 0, 3)), revision, TALK, duration).clips[0]

    assert 0 <= changed.start < changed.end <= duration + 0.001
    assert changed.length == pytest.approx(min(max(changed.length, SHORTEST), LONGEST), abs=0.002)


def test_dropped_clips_leave_the_numbers_of_the_others() -> None:
    assert [one.number for one in only(FOUND, frozenset({2})).clips] == [2]
