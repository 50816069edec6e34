"""People in a run: the form that the Prefect UI shows them, what they answered there, and waiting for them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from prefect import suspend_flow_run
from prefect.client.orchestration import SyncPrefectClient
from prefect.exceptions import ObjectNotFound
from prefect.input import RunInput
from pydantic import Field, create_model
from pydantic_core import from_json

from flows.patience import patiently
from omni.contracts import Clip
from omni.errors import OrchestratorFailed
from omni.review import Decision, Revision, Verdict
from omni.timecode import clock
from omni.writing.markdown import escaped

RESUMING = "Resuming"
"""Prefect's name of the state that follows a form which was sent; what goes on by our own hand has another."""
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
    fields["reason"] = (str, Field(default="", max_length=500, description="Why some are rejected; it is remembered."))
    return create_model("Approval", __base__=RunInput, **fields)


def decisions_of(answer: Mapping[str, Any], clips: Iterable[int], at: datetime) -> tuple[Decision, ...]:
    """Return what a sent form decides on these clips; what it doesn't say is what it showed."""
    reason = str(answer.get("reason", ""))[:500]
    verdicts = {clip: Verdict(answer.get(f"clip_{clip}", Verdict.APPROVED)) for clip in clips}
    return tuple(
        Decision(clip=clip, verdict=verdict, reason=reason if verdict is Verdict.REJECTED else "", at=at)
        for clip, verdict in verdicts.items()
    )


def heard(run_id: UUID, revision: Revision, clips: Iterable[Clip]) -> Revision:
    """Return what people said, with what they answered in the Prefect UI: it decides the clips that are open."""
    still_open = revision.open_among(clip.number for clip in clips)
    answer = patiently(lambda client: _answer(client, run_id)) if still_open else None
    if answer is None:
        return revision
    return revision.decided(decisions_of(answer, still_open, datetime.now(UTC)))


def wait(clips: Iterable[Clip]) -> None:
    """Suspend this run, which frees its slot: raises Prefect's signal. Raises OrchestratorFailed if that can't be."""
    form = form_of(clips).with_initial_data(description=ASKED)
    try:
        suspend_flow_run(wait_for_input=form, key=uuid4().hex, timeout=None)
    except RuntimeError as error:  # it is being cancelled, or the server thinks otherwise
        raise OrchestratorFailed(reason=str(error)) from error


def _answer(client: SyncPrefectClient, run_id: UUID) -> Mapping[str, Any] | None:
    """Return what was sent with the form of the last suspension; ``None`` when the run went on in another way."""
    states = sorted(client.read_flow_run_states(run_id), key=lambda state: state.timestamp)
    pauses = [number for number, state in enumerate(states) if state.is_paused()]
    if not pauses or len(states) == pauses[-1] + 1 or states[pauses[-1] + 1].name != RESUMING:
        return None
    keys = states[pauses[-1]].state_details.run_input_keyset
    if keys is None:
        return None
    try:
        return from_json(client.read_flow_run_input(run_id, keys["response"]))
    except ObjectNotFound:  # sent as it was shown
        return {}
