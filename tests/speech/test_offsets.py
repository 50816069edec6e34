import pytest

from omni.contracts import Span
from omni.speech.markup import Line
from omni.speech.offsets import fitted, shifted, whole_hours
from omni.speech.tokens import Token

# Uneven on purpose: a regular pattern would fit at several shifts.
TIMES = [(2, 5), (6.5, 7.5), (9, 13), (14.2, 15), (18, 21.5), (23, 24), (27, 31)]
SPEECH = tuple(Span(start=a, end=b) for a, b in TIMES)


def lines(by: float) -> tuple[Line, ...]:
    return tuple(Line(max(0.0, a + by), b + by, ((Token("word"),),)) for a, b in TIMES)


@pytest.mark.parametrize("late", [-1.5, -0.6, 0.5, 1.2, 1.8])
def test_a_constant_shift_is_found(late: float) -> None:
    assert fitted(lines(late), SPEECH, 40).shift == pytest.approx(-late, abs=0.05)


@pytest.mark.parametrize("late", [0.0, 0.1, -0.2])
def test_a_subtitlers_lead_is_left_alone(late: float) -> None:
    assert fitted(lines(late), SPEECH, 40).shift == 0


def test_a_large_shift_is_told_by_its_true_size() -> None:
    """Not by the best of the small ones."""
    assert fitted(lines(3.5), SPEECH, 40).shift == pytest.approx(-3.5, abs=0.05)


def test_subtitles_of_another_video_are_not_shifted() -> None:
    other = [(1, 2), (3, 7.5), (8, 8.6), (11, 13), (16, 19), (19.5, 23), (26, 27), (32, 36)]
    foreign = tuple(Line(a, b, ((Token("word"),),)) for a, b in other)
    assert fitted(foreign, SPEECH, 40).shift == 0


def test_speech_without_pauses_gives_no_ground_for_a_shift() -> None:
    fit = fitted(lines(1.5), (Span(start=0, end=40),), 40)
    assert fit.shift == 0
    assert fit.overlap == 1


def test_overlap_and_coverage_tell_foreign_and_partial_subtitles() -> None:
    assert fitted(lines(0), (Span(start=33, end=39),), 40).overlap == 0
    assert fitted(lines(0)[:2], SPEECH, 40).coverage == pytest.approx(4 / sum(b - a for a, b in TIMES), abs=0.02)


def test_what_is_shifted_out_of_the_source_is_cut_off() -> None:
    moved = shifted((Line(1, 2, ((Token("a"),),)), Line(3, 4, ((Token("b", 3.5),),))), -2.5, 10)
    assert moved == (Line(0.5, 1.5, ((Token("b", 1.0),),)),)


@pytest.mark.parametrize(
    ("starts", "duration", "hours"),
    [
        ([3601.0, 3604.0], 10, 1),
        ([36000.0, 36009.9], 10, 10),
        ([36000.0, 41000.0], 5400, 10),
        ([3601.0, 3610.0], 10, 0),  # one line doesn't fit even so
        ([2.0, 3604.0], 10, 0),  # one fits as it is
        ([3601.0, 3604.0], 4000, 0),  # all do
        ([600.0, 604.0], 10, 0),  # ten minutes are no hour
    ],
)
def test_a_clock_that_begins_at_a_whole_hour_is_known(starts: list[float], duration: float, hours: int) -> None:
    assert whole_hours(starts, duration) == hours
