"""The stack: what its parts read, what it refuses, and the real one from its start to its end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fakes.door import STRATEGY
from serving import Stack

from deployments.errors import AlreadyServing, KeysRequired, OrchestratorUnnamed, PortTaken
from deployments.stack import engine, operating
from deployments.stack.environment import RESULTS_BLOCK, prepare_part, prepare_server
from deployments.stack.processes import answers, is_taken
from omni.adapters.qdrant import QdrantMemory
from omni.errors import OrchestratorFailed
from omni.memory.hashing import HashingEmbedder
from omni.memory.outcomes import outcome_of
from omni.settings import Settings


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment of its own, in a folder of its own: nothing is set but a home."""
    own = {"PATH": "/usr/bin", "HOME": str(tmp_path), "OMNI_HOME": str(tmp_path / "home")}
    monkeypatch.setattr("os.environ", own)
    monkeypatch.chdir(tmp_path)
    return own


# ── the environment of the parts ─────────────────────────────────────────────────────────────────


def test_nothing_is_told_to_anybody(environ: dict[str, str]) -> None:
    prepare_server(Settings())

    assert environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environ["DO_NOT_TRACK"] == "1"
    assert environ["PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS"] == "false"
    assert environ["PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT"] == "false"


def test_what_the_user_has_set_wins(environ: dict[str, str]) -> None:
    environ |= {"PREFECT_WORKER_QUERY_SECONDS": "7", "OMNI_MEDIA_ROOTS": '["/films"]', "PREFECT_HOME": "/mine"}

    prepare_server(Settings())

    assert environ["PREFECT_WORKER_QUERY_SECONDS"] == "7"
    assert json.loads(environ["OMNI_MEDIA_ROOTS"]) == ["/films"]
    assert environ["PREFECT_HOME"] == "/mine"


def test_flow_processes_get_what_the_env_file_says_though_they_work_elsewhere(
    environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("OMNI_RENDER_WORKERS=3\nOMNI_OUTPUT=made\nGEMINI_API_KEY=secret\n")

    prepare_server(Settings())

    assert environ["OMNI_RENDER_WORKERS"] == "3"
    assert environ["OMNI_OUTPUT"] == str(tmp_path / "made")
    assert environ["GEMINI_API_KEY"] == "secret"


def test_sources_may_lie_below_the_current_folder_and_the_users_home(environ: dict[str, str], tmp_path: Path) -> None:
    prepare_server(Settings())

    assert json.loads(environ["OMNI_MEDIA_ROOTS"]) == [str(tmp_path), environ["HOME"]]


def test_python_in_a_deployments_command_is_this_one(environ: dict[str, str]) -> None:
    prepare_server(Settings())
    prepare_server(Settings())

    assert environ["PATH"].split(":") == [str(Path(sys.executable).parent), "/usr/bin"]


def test_the_server_listens_on_the_loopback_at_the_port_that_is_set(environ: dict[str, str]) -> None:
    environ["OMNI_PREFECT_PORT"] = "4555"

    prefect = prepare_server(Settings())

    assert (prefect.address, prefect.is_ours) == ("http://127.0.0.1:4555/api", True)
    assert environ["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert environ["PREFECT_SERVER_API_PORT"] == "4555"
    assert environ["PREFECT_UI_API_URL"] == "/api"


def test_a_server_that_is_named_is_used(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PREFECT_API_URL=http://prefect:4200/api\n")

    prefect = prepare_server(Settings())

    assert (prefect.address, prefect.is_ours) == ("http://prefect:4200/api", False)


def test_late_marks_are_off_on_sqlite(environ: dict[str, str]) -> None:
    prepare_server(Settings())

    assert environ["PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED"] == "false"


def test_late_marks_are_left_to_prefect_on_postgres(environ: dict[str, str]) -> None:
    environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = "postgresql+asyncpg://u@db/prefect"

    prepare_server(Settings())

    assert "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED" not in environ


def test_a_store_keeps_results_too(environ: dict[str, str]) -> None:
    from deployments.stack.results import NAME

    environ["OMNI_STORE"] = "s3://bucket/jobs"

    prepare_server(Settings())

    assert RESULTS_BLOCK == NAME
    assert environ["PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK"] == f"remote-file-system/{NAME}"


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


def test_a_part_needs_a_server_that_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(OrchestratorUnnamed, match="`omni worker` works with a Prefect server") as refused:
        prepare_part(Settings(), "worker")

    assert refused.value.exit_code == 2


@pytest.mark.parametrize(("setting", "other"), [("OMNI_PORT", "OMNI_PREFECT_PORT"), ("OMNI_PREFECT_PORT", "OMNI_PORT")])
def test_a_taken_port_is_named_before_anything_starts(setting: str, other: str, environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        environ |= {setting: str(holder.getsockname()[1]), other: "0"}

        with pytest.raises(PortTaken, match=f"set {setting} to another port") as refused:
            operating.serve()

    assert refused.value.exit_code == 2
    assert not (Path(environ["OMNI_HOME"]) / "logs").exists()


def test_an_address_that_others_reach_needs_a_key(environ: dict[str, str]) -> None:
    environ["OMNI_PORT"] = "0"

    with pytest.raises(KeysRequired) as refused:
        operating.serve(host="0.0.0.0")

    assert refused.value.exit_code == 4


def test_a_named_server_that_does_not_answer_is_told_at_once(environ: dict[str, str]) -> None:
    environ |= {"PREFECT_API_URL": "http://127.0.0.1:9/api", "OMNI_PORT": "0"}

    with pytest.raises(OrchestratorFailed, match=r"127\.0\.0\.1:9/api does not answer"):
        operating.serve()


def test_a_port_is_taken_while_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = int(holder.getsockname()[1])
        assert is_taken("127.0.0.1", port)
    assert not is_taken("127.0.0.1", port)


# ── the process of a run ─────────────────────────────────────────────────────────────────────────


def test_a_run_outlives_its_workers_pipe(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "prefect"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "flow_engine.py").write_text(
        "import os, sys\n"
        "sys.stdin.readline()\n"
        "print('argument', sys.argv[1], __name__, flush=True)\n"
        "os.system('echo child; echo to stderr >&2')\n"
    )
    run = str(uuid4())
    process = subprocess.Popen(
        [sys.executable, "-m", "deployments.stack.engine", "flows.produce.produce"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "lib"), "OMNI_HOME": str(tmp_path), "PREFECT__FLOW_RUN_ID": run},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    process.stdout.close()  # the worker is gone
    process.communicate(b"go on\n")

    assert process.returncode == 0
    said = (tmp_path / "logs" / "runs" / f"{run}.log").read_text().splitlines()
    assert said == ["argument flows.produce.produce __main__", "child", "to stderr"]


def test_logs_of_runs_are_kept_for_two_weeks(tmp_path: Path) -> None:
    old, new = tmp_path / "old.log", tmp_path / "new.log"
    for log, days in ((old, 15), (new, 13)):
        log.touch()
        os.utime(log, (time.time() - days * 86400,) * 2)

    engine.prune(tmp_path)

    assert [log.name for log in tmp_path.iterdir()] == ["new.log"]


# ── the real stack ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack") / "home"


@pytest.fixture(scope="module")
def stack(home: Path) -> Iterator[Stack]:
    """One stack for the tests below; the last of them ends it."""
    running = Stack(home)
    yield running
    running.process.kill()
    running.process.wait()


@pytest.mark.prefect
def test_one_command_brings_the_api_prefect_and_its_deployments(stack: Stack) -> None:
    assert answers(f"{stack.address('API')}/readyz")
    assert answers(stack.address("its docs"))
    assert answers(stack.address("Prefect UI"))

    deployments = {d["name"]: d for d in stack.ask_prefect("/deployments/filter") if "video" in d["tags"]}
    assert (
        deployments["local"]["job_variables"]["command"] == "python -m deployments.stack.engine flows.produce.produce"
    )
    assert not deployments["local"]["pull_steps"]  # no folder of this machine
    assert {pool["name"] for pool in stack.ask_prefect("/work_pools/filter")} >= {"local", "notices"}
    assert [a["name"] for a in stack.ask_prefect("/automations/filter")] == [
        "omni: a run whose heartbeat stopped has crashed"
    ]


@pytest.mark.prefect
def test_a_run_is_taken_by_the_worker_and_writes_its_own_log(stack: Stack) -> None:
    deployment = next(d for d in stack.ask_prefect("/deployments/filter") if "video" in d["tags"])
    run = stack.ask_prefect(
        f"/deployments/{deployment['id']}/create_flow_run",
        parameters={"video": "/nowhere/talk.mp4"},
        state={"type": "SCHEDULED"},
    )

    deadline = time.monotonic() + 60
    while stack.ask_prefect("/flow_runs/filter", flow_runs={"id": {"any_": [run["id"]]}})[0]["state_type"] != "FAILED":
        assert time.monotonic() < deadline
        time.sleep(0.3)

    assert "/nowhere/talk.mp4" in (stack.home / "logs" / "runs" / f"{run['id']}.log").read_text()


@pytest.mark.prefect
def test_what_came_of_a_clip_is_brought_into_the_memory_by_a_worker(stack: Stack) -> None:
    deployment = next(d for d in stack.ask_prefect("/deployments/filter") if "outcome" in d["tags"])
    outcome = {"on": "2026-11-20", "platform": "tiktok", "views": 1200}
    told = {"workspace": "default", "strategy_id": STRATEGY, "clip": 1, "outcome": outcome}
    run = stack.ask_prefect(
        f"/deployments/{deployment['id']}/create_flow_run",
        parameters={"outcomes": [told]},
        state={"type": "SCHEDULED"},
    )

    deadline = time.monotonic() + 90
    while (found := stack.ask_prefect("/flow_runs/filter", flow_runs={"id": {"any_": [run["id"]]}})[0])[
        "state_type"
    ] != "COMPLETED":
        assert found["state_type"] not in {"FAILED", "CRASHED"}, found["state"]
        assert time.monotonic() < deadline
        time.sleep(0.3)

    memory = QdrantMemory.on_disk(stack.home / "memory", HashingEmbedder(), 20)
    assert [outcome_of(record).outcome.views for record in memory.records("default", "outcome")] == [1200]


@pytest.mark.prefect
def test_a_second_one_in_the_same_home_is_refused(stack: Stack, environ: dict[str, str]) -> None:
    environ["OMNI_HOME"] = str(stack.home)

    with pytest.raises(AlreadyServing) as refused:
        operating.serve()

    assert refused.value.exit_code == 5


@pytest.mark.prefect
def test_a_part_that_is_killed_comes_back(stack: Stack) -> None:
    killed = next(pid for pid, command in stack.processes().items() if "deployments.api" in command)
    os.kill(killed, signal.SIGKILL)

    deadline = time.monotonic() + 60
    while "api ended (signal 9); it is started again" not in stack.words.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    while not answers(f"{stack.address('API')}/readyz"):
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.prefect
def test_sigterm_ends_all_of_it(stack: Stack) -> None:
    assert len(stack.processes()) >= 6

    assert stack.end(signal.SIGTERM) == 0

    assert stack.processes() == {}


@pytest.mark.prefect
def test_a_second_start_registers_nothing_twice_and_a_killed_supervisor_leaves_no_part(stack: Stack) -> None:
    again = Stack(stack.home)
    assert len(again.ask_prefect("/automations/filter")) == 1
    parts = again.processes()

    again.end(signal.SIGKILL)

    deadline = time.monotonic() + 10
    while left := again.processes():
        assert time.monotonic() < deadline, left
        time.sleep(0.1)
    assert len(parts) >= 6
