"""What a job will cost, said before anything is asked of anybody."""

import pytest
from builders import analysis, brief, clip

from omni.analysis.prompted import parts
from omni.contracts import Estimate, Platform, Precedents
from omni.spending.estimating import Footing, Models, estimate, parts_of
from omni.spending.prices import Prices
from omni.spending.wording import dollars, lines_of
from omni.writing.prompted.commission import Commission, portions

FLASH = Models("gemini-3.8-flash", "gemini-3.8-flash", "gemini-embedding-2")


def of(
    seconds: float = 3600,
    *,
    models: Models = FLASH,
    has_picture: bool = True,
    budget: float | None = None,
    **asked: object,
) -> Estimate:
    return estimate(Footing(seconds, has_picture, models), brief(**asked), budget, Prices())


def test_an_hour_of_video_costs_cents_and_the_picture_is_most_of_it() -> None:
    told = of()

    assert [c.role for c in told.charges] == ["analyst", "copywriter", "embedder"]
    assert told.usd is not None
    assert 0.2 < told.usd < 0.6
    seen, heard = told.charges[0], of(has_picture=False).charges[0]
    assert seen.input_tokens - heard.input_tokens == pytest.approx(3780 * 68, abs=2)
    assert told.warnings == ()


def test_engines_of_this_machine_cost_nothing_and_stand_in_no_row() -> None:
    assert of(models=Models()) == Estimate(charges=(), usd=0.0, seconds=3600)
    assert [c.role for c in of(models=Models(copywriter="gemini-3.8-flash")).charges] == ["copywriter"]


def test_a_price_that_is_not_known_is_a_warning_and_never_nothing() -> None:
    told = of(models=Models("x", "x", "gemini-embedding-2"))

    assert told.usd is None
    assert [c.usd for c in told.charges[:2]] == [None, None]
    assert [w for w in told.warnings if "x costs isn't known" in w] == list(told.warnings)
    assert lines_of(told)[-1] == "cost not known for 1:00:00 of source"


@pytest.mark.parametrize(("minutes", "count"), [(0.5, 1), (30, 1), (31, 2), (58, 2), (59, 3), (240, 9)])
def test_a_long_video_is_looked_at_in_parts_that_overlap(minutes: float, count: int) -> None:
    assert parts_of(60 * minutes) == count
    assert of(60 * minutes).charges[0].calls == count


def test_more_clips_platforms_and_thought_cost_more() -> None:
    plain = of(clips=4, platforms=("x",)).usd

    assert plain
    assert of(clips=9, platforms=("x",)).usd > plain  # pyright: ignore[reportOptionalOperand]
    assert of(clips=4).usd > plain  # pyright: ignore[reportOptionalOperand]
    deep = Models("gemini-3.8-flash", "gemini-3.8-flash", "gemini-embedding-2", "high")
    assert of(models=deep, clips=4, platforms=("x",)).usd > plain  # pyright: ignore[reportOptionalOperand]


def test_a_budget_below_the_estimate_is_told_with_what_happens_then() -> None:
    low, strict = of(budget=0.1), of(budget=0.1, fallback=False)

    assert "more than its budget of $0.1000; the offline engines take over then." in low.warnings[0]
    assert "the job fails then." in strict.warnings[0]
    assert of(budget=5).warnings == ()


def test_a_budget_that_the_longest_answer_may_exceed_is_told_before_it_stops_the_job() -> None:
    usd = of().usd
    assert usd

    tight = of(budget=usd + 0.001)

    assert len(tight.warnings) == 1
    assert "may stop the job" in tight.warnings[0]


def test_a_budget_without_a_price_cannot_be_kept() -> None:
    assert "can't be kept" in of(models=Models("x"), budget=9).warnings[-1]


def test_nothing_and_not_known_are_told_apart() -> None:
    assert (dollars(0.0), dollars(None), dollars(0.12345)) == ("$0.0000", "not known", "$0.1235")
    assert "nothing leaves this machine" in lines_of(of(models=Models()))[0]


def test_parts_are_counted_as_the_analyst_cuts_them() -> None:
    for seconds in (20.0, 1800.0, 1801.0, 3510.0, 3511.0, 4 * 3600.0):
        assert parts_of(seconds) == len(parts.parts_of(seconds))


@pytest.mark.parametrize("platforms", [("x",), ("x", "tiktok"), tuple(Platform)])
@pytest.mark.parametrize("clips", [1, 4, 5, 9, 20])
def test_posts_are_asked_for_in_as_many_questions_as_the_copywriter_asks(
    clips: int, platforms: tuple[str, ...]
) -> None:
    asked = brief(clips=clips, platforms=platforms)
    found = analysis(*(clip(number, 100 * number, 100 * number + 30) for number in range(1, clips + 1)))

    assert of(clips=clips, platforms=platforms).charges[1].calls == len(
        portions(Commission(found, Precedents(), asked))
    )
