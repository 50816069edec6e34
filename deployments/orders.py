"""What a door asks of Prefect: a job to be made, a page of those that are there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Order:
    """A job to be made. ``key`` makes it one job however often it is ordered."""

    video: str
    brief: dict[str, Any]
    owner: str
    key: str
    request: str
    webhook: str = ""
    dry_run: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        """What the flow is given."""
        return {"video": self.video, "brief": self.brief} | ({"dry_run": True} if self.dry_run else {})


@dataclass(frozen=True)
class Page:
    """Where a listing goes on: runs expected at or before ``before``, without those in ``skip``."""

    before: datetime | None = None
    skip: frozenset[UUID] = frozenset()
