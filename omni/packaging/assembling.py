"""From the results of all stages to the parcel that is delivered and the production that is told."""

from omni.analysis.showing import timeline_for
from omni.contracts import Analysis, Campaign, Charge, Delivery, Dossier, Production, Short, Warnings, total_usd
from omni.packaging.delivering import Parcel
from omni.spending.account import remarks_on


def pack(
    dossier: Dossier,
    analysis: Analysis,
    campaign: Campaign,
    shorts: tuple[Short, ...],
    more: Warnings = (),
    charges: tuple[Charge, ...] = (),
) -> Parcel:
    """Gather what goes into the folder, each warning once and in the order of the stages."""
    told = (
        *dossier.source.warnings,
        *dossier.transcript.warnings,
        *dossier.footage.warnings,
        *dossier.precedents.warnings,
        *analysis.warnings,
        *campaign.warnings,
        *(warning for short in shorts for warning in short.warnings),
        *more,
        *remarks_on(charges),
    )
    engines = {
        "transcriber": dossier.transcript.engine,
        "watcher": dossier.footage.engine,
        "memory": dossier.precedents.engine,
        "analyst": analysis.engine,
        "copywriter": campaign.engine,
        "encoder": " + ".join(sorted({short.encoder for short in shorts})) or "none",
    }
    return Parcel(
        source=dossier.source,
        brief=dossier.brief,
        analysis=analysis,
        campaign=campaign,
        shorts=shorts,
        engines=engines,
        warnings=tuple(dict.fromkeys(told)),
        charges=charges,
        transcript=dossier.transcript,
        evidence=timeline_for(dossier, analysis),
    )


def production_of(
    parcel: Parcel,
    delivery: Delivery,
    strategy_id: str | None,
    more: Warnings,
    charges: tuple[Charge, ...] = (),
) -> Production:
    """Return the result of the job; ``more`` and ``charges`` count what came up after the folder was written."""
    return Production(
        output_dir=delivery.output_dir,
        shorts_count=delivery.shorts_count,
        strategy_id=strategy_id,
        source=parcel.source.path.name,
        engines=parcel.engines,
        cost_usd=total_usd(charges),
        charges=charges,
        warnings=tuple(dict.fromkeys((*parcel.warnings, *delivery.warnings, *more, *remarks_on(charges)))),
        published=delivery.published,
    )
