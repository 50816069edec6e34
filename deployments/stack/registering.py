"""What Prefect must know of us: work pools, deployments, the watch for dead runs, where results are kept."""

import hashlib
import logging
import sys
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from prefect.automations import AutomationCore
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.variables import Variable
from prefect.workers.process import ProcessWorker

from deployments.errors import RegistrationFailed
from deployments.stack.processes import finish
from omni.settings import Settings

ROOT = Path(__file__).parents[2]
POOLS = ("local", "notices")
DIGEST = "omni_registered"
"""A Prefect variable: what was registered last on this server."""
SHAPES = (
    "prefect.yaml",
    "flows/*.py",
    "omni/contracts/*.py",
    "omni/ports/*.py",
    "omni/outcomes.py",
    "deployments/stack/registering.py",
)
"""Where a deployment's fields and the form of its parameters come from."""
WATCH = "omni: a run whose heartbeat stopped has crashed"
SILENCE = timedelta(seconds=90)
"""Three heartbeats of 30 s; within less a busy machine's healthy run is taken for dead (FACTS.md)."""
DEPLOY_SECONDS = 120

log = logging.getLogger("omni.registering")


def register(settings: Settings, *, force: bool = False) -> tuple[str, ...]:
    """Register everything with the server that PREFECT_API_URL names, and return the deployments' names; idempotent.

    Without ``force``, deployments that haven't changed since the last time are left alone. Raises RegistrationFailed.
    """
    told = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    with get_client(sync_client=True) as client:
        for pool in POOLS:
            _ensure_pool(client, pool)
        names = tuple(f"{deployment['entrypoint'].rpartition('.')[2]}/{deployment['name']}" for deployment in told)
        ids = _ids(client, names)
        if force or len(ids) < len(names) or Variable.get(DIGEST) != _digest():
            _deploy()
            ids = _ids(client, names)
        _ensure_watch(client, ids)
    if settings.store:
        from deployments.stack.results import ensure_result_storage  # noqa: PLC0415  # only where a store is set

        ensure_result_storage(f"{settings.store.rstrip('/')}/results")
    return names


def watch_of(deployments: list[str]) -> AutomationCore:
    """Return the automation that calls a run of ours crashed when its heartbeat stops before it has ended.

    A run that is suspended, paused or waits for another try sends none, and is well. ``deployments`` are ids: runs
    of `omni produce` beat every three minutes only, and must not be judged.
    """
    ends = ("Completed", "Failed", "Cancelled", "Crashed", "Suspended", "Paused", "AwaitingRetry", "Scheduled")
    return AutomationCore(
        name=WATCH,
        description="Runs of workers beat every 30 s. `omni deploy` keeps this automation as it is.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat", *(f"prefect.flow-run.{end}" for end in ends)},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            match_related=ResourceSpecification(
                {"prefect.resource.role": "deployment", "prefect.resource.id": sorted(deployments)}
            ),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                name=None, state=StateType.CRASHED, force=False, message="Its heartbeat stopped: the process is gone."
            )
        ],
    )


def _ensure_pool(client: SyncPrefectClient, name: str) -> None:
    try:
        client.read_work_pool(name)
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        try:
            client.create_work_pool(WorkPoolCreate(name=name, type="process", base_job_template=template))
        except ObjectAlreadyExists:
            log.debug("another process made the pool %s", name)


def _ids(client: SyncPrefectClient, names: tuple[str, ...]) -> list[str]:
    """Return the resource ids of those deployments that the server knows."""
    found: list[str] = []
    for name in names:
        try:
            found.append(f"prefect.deployment.{client.read_deployment_by_name(name).id}")
        except ObjectNotFound:
            log.info("%s is registered for the first time", name)
    return found


def _deploy() -> None:
    argv = (sys.executable, "-P", "-m", "prefect", "--no-prompt", "deploy", "--all")
    code, said = finish(argv, folder=ROOT, seconds=DEPLOY_SECONDS)
    if code != 0:
        raise RegistrationFailed(reason=" ".join(said.split())[-600:])
    Variable.set(DIGEST, _digest(), overwrite=True)


def _digest() -> str:
    """Return what changes when a deployment or the form of its parameters may have changed."""
    parts = hashlib.sha256(version("prefect").encode())
    for path in sorted(path for shape in SHAPES for path in ROOT.glob(shape)):
        parts.update(path.read_bytes())
    return parts.hexdigest()


def _ensure_watch(client: SyncPrefectClient, ids: list[str]) -> None:
    wanted = watch_of(ids)
    known = client.read_automations_by_name(WATCH)
    if not known:
        client.create_automation(wanted)
        return
    for twin in known[1:]:  # two processes made it at once
        client.delete_automation(twin.id)
    if _shape(known[0]) != _shape(wanted):
        client.update_automation(known[0].id, wanted)


def _shape(automation: AutomationCore) -> dict[str, Any]:
    told = automation.model_dump(mode="json", include={"name", "trigger", "actions", "description", "enabled"})
    trigger = told["trigger"]
    return told | {"trigger": trigger | {name: sorted(trigger[name]) for name in ("after", "expect", "for_each")}}


if __name__ == "__main__":
    register(Settings())
