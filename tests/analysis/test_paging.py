"""More of the same: pages of one analysis, apart from each other, each numbered from its best."""

from itertools import combinations
from pathlib import Path

import pytest
from proposing import analysed_whole, answered, proposed
from talk_builder import dossier, spoken, transcript

from omni.analysis.offline import OfflineAnalyst
from omni.analysis.paging import page_of
from omni.contracts import Analysis, Brief, Clip, Dossier, Precedents, Span
from omni.errors import NothingToClip

THINGS = (
    "harbour",
    "window",
    "orchard",
    "bridge",
    "lantern",
    "violin",
    "kettle",
    "ladder",
    "anchor",
    "chimney",
    "compass",
)
TALK = "\n\n".join(
    f"""Why did nobody ever notice the {thing} of the old town?
In 19{n} a stranger counted {3 * n} of them in a single street.
Everybody laughed at the stranger, but the {thing} was still there next morning.
So look twice at your own {thing}, because it won't be there for ever."""
    for n, thing in enumerate(THINGS, start=20)
)


def talk(**asked: object) -> Dossier:
    said = spoken(TALK)
    return dossier(
        transcript(said), said.t + 1, brief=Brief.model_validate({"min_seconds": 10, "max_seconds": 30} | asked)
    )


def on_page(given: Dossier, page: int, shown: tuple[Span, ...] = ()) -> Dossier:
    brief = given.brief.model_copy(update={"page": page})
    return given.model_copy(update={"brief": brief, "precedents": Precedents(shown=shown)})


@pytest.fixture(scope="module")
def found() -> Analysis:
    return OfflineAnalyst().analyze(talk(clips=3))


def pages(analysis: Analysis, given: Dossier) -> list[tuple[Clip, ...]]:
    return [page_of(analysis, on_page(given, page)).clips for page in (1, 2, 3)]


def test_each_page_holds_other_moments_numbered_from_its_best(found: Analysis) -> None:
    seen = pages(found, talk(clips=3))
    assert [[c.number for c in page] for page in seen] == [[1, 2, 3]] * 3
    assert all([c.score for c in page] == sorted((c.score for c in page), reverse=True) for page in seen)
    assert not any(a.overlap(b) for a, b in combinations([c for page in seen for c in page], 2))
    assert len({c.title for page in seen for c in page}) == 9


def test_the_first_page_is_what_the_analyst_chose_and_says_that_more_is_left(found: Analysis) -> None:
    first = page_of(found, talk(clips=3))
    assert first.clips == found.clips
    assert first.reserves == found.reserves
    assert len(page_of(found, on_page(talk(clips=3), 2)).reserves) == len(found.reserves) - 3


def test_the_first_page_is_better_than_the_second(found: Analysis) -> None:
    first, second, _ = pages(found, talk(clips=3))
    assert sum(c.score for c in first) >= sum(c.score for c in second)


def test_the_analysis_is_the_same_whichever_page_is_asked_for(found: Analysis) -> None:
    given = talk(clips=3)
    assert OfflineAnalyst().analyze(on_page(given, 4)) == found


def test_without_a_number_a_page_is_as_large_as_the_first_one() -> None:
    given = talk()
    whole = OfflineAnalyst().analyze(given)
    second = page_of(whole, on_page(given, 2))
    assert len(second.clips) == min(len(whole.clips), len(whole.reserves))


def test_a_page_that_is_not_full_says_why_and_an_empty_one_what_to_do_instead() -> None:
    given = talk(clips=4)
    whole = OfflineAnalyst().analyze(given)
    full, over = divmod(len(whole.reserves), 4)
    assert over
    assert any(
        f"{over} of 4 clips" in w and "pages before" in w for w in page_of(whole, on_page(given, full + 2)).warnings
    )
    with pytest.raises(NothingToClip, match="repeat"):
        page_of(whole, on_page(given, full + 3))


def test_what_an_earlier_page_was_seen_to_hold_is_not_shown_again(found: Analysis) -> None:
    """A memory that grew may lead to another analysis than the one that the first page came from."""
    second = page_of(found, on_page(talk(clips=3), 2)).clips
    moved = Span(start=second[0].start + 5, end=second[0].end + 5)
    again = page_of(found, on_page(talk(clips=3), 2, shown=(moved,))).clips
    assert len(again) == 3
    assert not any(c.overlap(moved) for c in again)


def test_remarks_are_about_the_clips_of_the_page(found: Analysis) -> None:
    short = found.reserves[0].model_copy(update={"end": found.reserves[0].start + 5})
    spoilt = found.model_copy(update={"reserves": (short, *found.reserves[1:])})
    assert page_of(spoilt, talk(clips=3)).warnings == found.warnings
    assert any("min_seconds" in w for w in page_of(spoilt, on_page(talk(clips=3), 2)).warnings)


def told_of_weak(analysis: Analysis, given: Dossier) -> list[str]:
    return [w for w in page_of(analysis, given).warnings if "weak" in w]


def scored(analysis: Analysis, *scores: float) -> Analysis:
    """The analysis with these scores of its first clips, and of its first reserves."""

    def rescored(clips: tuple[Clip, ...]) -> tuple[Clip, ...]:
        return tuple(c.model_copy(update={"score": s}) for c, s in zip(clips, scores, strict=False))

    return analysis.model_copy(update={"clips": rescored(analysis.clips), "reserves": rescored(analysis.reserves)})


def test_weak_clips_are_named_with_their_scores_and_what_to_do_instead(found: Analysis) -> None:
    (told,) = told_of_weak(scored(found, 60, 24.6, 1), talk(clips=3))
    assert told.startswith("Clip 2 (24.6 of 100), 3 (1.0 of 100): weak, well below an ordinary passage (50 of 100). ")
    assert told.endswith("ask for other directives, another video or fewer clips.")
    assert told_of_weak(scored(found, 25, 25, 25), talk(clips=3)) == []
    (alone,) = told_of_weak(scored(found, 1), talk(clips=1))
    assert "other directives or another video." in alone


def test_of_weak_clips_it_is_told_where_the_better_moments_are(found: Analysis) -> None:
    weak, given = scored(found, 1, 1, 1), talk(clips=3)
    used = Precedents(used=(Span(start=0, end=20),))
    assert "earlier briefs" not in told_of_weak(weak, given)[0]
    assert "the better moments are on the pages before" in told_of_weak(weak, on_page(given, 2))[0]
    (barred,) = told_of_weak(weak, given.model_copy(update={"precedents": used}))
    assert "what earlier briefs used was left out" in barred
    assert "fewer clips or `repeat`, which proposes used moments again" in barred
    refused = given.model_copy(update={"precedents": Precedents(refused=used.used)})
    assert "`repeat`" not in told_of_weak(weak, refused)[0]


def test_further_pages_of_a_model_are_its_other_proposals_and_then_what_is_found_without_it(tmp_path: Path) -> None:
    given = talk(clips=2)
    told = [proposed(given, 4 * i, 4 * i + 3, score=90 - i) for i in range(5)]
    whole, _ = analysed_whole(given, tmp_path, answered(*told))
    first, second, third = (page_of(whole, on_page(given, page)).clips for page in (1, 2, 3))
    assert all(any(e.kind == "model" for e in c.evidence) for c in (*first, *second))
    assert {e.kind for c in third for e in c.evidence} >= {"model", "offline"}
