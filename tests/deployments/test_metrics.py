"""The page that Prometheus reads."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fakes.door import Door, opened
from fakes.gateway import FakeGateway
from prefect.states import AwaitingRetry, Completed, Failed
from prometheus_client.parser import text_string_to_metric_families

from deployments.door.expenses import LOOK_BACK, Expenses
from omni.contracts import Charge


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


def samples(door: Door) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(door.client.get("/metrics").text)
    return {(s.name, *map(str, s.labels.values())): s.value for family in families for s in family.samples}


def test_requests_are_counted_by_route_and_never_by_path(door: Door) -> None:
    first, second = door.job(), door.job()
    for path in (f"/status/{first}", f"/status/{second}", "/status/nobody", f"/jobs/{first}/files/x/y", "/no/where"):
        door.client.get(path)
    door.client.request("BREW", "/pot")
    door.client.get("/jobs", headers={"Host": "evil.example"})

    told = samples(door)

    assert told["omni_http_requests_total", "GET", "/status/{job_id}", "200"] == 2
    assert told["omni_http_requests_total", "GET", "/status/{job_id}", "404"] == 1
    assert told["omni_http_requests_total", "POST", "/process", "202"] == 2
    assert told["omni_http_requests_total", "GET", "/jobs/{job_id}/files/{name:path}", "404"] == 1
    assert told["omni_http_requests_total", "GET", "none", "404"] == 1
    assert told["omni_http_requests_total", "other", "none", "404"] == 1
    assert str(first) not in str(told)
    assert "where" not in str(told)


def test_jobs_are_counted_by_state_and_prefects_absence_is_told(door: Door) -> None:
    door.finished()
    door.job()
    told = samples(door)
    door.gateway.away = True
    door.app.state.metrics._counted = float("-inf")

    assert (told["omni_jobs", "completed"], told["omni_jobs", "queued"]) == (1, 1)
    assert told["omni_orchestrator_up",] == 1
    assert told["omni_disk_free_bytes",] > 0
    assert samples(door)["omni_orchestrator_up",] == 0


@pytest.mark.expects_errors
def test_an_answer_that_nobody_foresaw_is_counted(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError

    job_id = door.job()
    monkeypatch.setattr(FakeGateway, "run", fail)
    door.client.get(f"/status/{job_id}")

    assert samples(door)["omni_http_requests_total", "GET", "/status/{job_id}", "500"] == 1


# what models were paid


def charge(calls: int = 1, model: str = "m", usd: float | None = 0.25) -> Charge:
    tokens = {"input_tokens": 100 * calls, "cached_tokens": 40 * calls, "output_tokens": 10 * calls}
    return Charge.model_validate({"role": "analyst", "model": model, "calls": calls, "usd": usd, **tokens})


def scraped(door: Door) -> dict[tuple[str, ...], float]:
    door.app.state.metrics._counted = float("-inf")
    return samples(door)


def spent(told: dict[tuple[str, ...], float], model: str = "m") -> tuple[float | None, ...]:
    kinds = [told.get(("omni_model_tokens_total", kind, model, "analyst")) for kind in ("input", "cached", "output")]
    return *kinds, told.get(("omni_model_usd_total", model, "analyst"))


def test_what_ended_jobs_paid_is_counted_once_however_often_it_is_asked(door: Door) -> None:
    job_id, running = door.job(), door.job()
    door.gateway.tell(running, charges=(charge(9),))
    door.gateway.enter(job_id, Completed(), charges=(charge(), charge(model="x", usd=None)))

    first, second = scraped(door), scraped(door)

    assert spent(first) == spent(second) == (60, 40, 10, 0.25)
    assert spent(first, "x") == (60, 40, 10, None)  # a price that isn't known is no 0


def test_a_retry_brings_only_what_it_added(door: Door) -> None:
    job_id = door.job()
    door.gateway.enter(job_id, Failed(), charges=(charge(),))
    scraped(door)

    door.gateway.enter(job_id, AwaitingRetry())
    scraped(door)
    door.gateway.enter(job_id, Completed(), charges=(charge(3, usd=0.75),))

    assert spent(scraped(door)) == (180, 120, 30, 0.75)


def test_what_ended_before_this_process_began_is_not_counted(door: Door) -> None:
    door.gateway.enter(door.job(), Completed(), charges=(charge(),))
    door.app.state.metrics._expenses = Expenses(datetime.now(UTC) + timedelta(hours=1))

    assert spent(scraped(door)) == (None, None, None, None)


def test_the_mark_follows_the_newest_end_and_looks_back_a_little(door: Door) -> None:
    begun = datetime.now(UTC) - timedelta(hours=3)
    expenses = Expenses(begun)
    assert expenses.since == begun

    door.gateway.enter(job_id := door.job(), Completed(), charges=(charge(),))
    run = door.gateway.stored[UUID(str(job_id))]

    assert expenses.fresh([run]) == [charge()]
    assert [c.calls for c in expenses.fresh([run])] == [0]
    assert run.end_time
    assert expenses.since == run.end_time - LOOK_BACK
