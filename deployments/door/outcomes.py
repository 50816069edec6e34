"""What came of a job's clips, on its way into the memory: figures and verdicts that people send."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from prefect.client.schemas.objects import FlowRun

from deployments.door.access import Principal, Submitter
from deployments.door.intake import IsJson
from deployments.door.lookup import job_of, run_of
from deployments.door.problems import responses
from deployments.errors import ClipNotFound, JobNotCompleted, JobNotRemembered, OutcomeImplausible
from deployments.gateway import Gateway
from deployments.schemas import Job, OutcomeReceipt, Outcomes
from omni.outcomes import ClipOutcome, Outcome, objection
from omni.record import Status, record_of
from omni.review import Decision

router = APIRouter(tags=["outcomes"])
ClipPath = Annotated[int, Path(ge=1, le=20, description="Number of the clip, from 1.")]


@router.post(
    "/jobs/{job_id}/clips/{clip}/outcome",
    status_code=202,
    responses=responses(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
)
async def outcome(
    request: Request, who: Submitter, job_id: UUID, clip: ClipPath, told: Outcomes, _: IsJson
) -> OutcomeReceipt:
    """Tell what came of a clip: one outcome or several; the next jobs of its workspace learn from them.

    A platform's figures of a day replace those told before of the same day, and a verdict the verdict before.
    """
    return await record(request, who, job_id, clip, told if isinstance(told, list) else [told])


async def record(
    request: Request, who: Principal, job_id: UUID, clip: int, outcomes: Sequence[Outcome]
) -> OutcomeReceipt:
    """Order that the memory keeps what came of a clip.

    Raises JobNotFound, JobNotCompleted, ClipNotFound, OutcomeImplausible or JobNotRemembered.
    """
    run = await run_of(request, who, job_id)
    _check(await job_of(request, run), clip, outcomes)
    now = datetime.now(UTC)
    ordered = await tell(request.app.state.gateway, run, [(clip, each, _moment(each, now)) for each in outcomes])
    if ordered is None:
        raise JobNotRemembered
    return OutcomeReceipt(job_id=job_id, clip=clip, outcomes=len(outcomes), run_id=ordered.id)


async def tell_verdicts(gateway: Gateway, run: FlowRun, decisions: Iterable[Decision]) -> FlowRun | None:
    """Let the memory know what people decided on a remembered job's clips; a time-out's decisions aren't anybody's opinion.

    ``None``: nothing was to be told, or the job isn't remembered yet; then its own run tells the memory.
    """
    taken = [(each, each.at or datetime.now(UTC)) for each in decisions if each.by == "person"]
    verdicts = [
        (each.clip, Outcome(on=at.date(), verdict=each.verdict.value, reason=each.reason), at) for each, at in taken
    ]
    return await tell(gateway, run, verdicts) if verdicts else None


async def tell(gateway: Gateway, run: FlowRun, outcomes: Iterable[tuple[int, Outcome, datetime]]) -> FlowRun | None:
    """Order that the memory keeps outcomes of clips, each with the clip's number and when it was told; ``None``: the job isn't remembered."""
    result = record_of(run.labels).result
    if result is None or result.strategy_id is None:
        return None
    told = [
        ClipOutcome(workspace=workspace_of(run), strategy_id=result.strategy_id, clip=clip, outcome=outcome, told_at=at)
        for clip, outcome, at in outcomes
    ]
    return await gateway.learn(run.id, told)


def workspace_of(run: FlowRun) -> str:
    """Return whose memory a job uses."""
    brief: Any = run.parameters.get("brief") or {}
    named = brief.get("workspace") if isinstance(brief, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # JSON
    return str(named or "default")  # pyright: ignore[reportUnknownArgumentType]  # JSON


def _moment(outcome: Outcome, now: datetime) -> datetime:
    """Return when it was told: figures to the second, so that a post sent again is one order; of verdicts the last one counts."""
    return now if outcome.verdict else now.replace(microsecond=0)


def _check(job: Job, clip: int, outcomes: Iterable[Outcome]) -> None:
    """Refuse what can't be kept or can't be true."""
    if job.status is not Status.COMPLETED:
        raise JobNotCompleted(status=job.status.value)
    known = {each.number: each for each in job.clips}
    if clip not in known:
        raise ClipNotFound(clips=clip, known=len(known))
    seconds = known[clip].end - known[clip].start
    for each in outcomes:
        if wrong := objection(each, _today(), job.created_at.date(), seconds):
            raise OutcomeImplausible(reason=wrong)


def _today() -> date:
    return datetime.now(UTC).date()
