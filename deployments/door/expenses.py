"""What models were paid for by the jobs that ended since this process began, each charge told once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from prefect.client.schemas.objects import FlowRun

from omni.contracts import Charge
from omni.record import record_of

LOOK_BACK = timedelta(minutes=5)
"""An end may be written down late, and clocks differ."""
KEPT = 10_000
"""Runs whose charges are remembered; one that ends again after so many others is counted from nothing."""


class Expenses:
    """A high-water mark over the ends of jobs. There is no database: a process that begins anew counts anew."""

    def __init__(self, begun: datetime | None = None) -> None:
        self._begun = self._newest = begun or datetime.now(UTC)
        self._counted: dict[UUID, tuple[Charge, ...]] = {}

    @property
    def since(self) -> datetime:
        """From when on ends are worth asking for."""
        return max(self._begun, self._newest - LOOK_BACK)

    def fresh(self, runs: Sequence[FlowRun]) -> list[Charge]:
        """Return what these ended runs spent and was not returned before; a retried run brings only what it added."""
        found: list[Charge] = []
        for run in runs:
            self._newest = max(self._newest, run.end_time or self._newest)
            if charges := record_of(run.labels).charges:
                before = {(charge.role, charge.model): charge for charge in self._counted.pop(run.id, ())}
                found += [_added(charge, before.get((charge.role, charge.model))) for charge in charges]
                self._counted[run.id] = charges
        while len(self._counted) > KEPT:
            self._counted.pop(next(iter(self._counted)))
        return found


def _added(charge: Charge, before: Charge | None) -> Charge:
    if before is None:
        return charge
    counts = ("calls", "input_tokens", "cached_tokens", "output_tokens")
    more: dict[str, float | None] = {name: max(0, getattr(charge, name) - getattr(before, name)) for name in counts}
    more["usd"] = None if charge.usd is None or before.usd is None else max(0.0, charge.usd - before.usd)
    return charge.model_copy(update=more)
