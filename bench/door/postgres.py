"""A throw-away Postgres of Debian's binaries, run by another user than root, with the extension that Prefect wants."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from deployments.stack.processes import Process, free_port

BINARIES = (Path("/usr/lib/postgresql/15/bin"), Path("/usr/lib/postgresql/16/bin"), Path("/usr/lib/postgresql/17/bin"))
START_SECONDS = 60


def binaries() -> Path | None:
    """Return the folder of initdb and postgres; None where there is none."""
    found = shutil.which("initdb")
    return next((b for b in (*([Path(found).parent] if found else []), *BINARIES) if (b / "initdb").exists()), None)


@contextmanager
def postgres(home: Path) -> Generator[str]:
    """Give the address of a database, as SQLAlchemy takes it; server and data are gone afterwards."""
    folder, data, port = binaries(), home / "postgres", free_port()
    assert folder is not None
    data.mkdir()
    home.chmod(0o711)  # the server is another user
    who: list[str] = []
    if os.getuid() == 0:  # it refuses to be root
        who = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=QUIT"]
        shutil.chown(data, "postgres", "postgres")
    options = ["--username=prefect", "--auth=trust", "--encoding=UTF8"]
    subprocess.run([*who, folder / "initdb", "-D", data, *options], check=True, capture_output=True, cwd=home)
    argv = [*who, str(folder / "postgres"), "-D", str(data), "-k", str(data), "-p", str(port), "-h", "127.0.0.1"]
    server = Process(argv, env={}, folder=home, log=home / "logs" / "postgres.log")
    try:
        deadline = time.monotonic() + START_SECONDS
        while "ready to accept connections" not in server.output():
            if time.monotonic() > deadline or server.exit_code() is not None:
                sys.exit(f"Postgres did not come up: {server.tail()}")
            time.sleep(0.1)
        yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
    finally:
        server.ask_to_stop()  # a smart shutdown: its clients are gone already
        server.wait(10)
        server.end()
