"""The API keeps what its own OpenAPI says: every check of schemathesis, over a real connection."""

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from fakes.door import Door, opened, served
from prefect.client.schemas.objects import FlowRun
from prefect.states import Cancelled, Completed, Crashed, Failed, Running

from deployments.door import events
from omni.contracts import Estimate
from omni.record import ClipState, Failure, Status

OPTIONS = (
    *("--checks", "all", "--max-response-time", "5"),
    *("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "15", "--seed", "20261122"),
    *("--suppress-health-check", "all", "--generation-database", "none", "--no-shrink", "--no-color"),
)
REFUSALS = """
# What a schema can't say: a source in query or body, lengths and times in order, addresses that are allowed, cursors of ours.
[[operations]]
include-name = ["POST /process", "GET /jobs"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 404, 422]

[[operations]]
include-name = [
  "PUT /jobs/{job_id}/clips/{clip}", "POST /jobs/{job_id}/clips/{clip}/outcome", "POST /jobs/{job_id}/review"
]
checks.positive_data_acceptance.expected-statuses = ["2xx", 404, 409, 422]
"""
CLIP = ClipState(number=1, title="One good idea", start=1, end=21, state="rendering", progress=0.3)
BROKEN = Failure(code="source_empty", cause="It has zero bytes.", next_step="Fetch it again.", exit_code=7)


@dataclass
class Fate:
    """Lets the jobs of a door live: each reading may bring one further, to its end or to a failure."""

    door: Door
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    def advance(self, run: FlowRun) -> None:
        """Do to a job what may happen next."""
        enter = self.door.gateway.enter
        if run.state is None or run.state.is_final() or self.dice.random() < 0.3:
            return
        match self.dice.choice(["analyze", "render", "draft", "complete", "fail", "crash", "cancel", "tell"]):
            case "analyze":
                enter(run.id, Running(name="ANALYZING"), reached=Status.ANALYZING, progress=0.2, stage="listen")
            case "render":
                enter(run.id, Running(name="RENDERING"), reached=Status.RENDERING, progress=0.6, clips=(CLIP,))
            case "draft" if not run.parameters.get("dry_run"):
                self.door.draft(run.id)
            case "complete" if run.parameters.get("dry_run"):
                enter(run.id, Completed(), estimate=Estimate(charges=(), usd=None, seconds=60), progress=1.0)
            case "complete":
                self.door.deliver(run.id)
            case "fail":
                enter(run.id, Failed(), failure=BROKEN)
            case "crash":
                enter(run.id, Crashed(message="out of memory"))
            case "cancel":
                enter(run.id, Cancelled())
            case _:
                sent = self.door.gateway.notice(run.id, "job.completed", f"msg_{run.id}")
                enter(sent.id, Failed(message="410"))


@pytest.fixture
def living(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """A door with jobs in all states that go on by themselves."""
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.005)
    monkeypatch.setattr(events, "STREAM_SECONDS", 0.02)
    with opened(tmp_path, max_upload_bytes=10_000, max_queued=100_000) as door:
        (door.settings.media_roots[0] / "samples").mkdir()
        door.video("samples/talk.mp4")
        fate, known = Fate(door), door.gateway.run

        async def run(job_id: UUID) -> FlowRun:
            found = await known(job_id)
            fate.advance(found)
            return await known(job_id)

        monkeypatch.setattr(door.gateway, "run", run)
        for _ in range(20):
            door.finished()
        yield door


def test_nothing_that_the_openapi_says_is_untrue(living: Door, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(REFUSALS)
    with served(living.app) as url:
        done = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", *OPTIONS],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    ran = [line.strip() for line in done.stdout.splitlines() if line.startswith("  ✅ ")]
    assert ran == ["✅ Examples", "✅ Coverage", "✅ Fuzzing", "✅ Stateful"], done.stdout[-12000:]
    assert done.returncode == 0, done.stdout[-12000:] + done.stderr[-2000:]
