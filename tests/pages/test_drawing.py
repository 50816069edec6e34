"""The evidence's time line as shapes."""

from deployments.pages.drawing import POINTS, WIDTH, Band, drawing
from omni.contracts import Contender, EvidenceTimeline, EvidenceTrack, Subject

TOLD = EvidenceTimeline(
    duration=100,
    tracks=(EvidenceTrack(name="a", label="faces", values=(0.0, 1.0)),),
    subjects=(Subject(start=50, end=100, title="ports"),),
    contenders=(
        Contender(start=10, end=30, score=80, number=1, reason="ends on a point"),
        Contender(start=40, end=40.01, score=20),
    ),
)


def test_a_moment_stands_where_it_is_in_the_video() -> None:
    drawn = drawing(TOLD)

    assert drawn.picks == (Band(100.0, 200.0, 10, 30, "ends on a point", 1, 80),)
    assert drawn.subjects == (Band(500.0, 500.0, 50, 100, "ports"),)


def test_what_is_short_can_still_be_seen() -> None:
    assert drawing(TOLD).others[0].width == 2.0


def test_a_curve_is_flat_within_a_second_and_ends_where_it_ends() -> None:
    curve = drawing(TOLD.model_copy(update={"duration": 2})).curves[0]
    floor, ceiling = curve.top + 34, curve.top

    assert curve.path.startswith(f"M0 {floor:.1f} L0.0 {floor:.1f} L500.0 {floor:.1f} L500.0 {ceiling:.1f}")
    assert curve.path.endswith(f"L1000.0 {floor:.1f} Z")


def test_the_clock_is_written_at_most_eleven_times() -> None:
    for duration in (7, 60, 100, 3600, 14_400):
        marks = drawing(TOLD.model_copy(update={"duration": duration})).marks
        assert 2 <= len(marks) <= 11
        assert all(mark.x <= WIDTH for mark in marks)


def test_hours_are_drawn_with_as_many_points_as_can_be_told_apart() -> None:
    long = EvidenceTrack(name="a", label="faces", values=(0.0,) * 9999 + (1.0,))
    curve = drawing(TOLD.model_copy(update={"duration": 10_000, "tracks": (long,)})).curves[0]

    assert curve.path.count("L") < 2 * POINTS + 4
    assert f" {curve.top:.1f} " in curve.path  # the one second stays


def test_nothing_measured_draws_nothing() -> None:
    bare = drawing(EvidenceTimeline(duration=0.5))

    assert (bare.picks, bare.curves, bare.subjects) == ((), (), ())
