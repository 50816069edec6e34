"""What killed processes left half written, on this machine."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from omni.settings import Settings

QUIET_SECONDS = 600.0
"""Whoever writes a file has written to it within this time; volumes are shared, and a process number says nothing."""


def sweep(settings: Settings, quiet_seconds: float = QUIET_SECONDS) -> int:
    """Delete every ``.*.part`` that nobody has written to for so long, and return how many there were."""
    before, gone = time.time() - quiet_seconds, 0
    for room in (settings.work, settings.output, settings.uploads, settings.downloads):
        for part in list(room.rglob(".*.part")):
            with suppress(OSError):  # its writer, or another sweep, was quicker
                if _last_written(part) < before:
                    shutil.rmtree(part) if part.is_dir() else part.unlink()
                    gone += 1
    return gone


def _last_written(part: Path) -> float:
    return max(path.stat().st_mtime for path in (part, *part.rglob("*")))
