"""Hostile media: each file is refused by its cause or worked on rightly, and nothing beside it is ever read."""

import ctypes
import json
import multiprocessing
import os
import resource
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from makers.hostile import ATTACKS, WORKS, Stage
from media import make

import omni.errors

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(sys.platform != "linux", reason="inotify watches the canaries, setrlimit confines the reader"),
]

REFUSAL_SECONDS = 20
"""TARGETS.md §4.1; what is accepted is worked on as long as it takes, and ends the test when it hangs."""
WORK_SECONDS = 150
MAX_KILOBYTES = 1_000_000
"""1 GB of memory for the whole tree of processes, to refuse."""
IN_ACCESS, IN_OPEN = 0x1, 0x20
BINARIES = [None, *([os.environ["OMNI_TEST_FFMPEG"]] if "OMNI_TEST_FFMPEG" in os.environ else [])]


# ── the watch ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Watch:
    """Sees every opening and reading of some files, and every connection to a port."""

    inotify: int
    server: socket.socket
    names: dict[int, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        """Where somebody listens."""
        return self.server.getsockname()[1]

    def over(self, *files: Path) -> "Watch":
        libc = ctypes.CDLL(None, use_errno=True)
        for file in files:
            number = libc.inotify_add_watch(self.inotify, os.fsencode(file), IN_ACCESS | IN_OPEN)
            assert number >= 0, os.strerror(ctypes.get_errno())
            self.names[number] = file.name
        return self

    def seen(self) -> list[str]:
        """Return what was touched since the last time it was asked."""
        found: list[str] = []
        try:
            while data := os.read(self.inotify, 4096):
                at = 0
                while at < len(data):
                    number, _mask, _cookie, length = struct.unpack_from("iIII", data, at)
                    found.append(self.names.get(number, "?"))
                    at += 16 + length
        except BlockingIOError:
            pass
        try:
            while True:
                self.server.accept()[0].close()
                found.append("port")
        except BlockingIOError:
            return found


@pytest.fixture
def watch() -> Iterator[Watch]:
    inotify = ctypes.CDLL(None).inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield Watch(inotify, server)
    os.close(inotify)


@pytest.fixture
def stage(ffmpeg: str, made: Path, tmp_path: Path, watch: Watch) -> Stage:
    """A folder for an attack, a canary beside it, one elsewhere, one that listens."""
    canary = tmp_path / "elsewhere" / "secret.ts"
    own = tmp_path / "media"
    for folder in (canary.parent, own):
        folder.mkdir()
    playable = make("transport_stream", ffmpeg, made).path
    shutil.copy(playable, canary)
    shutil.copy(playable, own / "sibling.ts")
    return Stage(ffmpeg, own, canary, watch.port, made)


# ── a job in a process of its own ────────────────────────────────────────────────────────────────


def work(path: bytes, home: str, binary: str | None, told: Connection) -> None:
    """Ingest, listen, watch and render three seconds; tell how it ended and what it took."""
    try:
        answer: dict[str, Any] = {"outcome": WORKS, "detail": worked_on(os.fsdecode(path), Path(home), binary)}
    except omni.errors.OmniError as error:
        answer = {"outcome": type(error).__name__, "detail": str(error)}
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is what the test is about
        answer = {"outcome": "a traceback", "detail": repr(error)}
    usages = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told.send_bytes(json.dumps(answer | {"kilobytes": sum(usages)}).encode())


def worked_on(video: str, home: Path, binary: str | None) -> str:
    from builders import analysis, brief, clip

    from omni.contracts import Source
    from omni.encoding.planning import Dress, Material, plan_clips
    from omni.encoding.rendering import render_short
    from omni.settings import Settings
    from omni.sourcing.fetching import locate
    from omni.sourcing.ingesting import ingest
    from omni.speech.listening import listen
    from omni.vision.watching import watch as look
    from omni.wiring import Workshop

    workshop = Workshop(Settings(home=home, ffmpeg=Path(binary) if binary else None, whisper_fetch_seconds=0))
    source = ingest(locate(video, workshop.source_rules), workshop.prober, workshop.limits)
    kept = Source.model_validate_json(source.model_dump_json())
    transcript = listen(kept, brief(), workshop.ears)
    footage = look(kept, media=workshop.media, detector=workshop.faces)
    end = min(3.0, source.duration)
    (plan,) = plan_clips(
        Material(kept, transcript, footage),
        analysis(clip(start=0, end=end)),
        brief(),
        dress=Dress(workshop.look(brief()), workshop.fonts),
    )
    small = plan.model_copy(update={"width": 270, "height": 480})
    short = render_short(kept, small, home / "short", media=workshop.media)
    assert abs(short.duration - end) < 0.2, f"the Short lasts {short.duration} s"
    for contract in (transcript, footage, short):
        contract.model_dump_json().encode()
    return "\n".join((*source.warnings, *transcript.warnings))


@pytest.fixture(scope="module")
def forge() -> Any:
    """A process that has everything imported and splits off one process a job."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["omni.wiring", "omni.encoding.planning", "omni.speech.listening", "test_hostile_media"]
    )
    return context


def job(forge: Any, path: Path, home: Path, binary: str | None, seconds: float) -> dict[str, Any]:
    hear, told = forge.Pipe(duplex=False)
    process = forge.Process(target=work, args=(os.fsencode(path), str(home), binary, told))
    process.start()
    told.close()
    try:
        assert hear.poll(seconds), f"still at it after {seconds} s"
        return json.loads(hear.recv_bytes())
    except EOFError:
        process.join()
        pytest.fail(f"the process died: {process.exitcode}")
    finally:
        process.kill()
        process.join()


# ── the promises ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("binary", BINARIES, ids=lambda b: "in_use" if b is None else "other")
@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_file_ends_as_it_should_and_reads_nothing_else(
    name: str, binary: str | None, stage: Stage, watch: Watch, forge: Any, tmp_path: Path
) -> None:
    attack = ATTACKS[name]
    path = attack.make(stage)
    watch.over(stage.canary, stage.folder / "sibling.ts", *stage.folder.glob("x0*.mp4"))

    ended = job(forge, path, tmp_path / "home", binary, REFUSAL_SECONDS if attack.is_refused else WORK_SECONDS)

    assert ended["outcome"] in attack.outcomes, ended["detail"]
    assert watch.seen() == []
    assert sorted(p.name for p in tmp_path.iterdir()) in (["elsewhere", "home", "media"], ["elsewhere", "media"])
    if attack.is_refused:
        assert ended["kilobytes"] <= MAX_KILOBYTES


def test_the_watch_sees_what_an_unguarded_ffmpeg_reads(stage: Stage, watch: Watch) -> None:
    watch.over(stage.canary, stage.folder / "sibling.ts")
    playlist = ATTACKS["hls_with_a_sibling"].make(stage)
    allowed = ("-enable_drefs", "1", "-use_absolute_path", "1")

    unguarded(stage, "-i", str(playlist.rename(playlist.with_suffix(".m3u8"))))
    assert "sibling.ts" in watch.seen()
    unguarded(stage, "-i", str(ATTACKS["ffconcat_with_a_sibling"].make(stage)))
    assert "sibling.ts" in watch.seen()
    unguarded(stage, *allowed, "-i", str(ATTACKS["mov_with_its_frames_in_another_file"].make(stage)))
    assert "sibling.ts" in watch.seen()
    unguarded(stage, "-rw_timeout", "1000000", "-i", f"http://127.0.0.1:{watch.port}/a.ts")
    assert "port" in watch.seen()


def unguarded(stage: Stage, *arguments: str) -> None:
    command = [stage.ffmpeg, "-nostdin", *arguments, "-t", "1", "-f", "null", "-"]
    subprocess.run(command, capture_output=True, check=False, timeout=60, cwd=stage.folder)
