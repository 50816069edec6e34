"""Times and parts: what a model writes as a time, and where that lies in the source."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omni.analysis.choice import Count
from omni.analysis.prompted.answers import ProposedClip
from omni.analysis.prompted.parts import LONGEST_PART, OVERLAP, Part, parts_of, share_of
from omni.analysis.prompted.placing import Misplaced, is_clocked, seen_at
from omni.analysis.prompted.times import clamped, read_time
from omni.contracts import Span

PART = Part(2, 3, Span(start=1000, end=1600))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (75, 75), (75.5, 75.5), ("75", 75), ("75s", 75), ("75 sec", 75), ("1:15", 75), ("01:15", 75), (" 01:15 ", 75),
        ("01:15.250", 75.25), ("01:15,5", 75.5), ("0:01:15", 75), ("75:10", 4510), ("1:02:03", 3723), ("0", 0),
    ],
)  # fmt: skip
def test_a_time_is_read_in_every_form_that_means_one_thing(written: object, seconds: float) -> None:
    reading = read_time(written, 7200)
    assert reading is not None
    assert reading.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    "written",
    [
        "01:60", "99:99", "1:5", "1:2:3", "01:75:00", "-5", -5, "soon", "", None, True, [], {}, float("nan"),
        float("inf"), 1e300, 10**400, "1:15:00:00", "٧٥", "7e1", "0x10", "1:15 to 1:30",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(written: object) -> None:
    assert read_time(written, 600) is None


def test_minutes_written_as_hours_are_read_as_minutes_where_hours_would_be_beyond_the_end() -> None:
    assert read_time("01:15:00", 600).seconds == 75
    assert read_time("01:15:00", 7200).seconds == 4500
    assert read_time("01:15:30", 600).seconds == 4530  # beyond the end either way: dropped later


def test_two_seconds_beyond_the_end_are_a_slip_more_is_a_mistake() -> None:
    assert clamped(600, 600) == 600
    assert clamped(602, 600) == 600
    assert clamped(602.1, 600) is None


def at(start: object, end: object, *, clocked: bool = True) -> Span | str:
    clip = ProposedClip.model_validate({"number": 1, "start": start, "end": end})
    try:
        return seen_at(clip, PART, clocked=clocked)
    except Misplaced as why:
        return str(why)


def test_a_parts_times_are_moved_to_the_source_once() -> None:
    assert at("1:00", "1:30") == Span(start=1060, end=1090)
    assert PART.relative(PART.absolute(17)) == 17


def test_an_end_just_beyond_the_part_is_clamped_and_one_far_beyond_drops_the_clip() -> None:
    assert at("9:30", "10:01") == Span(start=1570, end=1600)
    assert at("9:30", "10:30") == "gives its end beyond the end of the recording at 10:00"
    assert "beyond the end" in str(at("100:00", "101:00"))


def test_a_clip_that_ends_before_it_begins_lies_nowhere() -> None:
    assert at("1:30", "1:00") == at("1:30", "1:30") == "ends before it begins"


def test_seconds_mixed_with_minutes_are_refused_unless_they_say_that_they_are_seconds() -> None:
    clips = [ProposedClip(number=1, start="1:00", end="1:30"), ProposedClip(number=2, start="115", end="150")]
    assert is_clocked(clips, PART)
    assert not is_clocked(clips[1:], PART)
    assert "bare number" in str(at("115", "150", clocked=True))
    assert at("115", "150", clocked=False) == Span(start=1115, end=1150)
    assert at("115s", "2:30", clocked=True) == Span(start=1115, end=1150)


@settings(max_examples=60, deadline=None)
@given(st.floats(1, 40_000))
def test_parts_cover_the_source_overlap_by_the_longest_short_and_are_never_too_long(duration: float) -> None:
    parts = parts_of(duration)
    assert parts[0].span.start == 0
    assert parts[-1].span.end == pytest.approx(duration)
    for one, other in pairwise(parts):
        assert one.span.end - other.span.start == pytest.approx(OVERLAP)
    assert all(p.length <= LONGEST_PART + 1e-6 for p in parts)
    assert all(p.of == len(parts) for p in parts)


def test_half_an_hour_is_one_part_and_two_hours_are_five() -> None:
    assert len(parts_of(1800)) == 1
    assert len(parts_of(1801)) == 2
    assert len(parts_of(7200)) == 5


def test_parts_that_nobody_wants_are_left_out_and_counted_out() -> None:
    (part,) = parts_of(3600, lambda span: span.start == 0)
    assert (part.number, part.of) == (1, 1)
    assert len(parts_of(3600, lambda _: False)) == 3


def test_every_part_is_asked_for_a_floor_and_a_few_to_spare() -> None:
    assert share_of(Count(4, 9), 1) == Count(4, 11)
    assert share_of(Count(4, 9), 5) == Count(1, 4)
    assert share_of(Count(1, 1), 1) == Count(1, 3)
