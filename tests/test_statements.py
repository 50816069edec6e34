"""What people say is kept statement by statement, and stands the same in whichever order it is read."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from omni.record import JobRecord
from omni.review import ClipEdit, Decision, Revision, Verdict
from omni.statements import OPENING, Statement, after, as_said, key_of_new, last_said, opening

YES, NO = Verdict.APPROVED, Verdict.REJECTED
JOB = UUID("0f6f2a52-3c1b-4c42-9a34-5b7c7a0c9d11")
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Kept:
    """A statement as the server keeps it."""

    key: str
    value: str
    created: datetime | None


def kept(second: int, statement: Statement, key: str = "") -> Kept:
    text = statement.model_dump_json(exclude_defaults=True)
    return Kept(key or f"said-{second:020d}", text, NOON + timedelta(seconds=second))


def said(*decisions: tuple[int, Verdict]) -> Statement:
    return Statement(decisions=tuple(Decision(clip=clip, verdict=verdict) for clip, verdict in decisions))


def rest(verdict: Verdict, *clips: int, by: str = "person") -> Statement:
    told = ({"clip": clip, "verdict": verdict, "by": by} for clip in clips)
    return Statement(rest=tuple(Decision.model_validate(one) for one in told))


def stands(*entries: Kept, label: Revision | None = None) -> Revision:
    return as_said(JobRecord(revision=label or Revision()), entries, JOB).revision


def test_the_last_word_on_a_clip_counts_by_the_servers_order_however_it_is_read() -> None:
    entries = (
        kept(1, said((1, YES), (2, YES))),
        kept(2, Statement(edit=ClipEdit(clip=1, title="A"))),
        kept(3, said((1, NO))),
        kept(4, Statement(edit=ClipEdit(clip=1, title="B"))),
    )

    for order in itertools.permutations(entries):
        told = stands(*order)
        assert (told.approved, told.rejected) == ({2}, {1})
        assert told.edits == (ClipEdit(clip=1, title="B"),)


def test_what_is_said_of_the_rest_never_touches_what_somebody_said_of_a_clip() -> None:
    one, others = said((1, NO)), rest(YES, 1, 2)

    assert stands(kept(1, one), kept(2, others)).rejected == {1}
    assert stands(kept(1, others), kept(2, one)).rejected == {1}


def test_a_time_out_decides_only_what_is_open_whoever_was_quicker() -> None:
    person, late = said((1, NO)), rest(YES, 1, 2, 3, by="timeout")

    for first, second in itertools.permutations((person, late)):
        told = stands(kept(1, first), kept(2, second))
        assert (told.approved, told.rejected) == ({2, 3}, {1})
        assert [one.by for one in told.decisions] == ["person", "timeout", "timeout"]


def test_what_an_earlier_version_wrote_as_one_label_comes_first_and_is_read_without_statements() -> None:
    label = Revision().decided([Decision(clip=1, verdict=YES), Decision(clip=2, verdict=NO)])
    record = JobRecord(revision=label)

    assert as_said(record, (), JOB).revision == label
    before = opening(record, ())
    assert before is not None
    first, second = kept(1, before, OPENING), kept(1, said((1, NO)), key_of_new())
    assert stands(second, first, label=label).rejected == {1, 2}
    assert opening(record, (first,)) is None
    assert opening(JobRecord(), ()) is None


def test_a_label_that_was_left_behind_does_not_count() -> None:
    stale = Revision().decided([Decision(clip=1, verdict=NO), Decision(clip=3, verdict=NO)])

    assert stands(kept(1, said((1, YES))), label=stale) == after(Revision(), said((1, YES)))


def test_what_was_said_of_other_clips_is_taken_back_and_kept() -> None:
    told = stands(kept(1, said((1, NO))), kept(2, Statement(instead=Revision())), kept(3, said((2, YES))))

    assert told == after(Revision(), said((2, YES)))


def test_a_statement_that_cannot_be_read_costs_nobody_the_others() -> None:
    strange = Kept("said-00000000000000000002", '{"sung": true}', NOON)

    assert stands(kept(1, said((1, NO))), strange).rejected == {1}


def test_keys_of_one_process_sort_as_they_were_made_behind_the_opening() -> None:
    keys = [OPENING, *(key_of_new() for _ in range(100))]

    assert keys == sorted(keys)
    assert len(set(keys)) == 101


def test_the_last_word_has_a_time() -> None:
    assert last_said(()) is None
    assert last_said((kept(5, said((1, NO))), kept(2, said((2, NO))))) == NOON + timedelta(seconds=5)


def test_a_statement_that_cannot_be_read_is_left_out_and_said_of_which_job(caplog: pytest.LogCaptureFixture) -> None:
    torn = Kept("said-torn", '{"verdict": "of a later version"}', NOON)

    assert stands(torn, kept(1, said((1, YES)))).approved == {1}
    [warned] = caplog.messages
    assert str(JOB) in warned
    assert "said-torn" in warned
