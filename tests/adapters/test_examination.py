"""Reading a container apart: bounded, without the parent's secrets, and never with a foreign exception."""

import contextlib
import os
import random
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from makers.making import moving, plain
from media import make

from omni.adapters import confinement, container
from omni.adapters.confinement import Allowance, Broken, Overrun, allowance_for, read_apart
from omni.adapters.container import ContainerProber
from omni.adapters.examination import examine
from omni.adapters.opening import File
from omni.adapters.streams import timecode_of
from omni.errors import SourceError, SourceTooLarge, SourceUnreadable
from omni.ports import Probe

pytestmark = pytest.mark.ffmpeg

MUTATED = ("plain", "variable_rate_mkv", "avi", "transport_stream", "mov_text")


def probe_of(path: Path) -> Probe:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return examine(File(descriptor, path))
    finally:
        os.close(descriptor)


def test_a_larger_file_may_be_read_longer() -> None:
    assert allowance_for(0).cpu_seconds < allowance_for(2**30).cpu_seconds < allowance_for(20 * 2**30).cpu_seconds


def module(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a module with this code that the child finds."""
    (folder / "prisoner.py").write_text(f"from omni.adapters.confinement import Allowance, confine\n{code}")
    monkeypatch.syspath_prepend(str(folder))
    return "prisoner"


def test_the_child_sees_no_setting_of_the_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "canary")
    name = module(tmp_path, "import os; print(dict(os.environ), open('/proc/self/environ').read())", monkeypatch)

    assert b"canary" not in read_apart(name, [], [], Allowance(30))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux limits a process's memory")
@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("confine(Allowance(1))\nwhile True: pass", Overrun, "computing"),
        ("confine(Allowance(9, 50 * 2**20))\nb'x' * 2**28", Broken, "MemoryError"),
        ("confine(Allowance(9))\nopen('grows', 'w').write('x' * 9999)", Broken, "exit"),
        ("raise ValueError('bad luck')", Broken, "bad luck"),
        ("import os; os.abort()", Broken, "exit -6"),
    ],
)
def test_a_child_that_takes_too_much_or_crashes_is_told_from_one_that_answers(
    code: str, error: type[Exception], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(error, match=said):
        read_apart(module(tmp_path, code, monkeypatch), [], [], Allowance(9))


def test_a_child_that_sleeps_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "PATIENCE", 0.5)

    with pytest.raises(Overrun, match="waiting"):
        read_apart(module(tmp_path, "import time; time.sleep(60)", monkeypatch), [], [], Allowance(2))


@pytest.mark.parametrize(
    ("trouble", "error"), [(Overrun("9 s"), SourceTooLarge), (Broken("exit -11"), SourceUnreadable)]
)
def test_what_goes_wrong_in_the_child_is_an_error_of_the_source(
    trouble: Exception, error: type[SourceError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bytes:
        raise trouble

    monkeypatch.setattr(container, "read_apart", fails)
    (tmp_path / "talk.mp4").write_bytes(b"x")

    with pytest.raises(error) as refused:
        ContainerProber().probe(tmp_path / "talk.mp4")
    assert refused.value.facts["path"] == tmp_path / "talk.mp4"


@pytest.mark.parametrize(
    ("suffix", "rate", "clock", "told"),
    [
        (".mov", "25", "10:00:00:12", "10:00:00:12"),
        (".mp4", "30000/1001", "01:00:00;02", "01:00:00;02"),
        (".mov", "25", None, None),
    ],
)
def test_the_clock_of_a_camera_is_read(
    suffix: str, rate: str, clock: str | None, told: str | None, ffmpeg: str, tmp_path: Path
) -> None:
    path = tmp_path / f"camera{suffix}"
    plain(ffmpeg, path, *(("-timecode", clock) if clock else ()), picture=moving("64x36", rate, 1))

    assert [picture.timecode for picture in probe_of(path).pictures] == [told]


@pytest.mark.parametrize("clock", ["10:00:00:25", "10:00:00;00", "33:00:00:00", "1:2:3:4", "<script>", "10:00:00:1２"])
def test_a_clock_that_cannot_be_is_none(clock: str) -> None:
    stream = SimpleNamespace(metadata={"timecode": clock}, container=SimpleNamespace(metadata={}))

    assert timecode_of(stream, Fraction(25)) is None


def test_a_picture_that_no_decoder_knows_is_left_out(ffmpeg: str, made: Path, tmp_path: Path) -> None:
    data = make("plain", ffmpeg, made).path.read_bytes()
    unknown = tmp_path / "unknown.mp4"
    unknown.write_bytes(data.replace(b"avc1", b"zzzz").replace(b"avcC", b"zzzC"))

    probe = probe_of(unknown)

    assert probe.pictures == ()
    assert len(probe.tracks) == 1


@pytest.mark.parametrize("name", MUTATED)
def test_a_damaged_container_is_read_or_refused_and_nothing_else(
    name: str, ffmpeg: str, made: Path, tmp_path: Path
) -> None:
    dice, original = random.Random(name), make(name, ffmpeg, made).path.read_bytes()
    for _ in range(60):
        data = bytearray(original)
        for _ in range(dice.choice((1, 4, 20))):
            at = dice.choice((dice.randrange(2000), len(data) - dice.randrange(1, 4000), dice.randrange(len(data))))
            data[at : at + 4] = dice.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f", b"\0\0\0\1", b""))
        path = tmp_path / "damaged"
        path.write_bytes(data)
        with contextlib.suppress(SourceError, MemoryError):  # the child translates the latter
            probe_of(path)
