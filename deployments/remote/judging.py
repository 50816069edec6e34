"""The commands by which people judge and correct what a job made, and ask for more of it."""

import re
from typing import Annotated

from cyclopts import Parameter
from pydantic import ValidationError

from deployments.remote.commands import HERE, JobId
from deployments.remote.console import Door, say
from deployments.remote.telling import tell_decided
from deployments.schemas import ClipVerdict, EditOrder, Job, ReviewOrder
from omni.contracts import Platform
from omni.errors import OmniError
from omni.review import LONGEST_REASON, PostEdit, Verdict, Wording

Numbers = Annotated[str, Parameter(help="Clips by number, such as 1,3; `rest` for all that have no verdict.")]
REST = "rest"


class CommandUnclear(OmniError):
    """Facts: reason."""

    code, exit_code = "command_unclear", 2
    message = "The command can't be followed: {reason}."
    remedy = "Call it with --help, which shows what it takes."


def review(
    job_id: JobId,
    *,
    approve: Numbers = "",
    reject: Numbers = "",
    reason: Annotated[str, Parameter(help="Why those are rejected, or all are approved; it is remembered.")] = "",
    door: Door = HERE,
) -> None:
    """Approve or reject the clips of a job; one that waits for people goes on once all are decided."""
    order = _order(approve, reject, reason)
    with door.client() as client:
        if reason and order.rest is not None:
            order = _spelled_out(order, reason, client.status(job_id).body)
        told = client.review(job_id, order)
    door.answer(told.raw, f"{told.body.job_id}\n")
    say(tell_decided(told.body, door.command("watch", job_id)))


def edit(  # noqa: PLR0913  # an option each
    job_id: JobId,
    clip: Annotated[int, Parameter(help="Its number.")],
    *,
    start: Annotated[float | None, Parameter(help="First moment, in seconds of the source.")] = None,
    end: Annotated[float | None, Parameter(help="Where it ends, in seconds of the source.")] = None,
    title: Annotated[str | None, Parameter(help="Title, and what is shown over the first seconds.")] = None,
    caption: Annotated[
        tuple[str, ...], Parameter(negative="", help='Other words for words of transcript.json: "12-15=other words".')
    ] = (),
    post: Annotated[tuple[str, ...], Parameter(negative="", help='Text of a post: "x=Look at this."')] = (),
    undo: Annotated[bool, Parameter(negative="", help="First take back what was changed before.")] = False,
    door: Door = HERE,
) -> None:
    """Change a clip: where it starts and ends, its title, captions or posts; only that clip is made anew."""
    if not undo and (start, end, title) == (None, None, None) and not (caption or post):
        raise CommandUnclear(reason="it changes nothing; say --start, --end, --title, --caption, --post or --undo")
    with door.client() as client:
        job = client.status(job_id).body
        before = next((known.edit for known in job.clips if known.number == clip), None)
        known = EditOrder() if before is None or undo else EditOrder.model_validate(before.model_dump(exclude={"clip"}))
        told = client.edit(job_id, clip, _changed(known, start, end, title, caption, post))
    door.answer(told.raw, f"{told.body.job_id}\n")
    say(tell_decided(told.body, door.command("watch", job_id)))


def more(job_id: JobId, *, door: Door = HERE) -> None:
    """Make a job of the next best moments of the same source; print its id."""
    with door.client() as client:
        told = client.more(job_id)
    made = told.body.job_id
    door.answer(told.raw, f"{made}\n")
    say(f"{made} was made of it before." if told.replayed else f"Accepted as {made}.")
    say(f"Watch it: {door.command('watch', made)}")


def _order(approve: str, reject: str, reason: str) -> ReviewOrder:
    approved, rejected = _numbers(approve), _numbers(reject)
    if not (approve or reject):
        raise CommandUnclear(reason="it names no clips; say --approve 1,2 --reject 3, or --approve rest")
    if (REST in approved and REST in rejected) or set(approved) & set(rejected) - {REST}:
        raise CommandUnclear(reason="a clip is either approved or rejected")
    if len(reason) > LONGEST_REASON:
        raise CommandUnclear(reason=f"the reason has {len(reason)} characters; {LONGEST_REASON} are kept")
    verdicts = [(Verdict.APPROVED, approved, "" if rejected else reason), (Verdict.REJECTED, rejected, reason)]
    return ReviewOrder(
        decisions=tuple(
            ClipVerdict(clip=int(number), verdict=verdict, reason=why)
            for verdict, numbers, why in verdicts
            for number in numbers
            if number != REST
        ),
        rest=next((verdict for verdict, numbers, _ in verdicts if REST in numbers), None),
    )


def _spelled_out(order: ReviewOrder, reason: str, job: Job) -> ReviewOrder:
    """Return an order whose ``rest`` is named clip by clip: only a verdict on a clip has a reason.

    ``rest`` stays, for clips that are found meanwhile. A reason that belongs to the named ones is left with them.
    """
    if order.rest is Verdict.APPROVED and any(told.verdict is Verdict.REJECTED for told in order.decisions):
        return order
    named = {told.clip for told in order.decisions}
    rest = [clip.number for clip in job.clips if clip.decision is None and clip.number not in named]
    verdicts = tuple(ClipVerdict(clip=number, verdict=order.rest, reason=reason) for number in rest if order.rest)
    return order.model_copy(update={"decisions": (*order.decisions, *verdicts)})


def _numbers(text: str) -> list[str]:
    found = [part for part in re.split(r"[,\s]+", text.strip()) if part]
    if strange := [part for part in found if part != REST and not re.fullmatch(r"[1-9]|1\d|20", part)]:
        raise CommandUnclear(reason=f"{', '.join(strange)} is no clip; name them as 1,3 or say `rest`")
    return found


def _changed(  # an option each
    known: EditOrder,
    start: float | None,
    end: float | None,
    title: str | None,
    caption: tuple[str, ...],
    post: tuple[str, ...],
) -> EditOrder:
    """Return what was changed before, with what is changed now."""
    now = {name: value for name, value in (("start", start), ("end", end), ("title", title)) if value is not None}
    wordings = {(one.first, one.last): one for one in (*known.captions, *map(_wording, caption))}
    posts = {**known.posts, **dict(map(_post, post))}
    try:
        return EditOrder.model_validate(
            known.model_dump() | now | {"captions": tuple(wordings.values()), "posts": posts}
        )
    except ValidationError as error:
        raise CommandUnclear(reason=error.errors()[0]["msg"]) from error


def _wording(text: str) -> Wording:
    found = re.fullmatch(r"(\d+)(?:-(\d+))?=(.*)", text, re.DOTALL)
    if found is None:
        raise CommandUnclear(reason=f'{text!r} is no caption; write it as "12-15=other words"')
    first, last, words = int(found[1]), int(found[2] or found[1]), found[3]
    try:
        return Wording(first=first, last=last + 1, text=words)
    except ValidationError as error:
        raise CommandUnclear(reason=error.errors()[0]["msg"]) from error


def _post(text: str) -> tuple[Platform, PostEdit]:
    platform, separator, words = text.partition("=")
    if not separator or platform not in {one.value for one in Platform}:
        known = ", ".join(Platform)
        raise CommandUnclear(reason=f'{text!r} is no post; write it as "x=Look at this", for one of {known}')
    return Platform(platform), PostEdit(text=words)
