"""The command line's exit codes and words, without running a job."""

import json
import os
from pathlib import Path

import pytest

from deployments import cli
from omni.contracts import Production
from omni.errors import MemoryLocked, SourceUnreadable


def exit_code(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["omni", *arguments])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def production(*warnings: str) -> Production:
    return Production(
        output_dir=Path("/out/talk-1"),
        shorts_count=4,
        strategy_id="s",
        source="talk.mp4",
        engines={},
        warnings=warnings,
    )


def test_a_missing_file_is_told_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(monkeypatch, "produce", "/nowhere/talk.mp4") == 3
    assert "There is no file at /nowhere/talk.mp4" in capsys.readouterr().err


def test_a_name_that_is_not_text_is_told_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (video := tmp_path / os.fsdecode(b"caf\xe9.mp4")).touch()

    assert exit_code(monkeypatch, "produce", str(video)) == SourceUnreadable.exit_code
    assert "rename it" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    "arguments", [("--min-seconds", "70"), ("--clips", "0"), ("--platforms", "myspace"), ("--nonsense",)]
)
def test_a_wrong_option_is_a_usage_error(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    assert exit_code(monkeypatch, "produce", "talk.mp4", *arguments) == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SourceUnreadable(path="x.mp4", reason="invalid data"), 7),
        (MemoryLocked(path="/m", seconds=60.0, holder="Process 4711"), 75),
        (KeyboardInterrupt(), 130),
    ],
)
def test_the_exit_code_tells_the_cause(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> Production:
        raise error

    monkeypatch.setattr(cli, "_run", fail)

    assert exit_code(monkeypatch, "produce", "x.mp4") == code
    assert capsys.readouterr().err.strip()


def test_a_done_job_prints_its_folder_on_stdout_and_its_warnings_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_run", lambda *_, **__: production("The picture is [small]."))

    assert exit_code(monkeypatch, "produce", "x.mp4") == 0
    said = capsys.readouterr()
    assert said.out == "/out/talk-1\n"
    assert "The picture is [small]." in said.err


def test_a_missing_short_is_a_partial_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_run", lambda *_, **__: production("A Short is missing. FFmpeg failed."))

    assert exit_code(monkeypatch, "produce", "x.mp4") == 8


def test_json_is_the_whole_result(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(cli, "_run", lambda *_, **__: production())

    exit_code(monkeypatch, "produce", "x.mp4", "--json", "--clips", "3", "--platforms", "tiktok", "--platforms", "x")

    assert json.loads(capsys.readouterr().out)["shorts_count"] == 4


def test_the_brief_is_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(cli, "_run", lambda _video, brief, *_, **__: asked.append(brief) or production())

    exit_code(
        monkeypatch, "produce", "x.mp4", "--clips", "3", "--no-captions", "--platforms", "x", "--directives", "topic: a"
    )

    brief = asked[0].model_dump(mode="json", exclude_defaults=True)
    assert brief == {"clips": 3, "captions": False, "platforms": ["x"], "directives": "topic: a"}
