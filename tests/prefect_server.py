"""Prefect for tests: a database that is migrated once for all of them, and one server for all files of a worker."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock


def migrated_database(folder: Path) -> Path:
    """Return an empty database that has been migrated, made in ``folder`` by whichever process asks first.

    A server that has to make its own spends half of its start on that: 14 s of processor time instead of 7.
    """
    home = folder / "migrated"
    with FileLock(folder / "migrated.lock"):
        if not (home / "done").exists():
            own = {"PREFECT_HOME": str(home), "PREFECT_LOGGING_LEVEL": "ERROR"}
            command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
            subprocess.run(command, env=os.environ | own, check=True, capture_output=True, timeout=240)
            (home / "done").touch()
    return home / "prefect.db"


def settle(home: Path, database: Path) -> Path:
    """Let ``home`` be one in which Prefect has been before, and return it."""
    (home / "prefect").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database, home / "prefect" / "prefect.db")
    return home


@contextmanager
def asking(address: str) -> Iterator[None]:
    """Let flows of this process ask a server, their threads too; without heartbeats, which cost each run a second."""
    from prefect import context
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with (
        temporary_settings({PREFECT_API_URL: address, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        context._temporary_global_settings_context(context.get_settings_context()),  # as in Prefect's own harness
    ):
        yield
        APILogWorker.instance().drain()
        EventsWorker.drain_all(at_exit=False)
