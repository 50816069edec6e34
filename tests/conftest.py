"""One temporary home for the whole session, set before anything of Prefect is imported."""

import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

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
TALK = Path(__file__).parents[1] / "samples" / "talk.mp4"


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
def footage() -> Path:
    """The shared real footage; the test is skipped where it is absent."""
    if not FOOTAGE.is_dir():
        pytest.skip("the shared footage is not on this machine")
    return FOOTAGE


@pytest.fixture(autouse=True)
def no_unexpected_errors(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """An ERROR log that a test does not expect fails it; Prefect's own are left to its tests."""
    yield
    if request.node.get_closest_marker("expects_errors"):
        return
    ours = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR and r.name.startswith("omni")]
    assert not ours, f"unexpected ERROR logs: {[r.getMessage() for r in ours]}"
