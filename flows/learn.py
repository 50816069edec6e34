"""The flow ``learn``: what came of clips goes into the memory, from which the next jobs learn."""

import logging
import os
from typing import Any
from uuid import UUID

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.claim import claimed, place
from flows.patience import patiently
from omni.outcomes import TAUGHT, ClipOutcome, Taught
from omni.ports import MemoryRecord
from omni.record import Label, labels_of
from omni.settings import Settings
from omni.wiring import wire
from tasks.learn import learn_or_post, taught_by

log = logging.getLogger("omni.learn")


@flow(name="learn", flow_run_name="outcomes")
def learn(outcomes: tuple[ClipOutcome, ...], clips: tuple[MemoryRecord, ...] = ()) -> State[Any]:
    """Keep outcomes in the memory; told again, they are kept once.

    Args:
        outcomes: Figures and verdicts, each with its clip.
        clips: Clips that they are about and that no job has made; one that the memory knows stays as it is.

    """
    settings, run_id = wire().settings, str(flow_run.get_id())
    with claimed(settings, run_id):
        _introduce(settings, run_id)
        told = learn_or_post(outcomes, clips)
        try:
            if taught := taught_by(outcomes):
                _teach(run_id, taught)
        except Exception:  # the work is done; what the pages show is a courtesy
            log.warning("what the memory has learned can't be shown", exc_info=True)
    return Completed(message=" ".join(told) or f"{len(outcomes)} kept.")


def _introduce(settings: Settings, run_id: str) -> None:
    """Say which process works for the run: a dead one can be told from a live one then."""
    labels = labels_of(host=place(settings), pid=os.getpid())
    patiently(lambda client: client.update_flow_run_labels(UUID(run_id), labels))


def _teach(run_id: str, taught: Taught) -> None:
    """Say what the memory has learned by now, for the pages: a door has no memory of its own."""
    labels: dict[str, Label] = {TAUGHT: taught.model_dump_json()}
    patiently(lambda client: client.update_flow_run_labels(UUID(run_id), labels))
