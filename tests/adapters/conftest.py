"""The service that the tests of the Gemini adapter speak to."""

from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest
from fakes.gemini_server import GeminiServer, gemini_server


@pytest.fixture(scope="session")
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a single root: nothing is encrypted here, and loading all takes the SDK 68 ms a client instead of 2."""
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
