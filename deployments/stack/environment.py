"""What Prefect and our own processes read from the environment; must be set before Prefect is imported."""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from deployments.errors import OrchestratorUnnamed
from deployments.stack.processes import temporary_server
from omni.settings import Settings

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
"""Nothing is told to anybody."""
RESULTS_BLOCK = "omni-results"
"""What deployments/stack/results.py makes; it loads Prefect, which must not have been imported yet."""


@dataclass(frozen=True)
class Orchestrator:
    """The Prefect API in use, and whether its server is ours to start."""

    address: str
    is_ours: bool


def prepare(settings: Settings, *, output: Path | None = None, verbose: bool = False) -> None:
    """Set what Prefect reads for a run in this process; a variable that the user has set always wins."""
    _default(_at_home(settings) | {"PREFECT_LOGGING_LEVEL": "INFO" if verbose else "WARNING"})
    if output is not None:
        _put({"OMNI_OUTPUT": str(output.expanduser().absolute())})  # the tasks read it as a setting


def prepare_server(settings: Settings) -> Orchestrator:
    """Set what server, workers, API and flow processes read; a variable that the user has set always wins.

    They work in other folders than ours: ``.env`` is read here once, and every path becomes absolute.
    """
    _read_env_file()
    named = os.environ.get("PREFECT_API_URL")  # noqa: TID251  # the user's choice of a server
    address = named or f"http://127.0.0.1:{settings.prefect_port}/api"
    _put(_paths(settings) | {"OMNI_HOST": settings.host, "OMNI_PORT": str(settings.port)})
    _default({"OMNI_PREFECT_UI_URL": address.removesuffix("/api")})
    _default(_at_home(settings) | _of_clients(settings, address) | _of_server(settings))
    python = str(Path(sys.executable).parent)
    search = os.environ.get("PATH", os.defpath)  # noqa: TID251  # `python` in a deployment's command must be ours
    _put({"PATH": search if search.split(os.pathsep)[0] == python else f"{python}{os.pathsep}{search}"})
    return Orchestrator(address, is_ours=named is None)


def prepare_part(settings: Settings, command: str) -> Orchestrator:
    """Set the same for one part of the stack; raises OrchestratorUnnamed when PREFECT_API_URL names no server."""
    _read_env_file()
    if not os.environ.get("PREFECT_API_URL"):  # noqa: TID251  # the user's choice of a server
        raise OrchestratorUnnamed(command=command)
    return prepare_server(settings)


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


def _read_env_file() -> None:
    _default({name: value for name, value in dotenv_values(".env").items() if value is not None})


def _at_home(settings: Settings) -> dict[str, str]:
    home = settings.home.absolute()
    (home / "prefect").mkdir(parents=True, exist_ok=True)
    return QUIET | {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(home / "results"),
        "PREFECT_LOGGING_EXTRA_LOGGERS": "omni",
    }


def _of_clients(settings: Settings, address: str) -> dict[str, str]:
    """Return what workers, the API and flow processes read."""
    variables = {
        "PREFECT_API_URL": address,
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_WORKER_ENABLE_CANCELLATION": "true",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "NO_PROXY": "127.0.0.1,localhost",
        "OMNI_MEDIA_ROOTS": json.dumps([str(Path.cwd()), str(Path.home())]),
    }
    password = os.environ.get("PREFECT_SERVER_API_AUTH_STRING")  # noqa: TID251  # our own clients know the server's
    if password:
        variables["PREFECT_API_AUTH_STRING"] = password
    if settings.store:
        kind = "local" if settings.store.startswith("file:") else "remote"
        variables["PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK"] = f"{kind}-file-system/{RESULTS_BLOCK}"
    return variables


def _of_server(settings: Settings) -> dict[str, str]:
    """Return what Prefect's server reads; its port by this variable only, or the UI asks another."""
    variables = {
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_UI_API_URL": "/api",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{settings.prefect_port}",
    }
    database = os.environ.get("PREFECT_SERVER_DATABASE_CONNECTION_URL", "")  # noqa: TID251  # the user's own
    if not database.startswith("postgresql"):
        # with a long queue the marks lock SQLite against everything else (FACTS.md)
        variables["PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED"] = "false"
    return variables


def _paths(settings: Settings) -> dict[str, str]:
    """Return every setting that is a path, absolute."""
    found: dict[str, str] = {}
    for name in type(settings).model_fields:
        match getattr(settings, name):
            case Path() as path:
                found[f"OMNI_{name.upper()}"] = str(path.expanduser().absolute())
            case (Path(), *_) as paths:
                found[f"OMNI_{name.upper()}"] = json.dumps([str(path.expanduser().absolute()) for path in paths])
            case _:
                pass
    return found


def _default(variables: dict[str, str]) -> None:
    for name, value in variables.items():
        os.environ.setdefault(name, value)  # noqa: TID251  # the one writer of the environment


def _put(variables: dict[str, str]) -> None:
    os.environ.update(variables)  # noqa: TID251  # the one writer of the environment
