"""The flow ``produce``: a long video becomes checked Shorts, a strategy with posts, and a memory."""

from prefect import flow

from flows.job import job, run_name
from omni.analysis.paging import page_of
from omni.analysis.revising import only, revised
from omni.contracts import Brief, Dossier, Estimate, Production
from omni.encoding.planning import Material
from omni.errors import NothingApproved
from omni.memory.verdicts import drafted
from omni.packaging.assembling import pack, production_of
from omni.packaging.summary import summary
from omni.record import Status
from omni.writing.revising import revised as campaign_of
from tasks.analyze import analyze_or_fall_back
from tasks.artifacts import show_summary
from tasks.deliver import deliver
from tasks.ingest import ingest
from tasks.listen import listen
from tasks.policies import whole
from tasks.recall import recall
from tasks.remember import remember_or_warn
from tasks.render import finish_rendering, plan_all, start_rendering
from tasks.watch import watch
from tasks.write import finish_writing, write


@flow(name="produce", flow_run_name=run_name, persist_result=False)  # a kept result can't be retried
def produce(video: str, brief: Brief = Brief(), *, dry_run: bool = False) -> Production | Estimate:  # noqa: B008  # frozen: safe to share
    """Turn a long video into checked Shorts, a post per platform and a remembered strategy.

    Args:
        video: A file on the machine that runs the job, `upload:ID` of a file sent to the API, or an https address
            where those are allowed.
        brief: What to look for, how many Shorts, how long, for which platforms.
        dry_run: Only look at the source and say what the job would cost.

    """
    with job(brief) as run:
        run.enter(Status.ANALYZING)
        source = ingest(video, brief)
        if dry_run:
            return run.estimate(source)
        hearing, seeing = listen.submit(source, brief), watch.submit(source)
        transcript, footage = hearing.result(), seeing.result()
        run.heard(source, transcript)
        precedents = recall(source, whole(transcript), brief, run.key)
        dossier = Dossier(source=source, transcript=transcript, footage=footage, precedents=precedents, brief=brief)
        found = page_of(analyze_or_fall_back(run.steadied(dossier)), dossier)

        run.enter(Status.WRITING_STRATEGY)
        order = run.steady("copywriter")
        writing = write.submit(found, precedents, order)
        release = run.release(found)
        analysis = revised(found, release.revision, transcript, source.duration)
        run.chosen(analysis, release)
        shown = only(analysis, release.clips)
        if release.is_void:
            rejected = campaign_of(finish_writing(writing, found, precedents, order), release, shown, precedents, brief)
            remember_or_warn(source, brief, analysis, rejected, release.revision)
            run.confirm(release)
            raise NothingApproved(count=len(analysis.clips))
        plans = plan_all(Material(source, transcript, footage), shown, brief, release, found)
        rendering = start_rendering(source, plans)
        campaign = campaign_of(finish_writing(writing, found, precedents, order), release, shown, precedents, brief)

        run.enter(Status.RENDERING)
        shorts, missing = finish_rendering(source, plans, rendering)
        parcel = pack(dossier, shown, campaign, shorts, (*release.warnings, *missing), run.charges)
        delivery = deliver(whole(parcel), run.id)
        if release.is_draft:
            drafts = production_of(parcel, delivery, None, (), run.charges)
            show_summary(summary(drafts, shown, campaign, shorts))
            run.ask(drafts, analysis, release, drafted(source, brief, analysis, campaign))
        strategy_id, unremembered = remember_or_warn(source, brief, analysis, campaign, release.revision)

        production = production_of(parcel, delivery, strategy_id, unremembered, run.charges)
        show_summary(summary(production, shown, campaign, shorts))
        return run.finish(production, release)
