"""remember: what was made → the memory."""

from prefect import task

from omni.contracts import Analysis, Brief, Campaign, Source, Warnings
from omni.errors import MemoryLocked, MemoryUnavailable
from omni.memory.recalling import remember as keep
from omni.memory.records import records_of, strategy_id
from omni.wiring import wire
from tasks.policies import PATIENT
from tasks.progress import tally


@task(name="remember", **PATIENT)
def remember(source: Source, brief: Brief, analysis: Analysis, campaign: Campaign) -> Warnings:
    """Keep strategy and clips; idempotent by id."""
    told = keep(wire().memory, records_of(source, brief, analysis, campaign))
    tally().finish("remember")
    return told


def remember_or_warn(
    source: Source, brief: Brief, analysis: Analysis, campaign: Campaign
) -> tuple[str | None, Warnings]:
    """Return the strategy's id; when the memory stays out of reach, the job is still done and a warning says so."""
    try:
        told = remember(source, brief, analysis, campaign)
    except (MemoryLocked, MemoryUnavailable) as error:
        return None, (f"This job was not remembered. {error}",)
    return strategy_id(brief.workspace, source.sha256, brief), told
