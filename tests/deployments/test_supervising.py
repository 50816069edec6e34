"""The supervisor with small children of every kind; no Prefect."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deployments.errors import PartFailed
from deployments.stack.processes import LARGEST_LOG, Process
from deployments.stack.supervising import Child, Pace, Stop, Supervisor
from omni.errors import OrchestratorFailed

QUICK = Pace(first_pause=0.05, longest_pause=0.2, steady=30, start=20, stop=3, look=0.01, ask=0.01)
STAY = "import time, os; print('here', os.getpid(), flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STAY


def child(name: str, code: str, *, ends: bool = False, healthy: Callable[[Process], bool] | None = None) -> Child:
    argv = (sys.executable, "-S", "-c", code)
    return Child(name, argv, healthy or (lambda process: "here" in process.output()), ends=ends)


def pids(log: Path) -> list[int]:
    """Who said ``here PID`` in a log."""
    return [int(line.split()[1]) for line in log.read_text().splitlines() if line.startswith("here")]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def soon(question: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.02)
    return False


class Told(list[str]):
    """What the supervisor said, and the supervisor."""

    supervisor: Supervisor
    stop: Stop


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A supervisor whose logs are in ``tmp_path``; it is ended after the test."""
    words = Told()
    words.stop = Stop()
    words.supervisor = supervise(tmp_path, words.stop, words.append)
    with words.supervisor:
        yield words


def supervise(folder: Path, stop: Stop, say: Callable[[str], None] = print, pace: Pace = QUICK) -> Supervisor:
    return Supervisor(f"test {folder}", logs=folder, folder=folder, stop=stop, say=say, pace=pace)


def watch_until(told: Told, question: Callable[[], bool]) -> None:
    """Let the supervisor work until something has happened."""
    look = told.supervisor._look
    assert soon(lambda: (look(), question())[1])


def test_a_child_that_dies_is_started_again_and_it_is_said(told: Told, tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    told.supervisor.start(child("part", STAY))
    first = pids(log)[0]

    os.kill(first, signal.SIGKILL)
    watch_until(told, lambda: len(pids(log)) == 2)

    assert pids(log)[1] != first
    assert any("part ended (signal 9); it is started again in" in words for words in told)
    assert "omni: part ended (signal 9)" in log.read_text()


def test_a_child_that_was_well_once_is_started_again_however_often_it_dies(told: Told, tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    told.supervisor.start(child("part", STAY))

    for times in range(1, 8):
        os.kill(pids(log)[-1], signal.SIGKILL)
        watch_until(told, lambda times=times: len(pids(log)) == times + 1)


def test_the_last_started_is_stopped_first(told: Told, tmp_path: Path) -> None:
    goodbye = tmp_path / "goodbye"
    code = (
        "import signal, sys\n"
        f"signal.signal(signal.SIGTERM, lambda *_: (open({str(goodbye)!r}, 'a').write(sys.argv[1]), sys.exit(0)))\n"
        + STAY
    )
    for name in "abc":
        told.supervisor.start(Child(name, (*child(name, code).argv, name), child(name, code).is_healthy))

    told.supervisor.end()

    assert goodbye.read_text() == "cba"


def test_a_wave_begins_when_the_one_before_is_healthy(told: Told, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    slow = f"import time; time.sleep(0.3); open({str(flag)!r}, 'w').close(); " + STAY
    told.supervisor.start(child("slow", slow))
    told.supervisor.start(
        child("next", f"import os; print('there', os.path.exists({str(flag)!r}), flush=True); " + STAY)
    )

    assert "there True" in (tmp_path / "next.log").read_text()


def test_a_child_that_ignores_sigterm_is_killed_with_what_it_started(tmp_path: Path) -> None:
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-S', '-c', {STUBBORN!r}]); " + STUBBORN
    log = tmp_path / "part.log"
    with supervise(tmp_path, Stop(), pace=Pace(stop=0.3, look=0.01, ask=0.01)) as supervisor:
        supervisor.start(child("part", code, healthy=lambda process: process.output().count("here") == 2))

    assert len(pids(log)) == 2
    assert not any(map(is_alive, pids(log)))


def test_what_a_child_leaves_behind_when_it_stops_is_killed(told: Told, tmp_path: Path) -> None:
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-S', '-c', {STUBBORN!r}]); " + STAY
    log = tmp_path / "part.log"
    told.supervisor.start(child("part", code))
    assert soon(lambda: len(pids(log)) == 2)

    told.supervisor.end()

    assert not any(map(is_alive, pids(log)))


@pytest.mark.skipif(sys.platform != "linux", reason="environments of other processes are read from /proc")
def test_the_work_of_a_killed_child_goes_on_and_is_killed_at_the_end(told: Told, tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    code = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-S', '-c', {STUBBORN!r}], start_new_session=True); "
        "print('parent', __import__('os').getpid(), flush=True); " + STAY
    )
    told.supervisor.start(child("part", code, healthy=lambda process: process.output().count("here") == 2))
    parent = int(next(line for line in log.read_text().splitlines() if line.startswith("parent")).split()[1])
    work = next(pid for pid in pids(log) if pid != parent)

    os.kill(parent, signal.SIGKILL)
    watch_until(told, lambda: len(pids(log)) == 4)

    assert is_alive(work)
    told.supervisor.end()
    assert not any(map(is_alive, pids(log)))


def test_a_child_that_is_never_well_fails_the_start_with_its_last_words(told: Told) -> None:
    with pytest.raises(
        PartFailed, match="ended 5 times, at last with exit 3; its last words: no such database"
    ) as failed:
        told.supervisor.start(child("part", "print('no such database', flush=True); raise SystemExit(3)"))

    assert isinstance(failed.value, OrchestratorFailed)
    assert failed.value.exit_code == 75
    assert len(told) == 4


def test_a_child_that_lives_but_is_never_ready_fails_the_start(tmp_path: Path) -> None:
    pace = Pace(start=0.5, stop=3, look=0.01, ask=0.01)
    with (
        supervise(tmp_path, Stop(), pace=pace) as supervisor,
        pytest.raises(PartFailed, match="it was not ready after"),
    ):
        supervisor.start(child("part", STAY, healthy=lambda _: False))

    assert not any(map(is_alive, pids(tmp_path / "part.log")))


def test_work_that_ends_well_is_done_once_and_tried_again_when_it_fails(told: Told, tmp_path: Path) -> None:
    tried = str(tmp_path / "tried")
    code = (
        f"import os; print('try'); again = os.path.exists({tried!r}); open({tried!r}, 'w'); raise SystemExit(not again)"
    )

    told.supervisor.start(child("work", code, ends=True))
    told.supervisor.start(child("part", STAY))

    assert (tmp_path / "work.log").read_text().count("try") == 2
    assert len(told) == 1


def test_a_start_ends_when_the_end_is_asked_for(told: Told, tmp_path: Path) -> None:
    told.stop()

    assert told.supervisor.start(child("part", STAY)) is False
    assert not (tmp_path / "part.log").exists()


def test_ending_twice_is_ending_once(told: Told, tmp_path: Path) -> None:
    told.supervisor.start(child("part", STAY))

    told.supervisor.end()
    told.supervisor.end()

    assert not any(map(is_alive, pids(tmp_path / "part.log")))


def test_a_second_signal_kills_at_once_but_a_doubled_one_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    stop = Stop()

    stop(signal.SIGINT, None)
    stop(signal.SIGINT, None)
    assert (stop.asked, stop.hurried) == (True, False)

    now = 102.0
    stop(signal.SIGINT, None)
    assert stop.hurried


def test_who_is_in_a_hurry_does_not_wait_for_the_stubborn(tmp_path: Path) -> None:
    stop = Stop()
    with supervise(tmp_path, stop, pace=Pace(stop=10_000)) as supervisor:
        supervisor.start(child("part", STUBBORN))
        stop.asked = stop.hurried = True

    assert not any(map(is_alive, pids(tmp_path / "part.log")))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a child with its parent")
def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    code = f"""
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_supervising import STUBBORN, Stop, child, supervise
with supervise(Path({str(tmp_path)!r}), Stop()) as supervisor:
    supervisor.start(child("a", STUBBORN)) and supervisor.start(child("b", STUBBORN))
    print("up", flush=True)
    supervisor.watch()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "up\n"
        supervisor.kill()

    everybody = [*pids(tmp_path / "a.log"), *pids(tmp_path / "b.log")]
    assert len(everybody) == 2
    assert soon(lambda: not any(map(is_alive, everybody)))


def test_a_large_log_is_put_aside_when_a_child_starts(told: Told, tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    with log.open("wb") as file:
        file.truncate(LARGEST_LOG + 1)

    told.supervisor.start(child("part", STAY))

    assert (tmp_path / "part.log.1").stat().st_size > LARGEST_LOG
    assert len(pids(log)) == 1


def test_a_child_reads_no_input_and_inherits_what_it_is_given(told: Told, tmp_path: Path) -> None:
    code = "import os, sys; print(repr(sys.stdin.read()), os.environ['GIVEN'], os.getcwd(), flush=True); " + STAY
    part = child("part", code)

    told.supervisor.start(Child(part.name, part.argv, part.is_healthy, env={"GIVEN": "yes"}))

    assert f"'' yes {tmp_path}" in (tmp_path / "part.log").read_text()


def test_a_child_that_cannot_be_started_is_tried_again(told: Told, tmp_path: Path) -> None:
    (tmp_path / "part.log").mkdir()
    with pytest.raises(PartFailed, match="Is a directory"):
        supervise(tmp_path, Stop(), told.append, Pace(first_pause=0.05, start=0.5, look=0.01)).start(
            child("part", STAY)
        )

    assert len(told) > 1
    assert "part can't be started" in told[0]
