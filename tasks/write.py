"""write: ``Analysis``, ``Precedents``, ``Brief`` → ``Campaign``."""

from typing import Any

from prefect import task
from prefect.futures import PrefectFuture

from omni.contracts import Analysis, Brief, Campaign, Engine, Precedents
from omni.errors.models import ModelError
from omni.wiring import wire
from tasks.policies import PATIENT, kept_by
from tasks.progress import tally


def _key(arguments: dict[str, Any]) -> tuple[object, ...]:
    parts = (arguments["analysis"], arguments["precedents"], arguments["brief"].editorial())
    return "write", wire().copywriter(arguments["brief"]).engine, *(part.digest()[:16] for part in parts)


@task(name="write", **PATIENT, **kept_by(_key))
def write(analysis: Analysis, precedents: Precedents, brief: Brief) -> Campaign:
    """Write the strategy, and a post for each clip and platform."""
    campaign = wire().copywriter(brief).write(analysis, precedents, brief)
    tally().finish("write")
    return campaign


def finish_writing(
    writing: PrefectFuture[Campaign], analysis: Analysis, precedents: Precedents, brief: Brief
) -> Campaign:
    """Wait for the campaign; when its model fails and the brief allows it, the offline copywriter writes, with a warning."""
    try:
        return writing.result()
    except ModelError as error:
        if not brief.fallback:
            raise
        offline = brief.model_copy(update={"copywriter": Engine.OFFLINE})
        written = write(analysis, precedents, offline)
        told = f"The offline copywriter wrote strategy and posts. {error}"
        return written.model_copy(update={"warnings": (told, *written.warnings)})
