"""The benchmark of the choice: its talks, its counting, its comparison with people's scores, and the bars on paper."""

from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest

from bench.selection.contest import Standing, read_on_paper
from bench.selection.opinions import kendall_tau, opinion_on, percentile, read_scores
from bench.selection.pages import write_page
from bench.selection.performing import by_letters, cues_of, performed
from bench.selection.rivals import at_random, first_ones, loudest_ones
from bench.selection.scoring import tally, wholeness
from bench.selection.scripts import Script, read_script, scripts
from omni.contracts import Curve, Span

TALKS = scripts()


def span(start: float, end: float) -> Span:
    return Span(start=start, end=end)


def test_the_talks_are_of_many_kinds_and_a_third_of_them_is_held_out() -> None:
    assert len({talk.genre for talk in TALKS}) >= 12
    assert len({talk.language for talk in TALKS}) >= 3
    assert sum(talk.part == "held-out" for talk in TALKS) >= len(TALKS) / 3


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.name)
def test_each_talk_lasts_minutes_and_has_marked_and_unmarked_and_distracting_parts(talk: Script) -> None:
    performance = performed(talk, by_letters)
    highlights, distractors = performance.marked("highlight"), performance.marked("distractor")
    marked = sum(mark.length for mark in highlights)
    assert 270 <= performance.duration <= 540
    assert 3 <= len(highlights) <= 6
    assert len(distractors) >= 3
    assert marked < 0.5 * performance.duration
    assert marked + sum(d.length for d in distractors) < 0.9 * performance.duration


def test_a_stretch_inside_another_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.txt"
    broken.write_text(
        "title: T\ngenre: g\nlanguage: en\nvoices: A=en\nset: tuning\n\n== highlight: a\nHi.\n== distractor: b\n"
    )
    with pytest.raises(ValueError, match="inside another"):
        read_script(broken)


def test_subtitles_hold_every_word_in_short_lines_within_their_sentences() -> None:
    performance = performed(TALKS[0], by_letters)
    cues = cues_of(performance)
    said = " ".join(line.text for line, _ in performance.sentences)
    assert " ".join(text for _, text in cues if not text.startswith("[")) == said
    assert all(len(text) <= 84 for _, text in cues)
    assert all(a.end <= b.start + 1e-3 for (a, _), (b, _) in pairwise(cues))


def test_a_mark_counts_as_found_when_one_window_holds_most_of_it() -> None:
    marks, noise = (span(10, 20), span(40, 60)), (span(100, 130),)
    counted = tally((span(5, 17), span(38, 48), span(99, 129)), marks, noise)
    assert (counted.hit, counted.marks, counted.holding, counted.distracted) == (1, 2, 1, 1)
    assert counted.aim == (7 + 8) / (12 + 10 + 30)


def test_edges_count_as_whole_only_beside_a_sentence() -> None:
    sentences = (span(10, 14), span(15, 19))
    counted = wholeness((span(9.8, 14.4), span(10.5, 19.2), span(14.9, 17)), sentences)
    assert (counted.windows, counted.starts, counted.ends) == (3, 2, 2)


def test_the_rivals_windows_are_as_many_and_as_long_as_ours_and_do_not_overlap() -> None:
    lengths = (20.0, 35.0, 27.5)
    levels = Curve(step=1.0, values=tuple(float(-20 + 8 * (100 <= i < 140)) for i in range(300)))
    loud = loudest_ones(lengths, 300, levels)
    for windows in (at_random(lengths, 300, Random(1)), first_ones(lengths, 300), loud):
        ordered = sorted(windows, key=lambda w: w.start)
        assert sorted(round(w.length, 3) for w in ordered) == sorted(lengths)
        assert all(a.end <= b.start + 1e-6 for a, b in pairwise(ordered))
    assert any(100 <= w.start <= 105 for w in loud)


def test_scores_of_several_people_are_read_from_columns_and_files(tmp_path: Path) -> None:
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text("second,anna,ben\n0,1,5\n2,3,5\n4,2,1\n")
    second.write_text("0,4\n1,2\n4,3\n")
    anna, ben, carl = read_scores([first, second])
    assert [list(anna), list(ben), list(carl)] == [[1, 1, 3, 3, 2], [5, 5, 5, 5, 1], [4, 2, 2, 2, 3]]
    (empty := tmp_path / "empty.csv").write_text("second,score\n")
    with pytest.raises(ValueError, match="no line of second,score"):
        read_scores([empty])


def test_tau_is_one_for_the_same_order_minus_one_for_the_other_and_allows_for_ties() -> None:
    up = np.array([1.0, 2.0, 3.0, 4.0])
    assert kendall_tau(up, up * 7) == 1
    assert kendall_tau(up, -up) == -1
    assert kendall_tau(up, np.ones(4)) == 0
    assert round(kendall_tau(up, np.array([1.0, 1.0, 2.0, 2.0])), 3) == 0.816


def test_a_window_on_what_people_like_stands_above_most_others() -> None:
    scores = np.zeros(100)
    scores[40:60] = 5
    assert percentile(span(40, 60), scores) > 0.99
    assert percentile(span(0, 20), scores) < 0.4
    told = opinion_on([span(40, 60)], scores, [scores, scores + 1])
    assert (told.annotators, round(told.tau, 6), told.human_tau) == (2, 1, pytest.approx(1))


def test_more_marks_are_found_than_chance_and_the_simple_ways_find_and_fewer_distractors(tmp_path: Path) -> None:
    standing = Standing()
    for talk in TALKS:
        standing.add(reading := read_on_paper(talk, 0))
    chance = sorted(t.hit_rate for t in standing.chance)
    assert standing.ours.hit_rate > max(chance[-1], standing.first.hit_rate, standing.loudest.hit_rate)
    assert standing.ours.distraction < 0.5 * min(standing.first.distraction, standing.loudest.distraction)
    assert standing.whole.starts == standing.whole.ends == standing.whole.windows
    page = write_page(reading, tmp_path).read_text()
    assert all(mark.name in page for mark in TALKS[-1].marks)
