"""The API's own pages work without a network."""

import re
from pathlib import Path

from starlette.testclient import TestClient

from deployments.api import create_app
from omni.settings import Settings


def test_the_interactive_docs_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    client = TestClient(create_app(Settings(home=tmp_path)), client=("127.0.0.1", 1), base_url="http://127.0.0.1")

    page = client.get("/docs")

    assert page.status_code == 200
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) >= 3
    for address in loaded:
        assert client.get(address).status_code == 200, address
    assert client.get("/openapi.json").json()["info"]["title"] == "Omni-Operator"
