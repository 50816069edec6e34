"""A Docker host without Docker: services of the compose files as processes with a host name and a home of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from bench.compose import environment, load
from deployments.stack.processes import Process, answers, free_port, kill_marked

ROOT = Path(__file__).parents[1]
PREFECT_AUTH = ("omni", "bench-password")
VALUES = {
    "POSTGRES_PASSWORD": "bench", "REDIS_PASSWORD": "bench", "QDRANT_API_KEY": "bench", "MEDIA": "/srv/media",
    "PREFECT_AUTH": ":".join(PREFECT_AUTH), "OMNI_WEBHOOK_SECRET": "whsec_YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2g=",
    "OMNI_STORE": "s3://omni/bench", "AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench",
}  # fmt: skip
"""What deployments/.env would hold."""
NEEDED = ("postgres", "initdb", "redis-server", "unshare", "setpriv")
SEPARATE = ("unshare", "--uts", "--mount", "--propagation", "private")
ENTER = 'hostname "$0" && for pair in $MOUNTS; do mount --bind "${pair%=*}" "${pair#*=}"; done && exec "$@"'


def lacking() -> list[str]:
    """Return what this machine lacks for a site."""
    found = [name for name in NEEDED if shutil.which(name) is None]
    if not found and subprocess.run([*SEPARATE, "true"], check=False, capture_output=True).returncode != 0:
        found = ["the right to make namespaces (root has it)"]
    return found


class Site:
    """Volumes are folders, containers are processes; ``root`` is what /var/lib/omni and /srv are in the image."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.processes: dict[str, Process] = {}
        self._ports = {name: free_port() for name in ("postgres", "redis", "prefect", "api", "s3")}
        self._values = VALUES | {"AWS_ENDPOINT_URL_S3": self.address("s3")}
        for folder in ("home", "srv/output", "srv/media", "volumes"):
            (root / folder).mkdir(parents=True)

    def address(self, name: str) -> str:
        """Return where a part listens."""
        return f"http://127.0.0.1:{self._ports[name]}"

    def run(self, name: str, argv: list[str], env: dict[str, str] | None = None) -> Process:
        """Start a process that ends with this one; its log stands in ``logs``."""
        marked = (env or {}) | {"OMNI_SITE": str(self.root), "OMNI_SITE_HOST": name}
        log = self.root / "logs" / f"{name}.log"
        self.processes[name] = Process(argv, env=marked, folder=self.root, log=log)
        return self.processes[name]

    def start(self, name: str, service: str, *command: str, store: bool = False) -> Process:
        """Start a service of compose.yaml on the host ``name``; another command than its own where one is given."""
        files = [ROOT / "deployments" / f"compose{kind}.yaml" for kind in ("", *((".s3",) if store else ()))]
        told = load(files, self._values)["services"][service]
        env = {k: self._here(v) for k, v in environment(told, self._values).items() if not k.startswith("QDRANT_")}
        env |= {"OMNI_HOME": f"{self.root}/home", "OMNI_OUTPUT": f"{self.root}/srv/output"}  # what the image says
        env |= {"OMNI_WHISPER_FETCH_SECONDS": "0", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        env["PREFECT_SERVER_UI_STATIC_DIRECTORY"] = f"{self.root}/ui"
        env["MOUNTS"] = self._mounts(name, told["volumes"], shared=not store or service == "api")
        argv = [*told.get("entrypoint", ["omni"]), *(command or told["command"])]
        return self.run(name, [*SEPARATE, "sh", "-c", ENTER, name, *argv], env)

    def finish(self, name: str, service: str, *command: str, store: bool = False) -> str:
        """Run a service that ends, and return the last line that it said."""
        process = self.start(name, service, *command, store=store)
        process.wait(120)
        if process.exit_code() != 0:
            sys.exit(f"{name} failed: {process.tail()}")
        return process.tail().splitlines()[-1]

    def stop(self, *names: str) -> None:
        """End hosts in good order."""
        for name in names:
            self.processes[name].ask_to_stop()
        for name in names:
            self.processes[name].wait(15)
            self.kill(name)

    def kill(self, name: str) -> None:
        """Let a host die: every process of it, at once."""
        while kill_marked(f"OMNI_SITE_HOST={name}"):
            time.sleep(0.05)
        self.processes.pop(name).end()

    def _here(self, text: str) -> str:
        """Return a value of compose.yaml with the addresses and folders of this machine."""
        whole = {"4200": str(self._ports["prefect"]), "8000": str(self._ports["api"])}
        for there, here in {
            "postgres:5432/prefect": f"127.0.0.1:{self._ports['postgres']}/postgres",
            "redis:6379": f"127.0.0.1:{self._ports['redis']}",
            "prefect:4200": f"127.0.0.1:{self._ports['prefect']}",
            "/var/lib/omni": f"{self.root}/home",
            "/srv/media": f"{self.root}/srv/media",
            "0.0.0.0": "127.0.0.1",
        }.items():
            text = text.replace(there, here)
        return whole.get(text, text)

    def _mounts(self, host: str, volumes: list[str], *, shared: bool) -> str:
        """Return what to mount where: the host's own home, then the volumes; none is shared when there is a store."""
        home = self.root / "hosts" / host
        home.mkdir(parents=True, exist_ok=True)
        pairs = [f"{home}={self.root}/home"]
        for name, _, inside in (volume.partition(":") for volume in volumes if not volume.startswith("/")):
            there = self.root / "volumes" / (name if shared else f"{host}.{name}")
            there.mkdir(exist_ok=True)
            if inside.startswith("/var/lib/omni/"):
                (home / inside.removeprefix("/var/lib/omni/")).mkdir(parents=True, exist_ok=True)
            place = inside.replace("/var/lib/omni", f"{self.root}/home").replace("/srv/", f"{self.root}/srv/")
            pairs.append(f"{there}={place}")
        return " ".join(pairs)


@contextmanager
def site() -> Generator[Site]:
    """Give a site with Postgres and Redis; whatever happens, nothing of it is left but the logs of a failure."""
    with tempfile.TemporaryDirectory(prefix="omni-site-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        root.chmod(0o711)  # Postgres is another user
        made = Site(root)
        try:
            _start_postgres(made)
            _start_redis(made)
            yield made
        except BaseException:
            kept = Path(tempfile.mkdtemp(prefix="omni-site-logs-"))
            shutil.copytree(root / "logs", kept, dirs_exist_ok=True)
            print(f"logs: {kept}", file=sys.stderr)
            raise
        finally:
            for process in made.processes.values():
                process.ask_to_stop()
            for process in made.processes.values():
                process.wait(10)
            while kill_marked(f"OMNI_SITE={root}"):
                time.sleep(0.1)


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something; ends the benchmark when it doesn't come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.25)


def until_answers(url: str) -> None:
    """Wait until somebody answers there."""
    until(lambda: answers(url), 120, url)


def _start_postgres(made: Site) -> None:
    data, words = made.root / "postgres", made.root / "password"
    data.mkdir()
    words.write_text(VALUES["POSTGRES_PASSWORD"], encoding="utf-8")
    who: list[str] = []
    if os.getuid() == 0:  # it refuses to be root
        who = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        for path in (data, words):
            shutil.chown(path, "postgres", "postgres")
    options = ["--username=prefect", f"--pwfile={words}", "--auth=scram-sha-256", "--encoding=UTF8"]
    subprocess.run([*who, "initdb", "-D", data, *options], check=True, capture_output=True, cwd=made.root)
    port = made.address("postgres").rpartition(":")[2]
    server = made.run("postgres", [*who, "postgres", "-D", str(data), "-k", str(data), "-p", port])
    until(lambda: "ready to accept connections" in server.output(), 60, "Postgres")


def _start_redis(made: Site) -> None:
    port = made.address("redis").rpartition(":")[2]
    options = ["--requirepass", VALUES["REDIS_PASSWORD"], "--dir", str(made.root), "--appendonly", "yes"]
    server = made.run("redis", ["redis-server", "--port", port, "--bind", "127.0.0.1", *options])
    until(lambda: "Ready to accept connections" in server.output(), 30, "Redis")
