"""One mapping between source time and clip time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.contracts import Span
from omni.tightening.splice import Splice

THREE = Splice((Span(start=10, end=12), Span(start=13, end=14), Span(start=20, end=23)))


@pytest.mark.parametrize(
    ("source", "clip"),
    [(0, 0), (10, 0), (11.5, 1.5), (12, 2), (12.7, 2), (13, 2), (13.5, 2.5), (17, 3), (20, 3), (23, 6), (99, 6)],
)
def test_a_source_time_is_shown_where_it_is_or_at_the_join_that_swallowed_it(source: float, clip: float) -> None:
    assert THREE.clip_time(source) == pytest.approx(clip)


@pytest.mark.parametrize(("clip", "source"), [(0, 10), (1.9, 11.9), (2, 13), (3, 20), (5.5, 22.5), (6, 23), (9, 23)])
def test_a_clip_time_shows_one_moment_and_a_join_begins_the_next_piece(clip: float, source: float) -> None:
    assert THREE.source_time(clip) == pytest.approx(source)


def test_length_and_joins_are_those_of_the_pieces() -> None:
    assert THREE.length == 6
    assert THREE.joins == (2, 3)


def test_a_span_that_is_left_out_is_not_shown() -> None:
    assert THREE.shown(Span(start=12.1, end=12.9)) is None
    assert THREE.shown(Span(start=11, end=13.5)) == Span(start=1, end=2.5)


def _walked(steps: list[tuple[float, float]]) -> Splice:
    at, found = 0.0, list[Span]()
    for gap, length in steps:
        found.append(Span(start=at + gap, end=at + gap + length))
        at += gap + length
    return Splice(tuple(found))


pieces = st.lists(st.tuples(st.floats(0.01, 5), st.floats(0.5, 9)), min_size=1, max_size=8).map(_walked)


@given(pieces, st.floats(0, 1))
def test_what_is_shown_at_a_time_is_shown_at_that_time(splice: Splice, part: float) -> None:
    t = part * splice.length

    assert splice.clip_time(splice.source_time(t)) == pytest.approx(t, abs=1e-6)


@given(pieces, st.floats(0, 80), st.floats(0, 80))
def test_the_order_of_times_is_kept(splice: Splice, one: float, other: float) -> None:
    assert splice.clip_time(min(one, other)) <= splice.clip_time(max(one, other))
