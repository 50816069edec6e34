"""The one runner: limits, ends, and what it leaves behind."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import ffmpeg as graphs
import pytest

from omni.adapters.ffmpeg import Runner
from omni.errors import Aborted, DiskFull, MediaToolFailed, MediaToolTimedOut

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
def runner(ffmpeg: str) -> Runner:
    return Runner(Path(ffmpeg))


def endless(target: str = "-", fmt: str = "null"):
    """Return a graph that runs in real time for an hour."""
    return graphs.output(graphs.input("testsrc2=d=3600", f="lavfi", re=None), target, f=fmt)


def test_progress_goes_forward_to_the_end(runner: Runner) -> None:
    heard: list[float] = []

    runner.run(
        graphs.output(graphs.input("testsrc2=d=5", f="lavfi"), "-", f="null"),
        doing="testing", media_seconds=5, on_progress=heard.append,
    )  # fmt: skip

    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0, abs=0.02)


def test_a_failure_quotes_the_end_of_stderr(runner: Runner) -> None:
    with pytest.raises(MediaToolFailed, match=r"while testing.*[Nn]o such"):
        runner.run(graphs.output(graphs.input("file:/nowhere"), "-", f="null"), doing="testing", media_seconds=1)


def test_a_call_over_its_limit_is_killed(ffmpeg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omni.adapters.ffmpeg.runner.MINIMUM_LIMIT_SECONDS", 0.5)

    with pytest.raises(MediaToolTimedOut):
        Runner(Path(ffmpeg), timeout_factor=0.1).run(endless(), doing="testing", media_seconds=1)


def test_abort_ends_what_runs_and_lets_nothing_start(runner: Runner) -> None:
    ended: list[BaseException] = []

    def work() -> None:
        try:
            runner.run(endless(), doing="testing", media_seconds=3600)
        except Aborted as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.5)
    runner.abort()
    thread.join(timeout=10)

    assert len(ended) == 1
    with pytest.raises(Aborted):
        runner.run(endless(), doing="testing", media_seconds=3600)
    runner.resume()
    runner.run(graphs.output(graphs.input("testsrc2=d=1", f="lavfi"), "-", f="null"), doing="testing", media_seconds=1)


def test_a_reader_that_stops_early_ends_the_process(runner: Runner) -> None:
    frames = runner.stream(endless("pipe:1", "rawvideo"), doing="testing", media_seconds=3600, chunk_bytes=1000)
    next(frames)

    frames.close()

    assert not runner._live


def test_a_block_that_fails_leaves_neither_part_nor_target(runner: Runner, tmp_path: Path) -> None:
    target = tmp_path / "short.mp4"

    def fail_half_way() -> None:
        with runner.completed(target) as part:
            part.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_named(runner: Runner) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with pytest.raises(DiskFull):
        runner.run(
            graphs.output(graphs.input("testsrc2=d=2", f="lavfi"), "file:/dev/full", f="rawvideo"),
            doing="writing", media_seconds=2,
        )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_a_killed_parent_leaves_no_child(ffmpeg: str) -> None:
    script = f"""
        import sys, threading
        from pathlib import Path
        import ffmpeg
        from omni.adapters.ffmpeg import Runner
        runner = Runner(Path({ffmpeg!r}))
        graph = ffmpeg.output(ffmpeg.input("testsrc2=d=3600", f="lavfi", re=None), "-", f="null")
        worker = threading.Thread(target=lambda: runner.run(graph, doing="testing", media_seconds=3600))
        worker.start()
        while not runner._live: pass
        print(next(iter(runner._live)).pid, flush=True)
        worker.join()
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}/status").exists() and "zombie" not in Path(f"/proc/{child}/status").read_text():
        assert time.monotonic() < deadline, "FFmpeg outlived its parent"
        time.sleep(0.05)
