"""A past for the server: ended jobs with the labels that real ones leave, put in through Prefect's own tables.

Through Prefect's API 5 000 jobs of seven states each would take SQLite half an hour. What is put in is what the door
asks for, runs and their states; task runs, events and logs of the past are not.
"""

import asyncio
import json
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from prefect.client.orchestration import get_client
from prefect.client.schemas.responses import DeploymentResponse
from prefect.server.database import PrefectDBInterface, provide_database_interface
from prefect.server.schemas.core import CreatedBy

from omni.contracts import Production
from omni.record import ClipState, Failure, Status, labels_of

CLIPS, FOLDERS, AT_ONCE = 6, 60, 250
"""Shorts of a job; output folders, which the jobs share; runs of one transaction."""
DAYS = 30
ENDS = {"COMPLETED": 90, "FAILED": 6, "CANCELLED": 4}
"""How jobs ended, of a hundred."""
WAY = ("Scheduled", "Pending", "Running", "ANALYZING", "WRITING_STRATEGY", "RENDERING")
"""Names of the states that a job passes through."""
TYPES = {"Scheduled": "SCHEDULED", "Pending": "PENDING"}
FILES = (("video", "mp4"), ("poster", "jpg"), ("srt", "srt"), ("vtt", "vtt"))


async def fill(output: Path, ended: int, running: int) -> dict[str, list[str]]:
    """Put in so many jobs, oldest first, and return the ids of the newest that completed and of those that run."""
    folders = [_delivered(output / f"talk-{number:04d}") for number in range(FOLDERS)]
    async with get_client() as client:
        deployment = await client.read_deployment_by_name("produce/local")
    db, now, kept = provide_database_interface(), datetime.now(UTC), dict[str, list[str]](COMPLETED=[], RUNNING=[])
    ends = random.Random(3).choices(list(ENDS), list(ENDS.values()), k=ended) + ["RUNNING"] * running
    for first in range(0, len(ends), AT_ONCE):
        runs: list[dict[str, Any]] = []
        states: list[dict[str, Any]] = []
        for number, end in enumerate(ends[first : first + AT_ONCE], start=first):
            at = now - timedelta(days=DAYS) * (1 - number / len(ends)) - timedelta(minutes=5)
            run, passed = _job(deployment, at, end, folders[number % FOLDERS])
            runs.append(run)
            states.extend(passed)
            kept.setdefault(end, []).append(str(run["id"]))
        await _put(db, runs, states)
    return {end: kept[end][-100:] for end in ("COMPLETED", "RUNNING")}


async def _put(db: PrefectDBInterface, runs: Sequence[dict[str, Any]], states: Sequence[dict[str, Any]]) -> None:
    async with db.session_context(begin_transaction=True) as session:
        await session.execute(sa.insert(db.FlowRun), runs)
        await session.execute(sa.insert(db.FlowRunState), states)
        newest = (
            sa.select(db.FlowRunState.id)
            .where(db.FlowRunState.flow_run_id == db.FlowRun.id)
            .order_by(db.FlowRunState.timestamp.desc())
            .limit(1)
            .scalar_subquery()
        )
        chosen = db.FlowRun.id.in_([run["id"] for run in runs])
        await session.execute(sa.update(db.FlowRun).where(chosen).values(state_id=newest))


def _job(
    deployment: DeploymentResponse, at: datetime, end: str, folder: Path
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the rows of one job and of its states."""
    run_id = uuid4()
    way = WAY if end == "RUNNING" else (*WAY, end.capitalize())
    states = [_state(run_id, name, end, at + timedelta(seconds=8 * step)) for step, name in enumerate(way)]
    last = states[-1]
    labels = _labels(end, folder) | {
        "prefect.flow.id": str(deployment.flow_id),
        "prefect.deployment.id": str(deployment.id),
        "prefect.worker.type": "process",
    }
    return {
        "id": run_id,
        "flow_id": deployment.flow_id,
        "deployment_id": deployment.id,
        "work_queue_id": deployment.work_queue_id,
        "work_queue_name": deployment.work_queue_name,
        "parameters": {"video": f"/srv/media/{folder.name}.mp4", "brief": {"clips": CLIPS, "tone": "plain"}},
        "idempotency_key": run_id.hex,
        "tags": ["video", "owner:local"],
        "labels": labels,
        "created": at,
        "updated": last["timestamp"],
        "created_by": CreatedBy(type="DEPLOYMENT", id=deployment.id, display_value="local"),
        "infrastructure_pid": "worker:4711",
        "state_type": last["type"],
        "state_name": last["name"],
        "state_timestamp": last["timestamp"],
        "run_count": 4,
        "expected_start_time": at,
        "start_time": states[2]["timestamp"],
        "end_time": None if end == "RUNNING" else last["timestamp"],
        "total_run_time": timedelta(seconds=32),
    }, states


def _state(run_id: UUID, name: str, end: str, at: datetime) -> dict[str, Any]:
    ended = name == end.capitalize()
    kind = end if ended else TYPES.get(name, "RUNNING")
    return {"id": uuid4(), "flow_run_id": run_id, "type": kind, "name": name, "timestamp": at, "message": None}


def _labels(end: str, folder: Path) -> dict[str, Any]:
    result = Production(
        output_dir=folder,
        shorts_count=CLIPS,
        strategy_id=str(uuid4()),
        source=f"{folder.name}.mp4",
        engines={"analyst": "offline", "copywriter": "offline", "transcriber": "subtitles", "memory": "qdrant on disk"},
        warnings=("No speech model could be had: the subtitles beside the file were used.",),
    )
    failure = Failure(code="source_unreadable", cause="The source can't be read.", next_step="Send another one.")
    clips = tuple(
        ClipState(number=n, title=_title(n), start=40.0 * n, end=40.0 * n + 32.5, state="rendered", progress=1.0)
        for n in range(1, CLIPS + 1)
    )
    return labels_of(
        owner="local", request=uuid4().hex * 2, submission=uuid4().hex, webhook="", host="worker-a", pid=4711,
        reached=Status.RENDERING, stage="render", progress=0.73 if end == "RUNNING" else 1.0, clips=clips,
        result=result if end == "COMPLETED" else None, failure=failure if end == "FAILED" else None,
    )  # fmt: skip


def _delivered(folder: Path) -> Path:
    """Make what a job delivers, small: the door looks at names and sizes."""
    (folder / "clips").mkdir(parents=True)
    shorts: list[dict[str, Any]] = []
    for number in range(1, CLIPS + 1):
        files = {role: f"clips/{number:02d}-a-good-idea.{suffix}" for role, suffix in FILES}
        for path in files.values():
            (folder / path).write_bytes(b"x" * 100)
        listed = {role: {"path": path, "sha256": "0" * 64, "size_bytes": 100} for role, path in files.items()}
        told = {"number": number, "title": _title(number), "start": 40.0 * number, "end": 40.0 * number + 32.5}
        shorts.append(told | {"usable": True, "files": listed})
    (folder / "manifest.json").write_text(json.dumps({"schema": 1, "shorts": shorts}), encoding="utf-8")
    return folder


def _title(number: int) -> str:
    return f"What nobody tells you about the first {number} minutes of a talk"


if __name__ == "__main__":
    json.dump(asyncio.run(fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))), sys.stdout)
