"""Prefect's environment for a run in this process; must be called before Prefect is imported."""

import os
from pathlib import Path

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
        # a first start migrates its database: up to 16 s were seen, 20 s is Prefect's limit
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)  # noqa: TID251  # the one writer of the environment
    if output is not None:
        os.environ["OMNI_OUTPUT"] = str(output.expanduser().absolute())  # noqa: TID251  # the tasks read it as a setting
