"""Where it happens: a home of its own, ``omni serve`` in it, short sources, and who is alive of the stack."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pysubs2

from deployments.stack.processes import free_port, kill_marked
from omni.adapters.ffmpeg import find_binary

ROOT = Path(__file__).parents[2]
TALK = ROOT / "samples" / "talk"
CUTS = ((0.0, 13.6), (31.5, 12.0), (48.4, 11.0), (62.0, 12.5))
"""Start and length in seconds: pieces of the talk that give two Shorts of 3–6 s each."""
FREE_BOX = b"\0\0\0\x08free"
"""An empty MP4 box: the same video under another digest, so that no cache knows it."""
SIGNS = {
    "deployments.stack.engine flows.produce": "flow",
    "deployments.stack.engine flows.notify": "notice",
    "prefect.server.api.server:create_app": "prefect",
    "deployments.api:create_app": "api",
    "deployments.stack.reconciling": "reconciler",
    "worker start --pool local": "worker-local",
    "worker start --pool notices": "worker-notices",
}
PARTS = ("prefect", "api", "reconciler", "worker-local", "worker-notices")
"""What the supervisor keeps alive."""


@dataclass(frozen=True)
class Living:
    """A process of the stack; ``run`` is the flow run that it works for."""

    pid: int
    role: str
    run: str = ""


class Scene:
    """One stack; ``home`` stands in the environment of everything that belongs to it."""

    def __init__(self, root: Path) -> None:
        self.root, self.home, self.output, self.media = root, root / "home", root / "output", root / "media"
        self.media.mkdir(parents=True)
        self.api = f"http://127.0.0.1:{free_port()}"
        self.prefect = f"http://127.0.0.1:{free_port()}"
        self._supervisor: subprocess.Popen[bytes] | None = None

    @property
    def supervisor(self) -> int:
        """The process of ``omni serve``."""
        return self._supervisor.pid if self._supervisor else 0

    def start(self) -> None:
        """Start ``omni serve``; returns at once."""
        settings = {
            "OMNI_HOME": self.home, "OMNI_OUTPUT": self.output, "OMNI_MEDIA_ROOTS": f'["{self.media}"]',
            "OMNI_PORT": self.api.rpartition(":")[2], "OMNI_PREFECT_PORT": self.prefect.rpartition(":")[2],
            "OMNI_JOB_SLOTS": "2", "OMNI_WHISPER_FETCH_SECONDS": "0", "OMNI_WEBHOOK_HOSTS": '["127.0.0.1"]',
        }  # fmt: skip
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("OMNI_", "PREFECT_", "QDRANT_", "GEMINI_"))}
        with (self.root / "serve.log").open("ab") as log:
            self._supervisor = subprocess.Popen(
                [Path(sys.executable).parent / "omni", "serve"],
                env=kept | {name: str(value) for name, value in settings.items()},
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ended(self) -> int | None:
        """Return how ``omni serve`` ended by itself, None while it runs or is stopped."""
        return self._supervisor.poll() if self._supervisor else None

    def kill(self) -> None:
        """SIGKILL to ``omni serve`` itself; its children are killed by the kernel, runs go on as orphans."""
        if self._supervisor:
            self._supervisor.kill()
            self._supervisor.wait()
            self._supervisor = None

    def stop(self, seconds: float = 30) -> bool:
        """SIGTERM to ``omni serve``; whether it ended in time."""
        if self._supervisor is None:
            return True
        self._supervisor.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._supervisor.wait(timeout=seconds)
            self._supervisor = None
            return True
        self.kill()
        return False

    def sweep(self) -> None:
        """Leave nothing behind."""
        while kill_marked(f"OMNI_HOME={self.home}"):
            pass

    def living(self) -> list[Living]:
        """Return every process of the stack."""
        mark = f"OMNI_HOME={self.home}".encode()
        return [found for entry in Path("/proc").glob("[0-9]*") if (found := _known(entry, mark))]

    def add_source(self, number: int) -> Path:
        """Make a source that no cache knows: one of the cuts under a digest of its own, subtitles beside it."""
        cut = self.media / f"cut{number % len(CUTS)}"
        if not cut.with_suffix(".mp4").exists():
            _cut(cut, *CUTS[number % len(CUTS)])
        source = self.media / f"talk-{number:03d}.mp4"
        source.write_bytes(cut.with_suffix(".mp4").read_bytes() + FREE_BOX * (number + 1))
        source.with_suffix(".srt").write_bytes(cut.with_suffix(".srt").read_bytes())
        return source


def stop_process(pid: int) -> None:
    """SIGSTOP, if it is still there."""
    _signal(pid, signal.SIGSTOP)


def continue_process(pid: int) -> None:
    """SIGCONT, if it is still there."""
    _signal(pid, signal.SIGCONT)


def kill_process(pid: int) -> bool:
    """SIGKILL; whether it was still there."""
    return _signal(pid, signal.SIGKILL)


def holders(runs: Path, of: Iterable[str]) -> dict[str, int]:
    """Return which process holds the claim of which run, by the kernel's own list of locks."""
    inodes: dict[str, str] = {}
    for run in of:
        with suppress(OSError):
            inodes[str((runs / f"{run}.claim").stat().st_ino)] = run
    held: dict[str, int] = {}
    for line in Path("/proc/locks").read_text().splitlines():
        words = line.split()
        if len(words) > 5 and words[1] == "FLOCK" and (run := inodes.get(words[5].rpartition(":")[2])):
            held[run] = int(words[4])
    return held


def _signal(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def _known(entry: Path, mark: bytes) -> Living | None:
    with suppress(OSError):
        environment = (entry / "environ").read_bytes().split(b"\0")
        if mark not in environment:
            return None
        argv = (entry / "cmdline").read_bytes().split(b"\0")
        run = next((e.partition(b"=")[2].decode() for e in environment if e.startswith(b"PREFECT__FLOW_RUN_ID=")), "")
        if Path(argv[0].decode()).name.startswith("ffmpeg"):
            return Living(int(entry.name), "ffmpeg", run)
        told = b" ".join(argv).decode(errors="replace")
        role = next((role for sign, role in SIGNS.items() if sign in told), "")
        return Living(int(entry.name), role or "other", run)
    return None


def _cut(stem: Path, start: float, length: float) -> None:
    video = stem.with_suffix(".mp4")
    argv = [find_binary().path, "-v", "error", "-nostdin", "-y", "-ss", str(start), "-t", str(length)]
    argv += ["-i", TALK.with_suffix(".mp4"), "-vf", "scale=-2:360,fps=25", "-preset", "veryfast", str(video)]
    subprocess.run(argv, check=True)
    lines = pysubs2.load(str(TALK.with_suffix(".srt")))
    lines.shift(s=-start)
    lines.events = [line for line in lines.events if line.end > 0 and line.start < length * 1000]
    for line in lines.events:
        line.start, line.end = max(0, line.start), min(line.end, round(length * 1000))
    lines.save(str(stem.with_suffix(".srt")))
