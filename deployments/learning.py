"""`omni memory learn` and `lessons`: results that people export go into the memory, and what they taught."""

import json
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from deployments.errors import ResultsUnusable
from deployments.remote.answers import printable
from omni.memory.results import COLUMNS, Results, ResultsUnreadable, read_rows, results_of
from omni.outcomes import ClipOutcome
from omni.packaging.tracing import finder, traced_below

SHOWN_FAULTS = 20
LONGEST_NAMES = 300
"""Characters of the names of columns that are shown."""

said = Console(stderr=True, highlight=False)


def learn(
    file: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    *,
    workspace: str = "default",
    output: Path | None = None,
    skip_bad: Annotated[bool, Parameter(negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Tell the memory what came of clips: a CSV or JSON file with a row a clip, platform and day.

    Nothing is kept when any row is bad.

    Parameters
    ----------
    file
        The table, or `-`. Its columns: file (of a clip), or clip (its number) with job or strategy_id; platform, date, views, likes,
        saves, shares, comments, watch_seconds (mean of a viewer); verdict (approved, rejected), reason.
    workspace
        Whose memory rows with a strategy_id belong to; of the others the delivery knows it.
    output
        Folder of the deliveries, to find clips by file or job; OMNI_OUTPUT or `output` when not given.
    skip_bad
        Keep the good rows and only name the bad ones.
    dry_run
        Only say what would be kept.
    as_json
        Print what was kept, and the bad rows, as JSON.

    """
    from omni.memory.outbox import keep_or_post  # noqa: PLC0415  # loads the memory only when asked
    from omni.memory.outcomes import outcome_records  # noqa: PLC0415
    from omni.wiring import wire  # noqa: PLC0415

    shop = wire()
    found = _results(file, workspace, output or shop.settings.output)
    _name(found)
    if found.faults and not skip_bad:
        bad = len(found.faults)
        raise ResultsUnusable(
            file=file, reason=f"{bad} of its rows {'is' if bad == 1 else 'are'} bad, so none was kept"
        )
    told: tuple[str, ...] = ()
    if not dry_run and found.outcomes:
        told = keep_or_post(shop.memory, shop.outbox, outcome_records(found.outcomes))
    _tell(found, told, dry_run=dry_run, as_json=as_json)


def lessons(*, workspace: str = "default", as_json: Annotated[bool, Parameter(name="--json")] = False) -> None:
    """Show what outcomes taught, strongest first: what the next job of the workspace goes by.

    Parameters
    ----------
    workspace
        Whose outcomes.
    as_json
        Print the lessons as JSON.

    """
    from omni.memory.receptions import past_of  # noqa: PLC0415  # loads the memory only when asked
    from omni.wiring import wire  # noqa: PLC0415

    past = past_of(wire().memory, workspace)
    if as_json:
        told = [lesson.model_dump(mode="json") for lesson in past.lessons]
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return
    for lesson in past.lessons:
        sys.stdout.write(f"{lesson.effect:+.2f}  {lesson.because}\n")
    if not past.lessons:
        said.print(f"Nothing yet: outcomes of {len(past.known)} clips say nothing beyond chance (docs/memory.md).")


def _results(file: Path, workspace: str, output: Path) -> Results:
    from omni.wiring import wire  # noqa: PLC0415

    try:
        rows = read_rows(sys.stdin.read() if str(file) == "-" else _text(file.read_bytes()))
    except OSError as error:
        raise ResultsUnusable(file=file, reason=f"it can't be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ResultsUnusable(file=file, reason="it is no UTF-8 text; Excel saves that as “CSV UTF-8”") from error
    except ResultsUnreadable as error:
        raise ResultsUnusable(file=file, reason=str(error)) from error
    now = datetime.now(UTC)
    clips = {record.id: record for record in wire().memory.records(None, "clip")}
    found = results_of(rows, finder(traced_below(output), workspace), clips, now.date())
    dated = tuple(one.model_copy(update={"told_at": now.replace(microsecond=0)}) for one in found.outcomes)
    return replace(found, outcomes=dated)


def _text(data: bytes) -> str:
    """Return what a file says: UTF-8, or UTF-16 where it begins with that mark, as Excel's “Unicode text” does."""
    return data.decode("utf-16" if data[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8")


def _name(found: Results) -> None:
    for fault in found.faults[:SHOWN_FAULTS]:
        said.print(f"[yellow]•[/] line {fault.line}: {escape(fault.reason)}", soft_wrap=True)
    if len(found.faults) > SHOWN_FAULTS:
        said.print(f"[yellow]•[/] and {len(found.faults) - SHOWN_FAULTS} more")
    if found.unknown:
        said.print(f"[yellow]•[/] {escape(_passed_over(found))}", soft_wrap=True)


def _passed_over(found: Results) -> str:
    """Say which columns weren't read; beside bad rows, which ones would be, for what is missing may stand in them."""
    names = printable(", ".join(found.unknown))[:LONGEST_NAMES]
    if not found.faults:
        return f"ignored, as columns that aren't known: {names}"
    return f"columns that weren't understood: {names}; those known are {', '.join(COLUMNS)}"


def _tell(found: Results, told: tuple[str, ...], *, dry_run: bool, as_json: bool) -> None:
    lessons = () if dry_run or told else _lessons(found.outcomes)
    if as_json:
        answer: dict[str, Any] = {
            "outcomes": [one.model_dump(mode="json") for one in found.outcomes],
            "bad": [asdict(fault) for fault in found.faults],
            "unknown_columns": found.unknown,
            "kept": not dry_run,
            "warnings": told,
            "lessons": lessons,
        }
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
        return
    for warning in told:
        said.print(f"[yellow]•[/] {escape(warning)}", soft_wrap=True)
    clips = len({one.clip_id for one in found.outcomes})
    doing = "would be kept" if dry_run else "kept"
    said.print(f"[green]✓[/] {len({one.id for one in found.outcomes})} outcomes of {clips} clips {doing}")
    for lesson in lessons:
        said.print(f"  learned: {escape(lesson)}", soft_wrap=True)
    if not (lessons or dry_run or told):
        said.print("  too few clips yet to learn from, or no difference beyond chance")


def _lessons(outcomes: tuple[ClipOutcome, ...]) -> tuple[str, ...]:
    """Return what the memory has learned now, workspace by workspace."""
    from omni.memory.receptions import past_of  # noqa: PLC0415
    from omni.wiring import wire  # noqa: PLC0415

    workspaces = sorted({one.workspace for one in outcomes})
    return tuple(lesson.because for each in workspaces for lesson in past_of(wire().memory, each).lessons)
