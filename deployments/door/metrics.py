"""Prometheus metrics of the door: requests by route, jobs by state, what they need."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import Request, Response
from prefect.client.schemas.objects import StateType
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from deployments.door.expenses import Expenses
from deployments.gateway import Gateway
from omni.contracts import Charge
from omni.errors import OmniError
from omni.settings import Settings

COUNTED = {
    "queued": (StateType.SCHEDULED, StateType.PENDING),
    "running": (StateType.RUNNING, StateType.CANCELLING),
    "waiting": (StateType.PAUSED,),
    "completed": (StateType.COMPLETED,),
    "failed": (StateType.FAILED, StateType.CRASHED),
    "cancelled": (StateType.CANCELLED,),
}
METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})
"""A client may call its method anything, and each new name would be a series for ever."""
FRESH_SECONDS = 10.0
"""Counting asks Prefect seven questions; a scrape more often than this gets the last answer."""


class Metrics:
    """The registry of one API process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "omni_http_requests", "Requests by route and status", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "omni_http_request_seconds",
            "Time to the first byte of an answer",
            ("method", "route"),
            registry=self._registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10),
        )
        self._jobs = Gauge("omni_jobs", "Jobs by state", ("state",), registry=self._registry)
        self._up = Gauge("omni_orchestrator_up", "Whether Prefect's API answers", registry=self._registry)
        self._free = Gauge("omni_disk_free_bytes", "Free space of the home", registry=self._registry)
        self._tokens = Counter(
            "omni_model_tokens",
            "Tokens that models were paid for, by jobs that ended",
            ("role", "model", "kind"),
            registry=self._registry,
        )
        self._usd = Counter(
            "omni_model_usd",
            "US dollars spent on models whose price is known, by jobs that ended",
            ("role", "model"),
            registry=self._registry,
        )
        self._expenses = Expenses()
        self._counted = 0.0

    async def observe(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Answer a request and count it under its route, never under its path: ids would fill the registry."""
        begun, status = time.perf_counter(), 500
        try:
            answer = await call_next(request)
            status = answer.status_code
        finally:
            route = getattr(request.scope.get("route"), "path", "none")
            method = request.method if request.method in METHODS else "other"
            self._requests.labels(method, route, status).inc()
            self._seconds.labels(method, route).observe(time.perf_counter() - begun)
        return answer

    async def expose(self, gateway: Gateway) -> Response:
        """Return the page that Prometheus reads."""
        if time.monotonic() - self._counted > FRESH_SECONDS:
            self._counted = time.monotonic()
            self._free.set(await asyncio.to_thread(_free_bytes, self._settings.home))
            try:
                for state, kinds in COUNTED.items():
                    self._jobs.labels(state).set(await gateway.count(kinds))
                for charge in self._expenses.fresh(await gateway.ended(self._expenses.since)):
                    self._book(charge)
                self._up.set(1)
            except OmniError:
                self._up.set(0)
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def _book(self, charge: Charge) -> None:
        fresh = charge.input_tokens - charge.cached_tokens
        for kind, tokens in (("input", fresh), ("cached", charge.cached_tokens), ("output", charge.output_tokens)):
            self._tokens.labels(charge.role, charge.model, kind).inc(tokens)
        if charge.usd is not None:
            self._usd.labels(charge.role, charge.model).inc(charge.usd)


def _free_bytes(home: Path) -> float:
    """Return how much can be written to the home; nothing where it can't be used."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(home).free
    except OSError:
        return 0.0
