"""learn: outcomes of clips → the memory."""

from prefect import task

from omni.contracts import Warnings
from omni.memory.outbox import OUT_OF_REACH, keep_in_turn, post_instead
from omni.memory.outcomes import outcome_records
from omni.memory.receptions import past_of
from omni.outcomes import ClipOutcome, Taught
from omni.ports import MemoryRecord
from omni.wiring import wire
from tasks.policies import PATIENT

LESSONS = 12
"""As many as a person reads; the memory goes by all of them."""


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


def taught_by(outcomes: tuple[ClipOutcome, ...]) -> Taught | None:
    """Return what the workspace of these outcomes has learned by now; ``None`` while the memory is out of reach."""
    memory = wire().memory
    try:
        pasts = [past_of(memory, workspace) for workspace in sorted({each.workspace for each in outcomes})]
    except OUT_OF_REACH:
        return None
    found = [lesson for past in pasts for lesson in past.lessons]
    return Taught(
        clips=sum(len(past.known) for past in pasts),
        lessons=tuple(sorted(found, key=lambda lesson: -abs(lesson.effect))[:LESSONS]),
    )


def _records(outcomes: tuple[ClipOutcome, ...], clips: tuple[MemoryRecord, ...]) -> tuple[MemoryRecord, ...]:
    return *clips, *outcome_records(outcomes, clips)
