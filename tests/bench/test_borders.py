"""The benchmark of sentence borders counts what it says."""

import pytest

from bench.borders import LEAST, Borders, compared
from bench.selection.livening import lively_lines
from bench.selection.scripts import scripts

TALKS = scripts()


def test_f1_is_of_precision_and_recall() -> None:
    assert Borders(written=10, found=10, right=5).f1 == pytest.approx(0.5)
    assert Borders(written=10, found=5, right=5).f1 == pytest.approx(2 / 3)
    assert Borders().f1 == 0.0


@pytest.mark.parametrize("language", ["de", "en", "es"])
def test_words_alone_tell_more_borders_than_chance(language: str) -> None:
    """A border in fourteen words: as many at random have an F1 of 0.07."""
    talk = next(talk for talk in TALKS if talk.language == language)
    assert compared(talk, paused=False).f1 > 0.2
    assert compared(talk, paused=True).f1 > LEAST["with pauses"]


def test_a_raised_voice_at_random_says_nothing_about_the_marks() -> None:
    """Else the bench would prove the worth of pitch by its own making."""
    share: dict[str, list[bool]] = {"highlight": [], "distractor": []}
    for talk in TALKS:
        lively = lively_lines(talk, "either")
        for mark in talk.marks:
            share[mark.kind].append(any(n in lively for n in range(mark.first, mark.last)))
    rates = [sum(raised) / len(raised) for raised in share.values()]
    assert all(0.35 < rate < 0.65 for rate in rates)


def test_a_raised_voice_is_where_it_was_asked_for() -> None:
    for talk in TALKS:
        for kind in ("highlight", "distractor"):
            lively = lively_lines(talk, "highlights" if kind == "highlight" else "distractors")
            assert lively
            assert lively <= {n for mark in talk.marks if mark.kind == kind for n in range(mark.first, mark.last)}
        assert not lively_lines(talk, "nowhere")
