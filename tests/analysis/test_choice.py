"""The set of clips: as many as fit, none overlapping, spread and not alike."""

import pytest
from talk_builder import dossier, spoken, transcript

from omni.analysis.candidates import Candidate, is_unused
from omni.analysis.choice import Count, choose, count_for, further
from omni.analysis.cuts import cutter_for
from omni.analysis.material import Material, Window, material_of
from omni.contracts import Brief, Span


@pytest.fixture
def material() -> Material:
    """A hundred different sentences, one in four seconds."""
    lines = "\n".join(f"Word{i}a word{i}b word{i}c word{i}d word{i}e." for i in range(100))
    talk = spoken(lines)
    given = dossier(transcript(talk, language="xx"), talk.t + 1)
    return material_of(given, cutter_for(given).timeline)


def candidate(first: int, last: int, merit: float) -> Candidate:
    return Candidate(Window(first, last, Span(start=first * 2.0, end=last * 2.0)), merit)


@pytest.mark.parametrize(
    ("clips", "duration", "count"),
    [
        (None, 30, Count(1, 1)),
        (None, 60, Count(4, 4)),
        (None, 240, Count(4, 6)),
        (None, 7200, Count(4, 9)),
        (12, 30, Count(12, 12, firm=True)),
    ],
)
def test_how_many_clips_a_source_should_give(clips: int | None, duration: float, count: Count) -> None:
    assert count_for(clips, duration) == count


def test_the_better_of_two_overlapping_windows_is_taken(material: Material) -> None:
    chosen = choose([candidate(0, 10, 3.0), candidate(5, 15, 4.0)], Count(4, 4), material)
    assert [c.merit for c in chosen] == [4.0]


def test_a_long_good_window_gives_way_when_otherwise_too_few_fit(material: Material) -> None:
    long = candidate(0, 20, 5.0)
    short = [candidate(i, i + 5, 3.0) for i in (0, 5, 10, 15)]
    assert choose([long, *short], Count(4, 4), material) == tuple(short)
    assert choose([long, *short], Count(1, 1), material) == (long,)


def test_of_two_like_windows_the_one_far_from_the_chosen_is_preferred(material: Material) -> None:
    best, near, far = candidate(0, 10, 5.0), candidate(11, 20, 4.0), candidate(80, 90, 3.9)
    assert choose([best, near, far], Count(2, 2), material) == (best, far)


def test_a_clip_beyond_the_fewest_must_be_good(material: Material) -> None:
    good = [candidate(10 * i, 10 * i + 8, 4.0) for i in range(4)]
    poor = candidate(60, 70, 1.0)
    assert poor not in choose([*good, poor], Count(4, 9), material)
    assert poor in choose([*good, poor], Count(5, 5), material)


def test_a_broken_window_is_left_out_unless_it_is_all_there_is_or_the_number_is_firm(material: Material) -> None:
    good, broken = candidate(0, 10, 4.0), candidate(20, 30, -3.0)
    assert choose([good, broken], Count(4, 4), material) == (good,)
    assert choose([broken], Count(4, 4), material) == (broken,)
    assert choose([good, broken], Count(2, 2, firm=True), material) == (good, broken)
    assert choose([], Count(4, 4), material) == ()


def test_a_window_that_shows_a_third_of_a_used_moment_is_used() -> None:
    used = (Span(start=10, end=20),)
    assert is_unused(Span(start=20, end=40), used)
    assert is_unused(Span(start=17.5, end=40), used)
    assert not is_unused(Span(start=16, end=60), used)
    assert not is_unused(Span(start=12, end=14), used)


def speaking_of_cranes(directives: str) -> Material:
    """Cranes are spoken of in the sentences 22 and 45 of a hundred."""
    lines = [f"The {'cranes' if i in (22, 45) else 'boxes'} are at place {i}." for i in range(100)]
    talk = spoken("\n".join(lines))
    given = dossier(transcript(talk), talk.t + 1, brief=Brief(directives=directives))
    return material_of(given, cutter_for(given).timeline)


@pytest.mark.parametrize(("fewest", "numbers"), [(4, {0, 20, 40, 60}), (2, {20, 40})])
def test_what_was_asked_for_goes_before_what_is_better_which_only_fills_up(fewest: int, numbers: set[int]) -> None:
    asked = speaking_of_cranes("topic: cranes")
    merits = {0: 9.0, 20: 4.0, 40: 4.0, 60: 9.0, 80: 5.0}
    pool = [candidate(i, i + 8, merit) for i, merit in merits.items()]
    assert {c.window.first for c in choose(pool, Count(fewest, 9), asked)} == numbers
    assert {c.window.first for c in further(pool, (), 3, asked)[:2]} == {20, 40}


def test_a_word_that_happens_to_stand_in_the_directives_does_not_go_before_what_is_better() -> None:
    loose = speaking_of_cranes("Keep it lively, as busy as the cranes")
    pool = [candidate(0, 8, 9.0), candidate(20, 28, 4.0), candidate(60, 68, 9.0)]
    assert loose.wishes.wanted
    assert {c.window.first for c in choose(pool, Count(2, 2), loose)} == {0, 60}


def test_what_was_asked_for_stays_when_the_rest_is_packed_closer() -> None:
    asked = speaking_of_cranes("topic: cranes")
    about, long, short = candidate(18, 26, 4.0), candidate(60, 80, 9.0), [candidate(i, i + 8, 3.0) for i in (60, 70)]
    other = candidate(10, 20, 8.0)
    assert choose([about, long, *short, other], Count(3, 3), asked) == (about, *short)
