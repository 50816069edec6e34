"""One flow run on Prefect's server, as its synchronous client sees it: labels, inputs that are created once, states, orders."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import PrefectHTTPStatusError

from omni.record import JobRecord, labels_of, record_of

BEGUN = datetime(2026, 11, 22, 12, tzinfo=UTC)


class FakeServer:
    """A run in a state, with a record; what is asked of it is done at once."""

    def __init__(self, state: State[Any], record: JobRecord | None = None, **parameters: Any) -> None:
        placed = state.model_copy(update={"id": uuid4(), "timestamp": state.timestamp})  # a bare copy has none
        told = record or JobRecord()
        self.labels = labels_of(**{name: getattr(told, name) for name in told.model_fields_set})
        self.inputs: dict[str, SimpleNamespace] = {}
        self.set = list[State[Any]]()
        self.ordered: dict[str, dict[str, Any]] = {}
        self._run = FlowRun(id=uuid4(), flow_id=uuid4(), name="job", parameters=parameters).model_copy(
            update={"state": placed, "state_id": placed.id, "state_type": placed.type}
        )

    @property
    def run(self) -> FlowRun:
        """The run as it is read now."""
        return self._run.model_copy(update={"labels": dict(self.labels)})

    @property
    def record(self) -> JobRecord:
        """What its labels say."""
        return record_of(self.labels)

    def read_flow_run(self, _: UUID) -> FlowRun:
        return self.run

    def update_flow_run_labels(self, _: UUID, labels: dict[str, Any]) -> None:
        self.labels |= labels

    def set_flow_run_state(self, _: UUID, state: State[Any]) -> None:
        self.set.append(state)

    def create_flow_run_input(self, _: UUID, key: str, value: str) -> None:
        if key in self.inputs:
            raise taken()
        created = BEGUN + timedelta(milliseconds=len(self.inputs))
        self.inputs[key] = SimpleNamespace(key=key, value=value, created=created)

    def filter_flow_run_input(self, _: UUID, key_prefix: str, limit: int, exclude_keys: set[str]) -> list[Any]:
        found = [entry for key, entry in self.inputs.items() if key.startswith(key_prefix) and key not in exclude_keys]
        return found[:limit]

    def read_flow_run_states(self, _: UUID) -> list[State[Any]]:
        assert self._run.state is not None
        return [self._run.state]

    def read_deployment_by_name(self, name: str) -> Any:
        return SimpleNamespace(id=name)

    def create_flow_run_from_deployment(self, deployment: str, *, idempotency_key: str, **what: Any) -> None:
        self.ordered.setdefault(f"{deployment} {idempotency_key}", what)


def taken() -> PrefectHTTPStatusError:
    """Return what Prefect's client raises when an input is created under a key that is taken."""
    request = httpx.Request("POST", "http://prefect/input")
    return PrefectHTTPStatusError("", request=request, response=httpx.Response(409, request=request))
