"""What a worker starts for a run: Prefect's flow engine, writing to a file of the run instead of the worker's pipe.

A worker that is killed breaks the pipe, and a run that outlives it would die of that at its end (FACTS.md).
"""

import os
import runpy
import sys
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from omni.settings import Settings

KEPT_SECONDS = 14 * 24 * 3600


def main() -> None:
    """Run ``python -m prefect.flow_engine ENTRYPOINT`` in this process; its log is ``<home>/logs/runs/<run>.log``."""
    folder = Settings().home / "logs" / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    write_to(folder / f"{UUID(os.environ['PREFECT__FLOW_RUN_ID'])}.log")  # noqa: TID251  # how a worker names the run
    prune(folder)
    runpy.run_module("prefect.flow_engine", run_name="__main__", alter_sys=True)


def write_to(log: Path) -> None:
    """Let everything that this process and its children write go to the end of a file."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(descriptor, stream.fileno())
    os.close(descriptor)


def prune(folder: Path) -> None:
    """Delete the logs of runs that ended two weeks ago."""
    oldest = time.time() - KEPT_SECONDS
    for log in folder.glob("*.log"):
        with suppress(OSError):  # another run prunes too
            if log.stat().st_mtime < oldest:
                log.unlink()


if __name__ == "__main__":
    main()
