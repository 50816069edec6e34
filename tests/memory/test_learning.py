"""What outcomes teach, and what they don't."""

import random
from datetime import date, timedelta

import pytest
from pasts import FIRST_DAY, Past, clip_record, figures, post_record, verdict

from omni.contracts import Lesson, Platform
from omni.memory.guarding import chance_of
from omni.memory.learning import FEWEST, lessons
from omni.memory.standing import standings
from omni.outcomes import Outcome


def taught(past: Past) -> dict[tuple[str, str], Lesson]:
    found = lessons(past.clips, past.posts, standings(past.clips, past.told))
    return {(lesson.kind, lesson.value): lesson for lesson in found}


def world(videos: int = 20, *, question: float = 0.0, seed: int = 7, first: int = 0, begin: date = FIRST_DAY) -> Past:
    """Clips of which every third opens with a question, which multiplies its views by e to the power of ``question``."""
    dice, past = random.Random(seed), Past()
    for video in range(videos):
        luck = dice.gauss(0, 0.3)
        for number in range(1, 7):
            asks = (video + number) % 3 == 0
            views = 1000 * 2.718281828 ** (question * asks + luck + dice.gauss(0, 0.6))
            kinds = ("hook.question",) if asks else ("hook.claim",)
            made = begin + timedelta(days=7 * video)
            clip = clip_record(first + video, number, evidence=kinds, made=made, seconds=dice.uniform(16, 58))
            past.add(clip, figures(round(views), on=made + timedelta(days=7)))
    return past


def test_what_viewers_prefer_is_learned_and_told_in_a_sentence() -> None:
    lesson = taught(world(question=0.8))["hook", "question"]

    assert lesson.effect > 0.4
    assert lesson.count == 40
    assert lesson.because.startswith("40 clips that open with a question got ")
    assert lesson.because.endswith(" % more views than your others (since March 2026)")


def test_what_viewers_dislike_is_learned_too() -> None:
    lesson = taught(world(question=-0.8))["hook", "question"]

    assert lesson.effect < -0.4
    assert " % fewer views" in lesson.because


def test_where_nothing_makes_a_difference_hardly_anybody_learns_anything() -> None:
    """How rarely exactly is measured over hundreds of worlds by bench.memory."""
    believing = [seed for seed in range(15) if taught(world(seed=seed))]

    assert len(believing) <= 2


def test_nothing_is_learned_from_fewer_clips_than_the_guard_asks() -> None:
    assert taught(world(videos=2, question=3.0)) == {}
    assert len(world(videos=2).clips) < 2 * FEWEST


def test_one_lucky_video_teaches_nothing_about_its_subject() -> None:
    past = world()
    for number in range(1, 13):
        clip = clip_record(99, number, evidence=("hook.claim",), keywords=("containers",))
        past.add(clip, figures(90_000 + number))

    assert ("topic", "containers") not in taught(past)


def test_a_subject_that_does_well_in_many_videos_is_learned() -> None:
    past, dice = Past(), random.Random(3)
    for video in range(24):
        about = "containers" if video % 3 == 0 else ("gardens" if video % 3 == 1 else "guitars")
        for number in range(1, 5):
            views = 1000 * 2.718281828 ** (1.2 * (about == "containers") + dice.gauss(0, 0.4))
            past.add(clip_record(video, number, keywords=(about,)), figures(round(views)))

    assert taught(past)["topic", "containers"].effect > 0.5


def test_verdicts_alone_teach_and_are_told_without_views() -> None:
    past = Past()
    for video in range(12):
        for number in range(1, 5):
            asks = number % 2 == 0
            word = "approved" if asks or video % 6 == 0 else "rejected"
            past.add(clip_record(video, number, evidence=("hook.question",) if asks else ()), verdict(word))

    lesson = taught(past)["hook", "question"]

    assert lesson.effect > 0.4
    assert lesson.because == "24 clips that open with a question did better than your others (since March 2026)"


def test_the_style_of_posts_is_learned_on_their_own_platform() -> None:
    past, dice = Past(), random.Random(5)
    for video in range(12):
        for number in range(1, 5):
            asks = dice.random() < 0.5
            clip = clip_record(video, number)
            views = 1000 * 2.718281828 ** (1.0 * asks + dice.gauss(0, 0.4))
            past.add(clip, figures(round(views)), figures(round(500 * 2.7 ** dice.gauss(0, 1)), platform=Platform.X))
            text = "Why does it float?\nIt is mostly air." if asks else "It floats.\nIt is mostly air."
            past.posts.append(post_record(clip, Platform.TIKTOK, text))
            past.posts.append(post_record(clip, Platform.X, "It floats."))

    lesson = taught(past)["post", "question"]

    assert lesson.effect > 0.5
    assert "clips whose post opens with a question" in lesson.because


def test_what_was_true_long_ago_fades() -> None:
    """A preference of three years ago, and as many clips of today whose viewers have none."""
    past = world(question=0.8)
    today = world(seed=9, first=100, begin=FIRST_DAY + timedelta(days=3 * 365))
    both = Past(past.clips | today.clips, told=[*past.told, *today.told])

    lesson = taught(both).get(("hook", "question"))

    assert ("hook", "question") in taught(past)
    assert lesson is None or lesson.effect < 0.2


def test_the_same_outcomes_teach_the_same_on_any_day_and_in_any_order() -> None:
    past = world(question=0.5)
    mixed = Past(dict(reversed(past.clips.items())), past.posts, list(reversed(past.told)))

    assert list(taught(past).values()) == list(taught(mixed).values())


def test_an_outcome_of_another_age_of_the_world_breaks_nothing() -> None:
    past = world(question=0.8)
    for number in range(7, 10):
        past.add(clip_record(50, number, made=date(1, 1, 1)), figures(10, on=date(1, 1, 2)))

    assert ("hook", "question") in taught(past)


def test_a_lesson_needs_clips_without_the_trait_as_well() -> None:
    past = Past()
    for video in range(10):
        for number in range(1, 5):
            past.add(clip_record(video, number, evidence=("hook.question",)), figures(100 * number))

    assert ("hook", "question") not in taught(past)


@pytest.mark.parametrize(("ratio", "freedom", "chance"), [(4.303, 2, 0.05), (2.228, 10, 0.05), (2.58, 500, 0.01)])
def test_the_chance_of_a_ratio_is_students(ratio: float, freedom: float, chance: float) -> None:
    assert chance_of(ratio, freedom) == pytest.approx(chance, rel=0.12)


@pytest.mark.parametrize("same", [verdict("approved"), verdict("rejected"), figures(0), figures(500)])
def test_where_everything_went_the_same_way_nothing_is_learned(same: Outcome) -> None:
    past = Past()
    for video in range(1, 4):
        for number in range(1, 7):
            traits = ["hook.question"] if number % 2 else ["emphasis"]
            past.add(clip_record(video, number, evidence=traits, seconds=10.0 + 5 * number), same)

    assert taught(past) == {}
