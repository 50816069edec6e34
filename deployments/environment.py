"""Prefect's environment for a run in this process; must be called before Prefect is imported."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from deployments.stack import temporary_server
from omni.settings import Settings


def prepare(settings: Settings, *, output: Path | None = None, verbose: bool = False) -> None:
    """Set what Prefect reads when it is imported; a variable that the user has set always wins."""
    home = settings.home / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    defaults = {
        "PREFECT_HOME": str(home),
        "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(settings.home / "results"),
        "PREFECT_LOGGING_LEVEL": "INFO" if verbose else "WARNING",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "omni",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)  # noqa: TID251  # the one writer of the environment
    if output is not None:
        os.environ["OMNI_OUTPUT"] = str(output.expanduser().absolute())  # noqa: TID251  # the tasks read it as a setting


@contextmanager
def orchestrator(settings: Settings) -> Generator[str]:
    """Give the address of the Prefect API in use: the one that PREFECT_API_URL names, else a server of our own."""
    named = os.environ.get("PREFECT_API_URL")  # noqa: TID251  # the user's choice of a server
    if named:
        yield named
        return
    with temporary_server(settings.home / "prefect") as address:
        os.environ["PREFECT_API_URL"] = address  # noqa: TID251  # Prefect reads it when it is imported
        try:
            yield address
        finally:
            del os.environ["PREFECT_API_URL"]  # noqa: TID251  # the server is gone
