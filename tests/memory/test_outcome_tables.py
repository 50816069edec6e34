"""Results as people export them: whatever the delimiter and the case, and every bad row named with its reason."""

from datetime import UTC, date, datetime

import pytest
from pasts import clip_record, strategy

from omni.memory.results import Place, Results, ResultsUnreadable, Row, read_rows, results_of

TODAY = date(2026, 4, 1)
CLIPS = {clip.id: clip for clip in (clip_record(1, number) for number in (1, 2, 3))}


def find(row: Row) -> Place:
    return Place("default", row.cells["strategy_id"], int(row.cells["clip"]))


def read(text: str) -> Results:
    return results_of(read_rows(text.replace("S1", strategy(1))), find, CLIPS, TODAY)


def test_a_table_becomes_outcomes() -> None:
    found = read("strategy_id,clip,platform,date,views,likes,watch_seconds\nS1,1,tiktok,2026-03-09,1200,90,14.5\n")

    (told,) = found.outcomes
    assert found.faults == ()
    assert (told.clip, told.outcome.platform, told.outcome.views, told.outcome.likes) == (1, "tiktok", 1200, 90)
    assert told.outcome.watch_seconds == 14.5


def test_a_clip_of_another_workspace_is_no_clip_of_this_one() -> None:
    clip = clip_record(1, 1).model_copy(update={"workspace": "acme"})
    rows = read_rows(f"strategy_id,clip,platform,date,views\n{strategy(1)},1,tiktok,2026-03-09,1200\n")

    found = results_of(rows, find, {clip.id: clip}, TODAY)

    assert found.outcomes == ()
    assert "'default' holds no clip 1" in found.faults[0].reason
    assert "--workspace acme" in found.faults[0].reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_any_case_and_a_byte_order_mark_are_read(delimiter: str) -> None:
    header = ["Strategy ID", "CLIP", "Platform", "Date", " Views ", "Watch-Seconds", "colour"]
    row = ["S1", "2", "YouTube Shorts", "2026-03-09", "80", "9.5", "red"]
    found = read("\ufeff" + delimiter.join(header) + "\n\n" + delimiter.join(row) + "\n")

    assert [(o.clip, o.outcome.platform, o.outcome.views) for o in found.outcomes] == [(2, "youtube", 80)]


def test_json_is_read_too() -> None:
    found = read('[{"strategy_id": "S1", "clip": 3, "platform": "x", "date": "2026-03-09", "views": 7, "likes": null}]')

    assert [(o.clip, o.outcome.views, o.outcome.likes) for o in found.outcomes] == [(3, 7, None)]


def test_a_row_may_hold_figures_and_a_verdict() -> None:
    found = read("strategy_id,clip,platform,date,views,verdict,reason\nS1,1,x,2026-03-09,7,Rejected,too slow\n")

    assert [(o.outcome.views, o.outcome.verdict, o.outcome.reason) for o in found.outcomes] == [
        (7, None, ""),
        (None, "rejected", "too slow"),
    ]


def test_a_table_from_excel_abroad_is_read() -> None:
    found = read(
        "sep=;\nstrategy_id;clip;platform;date;views;watch_seconds\nS1;1;x;09.03.2026;1.200;18,5\nS1;9;x;;7;\n"
    )

    (told,) = found.outcomes
    assert (told.outcome.on, told.outcome.views, told.outcome.watch_seconds) == (date(2026, 3, 9), 1200, 18.5)
    assert [fault.line for fault in found.faults] == [4]


def test_a_day_may_come_with_its_hour() -> None:
    found = read("strategy_id,clip,platform,date,views\nS1,1,x,2026-03-09T10:00:00Z,7\nS1,2,x,2026-03-09 10:00,7\n")

    assert {told.outcome.on for told in found.outcomes} == {date(2026, 3, 9)}
    assert found.faults == ()


def test_a_row_that_is_refused_binds_no_later_one() -> None:
    rows = ("1,x,2026-03-09,,approved", "1,x,2026-03-09,10,rejected", "1,x,2026-03-09,20,")

    found = read("strategy_id,clip,platform,date,views,verdict\n" + "".join(f"S1,{row}\n" for row in rows))

    assert [fault.line for fault in found.faults] == [3]
    assert [told.outcome.views for told in found.outcomes if told.outcome.views] == [20]


def test_thousands_may_stand_apart() -> None:
    found = read('strategy_id;clip;platform;date;views;likes\nS1;1;x;2026-03-09;"1,234,567";1 234\n')

    assert (found.outcomes[0].outcome.views, found.outcomes[0].outcome.likes) == (1_234_567, 1234)


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ("S1,1,x,2026-03-09,10,11,", "are the columns mixed up"),
        ("S1,1,x,2026-03-09,many,,", "views is 'many'"),
        ("S1,1,x,2026-03-09,1.5,,", "no whole number"),
        ("S1,1,x,2026-03-09,-3,,", "views: Input should be greater"),
        ("S1,1,,2026-03-09,10,,", "figures belong to a platform"),
        ("S1,1,myspace,2026-03-09,10,,", "platform: Input should be"),
        ("S1,1,x,09/03/2026,10,,", "YYYY-MM-DD"),
        ("S1,1,x,31.02.2026,10,,", "YYYY-MM-DD"),
        ("S1,1,x,2026-03-09garbage,10,,", "YYYY-MM-DD"),
        ("S1,2,x,2026-03-09,11,,", "line 2 says otherwise of the same clip, platform and day"),
        ("S1,1,x,,10,,", "it has no date"),
        ("S1,1,x,2026-09-09,10,,", "in the future"),
        ("S1,1,x,2025-01-01,10,,", "before the day on which the clip was made"),
        ("S1,7,x,2026-03-09,10,,", "holds no clip 7"),
        ("S1,1,x,2026-03-09,,,", "needs a figure"),
        ("S1,1,,2026-03-09,,,perhaps", "verdict: Input should be"),
        ("S1,1,x,2026-03-09,nan,,", "views"),
        ("S1,1,x,2026-03-09,10,,,,", "more than there are columns"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_reason_and_the_others_are_read(cells: str, word: str) -> None:
    good = "S1,2,x,2026-03-09,10,,"
    found = read(f"strategy_id,clip,platform,date,views,likes,verdict\n{good}\n{cells}\n{good}\n")

    assert [fault.line for fault in found.faults] == [3]
    assert word in found.faults[0].reason
    assert len(found.outcomes) == 2


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no rows"),
        ("strategy_id,clip\n", "no rows"),
        ("views,likes\n1,2\n", "which clip"),
        ("job,clip,date,Day\n1,2,3,4\n", "date is there twice"),
        (
            'strategy_id,clip,date,verdict,reason\nS1,1,2026-03-09,rejected,ok\nS1,2,2026-03-09,rejected,"slow\nS1,3,2026-03-09,rejected,b\n',
            "row of line 3 is no CSV",
        ),
        ("[1]", "entry 1"),
        ("[{", "no JSON"),
    ],
)
def test_a_file_that_is_no_table_of_results_is_refused_as_a_whole(text: str, word: str) -> None:
    with pytest.raises(ResultsUnreadable, match=word):
        read(text)


def test_a_quoted_text_may_hold_delimiters_and_line_breaks() -> None:
    found = read(
        'strategy_id,clip,date,verdict,reason\nS1,1,2026-03-09,rejected,"slow, and\nlong"\nS1,9,2026-03-09,approved,\n'
    )

    assert found.outcomes[0].outcome.reason == "slow, and\nlong"
    assert [fault.line for fault in found.faults] == [4]


def test_the_clips_own_day_is_no_earlier_day() -> None:
    made = datetime(2026, 3, 2, 23, 59, tzinfo=UTC).date()

    assert read(f"strategy_id,clip,platform,date,views\nS1,1,x,{made},10\n").faults == ()
