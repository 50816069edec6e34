"""learn: outcomes of clips → the memory."""

from prefect import task

from omni.contracts import Warnings
from omni.memory.outcomes import outcome_records
from omni.memory.recalling import remember
from omni.outcomes import ClipOutcome
from omni.wiring import wire
from tasks.policies import PATIENT


@task(name="learn", **PATIENT)
def learn(outcomes: tuple[ClipOutcome, ...]) -> Warnings:
    """Keep outcomes; idempotent by id, whichever order they come in."""
    memory = wire().memory
    return remember(memory, outcome_records(memory, outcomes))
