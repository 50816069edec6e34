"""People in a run: the form that the Prefect UI shows them, what they answered there, and waiting for them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NoReturn
from uuid import UUID, uuid4

from prefect import suspend_flow_run
from prefect.client.orchestration import SyncPrefectClient
from prefect.exceptions import Abort, ObjectNotFound
from prefect.input import RunInput
from prefect.states import AwaitingRetry
from pydantic import Field, create_model
from pydantic_core import from_json, to_json

from flows import statements
from flows.patience import patiently
from omni.contracts import Clip
from omni.errors import OrchestratorFailed
from omni.ports import MemoryRecord
from omni.record import JobRecord
from omni.review import Decision, Revision, Verdict
from omni.statements import PREFIX, Statement, key_of_new
from omni.timecode import clock
from omni.writing.markdown import escaped

RESUMING = "Resuming"
"""Prefect's name of the state that follows a form which was sent; what goes on by our own hand has another."""
SAID_MEANWHILE = "People decided or edited while it worked; it goes on with that."
"""The message of the state with which a run begins anew by itself."""
DRAFTS = "drafts-"
"""How the keys begin under which clips are kept as people were shown them, a round each."""
ASKED = (
    "Watch the drafts first: the artifact `result` of this run names their folder, and the pages play them. Then decide "
    "on each; what is rejected isn't made. What somebody decided elsewhere since this form was made stays so."
)
"""Markdown, as all that the form shows beside titles."""


def form_of(clips: Iterable[Clip]) -> type[RunInput]:
    """Return the form: a verdict on each clip, and why."""
    fields: dict[str, Any] = {
        f"clip_{clip.number}": (
            Literal["approved", "rejected"],
            Field(
                default="approved",
                title=f"{clip.number}. {clip.title}",
                description=escaped(f"{clock(clip.start)}–{clock(clip.end)}: {clip.reason}"[:300]),
            ),
        )
        for clip in clips
    }
    fields["reason"] = (
        str,
        Field(default="", max_length=500, description="Why some are rejected, or all approved; it is remembered."),
    )
    return create_model("Approval", __base__=RunInput, **fields)


def decisions_of(answer: Mapping[str, Any], clips: Iterable[int], at: datetime) -> tuple[Decision, ...]:
    """Return what a sent form decides on these clips; what it doesn't say is what it showed."""
    reason = str(answer.get("reason", ""))[:500]
    verdicts = {clip: Verdict(answer.get(f"clip_{clip}", Verdict.APPROVED)) for clip in clips}
    explained = Verdict.REJECTED if Verdict.REJECTED in verdicts.values() else Verdict.APPROVED
    return tuple(
        Decision(clip=clip, verdict=verdict, reason=reason if verdict is explained else "", at=at)
        for clip, verdict in verdicts.items()
    )


def form_sent(client: SyncPrefectClient, run_id: UUID, still_open: Iterable[int]) -> tuple[str, Statement] | None:
    """Return what the form of the last suspension decides on these clips, and under which key it is kept.

    ``None`` when the run went on in another way.
    """
    found = _answer(client, run_id)
    if found is None:
        return None
    key, answer = found
    return f"{PREFIX}form-{key}", Statement(rest=decisions_of(answer, still_open, datetime.now(UTC)))


def heard(run_id: UUID) -> JobRecord:
    """Return the record of a run with all that people said of it by now."""
    return patiently(lambda client: statements.heard(client, client.read_flow_run(run_id)))


def heard_with_form(run_id: UUID, clips: Iterable[Clip]) -> Revision:
    """Return what people said by now, with what they answered in the Prefect UI: it decides the clips that are open."""
    numbers = [clip.number for clip in clips]

    def ask(client: SyncPrefectClient) -> Revision:
        run = client.read_flow_run(run_id)
        revision = statements.heard(client, run).revision
        still_open = revision.open_among(numbers)
        if not still_open or (sent := form_sent(client, run_id, still_open)) is None:
            return revision
        statements.say(client, run, *sent)
        return statements.heard(client, run).revision

    return patiently(ask)


def unsay(run_id: UUID) -> None:
    """Keep that nothing holds of what was said until now, nor what a form may say yet: it was said of other clips."""

    def ask(client: SyncPrefectClient) -> None:
        run, nothing = client.read_flow_run(run_id), Statement(instead=Revision())
        if sent := form_sent(client, run_id, ()):  # first: under its key, the next process can't keep it any more
            statements.say(client, run, sent[0], nothing)
        statements.say(client, run, key_of_new(), nothing)

    patiently(ask)


def keep_drafts(run_id: UUID, attempt: int, clips: Iterable[MemoryRecord]) -> None:
    """Keep what people are shown beside the run: if nothing comes of the job, what they say of it is a lesson all the same."""
    text = to_json([clip.model_dump(mode="json") for clip in clips]).decode()
    patiently(lambda client: statements.keep(client, run_id, f"{DRAFTS}{attempt:06d}", text))


def go_on(run_id: UUID) -> NoReturn:
    """Let this run begin anew, in another process: people said something while it worked. Raises Prefect's signal."""
    patiently(lambda client: client.set_flow_run_state(run_id, AwaitingRetry(message=SAID_MEANWHILE)))
    raise Abort(SAID_MEANWHILE)


def wait(clips: Iterable[Clip]) -> None:
    """Suspend this run, which frees its slot: raises Prefect's signal. Raises OrchestratorFailed if that can't be."""
    form = form_of(clips).with_initial_data(description=ASKED)
    try:
        suspend_flow_run(wait_for_input=form, key=uuid4().hex, timeout=None)
    except RuntimeError as error:  # it is being cancelled, or the server thinks otherwise
        raise OrchestratorFailed(reason=str(error)) from error


def _answer(client: SyncPrefectClient, run_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
    """Return the form that was sent of the last suspension, its key first; ``None`` when the run went on in another way."""
    states = sorted(client.read_flow_run_states(run_id), key=lambda state: state.timestamp)
    pauses = [number for number, state in enumerate(states) if state.is_paused()]
    if not pauses or len(states) == pauses[-1] + 1 or states[pauses[-1] + 1].name != RESUMING:
        return None
    keys = states[pauses[-1]].state_details.run_input_keyset
    if keys is None:
        return None
    try:
        return keys["response"], from_json(client.read_flow_run_input(run_id, keys["response"]))
    except ObjectNotFound:  # sent as it was shown
        return keys["response"], {}
