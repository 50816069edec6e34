"""How a clip did is told by its figures against others of like age on the same platform."""

from datetime import timedelta

import pytest
from pasts import FIRST_DAY, Past, clip_record, figures, verdict

from omni.contracts import Platform
from omni.memory.standing import standings
from omni.outcomes import Outcome


def merits(past: Past) -> list[float | None]:
    known = standings(past.clips, past.told)
    return [known[clip_id].merit for clip_id in past.clips if clip_id in known]


def test_the_usual_clip_stands_at_zero_and_views_raise_a_clip_step_by_step() -> None:
    past = Past()
    for number, views in enumerate((100, 200, 400, 800, 1600), start=1):
        past.add(clip_record(1, number), figures(views))

    told = merits(past)

    assert told[2] == 0
    assert told == sorted(told, key=lambda merit: merit or 0)


def test_one_viral_clip_counts_no_more_than_a_very_good_one_and_moves_nobody_else() -> None:
    calm, wild = Past(), Past()
    for number, views in enumerate((100, 150, 200, 260, 300, 400, 600), start=1):
        calm.add(clip_record(1, number), figures(views))
        wild.add(clip_record(1, number), figures(views if number < 7 else 50_000_000))

    assert merits(calm)[:6] == merits(wild)[:6]
    assert merits(wild)[6] == 3


def test_fewer_than_five_clips_have_no_usual_one() -> None:
    past = Past()
    for number in range(1, 5):
        past.add(clip_record(1, number), figures(100 * number))

    assert merits(past) == [None] * 4


def test_a_platform_is_compared_with_itself_only() -> None:
    past = Past()
    for number in range(1, 7):
        past.add(clip_record(1, number), figures(10 * 2**number, platform=Platform.LINKEDIN))
    for number in range(7, 13):
        past.add(clip_record(1, number), figures(10_000 * 2 ** (number - 6)))

    told = merits(past)

    assert told[:6] == pytest.approx(told[6:], abs=0.02)


def test_an_old_clip_is_no_better_for_having_had_more_time() -> None:
    """Views grow with the square root of the days here; every clip is equally good."""
    past = Past()
    for number in range(1, 13):
        days = number * number
        past.add(
            clip_record(number, 1, made=FIRST_DAY - timedelta(days=days)),
            figures(round(100 * (1 + days) ** 0.5), on=FIRST_DAY),
        )

    assert merits(past) == pytest.approx([0] * 12, abs=0.1)


def test_a_channel_that_grows_makes_its_later_clips_no_better() -> None:
    past = Past()
    for number in range(1, 13):
        day = FIRST_DAY + timedelta(days=10 * number)
        past.add(clip_record(number, 1, made=day), figures(round(1000 * 1.3**number), on=day + timedelta(days=7)))

    assert merits(past) == pytest.approx([0] * 12, abs=0.1)


def test_the_newest_figures_of_a_platform_count_whatever_order_they_came_in() -> None:
    past, late = Past(), Past()
    early, newest = figures(10, on=FIRST_DAY), figures(5000, on=FIRST_DAY + timedelta(days=7))
    for number in range(1, 7):
        past.add(clip_record(1, number), figures(100 * number))
        late.add(clip_record(1, number), figures(100 * number))
    clip = clip_record(1, 7)
    past.add(clip, early, newest)
    late.add(clip, newest, early)

    assert standings(past.clips, past.told) == standings(late.clips, late.told)
    assert standings(past.clips, past.told)[clip.id].figures[Platform.TIKTOK].views == 5000


def test_response_and_watching_count_beside_views_and_a_like_of_one_view_is_no_rate() -> None:
    past = Past()
    for number in range(1, 7):
        past.add(clip_record(1, number), figures(1000, likes=50 + number, watch_seconds=10))
    loved = past.add(clip_record(1, 7), figures(1000, likes=300, watch_seconds=24))
    single = past.add(clip_record(1, 8), figures(1, likes=1, watch_seconds=10))
    known = standings(past.clips, past.told)

    assert (known[loved.id].merit or 0) > 1
    assert (known[single.id].merit or 0) < 0


def test_a_rejection_says_much_where_most_is_approved_and_an_approval_little() -> None:
    past = Past()
    for number in range(1, 10):
        past.add(clip_record(1, number), verdict("approved"))
    rejected = past.add(clip_record(1, 10), verdict("rejected", "dull"))
    told = merits(past)

    assert 0 < (told[0] or 0) < 1
    assert (told[-1] or 0) < -1.5
    assert standings(past.clips, past.told)[rejected.id].verdict == verdict("rejected", "dull")


def test_outcomes_of_clips_that_the_memory_lost_are_no_trouble() -> None:
    past = Past()
    lost = clip_record(1, 1)
    past.add(lost, Outcome(on=FIRST_DAY, platform=Platform.X, saves=4))
    past.clips.clear()

    assert standings({}, past.told)[lost.id].merit is None
