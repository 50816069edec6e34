"""The event stream of a job: what a client has not heard yet, from any point, without remembering anybody."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi.sse import ServerSentEvent
from prefect.client.schemas.objects import FlowRun, State

from deployments.door.views import Viewer, passed_through
from deployments.gateway import Gateway
from deployments.schemas import Job
from omni.errors import OmniError

LOOK_SECONDS = 1.0
"""The run itself records its progress once a second."""
STREAM_SECONDS = 1800.0
"""A stream ends after half an hour; a browser comes back by itself with Last-Event-ID."""
RECONNECT_MS = 2000


@dataclass(frozen=True)
class Heard:
    """What a client has heard: this is the id of an event, so that no server need remember it.

    ``states`` of the run, ``progress`` in permille, ``clips`` as a bit mask of those whose end was told.
    """

    states: int = 0
    progress: int = -1
    clips: int = 0

    @classmethod
    def parse(cls, text: str | None) -> "Heard":
        """Read a Last-Event-ID; one that isn't ours means that nothing was heard."""
        found = re.fullmatch(r"(\d{1,6})\.(-?\d{1,4})\.(\d{1,12})", text or "")
        return cls(*(int(part) for part in found.groups())) if found else cls()

    def __str__(self) -> str:
        return f"{self.states}.{self.progress}.{self.clips}"


def unheard(job: Job, states: Sequence[State[Any]], heard: Heard) -> tuple[list[ServerSentEvent], Heard]:
    """Return the events that a client has not heard, oldest first, and what it has heard after them; pure."""
    events: list[ServerSentEvent] = []
    for passed in passed_through(states):
        if passed.count > heard.states and not passed.status.is_final:
            heard = Heard(passed.count) if passed.anew else replace(heard, states=passed.count)
            then: dict[str, Any] = {"error": None, "result": None, "estimate": None}
            if passed.status is not job.status:
                then["review"] = None
            then |= {"status": passed.status, "updated_at": passed.at}
            events.append(_event("state", job.model_copy(update=then), heard))
    for clip in job.clips:
        bit = 1 << clip.number
        if clip.state in {"planned", "rendering"}:
            heard = replace(heard, clips=heard.clips & ~bit)
        elif not heard.clips & bit:
            heard = replace(heard, clips=heard.clips | bit)
            events.append(_event("clip", clip, heard))
    if (permille := round(job.progress * 1000)) != heard.progress:
        heard = replace(heard, progress=permille)
        told = {"progress": job.progress, "stage": job.stage, "clips": [c.model_dump(mode="json") for c in job.clips]}
        events.append(_event("progress", told, heard))
    if job.status.is_final:
        heard = replace(heard, states=max(heard.states, len(states)))
        events.append(_event("done", job, heard))
    return events, heard


async def follow(
    gateway: Gateway, viewer: Viewer, job_id: UUID, last_event_id: str | None
) -> AsyncGenerator[ServerSentEvent]:
    """Yield the events of a job until it ends; a server that is away for a while is waited for."""
    heard = Heard.parse(last_event_id)
    yield ServerSentEvent(retry=RECONNECT_MS, comment="events of a job")
    loop = asyncio.get_running_loop()
    ends = loop.time() + STREAM_SECONDS
    told: tuple[object, ...] = ()
    while loop.time() < ends:
        try:
            run = await gateway.run(job_id)
            if (now := _marks(run)) != told:
                states = await gateway.history(run)
                job = await asyncio.to_thread(viewer.job, run)
                events, heard = unheard(job, states, heard)
                for event in events:
                    yield event
                if job.status.is_final:
                    return
                told = now
        except OmniError as error:
            if not error.transient:  # deleted while somebody watches
                return
            told = ()
        await asyncio.sleep(LOOK_SECONDS)


def _marks(run: FlowRun) -> tuple[object, ...]:
    """Return what changes when there may be something to tell; a crashed run is looked at each time: it ends by age."""
    crashed = run.state is not None and run.state.is_crashed()
    return run.state_id, tuple(sorted(run.labels.items())), object() if crashed else None


def _event(name: str, data: Any, heard: Heard) -> ServerSentEvent:
    return ServerSentEvent(data=data, event=name, id=str(heard))
