"""analyze: ``Dossier`` → ``Analysis``."""

from typing import Any

from prefect import task

from omni.contracts import Analysis, Dossier
from omni.wiring import wire
from tasks.policies import PATIENT, kept_by
from tasks.progress import tally


def _key(arguments: dict[str, Any]) -> tuple[object, ...]:
    dossier: Dossier = arguments["dossier"]
    parts = (dossier.transcript, dossier.footage, dossier.precedents, dossier.brief.final)
    engine = wire().analyst(dossier.brief).engine
    return "analyze", dossier.source.sha256, engine, *(part.digest()[:16] for part in parts)


@task(name="analyze", **PATIENT, **kept_by(_key))
def analyze(dossier: Dossier) -> Analysis:
    """Find topic, titles and the moments worth a Short."""
    analysis = wire().analyst(dossier.brief).analyze(dossier)
    tally().finish("analyze")
    return analysis
