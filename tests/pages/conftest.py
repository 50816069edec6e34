"""An open door with pages, and somebody who reads them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.door import Door, opened
from fakes.reader import Reader


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


@pytest.fixture
def reader(door: Door) -> Reader:
    return Reader(door)
