"""A command that ends with whoever started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from omni import tether
from omni.tether import tethered

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")

STARTER = """
import subprocess, sys
from omni import tether
if sys.argv[1] == "python":
    tether._setpriv = lambda: None
child = subprocess.Popen(tether.tethered(["sleep", "60"]))
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture(params=["setpriv", "python"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With util-linux, and without."""
    if request.param == "python":
        monkeypatch.setattr(tether, "_setpriv", lambda: None)
    elif tether._setpriv() is None:
        pytest.skip("this machine has no setpriv")
    return request.param


@pytest.mark.usefixtures("way")
def test_a_command_gets_its_words_its_descriptors_and_its_exit_code_through(tmp_path: Path) -> None:
    words = ["a b", "", "-n", "'\"$HOME\\", "ü\n", "{0}"]
    with (tmp_path / "told").open("w+b") as file:
        code = f"import os, sys; os.write({file.fileno()}, repr(sys.argv[1:]).encode()); sys.exit(7)"
        done = subprocess.run(
            tethered([sys.executable, "-c", code, *words]),
            pass_fds=[file.fileno()],
            start_new_session=True,
            check=False,
        )

    assert done.returncode == 7
    assert (tmp_path / "told").read_text() == repr(words)


def test_a_child_ends_when_its_parent_is_killed(way: str) -> None:
    parent = subprocess.Popen([sys.executable, "-c", STARTER, way], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_until(lambda: "sleep" in name_of(child))

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    wait_until(lambda: name_of(child) == "")


@pytest.mark.usefixtures("way")
def test_a_command_is_the_process_itself_so_that_a_signal_reaches_it() -> None:
    child = subprocess.Popen(tethered(["sleep", "60"]))
    wait_until(lambda: "sleep" in name_of(child.pid))

    child.terminate()

    assert child.wait(timeout=5) == -signal.SIGTERM


def test_a_child_whose_parent_is_gone_already_does_not_begin(tmp_path: Path) -> None:
    command = tethered(["touch", str(tmp_path / "begun")])
    command[command.index(str(os.getpid()))] = "1"

    assert subprocess.run(command, check=False).returncode != 0
    assert not (tmp_path / "begun").exists()


def name_of(pid: int) -> str:
    """Return the name of a living process, ``""`` when there is none."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return ""
    return "" if "State:\tZ" in status else status.splitlines()[0].removeprefix("Name:\t")


def wait_until(condition: object, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)
