"""One temporary home for the whole session, set before anything of Prefect is imported."""

import errno
import logging
import os
import socket
import tempfile
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from fakes.gemini_server import GeminiServer, gemini_server
from prefect_server import asking, migrated_database, settle

HOME = Path(tempfile.mkdtemp(prefix="omni-tests-"))
os.environ |= {
    "OMNI_HOME": str(HOME / "home"),
    "OMNI_OUTPUT": str(HOME / "output"),
    "OMNI_WHISPER_FETCH_SECONDS": "0",
    "PREFECT_HOME": str(HOME / "prefect"),
    "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(HOME / "results"),
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}

FOOTAGE = Path(__file__).parents[2] / "shared" / "media"

LONGEST = (
    "test_whole_service.py",
    "flows/test_produce.py",
    "deployments/test_gemini_job.py",
    "deployments/test_openapi.py",
    "deployments/test_stack.py",
    "deployments/test_burst.py",
    "test_secrets.py",
    "test_hostile_media.py",
    "flows/test_notify.py",
)
"""The files that take longest, those first: `make test` deals files out in this order, then as they were found."""

KEYS = ("GEMINI_API_KEY", "GOOGLE_API_KEY", "OMNI_GEMINI_BASE_URL", "GOOGLE_GEMINI_BASE_URL")
"""What would make an ordinary run ask a service that costs money."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--live", action="store_true", help="run the tests marked live, which ask real services")


def pytest_configure(config: pytest.Config) -> None:
    """Without ``--live`` no key is known and no other machine is spoken to."""
    if config.getoption("--live"):
        return
    for name in KEYS:
        os.environ.pop(name, None)
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            raise OSError(errno.ENETUNREACH, "tests speak to this machine only")
        connect(self, address)

    socket.socket.connect = connect_here


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # one of the processes of `pytest -n`
        items.sort(key=_turn)
    if config.getoption("--live"):
        return
    for item in items:
        if item.get_closest_marker("live"):
            item.add_marker(pytest.mark.skip(reason="asks a real service: make test-live"))


def _turn(item: pytest.Item) -> int:
    """Return how early a file begins: a long one that begins last leaves the other processes idle."""
    file = item.path.relative_to(Path(__file__).parent).as_posix()
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


def _is_here(host: str) -> bool:
    """Tell whether an address, or a name that needs no asking, is this machine's."""
    try:
        ip = ip_address(host.partition("%")[0])
    except ValueError:
        return host in {"localhost", ""}
    return ip.is_loopback or ip.is_unspecified


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    """The FFmpeg in use."""
    from omni.adapters.ffmpeg import find_binary

    return str(find_binary().path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which synthetic media are kept for the session."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of Prefect's, as a first start leaves it."""
    own = tmp_path_factory.getbasetemp()
    return migrated_database(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def prefect_address(migrated: Path) -> Iterator[str]:
    """The API of a Prefect server that all files of this process share."""
    from deployments.stack.processes import temporary_server

    with temporary_server(settle(HOME, migrated) / "prefect") as address:
        yield address


@pytest.fixture(scope="module")
def prefect(prefect_address: str) -> Iterator[str]:
    """Let the flows of a file ask that server; returns its API."""
    with asking(prefect_address):
        yield prefect_address


@pytest.fixture(scope="session")
def footage() -> Path:
    """The shared real footage; the test is skipped where it is absent."""
    if not FOOTAGE.is_dir():
        pytest.skip("the shared footage is not on this machine")
    return FOOTAGE


@pytest.fixture(scope="session")
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a single root: nothing is encrypted here, and loading all takes the SDK 68 ms a client instead of 2."""
    import certifi

    end = "-----END CERTIFICATE-----\n"
    path = tmp_path_factory.mktemp("roots") / "one.pem"
    path.write_text(Path(certifi.where()).read_text(encoding="utf-8").partition(end)[0] + end, encoding="utf-8")
    return path


@pytest.fixture
def gemini(one_certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GeminiServer]:
    """Gemini, on this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(one_certificate))
    with gemini_server() as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def no_extra() -> Iterator[None]:
    """The extra `meaning` isn't there, as after `make demo`: what a test kept has the same vectors on every machine, at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("omni.settings.find_spec", lambda _name: None)
        yield


@pytest.fixture(autouse=True)
def no_unexpected_errors(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """An ERROR log that a test does not expect fails it; Prefect's own are left to its tests."""
    yield
    if request.node.get_closest_marker("expects_errors"):
        return
    ours = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR and r.name.startswith("omni")]
    assert not ours, f"unexpected ERROR logs: {[r.getMessage() for r in ours]}"
