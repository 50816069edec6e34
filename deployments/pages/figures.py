"""What came of a Short: what its form tells, and what is known by the runs that told the memory; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from prefect.client.schemas.objects import FlowRun
from pydantic import ValidationError

from deployments.pages.errors import FormUnusable
from deployments.pages.forms import Form, reason_of
from deployments.pages.platforms import networks
from omni.outcomes import FIGURES, TAUGHT, ClipOutcome, Outcome, Taught, figure_of

LABELS = {
    "views": "Views",
    "likes": "Likes",
    "watch_seconds": "Seconds watched",
    "saves": "Saves",
    "shares": "Shares",
    "comments": "Comments",
}
"""The figures in the order of the form; the seconds are the mean of a viewer."""
KEPT = re.compile(r"\d+ kept\.")
"""How the flow ``learn`` says that nothing went wrong."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Known:
    """An outcome as it counts, and how its way into the memory stands; ``note`` is empty when it arrived."""

    outcome: Outcome
    told_at: datetime
    note: str = ""
    is_coming: bool = False

    @property
    def figures(self) -> list[str]:
        """Its figures in the order of the labels, as they are read."""
        told = [getattr(self.outcome, name) for name in LABELS]
        return ["–" if one is None else f"{one:,.10g}".replace(",", " ") for one in told]


@dataclass(frozen=True)
class Results:
    """All that is known of a Short: figures, the newest day first, the verdict, and what the memory made of it."""

    figures: tuple[Known, ...] = ()
    verdict: Known | None = None
    taught: Taught | None = None

    @property
    def is_moving(self) -> bool:
        """Whether something is on its way into the memory."""
        return any(one.is_coming for one in (*self.figures, *((self.verdict,) if self.verdict else ())))


def results_of(runs: Iterable[FlowRun], clip: int) -> Results:
    """Return what these runs told of a clip, of two about the same thing what was told later; newest run first."""
    ordered = list(runs)
    told: dict[str, Known] = {}
    for run in ordered:
        for each in _outcomes(run):
            found = Known(each.outcome, each.told_at or _EARLIEST, *_standing(run))
            if each.clip == clip and (each.id not in told or told[each.id].told_at < found.told_at):
                told[each.id] = found
    figures = [one for one in told.values() if one.outcome.platform]
    places = [network.name for network in networks()]
    figures.sort(key=lambda one: (-one.outcome.on.toordinal(), places.index(one.outcome.platform or places[0])))
    verdict = next((one for one in told.values() if one.outcome.verdict), None)
    return Results(tuple(figures), verdict, next((taught for run in ordered if (taught := _taught(run))), None))


def outcomes_of(form: Form) -> list[Outcome]:
    """Return what a form tells of a day, platform by platform; raises FormUnusable."""
    try:
        on = date.fromisoformat(form.text("on").strip())
    except ValueError as error:
        raise FormUnusable(reason="it names no day") from error
    told = [outcome for network in networks() if (outcome := _outcome(form, on, network.name, network.label))]
    if not told:
        raise FormUnusable(reason="it has no figure; fill in what a platform shows you, and leave the rest empty")
    return told


def _outcome(form: Form, on: date, platform: str, label: str) -> Outcome | None:
    told = {name: _figure(form, platform, name, label) for name in FIGURES}
    figures = {name: number for name, number in told.items() if number is not None}
    if not figures:
        return None
    try:
        return Outcome.model_validate({"on": on, "platform": platform} | figures)
    except ValidationError as error:
        raise FormUnusable(reason=f"{label}: {reason_of(error)}") from error


def _figure(form: Form, platform: str, name: str, label: str) -> float | None:
    text = form.text(f"{platform}-{name}").strip()
    if not text:
        return None
    number, is_whole = figure_of(name, text), name != "watch_seconds"
    if number is None or (is_whole and number != int(number)):
        kind = "whole number" if is_whole else "number"
        raise FormUnusable(reason=f"{label}: {LABELS[name]} is no {kind}: {text[:20]!r}")
    return number


def _outcomes(run: FlowRun) -> Sequence[ClipOutcome]:
    """Return what a run was ordered to tell; another version's words are only not shown."""
    found: list[ClipOutcome] = []
    told: Any = run.parameters.get("outcomes") or ()
    for one in told:
        try:
            found.append(ClipOutcome.model_validate(one))
        except ValidationError:
            continue
    return found


def _standing(run: FlowRun) -> tuple[str, bool]:
    state = run.state
    if state is None or not state.is_final():
        return "on its way into the memory", True
    said = state.message or ""
    if state.is_completed():
        return "" if KEPT.fullmatch(said) else said, False
    return "it did not reach the memory; its run in Prefect says why, and can be retried there", False


def _taught(run: FlowRun) -> Taught | None:
    try:
        return Taught.model_validate_json(str(run.labels[TAUGHT]))
    except (KeyError, ValidationError):
        return None
