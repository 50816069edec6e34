"""Which FFmpeg: the system's when it is complete, else the one inside the imageio-ffmpeg wheel."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import imageio_ffmpeg

from omni.errors import MediaToolMissing

REQUIRED_ENCODERS = frozenset({"libx264", "aac", "mjpeg", "png"})
REQUIRED_FILTERS = frozenset(
    {"alimiter", "ass", "blackdetect", "bwdif", "ebur128", "freezedetect", "gblur", "showwaves", "tonemap", "zscale"}
)

TRIES = 3


@dataclass(frozen=True)
class Binary:
    """One FFmpeg executable and what it can do."""

    path: Path
    version: str
    missing: tuple[str, ...]
    origin: str
    """``setting``, ``system`` or ``bundled``."""
    encoders: frozenset[str] = frozenset()
    """All that it was built with; whether the hardware for one is there, only a trial tells."""

    @property
    def is_complete(self) -> bool:
        """Whether every encoder and filter that a Short needs is there."""
        return not self.missing


def find_binary(preferred: Path | None = None) -> Binary:
    """Return the binary in use; raises :class:`MediaToolMissing` when none is complete."""
    if preferred is not None:
        asked = _examine(preferred, "setting")
        if not asked.is_complete:
            raise MediaToolMissing(what=f"{preferred} lacks {', '.join(asked.missing)}")
        return asked
    found = candidates()
    for binary in found:
        if binary.is_complete:
            return binary
    raise MediaToolMissing(what="; ".join(f"{b.path} lacks {', '.join(b.missing)}" for b in found) or "none installed")


def candidates() -> tuple[Binary, ...]:
    """Return the system's and the bundled binary, as far as they exist, in order of preference."""
    found: list[Binary] = []
    system = shutil.which("ffmpeg")
    if system:
        found.append(_examine(Path(system), "system"))
    if bundled := _bundled():
        found.append(_examine(bundled, "bundled"))
    return tuple(found)


def _bundled() -> Path | None:
    """Return the wheel's binary; None on a platform whose wheel carries none.

    The wheel's own search tries it, and when that trial is killed it finds none for as long as the process lives.
    """
    folder = Path(imageio_ffmpeg.__file__).parent / "binaries"
    return next(iter(sorted(folder.glob("ffmpeg-*"))), None)


@lru_cache(maxsize=8)
def _examine(path: Path, origin: str) -> Binary:
    version = re.search(r"version (\S+)", _ask(path, "-version"))
    encoders = set(re.findall(r"^ [VAS][\w.]{5} (\S+)", _ask(path, "-encoders"), re.MULTILINE))
    filters = set(re.findall(r"^ [\w.]{2,3} (\S+) +\S+->", _ask(path, "-filters"), re.MULTILINE))
    missing = sorted(REQUIRED_ENCODERS - encoders) + sorted(REQUIRED_FILTERS - filters)
    return Binary(path, version.group(1) if version else "unknown", tuple(missing), origin, frozenset(encoders))


def _ask(path: Path, question: str) -> str:
    """Return what the binary says of itself; a call that was killed says nothing of what it can do."""
    for _ in range(TRIES):
        try:
            answer = subprocess.run(  # noqa: S603  # a binary that the operator or the lock file chose, fixed arguments
                [str(path), "-hide_banner", question],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=30,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise MediaToolMissing(what=f"{path} does not run ({error})") from error
        if answer.returncode >= 0:
            return answer.stdout.decode(errors="replace")
    raise MediaToolMissing(what=f"{path} was killed {TRIES} times")
