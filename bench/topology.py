"""The stack of deployments/compose.yaml by hand: a job on each of two hosts, the death of a host, an object store.

``uv run --extra redis --extra s3 python -m bench.topology [--json FILE]``; as root, for each part gets a host name and
a home of its own by Linux namespaces. Commands and variables are those of the compose files. Needs Postgres and Redis
on the PATH. Without Docker, and without Qdrant: the memory is a folder of each worker.
"""

import os
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

import httpx

from bench.figures import Figure, at_most, report
from bench.site import PREFECT_AUTH, ROOT, Site, lacking, site, until, until_answers

VISIBLE_SECONDS = 120
"""TARGETS.md §4: a dead worker is visible within 2 minutes."""
HOSTS = {"api": "api", "worker-a": "worker", "worker-b": "worker", "notices": "notices", "reconciler": "reconciler"}
BRIEF = {"clips": 3, "max_seconds": 25, "platforms": ["tiktok"]}
STAGES_KEPT = 5
"""listen, watch, analyze, write, and render at least once (docs/design.md)."""
FREE_BOX = b"\0\0\0\x08free"
"""An empty MP4 box: the same video under another digest, so that no cache knows it."""


def main() -> None:
    """Build the site, measure, and take it down."""
    missing = lacking() + [name for name in ("prefect_redis", "s3fs", "moto") if find_spec(name) is None]
    if missing:
        print(f"skipped: this machine lacks {', '.join(missing)}")
        return
    for name in [name for name in os.environ if name.startswith(("OMNI_", "PREFECT_", "AWS_", "QDRANT_"))]:
        del os.environ[name]  # only what the compose files say
    with site() as made:
        begun = time.perf_counter()
        made.finish("migrate", "migrate")
        made.start("prefect", "prefect")
        until_answers(f"{made.address('prefect')}/api/health")
        made.finish("deploy", "deploy")
        print(f"migrated, served and registered in {time.perf_counter() - begun:.1f} s")
        report([*_volumes(made), *_store(made)])


def _volumes(made: Site) -> list[Figure]:
    """Two jobs at once on two hosts that share volumes, then the death of one of them in the middle of a third."""
    for name in ("one", "two", "three"):
        _add_video(made, name)
    with _started(made) as api:
        begun = time.perf_counter()
        jobs = [_submit(api, video_path=f"{name}.mp4") for name in ("one", "two")]
        _completed(api, jobs)
        wall = time.perf_counter() - begun
        workers = {_host(made, job) for job in jobs}
        print(f"two jobs at once: completed after {wall:.1f} s on {' and '.join(sorted(workers))}")

        job = _submit(api, video_path="three.mp4")
        until(lambda: _job(api, job)["status"] == "RENDERING" and _rendered(api, job) > 0, 300, "the first Short")
        victim, died, rendered = _host(made, job), time.perf_counter(), _rendered(api, job)
        made.kill(victim)
        until(lambda: bool(_job(api, job)["note"]), 300, "the sight of the death")
        seen = time.perf_counter() - died
        _completed(api, [job])
        done = time.perf_counter() - died
        heir = _host(made, job)
        print(
            f"{victim} died with {rendered} Shorts rendered: seen after {seen:.1f} s, completed on {heir} after {done:.1f} s"
        )
    _stop(made)
    return [
        at_most("two jobs at once: jobs on the busier worker", 3 - len(workers), 1, "jobs"),
        at_most("a host that died with its job: seen after", seen, VISIBLE_SECONDS, "s"),
        at_most("the same: completed elsewhere, after that", done - seen, round(wall), "s"),
        at_most("the same: jobs that stayed with the dead host", int(heir == victim), 0, "jobs"),
    ]


def _store(made: Site) -> list[Figure]:
    """Turn an upload into a job on a host that shares nothing with the API's but an object store."""
    made.run("s3", [sys.executable, "-m", "moto.server", "-p", made.address("s3").rpartition(":")[2]])
    until_answers(f"{made.address('s3')}/moto-api/")
    httpx.put(f"{made.address('s3')}/omni").raise_for_status()
    made.finish("deploy", "deploy", store=True)
    before = _files_on_volumes(made)
    with _started(made, store=True) as api:
        begun = time.perf_counter()
        body = (ROOT / "samples" / "talk.mp4").read_bytes()
        sent = api.post("/uploads", params={"name": "talk.mp4"}, content=body).raise_for_status().json()
        job = _submit(api, upload_id=sent["upload_id"])
        _completed(api, [job])
        wall = time.perf_counter() - begun
        files = api.get(f"/jobs/{job}/files").raise_for_status().json()["items"]
        lacking_bytes = sum(f["size_bytes"] - len(api.get(f["href"]).raise_for_status().content) for f in files)
        told = httpx.get(f"{made.address('s3')}/omni", params={"list-type": "2", "prefix": "bench/results/"}).text
        kept = told.count("<Key>")
        print(f"by the store: upload and job on {_host(made, job)} in {wall:.1f} s; the API serves {len(files)} files")
    _stop(made)
    return [
        at_most("by the store: bytes that the API's files lack", lacking_bytes, 0, "bytes"),
        at_most("by the store: results of stages that it lacks", max(0, STAGES_KEPT - kept), 0, "stages"),
        at_most("by the store: files left on the shared volumes", len(_files_on_volumes(made) - before), 0, "files"),
    ]


def _started(made: Site, *, store: bool = False) -> httpx.Client:
    """Start workers, API and reconciler, and return a client of the API with a key of its own."""
    key = made.finish("keys", "api", "keys", "create", "bench", "--scope", "admin", store=store)
    for name, service in HOSTS.items():
        made.start(name, service, store=store)
    until_answers(f"{made.address('api')}/readyz")
    for name in ("worker-a", "worker-b"):
        until(lambda name=name: "takes 1 at a time" in made.processes[name].output(), 120, name)
    return httpx.Client(base_url=made.address("api"), headers={"Authorization": f"Bearer {key}"}, timeout=60)


def _stop(made: Site) -> None:
    made.stop(*(name for name in HOSTS if name in made.processes))


def _add_video(made: Site, name: str) -> None:
    media, talk = made.root / "srv" / "media", ROOT / "samples" / "talk"
    number = len(list(media.glob("*.mp4")))
    (media / f"{name}.mp4").write_bytes(talk.with_suffix(".mp4").read_bytes() + FREE_BOX * (number + 1))
    (media / f"{name}.srt").write_bytes(talk.with_suffix(".srt").read_bytes())


def _submit(api: httpx.Client, **source: str) -> str:
    return str(api.post("/process", json={**source, "brief": BRIEF}).raise_for_status().json()["job_id"])


def _job(api: httpx.Client, job: str) -> dict[str, Any]:
    return dict(api.get(f"/status/{job}").raise_for_status().json())


def _rendered(api: httpx.Client, job: str) -> int:
    return sum(clip["state"] == "rendered" for clip in _job(api, job)["clips"])


def _completed(api: httpx.Client, jobs: list[str]) -> None:
    def are_done() -> bool:
        told = [_job(api, job) for job in jobs]
        if failed := [job for job in told if job["status"] in {"FAILED", "CANCELLED"}]:
            sys.exit(f"a job failed: {failed[0]['error']}")
        return all(job["status"] == "COMPLETED" for job in told)

    until(are_done, 600, "the end of the jobs")


def _host(made: Site, job: str) -> str:
    """Return which host worked on a job last; Prefect knows."""
    url = f"{made.address('prefect')}/api/flow_runs/{job}"
    place = str(httpx.get(url, auth=PREFECT_AUTH).raise_for_status().json()["labels"]["omni.host"])
    return place.partition(":")[0]


def _files_on_volumes(made: Site) -> set[str]:
    found: set[str] = set()
    for name in ("output", "uploads", "results"):
        with suppress(OSError):
            found |= {str(path) for path in (made.root / "volumes" / name).rglob("*") if path.is_file()}
    return found


if __name__ == "__main__":
    main()
