"""What `omni doctor` says about the store."""

from pathlib import Path
from uuid import uuid4

import pytest

from deployments import doctor
from omni.settings import Settings
from omni.wiring import Workshop


def store_finding(store: str | None) -> doctor.Finding:
    return doctor._store(Workshop(Settings(store=store)))


def test_without_a_store_the_local_folder_is_named() -> None:
    assert store_finding(None).state == "ok"
    assert str(Settings().output.absolute()) in store_finding(None).value


@pytest.mark.parametrize("kind", ["file", "memory"])
def test_a_store_that_works_is_left_as_it_was(kind: str, tmp_path: Path) -> None:
    url = f"file://{tmp_path}/store" if kind == "file" else f"memory://{uuid4().hex}"
    workshop = Workshop(Settings(store=url))

    assert doctor._store(workshop).value == f"{url}, readable and writable"
    assert workshop.storage is not None
    assert workshop.storage.list("probes") == {}


def test_a_store_that_can_not_be_written_is_broken_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    finding = store_finding(f"file://{tmp_path}/file/store")

    assert finding.state == "broken"
    assert "OMNI_STORE" in finding.advice
