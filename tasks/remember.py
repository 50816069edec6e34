"""remember: what was made → the memory."""

from prefect import task

from omni.contracts import Analysis, Brief, Campaign, Source
from omni.errors import MemoryLocked, MemoryUnavailable
from omni.memory.records import records_of, strategy_id
from omni.wiring import wire
from tasks.policies import PATIENT
from tasks.progress import tally


@task(name="remember", **PATIENT)
def remember(source: Source, brief: Brief, analysis: Analysis, campaign: Campaign) -> str:
    """Keep strategy and clips; idempotent by id."""
    wire().memory.keep(records_of(source, brief, analysis, campaign))
    tally().finish("remember")
    return strategy_id(brief.workspace, source.sha256, brief)


def remember_or_warn(
    source: Source, brief: Brief, analysis: Analysis, campaign: Campaign
) -> tuple[str | None, tuple[str, ...]]:
    """Return the strategy's id; when the memory stays out of reach, the job is still done and a warning says so."""
    try:
        return remember(source, brief, analysis, campaign), ()
    except (MemoryLocked, MemoryUnavailable) as error:
        return None, (f"This job was not remembered. {error}",)
