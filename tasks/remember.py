"""remember: what was made → the memory."""

from prefect import task

from omni.contracts import Analysis, Brief, Campaign, Source, Warnings
from omni.memory.outbox import OUT_OF_REACH, keep_in_turn, post_instead
from omni.memory.records import UNDECIDED, records_of, strategy_id
from omni.memory.verdicts import verdict_records
from omni.ports import MemoryRecord
from omni.review import Revision
from omni.wiring import wire
from tasks.policies import PATIENT
from tasks.progress import tally


@task(name="remember", **PATIENT)
def remember(
    source: Source, brief: Brief, analysis: Analysis, campaign: Campaign, revision: Revision = UNDECIDED
) -> Warnings:
    """Keep strategy, clips, posts and verdicts, after what waits in the outbox; idempotent by id."""
    shop = wire()
    told = keep_in_turn(shop.memory, shop.outbox, _records(source, brief, analysis, campaign, revision))
    tally().finish("remember")
    return told


def remember_or_warn(
    source: Source, brief: Brief, analysis: Analysis, campaign: Campaign, revision: Revision = UNDECIDED
) -> tuple[str, Warnings]:
    """Return the strategy's id; while the memory stays out of reach, its records wait in the outbox and a warning says so."""
    try:
        told = remember(source, brief, analysis, campaign, revision)
    except OUT_OF_REACH as error:
        told = post_instead(wire().outbox, _records(source, brief, analysis, campaign, revision), error)
    return strategy_id(brief.workspace, source.sha256, brief), told


def _records(
    source: Source, brief: Brief, analysis: Analysis, campaign: Campaign, revision: Revision
) -> tuple[MemoryRecord, ...]:
    made = records_of(source, brief, analysis, campaign, revision)
    return *made, *verdict_records(made, revision)
