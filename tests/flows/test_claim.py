"""One process works on a run, and the others leave it as it is."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self
from uuid import uuid4

import pytest

from omni.contracts import Brief
from omni.errors import JobHeldElsewhere
from omni.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_a_claim_that_is_held_stays_until_the_process_ends(settings: Settings) -> None:
    from flows.claim import claimed, hold, is_claimed

    run_id = str(uuid4())
    hold(settings, run_id)
    hold(settings, run_id)
    with claimed(settings, run_id):
        pass

    assert is_claimed(settings, run_id)


def test_while_a_dead_run_is_dealt_with_no_process_of_it_can_begin(settings: Settings) -> None:
    from flows.claim import claimed, is_claimed, while_free

    run_id = str(uuid4())
    with while_free(settings, run_id) as free:
        assert free
        assert is_claimed(settings, run_id)
    with claimed(settings, run_id), while_free(settings, run_id) as free:
        assert not free
    assert not is_claimed(settings, run_id)


def as_client(kind: Callable[[], object]) -> Callable[..., object]:
    """Return what stands in for Prefect's ``get_client``."""

    def get_client(*, sync_client: bool) -> object:
        return kind()

    return get_client


def enter_a_job(monkeypatch: pytest.MonkeyPatch, settings: Settings, **replaced: Any) -> None:
    """Begin the frame of a run as a flow does, with parts of it replaced."""
    import flows.job as frame

    monkeypatch.setattr(frame.flow_run, "get_id", lambda: str(uuid4()))
    monkeypatch.setattr(frame, "wire", lambda: SimpleNamespace(settings=settings))
    for name, value in replaced.items():
        monkeypatch.setattr(f"flows.{name.replace('__', '.')}", value)
    with frame.job(Brief()):
        pytest.fail("the work must not begin")


def test_a_process_whose_run_another_one_works_on_leaves_it_as_it_is(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    from prefect.exceptions import Abort

    def held(_settings: Settings, _run_id: str) -> None:
        raise JobHeldElsewhere(path="x.claim", seconds=60)

    with pytest.raises(Abort):
        enter_a_job(monkeypatch, settings, job__hold=held)


def test_a_process_that_comes_when_its_run_has_ended_leaves_it_as_it_is(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    from prefect.exceptions import Abort
    from prefect.states import Completed

    ended = SimpleNamespace(state=Completed(), labels={})

    def read(_ask: object) -> object:
        return ended

    with pytest.raises(Abort):
        enter_a_job(monkeypatch, settings, ledger__patiently=read)


def test_a_record_that_cannot_be_read_at_first_is_waited_for_lest_the_status_go_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from flows import patience

    answers: list[object] = [ConnectionError(), ConnectionError(), "the record"]

    class Client:
        def __enter__(self) -> object:
            if isinstance(answer := answers.pop(0), Exception):
                raise answer
            return answer

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(patience, "get_client", as_client(Client))
    monkeypatch.setattr(patience, "SECONDS_BETWEEN_TRIES", 0.0)

    assert patience.patiently(lambda client: client) == "the record"


def test_how_far_a_run_has_come_is_recorded_before_its_state_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import ledger
    from omni.record import Status

    written: list[str] = []

    class Client:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def update_flow_run_labels(self, _: object, labels: dict[str, object]) -> None:
            written.append(f"label {labels['omni.reached']}")

        def set_flow_run_state(self, _: object, state: Any) -> None:
            written.append(f"state {state.name}")

    monkeypatch.setattr(ledger, "get_client", as_client(Client))
    ledger.Ledger(uuid4(), lambda _: None).enter(Status.RENDERING)  # pyright: ignore[reportArgumentType]

    assert written == ["label RENDERING", "state RENDERING"]
