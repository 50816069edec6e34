"""Many readers, few questions: reads that arrive while one is on its way are asked together in the next."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from prefect.client.schemas.objects import FlowRun

FRESH_SECONDS = 0.25
"""An answer this old is as good as a new one: nothing that a reader acts on is quicker."""
TOGETHER = 100
"""Runs in one question; the server takes 200."""
KEPT = 2000


class Reader:
    """Reads flow runs by id, batched, and remembers each for a quarter of a second."""

    def __init__(self, ask: Callable[[Sequence[UUID]], Awaitable[Sequence[FlowRun]]]) -> None:
        self._ask = ask
        self._waiting: dict[UUID, asyncio.Future[FlowRun | None]] = {}
        self._known: dict[UUID, tuple[float, FlowRun]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def read(self, run_id: UUID) -> FlowRun | None:
        """Return a run, or None when there is none."""
        known = self._known.get(run_id)
        if known and time.monotonic() - known[0] < FRESH_SECONDS:
            return known[1]
        future = self._waiting.get(run_id)
        if future is None:
            future = self._waiting[run_id] = asyncio.get_running_loop().create_future()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_on())
        return await asyncio.shield(future)

    def forget(self, run_id: UUID) -> None:
        """Read a run anew the next time: it was just changed."""
        self._known.pop(run_id, None)

    async def _ask_on(self) -> None:
        while self._waiting:
            batch = dict(list(self._waiting.items())[:TOGETHER])
            for run_id in batch:
                del self._waiting[run_id]
            try:
                found = {run.id: run for run in await self._ask(list(batch))}
            except Exception as error:  # noqa: BLE001  # handed to each who waits
                for future in batch.values():
                    if not future.done():
                        future.set_exception(error)
                continue
            now = time.monotonic()
            if len(self._known) > KEPT:
                self._known.clear()
            for run_id, future in batch.items():
                run = found.get(run_id)
                if run is not None:
                    self._known[run_id] = (now, run)
                if not future.done():
                    future.set_result(run)
