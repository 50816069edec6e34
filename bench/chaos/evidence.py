"""What is left when everything has ended: runs, files, processes, and what the logs say was done."""

import hashlib
import json
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

from bench.chaos.checker import Facts
from bench.chaos.clients import Door
from bench.chaos.scene import Scene
from deployments.stack.leftovers import sweep
from omni.adapters.container import ContainerProber
from omni.errors import OmniError
from omni.settings import Settings

DONE = re.compile(r"Task run '([a-z]+)(?:-[0-9a-z]+|( \d+))' - Finished in state Completed\(")
PAGE = 200
TAUGHT_SECONDS = 45.0
"""A run of `learn` waits for a look of the reconciler and a slot."""


def gather(scene: Scene, door: Door, jobs: list[str]) -> Facts:
    """Look at everything."""
    final = {job: told for job in jobs if (told := _patiently(door, job)) is not None}
    processes = tuple(_processes(scene))
    swept = sweep(Settings(home=scene.home, output=scene.output), quiet_seconds=0)  # as ten minutes later
    done = [told for told in final.values() if told["status"] == "COMPLETED"]
    return Facts(
        runs=tuple(run["id"] for run in _runs(scene.prefect, {"deployments": {"tags": {"all_": ["video"]}}})),
        final=final,
        broken=(*_deliveries(done), *_works(scene.home)),
        leftovers=(*processes, *_parts(scene)),
        swept=swept,
        taught=frozenset(_taught(scene.prefect)),
        executed={log.stem: executed(log.read_text(errors="replace")) for log in _logs(scene, jobs)},
    )


def executed(log: str) -> tuple[str, ...]:
    """Return the stages that a run's log calls completed, in order; what came from the cache is called Cached."""
    return tuple(name + (part or "") for name, part in DONE.findall(log))


def _logs(scene: Scene, jobs: list[str]) -> list[Path]:
    return [log for log in sorted((scene.home / "logs" / "runs").glob("*.log")) if log.stem in jobs]


def _patiently(door: Door, job: str) -> dict[str, Any] | None:
    for _ in range(20):
        if (told := door.status(job)) is not None:
            return told
        time.sleep(1)
    return None


def _taught(prefect: str) -> Iterable[str]:
    """Yield the jobs of which a run has told the memory; one that ended a moment ago is given time."""
    asked = {"flow_runs": {"tags": {"all_": ["outcome"]}}}
    deadline = time.monotonic() + TAUGHT_SECONDS
    while any(run["state_type"] != "COMPLETED" for run in _runs(prefect, asked)) and time.monotonic() < deadline:
        time.sleep(1)
    for run in _runs(prefect, asked):
        if run["state_type"] == "COMPLETED":
            yield from (tag.removeprefix("job:") for tag in run["tags"] if tag.startswith("job:"))


def _runs(prefect: str, which: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        asked = which | {"limit": PAGE, "offset": len(found), "sort": "ID_DESC"}
        answer = httpx.post(f"{prefect}/api/flow_runs/filter", json=asked, timeout=60, trust_env=False)
        page = answer.raise_for_status().json()
        found += page
        if len(page) < PAGE:
            return found


def _deliveries(done: list[dict[str, Any]]) -> Iterable[str]:
    """Every file of every manifest: there, with its digest, and a video that opens."""
    for told in done:
        folder = Path(told["result"]["output_dir"])
        manifest = folder / "manifest.json"
        if not manifest.is_file():
            yield f"{folder.name} has no manifest"
            continue
        for short in json.loads(manifest.read_text())["shorts"]:
            for role, listed in short["files"].items():
                yield from _file(folder / listed["path"], listed, is_video=role == "video")


def _file(path: Path, listed: dict[str, Any], *, is_video: bool) -> Iterable[str]:
    if not path.is_file():
        yield f"{path.parent.parent.name}/{path.name} is not there"
    elif hashlib.sha256(path.read_bytes()).hexdigest() != listed["sha256"]:
        yield f"{path.parent.parent.name}/{path.name} has other bytes than its manifest says"
    elif is_video:
        yield from _opened(path)


def _works(home: Path) -> Iterable[str]:
    for path in sorted((home / "work").rglob("short.mp4")):
        yield from _opened(path)


def _opened(path: Path) -> Iterable[str]:
    try:
        ContainerProber().probe(path)
    except OmniError as error:
        yield f"{path} can't be opened: {error.cause}"


def _processes(scene: Scene) -> Iterable[str]:
    """Wait for the last ones to end: a job is called ended a moment before its process is gone."""
    deadline = time.monotonic() + 20
    while left := [one for one in scene.living() if one.role in {"flow", "ffmpeg"}]:
        if time.monotonic() > deadline:
            return [f"process {one.pid} ({one.role}) of run {one.run}" for one in left]
        time.sleep(0.5)
    return []


def _parts(scene: Scene) -> Iterable[str]:
    found = [*scene.home.rglob("*.part"), *scene.output.rglob("*.part"), *scene.output.rglob(".*.old")]
    return [str(path.relative_to(scene.root)) for path in found]
