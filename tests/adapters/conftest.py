"""The memory in each of its places, for the tests of its contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from qdrant_cases import PLACES, memory_at, workspace_at

from omni.ports import Memory


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def memory(place: str, tmp_path: Path) -> Iterator[Memory]:
    with memory_at(place, tmp_path) as memory:
        yield memory


@pytest.fixture
def workspace(place: str) -> str:
    return workspace_at(place)
