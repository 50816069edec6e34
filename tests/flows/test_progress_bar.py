"""The progress bar of the Prefect UI: one a run, attached to it, whichever thread reports."""

from contextvars import ContextVar
from threading import Thread
from uuid import UUID, uuid4

import pytest

from omni.progress import Moment
from tasks import artifacts
from tasks.artifacts import ProgressBar


def test_the_bar_belongs_to_the_run_though_another_thread_moves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run: ContextVar[str] = ContextVar("run", default="no run")
    seen: list[str] = []

    def make(percent: float, *, key: str, description: str) -> UUID:
        seen.append(f"{run.get()}: {percent} {key} {description}")
        return uuid4()

    monkeypatch.setattr(artifacts, "create_progress_artifact", make)
    run.set("this run")
    bar = ProgressBar()
    thread = Thread(target=bar, args=(Moment(stage="watch", fraction=0.5, overall=0.125),))
    thread.start()
    thread.join()

    assert seen == ["this run: 12.5 progress at watch"]
