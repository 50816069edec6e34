"""The door with 5 000 jobs behind it: how long a submit, a status and a listing take, and how soon a job runs.

``python -m bench.door [--json FILE] [--postgres]``, on an idle machine; Prefect's server on SQLite, or on a throw-away
Postgres. The clients are a process of their own on the same machine, so their work is part of the load; what they, and
processes that have nothing to do with the benchmark, take is printed beside each figure.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bench.door.parts import Parts, parts
from bench.door.postgres import binaries
from bench.figures import Figure, at_most, report

HISTORY, RUNNING = 5000, 17
CLIENTS, ROUNDS, ROUND_SECONDS = 50, 3, 20
KEYS, POSTS = 20, 50
STARTS = 8
QUIET, PATIENCE_SECONDS = 3.0, 120
"""Load average under which the machine counts as idle, and how long that is waited for."""
STATUS_BAR, SUBMIT_BAR = 50, 300
"""Milliseconds, p95 (TARGETS.md §3)."""


def main() -> None:
    """Build it, measure, and take it down."""
    on_postgres = "--postgres" in sys.argv
    if on_postgres and binaries() is None:
        print("skipped: this machine lacks Postgres (Debian: apt-get install postgresql-15)")
        return
    name = "Postgres" if on_postgres else "SQLite"
    with tempfile.TemporaryDirectory(prefix="omni-door-", ignore_cleanup_errors=True) as folder:
        _wait_for_quiet()
        with parts(Path(folder), on_postgres=on_postgres) as made:
            report([_named(figure, name) for figure in _figures(made)])


def _figures(made: Parts) -> list[Figure]:
    begun = time.perf_counter()
    said = made.run("bench.door.history", str(made.settings.output), str(HISTORY), str(RUNNING))
    past = json.loads(said.splitlines()[-1])
    print(
        f"{HISTORY} ended and {RUNNING} running jobs put into Prefect's tables in {time.perf_counter() - begun:.1f} s"
    )
    made.command("api")
    begins = _begin(made)
    figures = _submits(made)
    queued = _queued(made)
    figures += _statuses(made, [*queued, *past["RUNNING"], *past["COMPLETED"]])
    _told("GET /jobs, first page of 20", made.load(doing="fetch", count=30, path="/jobs"))
    figures += _burst(made)
    print(f"submit → RUNNING with one worker: {begins}")
    return figures


def _begin(made: Parts) -> str:
    """Let a worker take jobs, one after another, and tell after how many seconds each was running."""
    made.command("worker", "takes 1 at a time")
    waited: list[float] = []
    for number in range(STARTS):
        (job,) = made.load(doing="submit", count=1, name=f"begin-{number}", video=str(made.media))["jobs"]
        while (run := _run(made, job))["state_type"] not in {"COMPLETED", "FAILED"}:
            time.sleep(0.3)
        waited.append(_moment(run["start_time"]) - _moment(run["created"]))
    made.stop("worker")
    return f"median {statistics.median(waited):.1f} s, worst {max(waited):.1f} s of {STARTS}"


def _submits(made: Parts) -> list[Figure]:
    one = made.load(doing="submit", count=100, name="serial", video=str(made.media))
    many = made.load(doing="submit", count=12, clients=8, name="parallel", video=str(made.media))
    for what, seen in (("one at a time", one), ("8 at a time", many)):
        _told(f"POST /process, {what}", seen)
    return [
        at_most("submit one at a time, p95", _quantile(one, 95), SUBMIT_BAR, "ms"),
        at_most("submit 8 at a time, p95", _quantile(many, 95), SUBMIT_BAR, "ms"),
    ]


def _statuses(made: Parts, jobs: list[str]) -> list[Figure]:
    """Ask for 50 jobs, a third of each kind; the rounds with and without ETags take turns."""
    kept: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(ROUNDS):
        for etags, worst in kept.items():
            seen = made.load(doing="poll", clients=CLIENTS, jobs=jobs, seconds=ROUND_SECONDS, etags=etags)
            _told(f"GET /status{', If-None-Match' if etags else ''}", seen)
            worst.append(_quantile(seen, 95))
    return [
        at_most("status, 50 clients, p95", statistics.median(kept[False]), STATUS_BAR, "ms"),
        at_most("status with If-None-Match, 50 clients, p95", statistics.median(kept[True]), STATUS_BAR, "ms"),
    ]


def _burst(made: Parts) -> list[Figure]:
    keys = [f"burst-{number}" for number in range(KEYS)]
    before = _count(made)
    seen = made.load(doing="submit", count=KEYS, keys=keys, clients=POSTS, video=str(made.media))
    _told(f"POST /process, {POSTS} at a time under {KEYS} keys", seen)
    runs, jobs = _count(made) - before, len(set(seen["jobs"]))
    if (runs, jobs) != (KEYS, KEYS):
        sys.exit(f"{KEYS} keys made {runs} runs, and {jobs} jobs were told")
    return [at_most(f"runs made by {POSTS} posts of each of {KEYS} keys", runs, KEYS, "runs")]


def _queued(made: Parts) -> list[str]:
    """Return jobs that wait for a worker."""
    chosen = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "limit": CLIENTS // 3}
    return [run["id"] for run in _asked(made, "flow_runs/filter", chosen)]


def _count(made: Parts) -> int:
    return int(_asked(made, "flow_runs/count", {}))


def _run(made: Parts, job: str) -> dict[str, Any]:
    return dict(_asked(made, "flow_runs/filter", {"flow_runs": {"id": {"any_": [job]}}})[0])


def _asked(made: Parts, path: str, body: dict[str, Any]) -> Any:
    return httpx.post(f"{made.prefect}/{path}", json=body, timeout=60, trust_env=False).raise_for_status().json()


def _told(what: str, seen: dict[str, Any]) -> None:
    """Print what clients saw; CPU is that of the part for one answer."""
    answers = len(seen["seconds"])
    spent = ", ".join(f"{name} {1000 * used / answers:.1f}" for name, used in seen["spent"].items())
    print(
        f"{what:<46} p50 {_quantile(seen, 50):6.1f}  p95 {_quantile(seen, 95):6.1f}  max {1000 * max(seen['seconds']):7.1f} ms"
        f"  {answers / seen['wall']:6.1f}/s  {seen['statuses']}  CPU ms: {spent}, clients {1000 * seen['cpu'] / answers:.1f}"
        f"; others use {seen['others']:.1f} cores"
    )


def _quantile(seen: dict[str, Any], percent: int) -> float:
    """Return so many milliseconds."""
    return 1000 * statistics.quantiles(seen["seconds"], n=100, method="inclusive")[percent - 1]


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _named(figure: Figure, database: str) -> Figure:
    return replace(figure, name=f"{database}: {figure.name}")


def _wait_for_quiet() -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (load := os.getloadavg()[0]) > QUIET and time.monotonic() < deadline:
        time.sleep(5)
    print(f"load of the machine at the start: {load:.1f} on {os.cpu_count()} cores", flush=True)


if __name__ == "__main__":
    main()
