"""Somebody at a browser, in front of a door with the fake Prefect behind it."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from fakes.door import Door
from fakes.finished_job import TALK, Made, finish
from playwright.sync_api import Browser, Page

COMPLAINTS = frozenset({"error", "warning", "assert"})


@dataclass
class Desk:
    """Somebody at a browser, and the door that they look at."""

    door: Door
    url: str
    browser: Browser
    said: list[str] = field(default_factory=list[str])

    def page(self, **how: Any) -> Page:
        """Open a browser of its own; keyword arguments are Playwright's."""
        context = self.browser.new_context(base_url=self.url, **({"reduced_motion": "reduce"} | how))
        context.set_default_timeout(8000)
        page = context.new_page()
        page.on("console", lambda one: one.type in COMPLAINTS and self.said.append(f"{one.type}: {one.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        return page

    def talk(self, name: str = "talk.mp4") -> Path:
        """Put the sample below the media root."""
        path = self.door.settings.media_roots[0] / name
        if not path.exists():
            shutil.copy(TALK, path)
        return path

    def finished(self, made: Made | None = None, name: str = "talk.mp4", **told: Any) -> UUID:
        """Return a job that has left a folder."""
        job = self.door.job(video_path=str(self.talk(name)))
        finish(self.door, job, made, **told)
        return job
