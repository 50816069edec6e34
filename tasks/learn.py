"""learn: outcomes of clips → the memory."""

from prefect import task

from omni.contracts import Warnings
from omni.memory.outbox import OUT_OF_REACH, keep_in_turn, post_instead
from omni.memory.outcomes import outcome_records
from omni.outcomes import ClipOutcome
from omni.ports import MemoryRecord
from omni.wiring import wire
from tasks.policies import PATIENT


@task(name="learn", **PATIENT)
def learn(outcomes: tuple[ClipOutcome, ...], clips: tuple[MemoryRecord, ...] = ()) -> Warnings:
    """Keep outcomes, after what waits in the outbox; idempotent by id, whichever order they come in."""
    shop = wire()
    return keep_in_turn(shop.memory, shop.outbox, _records(outcomes, clips))


def learn_or_post(outcomes: tuple[ClipOutcome, ...], clips: tuple[MemoryRecord, ...] = ()) -> Warnings:
    """Keep outcomes; while the memory stays out of reach, they wait in the outbox and a warning says so."""
    try:
        return learn(outcomes, clips)
    except OUT_OF_REACH as error:
        return post_instead(wire().outbox, _records(outcomes, clips), error)


def _records(outcomes: tuple[ClipOutcome, ...], clips: tuple[MemoryRecord, ...]) -> tuple[MemoryRecord, ...]:
    return *clips, *outcome_records(outcomes, clips)
