"""analyze: ``Dossier`` → ``Analysis``."""

from typing import Any

from prefect import task

from omni.contracts import Analysis, Dossier, Engine
from omni.errors.models import ModelError
from omni.wiring import wire
from tasks.policies import PATIENT, kept_by, whole
from tasks.progress import tally


def _key(arguments: dict[str, Any]) -> tuple[object, ...]:
    dossier: Dossier = arguments["dossier"]
    precedents = dossier.precedents.model_copy(update={"shown": ()})  # all pages come from one analysis
    parts = (dossier.transcript, dossier.footage, precedents, dossier.brief.editorial().first_page())
    engine = wire().analyst(dossier.brief).engine
    return "analyze", dossier.source.sha256, engine, *(part.digest()[:16] for part in parts)


@task(name="analyze", **PATIENT, **kept_by(_key))
def analyze(dossier: Dossier) -> Analysis:
    """Find topic, titles and the moments worth a Short."""
    analysis = wire().analyst(dossier.brief).analyze(dossier)
    tally().finish("analyze")
    return analysis


def analyze_or_fall_back(dossier: Dossier) -> Analysis:
    """Return what the brief's analyst finds; when its model fails and the brief allows it, what the offline one finds.

    The failure is a warning then. What the offline analyst found is kept under its own name, never as the model's.
    """
    try:
        return analyze(whole(dossier))
    except ModelError as error:
        if not dossier.brief.fallback:
            raise
        brief = dossier.brief.model_copy(update={"analyst": Engine.OFFLINE})
        found = analyze(whole(dossier.model_copy(update={"brief": brief})))
        told = f"The offline analyst chose the moments. {error}"
        return found.model_copy(update={"warnings": (told, *found.warnings)})
