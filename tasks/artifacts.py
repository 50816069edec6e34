"""What a job shows in the Prefect UI: a progress bar while it runs, a page and pictures when it is done."""

import base64
import logging
import time
from contextvars import copy_context
from pathlib import Path
from uuid import UUID

from prefect.artifacts import (
    create_image_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    update_progress_artifact,
)

from omni.contracts import EvidenceTimeline
from omni.packaging.charting import chart
from omni.progress import Moment

LARGEST_PICTURE = 400_000
"""Bytes: a picture is kept in Prefect's database as text, and read with every list of artifacts."""
SECONDS_BETWEEN_UPDATES = 5.0
"""An update costs the server a write; SQLite takes one at a time (FACTS.md)."""

log = logging.getLogger("omni.artifacts")


class ProgressBar:
    """A listener that moves a progress artifact; a server that doesn't answer never stops a job.

    It belongs to the run in which it is made, whichever thread moves it.
    """

    def __init__(self) -> None:
        self._run = copy_context()
        self._id: UUID | None = None
        self._next = 0.0

    def __call__(self, moment: Moment) -> None:
        """Show the overall fraction, at most every five seconds."""
        now = time.monotonic()
        if now < self._next and moment.overall < 1:
            return
        self._next = now + SECONDS_BETWEEN_UPDATES
        percent = round(100 * moment.overall, 1)
        try:
            if self._id is None:
                told = {"key": "progress", "description": f"at {moment.stage}"}
                made = self._run.run(create_progress_artifact, percent, **told)
                self._id = made if isinstance(made, UUID) else None
            else:
                update_progress_artifact(self._id, percent, description=f"at {moment.stage}")
        except Exception:  # whatever the client raises: the bar is a courtesy
            log.warning("the progress bar could not be moved", exc_info=True)


def show_summary(markdown: str) -> None:
    """Publish the result page of the job."""
    create_markdown_artifact(markdown, key="result", description="Clips, posts and warnings")


def show_picture(jpeg: Path) -> None:
    """Publish the contact sheet."""
    description = "Frames of each Short with the safe area, score, hook and verdict"
    _show_image(jpeg.read_bytes(), "jpeg", "contact-sheet", description)


def show_evidence(timeline: EvidenceTimeline | None) -> None:
    """Publish what the moments were chosen from, as one picture."""
    if timeline:
        description = "What was chosen, what else was weighed, subjects, and the evidence second by second"
        _show_image(chart(timeline).encode(), "svg+xml", "evidence", description)


def _show_image(data: bytes, kind: str, key: str, description: str) -> None:
    """Publish a picture as an address: a ``data:`` one needs no server that serves the file."""
    if len(data) > LARGEST_PICTURE:
        log.info("the picture %s is too large for the Prefect UI; it stands in the folder of the job", key)
        return
    try:
        create_image_artifact(
            f"data:image/{kind};base64,{base64.b64encode(data).decode()}", key=key, description=description
        )
    except Exception:  # whatever the client raises: the picture is a courtesy
        log.warning("the picture %s could not be shown", key, exc_info=True)
