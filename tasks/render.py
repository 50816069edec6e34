"""render: ``Source``, ``ClipPlan`` → ``Short``, mapped over the clips."""

import logging
from typing import Any

from prefect import task, unmapped
from prefect.futures import PrefectFutureList

from omni.contracts import Analysis, Brief, ClipPlan, Short, Source, Warnings
from omni.encoding.planning import Dress, Material, plan_clips
from omni.encoding.rendering import REVISION, is_intact, render_short
from omni.errors import Aborted, OmniError
from omni.release import Release
from omni.wiring import wire
from tasks.policies import PATIENT, kept_by
from tasks.progress import tally

log = logging.getLogger("omni.render")


def _key(arguments: dict[str, Any]) -> tuple[object, ...]:
    plan: ClipPlan = arguments["plan"]
    return "render", arguments["source"].sha256, plan.digest(), wire().media.identity(), REVISION


@task(name="render", task_run_name="render {plan.number}", **PATIENT, **kept_by(_key))
def render(source: Source, plan: ClipPlan) -> Short:
    """Cut, check and, if need be, repair one Short; the runner of FFmpeg limits its time."""
    workshop = wire()
    folder = workshop.settings.work / source.sha256[:16] / plan.digest()[:16]
    short = render_short(
        source, plan, folder, media=workshop.media, on_progress=tally().reporter("render", plan.number)
    )
    tally().finish("render", plan.number)
    return short


def plan_all(
    material: Material, analysis: Analysis, brief: Brief, release: Release, found: Analysis
) -> tuple[ClipPlan, ...]:
    """Decide everything about every Short of a release; pure, and quick enough to be no task."""
    workshop, asked = wire(), release.brief(brief)
    dress = Dress(workshop.look(asked), workshop.fonts, workshop.logo(asked))
    return plan_clips(material, analysis, asked, dress=dress, revision=release.revision, found=found.clips)


def start_rendering(source: Source, plans: tuple[ClipPlan, ...]) -> PrefectFutureList[Short]:
    """Begin to render every plan."""
    tally().expect("render", (plan.number for plan in plans))
    return render.map(unmapped(source), list(plans))


def finish_rendering(
    source: Source, plans: tuple[ClipPlan, ...], futures: PrefectFutureList[Short]
) -> tuple[tuple[Short, ...], Warnings]:
    """Wait for the Shorts; one that fails is a warning, all of them failing is the job's failure.

    A cached Short whose files are gone or changed is rendered again.
    """
    shorts: list[Short] = []
    errors: list[OmniError] = []
    for plan, future in zip(plans, futures, strict=True):
        try:
            short = future.result()
            shorts.append(short if is_intact(short) else render.with_options(refresh_cache=True)(source, plan))
            tally().finish("render", plan.number)
        except Aborted:
            raise
        except OmniError as error:
            log.exception("Short %d failed", plan.number)
            errors.append(error)
            tally().fail("render", plan.number)
    if not shorts:
        raise errors[0]
    return tuple(shorts), tuple(f"A Short is missing. {error}" for error in errors)
