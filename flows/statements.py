"""What people say of a run, as Prefect keeps it: an input of the run each, created once and never changed."""

from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, FlowRunInput
from prefect.exceptions import PrefectHTTPStatusError

from omni.record import JobRecord, record_of
from omni.statements import MOST, OPENING, PREFIX, THERE, Statement, as_said, opening


def statements(client: SyncPrefectClient, run: FlowRun) -> list[FlowRunInput]:
    """Return what was said of a run, in no order; asked after the run was read, for its label follows what was said."""
    return client.filter_flow_run_input(run.id, PREFIX, MOST, set())


def heard(client: SyncPrefectClient, run: FlowRun) -> JobRecord:
    """Return the record of a run with all that was said of it."""
    return as_said(record_of(run.labels), statements(client, run), run.id)


def say(client: SyncPrefectClient, run: FlowRun, key: str, told: Statement) -> None:
    """Keep a statement under its key, once however often this is said."""
    if before := opening(record_of(run.labels), statements(client, run)):
        keep(client, run.id, OPENING, before.model_dump_json(exclude_defaults=True))
    keep(client, run.id, key, told.model_dump_json(exclude_defaults=True))


def keep(client: SyncPrefectClient, run_id: UUID, key: str, value: str) -> None:
    """Keep a text beside a run; what is kept under this key already stays."""
    try:
        client.create_flow_run_input(run_id, key, value)
    except PrefectHTTPStatusError as error:
        if error.response.status_code != THERE:
            raise
