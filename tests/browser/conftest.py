"""Chromium in front of a real door on a real port; Prefect is the fake one. What a page says to its console fails a test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chromium import chromium as running
from fakes.desk import Desk
from fakes.door import opened, served
from playwright.sync_api import Browser, Page

from deployments.door import events

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of this machine; it is one module's, for its event loop would be in the way of others."""
    with running() as browser:
        yield browser


@pytest.fixture
def desk(chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A door that is open, and a browser whose pages must not complain."""
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.05)
    with opened(tmp_path) as door, served(door.app) as url:
        desk = Desk(door, url, chromium)
        yield desk
        for context in chromium.contexts:
            context.close()
    assert desk.said == []


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep what a page looks like."""

    def keep(page: Page, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return keep
