"""The flow ``produce``: a long video becomes checked Shorts, a strategy with posts, and a memory."""

from pathlib import Path

from prefect import flow

from flows.job import job
from flows.stages import enter
from omni.contracts import Brief, Dossier, Production
from omni.encoding.planning import Material
from omni.packaging.assembling import pack, production_of
from omni.packaging.summary import summary
from tasks.analyze import analyze
from tasks.artifacts import show_summary
from tasks.deliver import deliver
from tasks.ingest import ingest
from tasks.listen import listen
from tasks.policies import whole
from tasks.recall import recall
from tasks.remember import remember_or_warn
from tasks.render import finish_rendering, plan_all, start_rendering
from tasks.watch import watch
from tasks.write import write


@flow(
    name="produce",
    flow_run_name="produce {video.name}",
    persist_result=True,
    result_serializer="json",
)
def produce(video: Path, brief: Brief = Brief()) -> Production:  # noqa: B008  # frozen: safe to share
    """Turn a long video into checked Shorts, a post per platform and a remembered strategy.

    Args:
        video: The file, on the machine that runs the job.
        brief: What to look for, how many Shorts, how long, for which platforms.

    """
    with job() as job_id:
        enter("ANALYZING")
        source = ingest(video, brief)
        hearing, seeing = listen.submit(source, brief), watch.submit(source)
        transcript, footage = hearing.result(), seeing.result()
        precedents = recall(source, whole(transcript), brief)
        dossier = Dossier(source=source, transcript=transcript, footage=footage, precedents=precedents, brief=brief)
        analysis = analyze(whole(dossier))

        enter("WRITING_STRATEGY")
        writing = write.submit(analysis, precedents, brief)
        plans = plan_all(Material(source, transcript, footage), analysis, brief)
        rendering = start_rendering(source, plans)
        campaign = writing.result()

        enter("RENDERING")
        shorts, missing = finish_rendering(source, plans, rendering)
        parcel = pack(dossier, analysis, campaign, shorts, missing)
        delivery = deliver(whole(parcel), job_id)
        strategy_id, unremembered = remember_or_warn(source, brief, analysis, campaign)

        production = production_of(parcel, delivery, strategy_id, unremembered)
        show_summary(summary(production, analysis, campaign, shorts))
        return production
