"""The commands that run the stack: all of it on one machine, or one part of it on each of many."""

import hashlib
import os
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout
from rich.console import Console
from rich.markup import escape

from deployments.errors import AlreadyServing, KeysRequired, PortTaken
from deployments.stack.environment import Orchestrator, prepare_part, prepare_server
from deployments.stack.processes import SERVER, answers, free_port, is_taken
from deployments.stack.supervising import Child, Health, Stop, Supervisor
from omni.errors import OrchestratorFailed
from omni.settings import Settings

NOTICE_SLOTS = 4
PYTHON = (sys.executable, "-P")
"""Our own interpreter, which imports nothing from the folder that it is started in."""

said = Console(stderr=True, highlight=False)


def serve(*, host: str | None = None, port: int | None = None) -> None:
    """Run everything on this machine: Prefect's server, workers and the API; Ctrl-C or SIGTERM ends all of it.

    Parameters
    ----------
    host
        Address that the API listens on; OMNI_HOST or 127.0.0.1 when not given. Any other needs an API key.
    port
        Port of the API; OMNI_PORT or 8000 when not given.

    """
    settings = _settings(host, port)
    with _alone("serve", settings), _stoppable() as stop:
        _check_door(settings)
        prefect = prepare_server(settings)
        _check_prefect(prefect, settings)
        said.print("starting Prefect, the workers and the API …")
        workers = (_worker("local", settings.job_slots, settings), _worker("notices", NOTICE_SLOTS, settings))
        waves = ((_server(settings),), (_registration(), _reconciler(settings)), (*workers, _api(settings)))
        with _supervisor("serve", settings, stop) as supervisor:
            if all(supervisor.start(*wave) for wave in waves[0 if prefect.is_ours else 1 :]):
                _tell(prefect, settings)
                supervisor.watch()
            said.print("stopping …")


def api(*, host: str | None = None, port: int | None = None) -> None:
    """Run the API alone, for the Prefect server that PREFECT_API_URL names; its log is its output.

    Parameters
    ----------
    host
        Address that the API listens on; OMNI_HOST or 127.0.0.1 when not given. Any other needs an API key.
    port
        Port of the API; OMNI_PORT or 8000 when not given.

    """
    settings = _settings(host, port)
    _check_door(settings)
    prepare_part(settings, "api")
    _become(_api(settings), settings)


def worker(*, pool: str = "local", slots: int | None = None) -> None:
    """Run a worker on this machine, for the Prefect server that PREFECT_API_URL names.

    Parameters
    ----------
    pool
        `local` takes jobs, `notices` delivers webhooks and what came of clips.
    slots
        Runs at a time; OMNI_JOB_SLOTS for jobs when not given.

    """
    settings = _settings()
    prepare_part(settings, "worker")
    slots = slots or (settings.job_slots if pool == "local" else NOTICE_SLOTS)
    what = f"worker --pool {pool}"
    with _alone(what, settings), _stoppable() as stop, _supervisor(what, settings, stop) as supervisor:
        if supervisor.start(_host_reconciler()) and supervisor.start(_worker(pool, slots, settings)):
            said.print(f"[green]✓[/] a worker takes {slots} at a time from the pool {escape(pool)}")
            said.print(f"  logs  {escape(str(settings.home / 'logs'))}", soft_wrap=True)
            supervisor.watch()
        said.print("stopping …")


def reconcile() -> None:
    """Look after runs whose process died, for the Prefect server that PREFECT_API_URL names; its log is its output."""
    settings = _settings()
    prepare_part(settings, "reconcile")
    _become(_reconciler(settings), settings)


def deploy() -> None:
    """Register pools, deployments and the watch for dead runs with the Prefect server that PREFECT_API_URL names."""
    settings = _settings()
    prefect = prepare_part(settings, "deploy")
    from deployments.stack.registering import register  # noqa: PLC0415  # 1.3 s, and it reads the environment prepared above

    for name in register(settings, force=True):
        said.print(f"[green]✓[/] {name} is registered with {prefect.address}")


def _settings(host: str | None = None, port: int | None = None) -> Settings:
    """Return the settings with what the command line says; a port that may be any becomes one that is free."""
    settings = Settings()
    chosen = {"host": host or settings.host, "port": settings.port if port is None else port}
    ports = {"port": chosen["port"] or free_port(), "prefect_port": settings.prefect_port or free_port()}
    return settings.model_copy(update=chosen | ports | {"home": settings.home.expanduser().absolute()})


def _check_prefect(prefect: Orchestrator, settings: Settings) -> None:
    if prefect.is_ours and is_taken("127.0.0.1", settings.prefect_port):
        raise PortTaken(port=settings.prefect_port, setting="OMNI_PREFECT_PORT")
    if not prefect.is_ours and not answers(f"{prefect.address}/health", ours=False):
        raise OrchestratorFailed(reason=f"{prefect.address} does not answer")


def _check_door(settings: Settings) -> None:
    from deployments.door.access import has_keys, is_loopback  # noqa: PLC0415  # loads FastAPI

    if not is_loopback(settings.host) and not has_keys(settings):
        raise KeysRequired(host=settings.host)
    if is_taken(settings.host, settings.port):
        raise PortTaken(port=settings.port, setting="OMNI_PORT")


@contextmanager
def _alone(what: str, settings: Settings) -> Generator[None]:
    """Hold the home for one command; the kernel gives the lock back when the process ends."""
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / f"{what.replace(' --pool ', '-')}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise AlreadyServing(what=what, home=settings.home) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _stoppable() -> Generator[Stop]:
    stop = Stop()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _supervisor(what: str, settings: Settings, stop: Stop) -> Supervisor:
    return Supervisor(
        f"{what} {settings.home}", logs=settings.home / "logs", folder=settings.home, stop=stop, say=_warn
    )


def _warn(words: str) -> None:
    with suppress(OSError):  # whoever read it may be gone; the stack stays
        said.print(f"[yellow]•[/] {escape(words)}", soft_wrap=True)


def _server(settings: Settings) -> Child:
    argv = (*SERVER, "--host", "127.0.0.1", "--port", str(settings.prefect_port))
    return Child(
        "prefect",
        argv,
        _answers(f"http://127.0.0.1:{settings.prefect_port}/api/health"),
        env={"PREFECT__SERVER_FINAL": "1"},
    )


def _registration() -> Child:
    return Child("registration", (*PYTHON, "-m", "deployments.stack.registering"), lambda _: False, ends=True)


def _reconciler(settings: Settings) -> Child:
    """Return the one reconciler of the deployment; healthy after its first look, so that no dead run looks alive."""
    ready = settings.home / "logs" / "reconciler.ready"
    ready.unlink(missing_ok=True)
    return Child("reconciler", (*PYTHON, "-m", "deployments.stack.reconciling"), lambda _: ready.exists())


def _host_reconciler() -> Child:
    return Child("reconciler", (*PYTHON, "-m", "deployments.stack.reconciling", "--host-only"), lambda _: True)


def _worker(pool: str, slots: int, settings: Settings) -> Child:
    """Return a worker whose name stays the same, so that Prefect's list of workers doesn't grow with each start."""
    home = hashlib.sha256(str(settings.home).encode()).hexdigest()[:6]
    argv = (
        *PYTHON,
        "-m",
        "deployments.stack.working",
        "worker",
        "start",
        "--pool",
        pool,
        "--type",
        "process",
        "--limit",
        str(slots),
    )
    return Child(f"worker-{pool}", (*argv, "--name", f"{socket.gethostname()}-{home}-{pool}"), _has_said("started!"))


def _api(settings: Settings) -> Child:
    argv = (
        *PYTHON, "-m", "uvicorn", "--factory", "deployments.api:create_app", "--host", settings.host,
        "--port", str(settings.port), "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "2",
    )  # fmt: skip
    return Child("api", argv, _answers(f"{_address(settings)}/readyz"))


def _address(settings: Settings) -> str:
    """Return where this machine finds the API."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # any address is also the loopback's
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _answers(url: str) -> Health:
    return lambda _: answers(url)


def _has_said(words: str) -> Health:
    return lambda process: words in process.output()


def _become(child: Child, settings: Settings) -> None:
    """Let this process be the child: signals, output and exit code are its own."""
    os.chdir(settings.home)  # nothing in the user's own folder is imported or read
    os.execv(child.argv[0], child.argv)  # noqa: S606  # our own interpreter, arguments of our own


def _tell(prefect: Orchestrator, settings: Settings) -> None:
    door = _address(settings)
    said.print("[green]✓[/] ready; Ctrl-C stops all of it")
    for name, value in (
        ("API", door),
        ("pages", f"{door}/ui"),
        ("its docs", f"{door}/docs"),
        ("Prefect UI", prefect.address.removesuffix("/api")),
        ("logs", str(settings.home / "logs")),
    ):
        said.print(f"  {name:<10}  {escape(value)}", soft_wrap=True)
