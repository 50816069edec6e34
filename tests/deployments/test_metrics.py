"""The page that Prometheus reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.door import Door, opened
from fakes.gateway import FakeGateway
from prometheus_client.parser import text_string_to_metric_families


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
