"""A job as it goes on: its event stream, taken up again when it breaks, and plain questions when there is none."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import inf
from time import monotonic
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from deployments.errors import ApiBusy, ApiRefused, ApiUnreachable, ApiUnusable, WaitTimedOut
from deployments.remote.answers import Told
from deployments.remote.client import ApiClient
from deployments.schemas import Job
from omni.record import Status

AWAY = (ApiUnreachable, ApiUnusable, ApiBusy)
QUIET = 45.0
"""Seconds of silence after which a stream is dead; the API sends a sign of life every 15 s."""
ASK_EVERY = 2.0
"""Seconds between two questions, where the API doesn't say."""
RECONNECT = 0.5
LONGEST_REST = 15.0
FRUITLESS = 3
"""Streams in a row that brought nothing: something on the way holds them back, so only questions are asked from then on."""
LARGEST_LINE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Event:
    """One thing that happened: ``state``, ``progress``, ``clip``, ``review`` or ``done``; ``job`` comes with all but two."""

    kind: str
    data: dict[str, Any]
    id: str | None = None
    job: Job | None = None


def follow(
    client: ApiClient, job_id: UUID, *, seconds: float | None, command: str, tell: Callable[[str], None]
) -> Iterator[Event]:
    """Yield what happens to a job, beginning with where it stands and ending with ``done``, or ``review``: people are due.

    Once it has been reached the API may go away and come back: ``tell`` hears of it once. Raises WaitTimedOut after
    ``seconds``, naming the command with which to wait again.
    """
    late = WaitTimedOut(job=job_id, seconds=seconds or 0.0, command=command)
    return _Watch(client, job_id, _Deadline(client, seconds, late), tell).events()


def parse(chunks: Iterable[bytes]) -> Iterator[Event | None]:
    """Yield the events of a stream, and None for a sign of life; raises ValueError for what is none of ours.

    Lines end at CR and LF only (WHATWG HTML, server-sent events): titles may hold other separators.
    """
    kind, data, last = "message", list[str](), None
    for line in _lines(chunks):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield _event(kind, "\n".join(data), last)
            kind, data = "message", []
        elif not name:
            yield None
        elif name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif name == "id" and value.isascii() and value.isprintable():
            last = value


class _Deadline:
    def __init__(self, client: ApiClient, seconds: float | None, late: WaitTimedOut) -> None:
        self._client, self._late = client, late
        self._end = inf if seconds is None else monotonic() + seconds

    @property
    def left(self) -> float:
        return self._end - monotonic()

    def rest(self, seconds: float) -> None:
        """Sleep, and raise when the time is over."""
        self._client.rest(max(0.0, min(seconds, self.left)))
        if self.left <= 0:
            raise self._late


class _Watch:
    def __init__(self, client: ApiClient, job_id: UUID, deadline: _Deadline, tell: Callable[[str], None]) -> None:
        self._client, self._job_id, self._deadline, self._tell = client, job_id, deadline, tell
        self._last_id: str | None = None
        self._known: Job | None = None
        self._fruitless = 0
        self._pause = ASK_EVERY
        self._away = False
        self._ended = False
        self._due = False

    def events(self) -> Iterator[Event]:
        yield from self._standing(self._client.status(self._job_id))
        while not self._ended:
            if self._may_stream():
                yield from self._stream()
                if self._ended:
                    return
            self._deadline.rest(0.0 if self._due else self._pause)
            yield from self._ask()

    def _may_stream(self) -> bool:
        # a stream can be silent for long: near the deadline only questions end in time
        return not self._away and self._fruitless < FRUITLESS and self._deadline.left > QUIET

    def _stream(self) -> Iterator[Event]:
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if self._last_id is not None:
            headers["Last-Event-ID"] = self._last_id
        self._fruitless += 1
        try:
            with self._client.stream(f"/jobs/{self._job_id}/events", headers, delays=(), quiet=QUIET) as answer:
                for event in parse(answer.iter_bytes()):
                    if event is not None:
                        yield from self._heard(event)
                    if self._ended or self._due or not self._may_stream():
                        return
        except (ApiUnreachable, ApiUnusable, ApiRefused):
            pass  # the plain question that comes next says whether the API is away
        except ValueError:
            self._last_id = None  # what came is no event: begin anew
        self._pause = ASK_EVERY if self._fruitless else RECONNECT

    def _heard(self, event: Event) -> Iterator[Event]:
        self._fruitless = 0
        self._last_id = event.id
        self._ended = event.kind == "done"
        if event.kind != "state" or self._is_new(event.job):
            yield event
        # what the job has been through is told first: only a question says whether it still waits for people
        self._due = event.kind == "state" and event.job is not None and event.job.status is Status.NEEDS_REVIEW

    def _ask(self) -> Iterator[Event]:
        try:
            told = self._client.status(self._job_id, within=max(1.0, min(30.0, self._deadline.left)))
        except AWAY as error:
            if self._away:
                self._pause = min(self._pause * 2, LONGEST_REST)
            else:
                self._tell(f"{error.cause} The job isn't touched by that; waiting for the API.")
            self._away = True
            return
        if self._away:
            self._tell("The API is back.")
        self._away = False
        yield from self._standing(told)

    def _standing(self, told: Told[Job]) -> Iterator[Event]:
        """Tell where the job stands, if that is new, and whether it has ended."""
        self._pause = ASK_EVERY if told.wait is None else min(told.wait, LONGEST_REST)
        if self._is_new(told.body):
            yield Event("state", told.raw, job=told.body)
        self._due = False
        if told.body.status.is_final or told.body.status is Status.NEEDS_REVIEW:
            self._ended = True
            yield Event("done" if told.body.status.is_final else "review", told.raw, job=told.body)

    def _is_new(self, job: Job | None) -> bool:
        """Return whether this was not told: a stream begins with what the job has been through."""
        if job is None:
            return False
        known = self._known
        if known is not None and job.attempt == known.attempt and _order(job) <= _order(known):
            return False
        self._known = job
        return True


def _order(job: Job) -> tuple[int, datetime, float]:
    return job.status.rank, job.updated_at, job.progress


def _event(kind: str, text: str, last: str | None) -> Event:
    data = from_json(text)
    if not isinstance(data, dict):
        msg = "an event is an object"
        raise ValueError(msg)  # noqa: TRY004  # a wrong document, not a wrong call
    job = Job.model_validate(data, extra="ignore") if kind in {"state", "done"} else None
    return Event(kind, data, last, job)  # pyright: ignore[reportUnknownArgumentType]  # any object of JSON


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *lines, rest = re.split(rb"\r\n|\n|\r(?!\n|\Z)", rest + chunk)
        for line in lines:
            yield line.decode("utf-8", "replace")
        if len(rest) > LARGEST_LINE:
            msg = "a line without an end"
            raise ValueError(msg)
