"""write: ``Analysis``, ``Precedents``, ``Brief`` → ``Campaign``."""

from typing import Any

from prefect import task

from omni.contracts import Analysis, Brief, Campaign, Precedents
from omni.wiring import wire
from tasks.policies import PATIENT, kept_by
from tasks.progress import tally


def _key(arguments: dict[str, Any]) -> tuple[object, ...]:
    parts = (arguments["analysis"], arguments["precedents"], arguments["brief"].final)
    return "write", wire().copywriter(arguments["brief"]).engine, *(part.digest()[:16] for part in parts)


@task(name="write", **PATIENT, **kept_by(_key))
def write(analysis: Analysis, precedents: Precedents, brief: Brief) -> Campaign:
    """Write the strategy, and a post for each clip and platform."""
    campaign = wire().copywriter(brief).write(analysis, precedents, brief)
    tally().finish("write")
    return campaign
