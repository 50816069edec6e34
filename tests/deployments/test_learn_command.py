"""`omni memory learn`: from a table to the memory, all of it or nothing."""

import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from builders import analysis, brief, campaign, clip, plan, source
from fakes.ffmpeg import FakeMedia
from fakes.qdrant import UNAVAILABLE, FakeMemory

from deployments.errors import ResultsUnusable
from deployments.learning import learn, lessons
from omni.contracts import Lesson
from omni.encoding.rendering import render_short
from omni.memory.outbox import Outbox
from omni.memory.outcomes import outcome_of
from omni.memory.receptions import Past
from omni.memory.records import records_of, strategy_id
from omni.outcomes import ClipOutcome
from omni.packaging.delivering import Parcel, deliver

JOB = "12345678-aaaa-bbbb-cccc-000000000000"


@dataclass
class Desk:
    """A machine with one delivery of two clips, which its memory knows."""

    memory: FakeMemory
    outbox: Outbox
    output: Path
    strategy: str
    file: Path

    def write(self, text: str) -> Path:
        """Write a table of results."""
        self.file.write_text(text, encoding="utf-8")
        return self.file

    def kept(self) -> list[ClipOutcome]:
        """What the memory was told."""
        return [outcome_of(record) for record in self.memory.records("default", "outcome")]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    asked, found, posts = brief(), analysis(clip(1), clip(2)), campaign(1, 2)
    shorts = tuple(render_short(source(), plan(number=n), tmp_path / str(n), media=FakeMedia()) for n in (1, 2))
    parcel = Parcel(
        source=source(), brief=asked, analysis=found, campaign=posts, shorts=shorts, engines={}, warnings=()
    )
    output = tmp_path / "output"
    deliver(parcel, output, JOB)
    memory, outbox = FakeMemory(records_of(source(), asked, found, posts)), Outbox(tmp_path / "outbox", 1)
    shop = SimpleNamespace(memory=memory, outbox=outbox, settings=SimpleNamespace(output=output))
    monkeypatch.setattr("omni.wiring.wire", lambda: shop)
    strategy = strategy_id(asked.workspace, source().sha256, asked)
    return Desk(memory, outbox, output, strategy, tmp_path / "results.csv")


def test_a_clip_is_named_by_its_file_by_job_and_number_or_by_strategy_and_number(desk: Desk) -> None:
    video = next(desk.output.glob("*/clips/01-*.mp4"))
    table = "\n".join(
        (
            "file,job,strategy_id,clip,platform,date,views",
            f"{video},,,,tiktok,2026-11-20,10",
            f"{video.name},,,,x,2026-11-20,20",
            f",{JOB},,2,tiktok,2026-11-20,30",
            f",,{desk.strategy},2,x,2026-11-20,40",
        )
    )

    learn(desk.write(table))

    assert sorted((each.clip, each.outcome.views) for each in desk.kept()) == [(1, 10), (1, 20), (2, 30), (2, 40)]
    assert {each.strategy_id for each in desk.kept()} == {desk.strategy}


def test_nothing_is_kept_when_a_row_is_bad_and_the_row_is_named(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    table = f"job,clip,platform,date,views\n{JOB},1,x,2026-11-20,10\n{JOB},9,x,2026-11-20,10\nnobody,1,x,2026-11-20,1\n"

    with pytest.raises(ResultsUnusable, match="2 of its rows are bad"):
        learn(desk.write(table))

    told = capsys.readouterr().err
    assert "line 3: the memory of workspace 'default' holds no clip 9" in told
    assert "line 4: no delivery of job nobody" in told
    assert desk.kept() == []


def test_columns_in_other_words_are_named_beside_those_that_are_known(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ResultsUnusable):
        learn(desk.write(f"job;clip;platform;Datum;Aufrufe\n{JOB};1;x;2026-11-20;10\n"))

    told = capsys.readouterr().err
    assert "line 2: it has no date" in told
    assert "weren't understood: Datum, Aufrufe; those known are job, strategy_id, file, clip, platform, date" in told


def test_columns_beside_the_known_ones_are_ignored_in_one_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    row = "1,x,2026-11-20,10,red,7"
    learn(desk.write(f"job,clip,platform,date,views,Colour,[b]\n{JOB},{row}\n{JOB},{row}\n"))

    assert [line for line in capsys.readouterr().err.splitlines() if "ignored" in line] == [
        "• ignored, as columns that aren't known: Colour, [b]"
    ]
    assert len(desk.kept()) == 1


def test_bad_rows_can_be_skipped(desk: Desk) -> None:
    table = f"job,clip,platform,date,views\n{JOB},1,x,2026-11-20,10\n{JOB},9,x,2026-11-20,10\n"

    learn(desk.write(table), skip_bad=True)

    assert [each.outcome.views for each in desk.kept()] == [10]


def test_a_dry_run_keeps_nothing_and_says_what_it_would(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    learn(desk.write(f"job,clip,platform,date,views\n{JOB},1,x,2026-11-20,10\n"), dry_run=True, as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert (told["kept"], told["outcomes"][0]["outcome"]["views"]) == (False, 10)
    assert desk.kept() == []


def test_told_twice_it_is_kept_once(desk: Desk) -> None:
    table = desk.write(f"job,clip,platform,date,views\n{JOB},1,x,2026-11-20,10\n")

    learn(table)
    learn(table)

    assert len(desk.kept()) == 1


def test_what_was_learned_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    learn(desk.write(f"job,clip,date,verdict\n{JOB},1,2026-11-20,approved\n"))

    assert "too few clips yet to learn from" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_as_spreadsheets_save_it(desk: Desk, encoding: str) -> None:
    desk.file.write_text(f"job,clip,platform,date,views\n{JOB},1,x,2026-11-20,10\n", encoding=encoding)

    learn(desk.file)

    assert [each.outcome.views for each in desk.kept()] == [10]


@pytest.mark.parametrize("text", ["", "views\n1\n", "\udce9"])
def test_a_file_that_cant_be_used_is_refused_with_the_reason(desk: Desk, text: str) -> None:
    desk.file.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(ResultsUnusable):
        learn(desk.file)


def test_a_memory_out_of_reach_is_told_and_nothing_is_lost(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def keep(*_: object, **__: object) -> None:
        raise UNAVAILABLE

    monkeypatch.setattr(desk.memory, "keep", keep)

    learn(desk.write(f"job,clip,platform,date,views\n{JOB},1,x,2026-11-20,10\n"))

    assert [outcome_of(record).outcome.views for record in desk.outbox.records()] == [10]


def test_the_command_line_reads_a_table_from_a_pipe(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from deployments.memory import app

    table = StringIO(f"job\tclip\tplatform\tdate\tviews\n{JOB}\t1\tx\t2026-11-20\t10\n")
    monkeypatch.setattr("sys.stdin", table)

    with pytest.raises(SystemExit) as ended:
        app(["learn", "-"])

    assert ended.value.code == 0
    assert [each.outcome.views for each in desk.kept()] == [10]


def test_lessons_are_shown_strongest_first_or_why_there_are_none(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lessons()
    assert "outcomes of 0 clips say nothing beyond chance" in " ".join(capsys.readouterr().err.split())

    taught = Lesson(kind="hook", value="question", effect=0.42, count=14, because="14 clips that open with a question")
    monkeypatch.setattr("omni.memory.receptions.past_of", lambda *_: Past(lessons=(taught,)))
    lessons()
    lessons(as_json=True)

    told = capsys.readouterr().out
    assert told.startswith("+0.42  14 clips that open with a question\n")
    assert json.loads(told.partition("\n")[2]) == [taught.model_dump(mode="json")]
