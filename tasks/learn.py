"""learn: outcomes of clips → the memory."""

from prefect import task

from omni.contracts import Warnings
from omni.memory.outbox import OUT_OF_REACH, keep_in_turn, post_instead
from omni.memory.outcomes import outcome_records
from omni.outcomes import ClipOutcome
from omni.wiring import wire
from tasks.policies import PATIENT


@task(name="learn", **PATIENT)
def learn(outcomes: tuple[ClipOutcome, ...]) -> Warnings:
    """Keep outcomes, after what waits in the outbox; idempotent by id, whichever order they come in."""
    shop = wire()
    return keep_in_turn(shop.memory, shop.outbox, outcome_records(outcomes))


def learn_or_post(outcomes: tuple[ClipOutcome, ...]) -> Warnings:
    """Keep outcomes; while the memory stays out of reach, they wait in the outbox and a warning says so."""
    try:
        return learn(outcomes)
    except OUT_OF_REACH as error:
        return post_instead(wire().outbox, outcome_records(outcomes), error)
