"""`omni memory`: what is remembered, from the operator's side."""

import json
import re
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, TextIO

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress

from deployments.remote.console import is_confirmed, say, stop
from omni.contracts import Warnings
from omni.errors import ImportUnusable, SourceNotFound
from omni.memory.forgetting import Doomed, doomed_ids
from omni.memory.forgetting import forget as forget_everywhere
from omni.memory.recalling import keep
from omni.memory.transfer import Fault, exported, imported, not_older
from omni.settings import Settings
from omni.sourcing.ingesting import digest_of
from omni.wiring import Workshop, wire

BATCH = 256
"""Records that are imported at a time."""

SHOWN_FAULTS = 20

FileOrStream = Annotated[str, Parameter(allow_leading_hyphen=True)]
"""A path, or ``-``."""

app = App(
    name="memory", help="Look after what is remembered: show, learn, lessons, reindex, export, import, forget, flush."
)
app.command("deployments.learning:lessons", name="lessons", help="Show what outcomes taught.")
app.command("deployments.learning:learn", name="learn", help="Tell the memory what came of clips: a CSV or JSON file.")
said = Console(stderr=True, highlight=False)


@app.command
def show(*, as_json: Annotated[bool, Parameter(name="--json")] = False) -> None:
    """Say where the memory is, what makes its meanings, and how much it holds.

    Parameters
    ----------
    as_json
        Print it as JSON.

    """
    shop = wire()
    held, waiting, refused = shop.memory.holdings(), len(shop.outbox.waiting()), len(shop.outbox.refused())
    if as_json:
        told = held.model_dump() | {"outbox": {"waiting": waiting, "refused": refused}}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    lines = [f"{held.engine} at {held.where}"]
    if held.collection:
        name = held.collection if held.alias == held.collection else f"{held.collection}, behind the alias {held.alias}"
        lines.append(f"collection {name}; meanings by {', '.join(held.vectors)}")
    for workspace, kinds in sorted(held.counts.items()):
        lines.append(f"{workspace}: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}")
    if not held.counts:
        lines.append("nothing is remembered yet; `omni produce FILE` begins it")
    if held.without_meaning:
        lines.append(
            f"{held.without_meaning} are found by their words only; `omni memory reindex` gives them a meaning"
        )
    if held.is_outgrown:
        lines.append(f"that is more than the {held.most} a folder is quick with; export, set QDRANT_URL, and import")
    if waiting or refused:
        lines.append(f"outbox: {waiting} batches wait (`omni memory flush`), {refused} were refused")
    sys.stdout.write("".join(f"{line}\n" for line in lines))


@app.command
def reindex(*, embedder: Literal["auto", "hashing", "minilm", "gemini"] | None = None) -> None:
    """Give everything the meaning that an embedder makes of it; jobs go on meanwhile, and stopped, it goes on where it was.

    Parameters
    ----------
    embedder
        Which one: auto, hashing, minilm, gemini; OMNI_EMBEDDER when not given.

    """
    settings = Settings()
    shop = wire() if embedder is None else Workshop(Settings(embedder=embedder))
    with Progress(console=said, transient=True) as bar:
        task = bar.add_task(f"reading with {shop.embedder.name}", total=1.0)
        count = shop.memory.reindex(lambda done: bar.update(task, completed=done))
    say(f"{count} records got their meaning from {shop.embedder.name}." if count else "Every record has its meaning.")
    if shop.settings.embedding != settings.embedding:
        say(f"Jobs still use {settings.embedding}: set OMNI_EMBEDDER={shop.settings.embedding} for them.")


@app.command(name="export")
def export_records(file: FileOrStream, *, workspace: str | None = None) -> None:
    """Write every record as a line of JSON.

    Parameters
    ----------
    file
        Where to; `-` is the standard output.
    workspace
        Of one workspace only.

    """
    count = 0
    with _target(file) as target:
        for line in exported(wire().memory.records(workspace)):
            target.write(line)
            count += 1
    say(f"{count} records were exported.")


@app.command(name="import")
def import_records(file: FileOrStream, *, skip_bad: Annotated[bool, Parameter(negative="")] = False) -> None:
    """Keep the records of an export; what is there already stays one, and stays as it is where it is newer. Nothing is kept when any line is bad.

    Parameters
    ----------
    file
        Where from; `-` is the standard input.
    skip_bad
        Keep the good lines and only name the bad ones.

    """
    with _origin(file) as lines:
        records, faults = imported(lines)
    told = "\n".join(f"line {fault.line}: {fault.reason}" for fault in faults[:SHOWN_FAULTS])
    if faults and not skip_bad:
        raise ImportUnusable(where=file, count=len(faults), faults=_with_rest(told, faults))
    if faults:
        say(f"{len(faults)} lines were left out:\n{_with_rest(told, faults)}")
    warnings: dict[str, None] = {}
    memory = wire().memory
    fresh = not_older(memory, records)
    for first in range(0, len(fresh), BATCH):
        warnings |= dict.fromkeys(keep(memory, fresh[first : first + BATCH]))
    _tell(tuple(warnings))
    if older := len(records) - len(fresh):
        say(f"{older} are older than what is remembered, and were left out.")
    say(f"{len(fresh)} records were imported.")


@app.command
def forget(
    *,
    source: str | None = None,
    workspace: str | None = None,
    yes: Annotated[bool, Parameter(name=("--yes", "-y"), negative="")] = False,
) -> None:
    """Forget a video or a workspace completely: strategies, clips, posts, outcomes, and what waits in the outbox.

    Parameters
    ----------
    source
        The video: its file, or the sha256 of it. With a workspace, only there.
    workspace
        The workspace.
    yes
        Don't ask.

    """
    if source is None and workspace is None:
        app.help_print(["forget"])
        sys.exit(2)
    shop, doomed = wire(), Doomed(workspace, _sha256(source) if source else None)
    ids = doomed_ids(shop.memory, shop.outbox, doomed)
    if ids and not yes and not is_confirmed(f"Forgetting {len(ids)} records for ever"):
        stop("Nothing was forgotten.")
    say(f"{forget_everywhere(shop.memory, shop.outbox, doomed)} records were forgotten.")


@app.command
def flush(*, again: Annotated[bool, Parameter(negative="")] = False) -> None:
    """Keep what waits in the outbox.

    Parameters
    ----------
    again
        Try what was refused once more, too.

    """
    shop = wire()
    flushed = shop.outbox.flush(shop.memory, again=again)
    _tell(flushed.warnings)
    say(f"{flushed.records} records that had waited are remembered now.")


def _sha256(source: str) -> str:
    if re.fullmatch(r"[0-9a-fA-F]{64}", source):
        return source.lower()
    path = Path(source).expanduser().absolute()
    if not path.is_file():
        raise SourceNotFound(path=path)
    return digest_of(path)


@contextmanager
def _target(file: str) -> Generator[TextIO]:
    """Yield where to write; a file appears only when it is complete."""
    if file == "-":
        yield sys.stdout
        return
    final = Path(file)
    part = final.with_name(f".{final.name}.part")
    try:
        with part.open("w", encoding="utf-8") as target:
            yield target
        part.replace(final)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _origin(file: str) -> Generator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    path = Path(file)
    if not path.is_file():
        raise SourceNotFound(path=path)
    with path.open("rb") as lines:
        yield lines


def _with_rest(told: str, faults: Sequence[Fault]) -> str:
    rest = len(faults) - SHOWN_FAULTS
    return f"{told}\n… and {rest} more" if rest > 0 else told


def _tell(warnings: Warnings) -> None:
    for warning in warnings:
        say(f"• {warning}")
