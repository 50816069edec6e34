"""`omni`: the command line. Results go to stdout, everything said on the way to stderr."""

import json
import logging
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape

from deployments.live import Display
from deployments.stack.environment import orchestrator, prepare
from omni.contracts import Brief, Estimate, Production
from omni.errors import Aborted, OmniError, SourceNotFound
from omni.roots import require_sayable
from omni.settings import Settings
from omni.spending.wording import lines_of

EXIT_PARTIAL, EXIT_INTERRUPTED = 8, 130

app = App(
    name="omni",
    suppress_keyboard_interrupt=False,  # main() says what it means
    help="Long video in; checked vertical Shorts, posts and a memory, out.",
    version_flags=["--version"],
)
said = Console(stderr=True, highlight=False)

ASKING = {
    "submit": "Hand a video to an API, which makes the Shorts; print the job's id.",
    "status": "Show where a job stands.",
    "watch": "Show a job's progress until it has ended or waits for people; Ctrl-C ends the watching only.",
    "list": "Show jobs, newest first.",
    "cancel": "End a job before it is done; finished stages are kept for a retry.",
    "retry": "Resume a job that failed or was cancelled; finished stages are kept.",
    "delete": "Delete an ended job and its files.",
    "files": "Show the files of a completed job, or bring them here.",
}
JUDGING = {
    "review": "Approve or reject the clips of a job; one that waits for people goes on once all are decided.",
    "edit": "Change a clip: where it starts and ends, its title, captions or posts; only that clip is made anew.",
    "more": "Make a job of the next best moments of the same source; print its id.",
}
RUNNING = {
    "serve": "Run everything on this machine: Prefect, workers and the API; Ctrl-C ends all of it.",
    "api": "Run the API alone, for the Prefect server that PREFECT_API_URL names.",
    "worker": "Run a worker on this machine, for the Prefect server that PREFECT_API_URL names.",
    "reconcile": "Look after runs whose process died, and tell webhooks of ends.",
    "bot": "Answer in Telegram, for the API that OMNI_API_URL names (docs/telegram.md).",
    "deploy": "Register pools and deployments with the Prefect server that PREFECT_API_URL names.",
}
"""Commands are named by their paths, so that only the one that is run is imported."""
for _name, _help in ASKING.items():
    app.command(f"deployments.remote.commands:{'list_jobs' if _name == 'list' else _name}", name=_name, help=_help)
for _name, _help in JUDGING.items():
    app.command(f"deployments.remote.judging:{_name}", name=_name, help=_help)
for _name, _help in RUNNING.items():
    where = "bot.running" if _name == "bot" else "stack.operating"
    app.command(f"deployments.{where}:{_name}", name=_name, help=_help)
app.command("deployments.keys:app", name="keys", help="Make, show and revoke API keys.")
app.command(
    "deployments.memory:app", name="memory", help="Show, teach, reindex, export, import and forget what is remembered."
)
app.command("deployments.keys:webhook_secret", name="webhook-secret", help="Show what webhooks are signed with.")


def main() -> None:
    """Run the command line; the exit code tells the cause (docs/errors.md)."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app(sys.argv[1:])
    except OmniError as error:
        said.print(f"[red]✗[/] {escape(error.cause)}\n  {escape(error.next_step)}", soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        stopped = Aborted(doing="running")
        said.print(f"\n{stopped}", soft_wrap=True)
        sys.exit(EXIT_INTERRUPTED)


@app.command
def produce(
    video: Path,
    *,
    brief: Annotated[Brief, Parameter(name="*")] = Brief(),  # noqa: B008  # frozen: safe to share
    output: Path | None = None,
    estimate: Annotated[bool, Parameter(negative="")] = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
    verbose: bool = False,
) -> None:
    """Turn a video into checked Shorts, posts and a remembered strategy, on this machine, without a server.

    Parameters
    ----------
    video
        The file: video or audio, with or without subtitles beside it.
    brief
        What to look for, how many Shorts, how long, for which platforms.
    output
        Folder for the results; OMNI_OUTPUT or `output` when not given.
    estimate
        Only look at the file and say what the job would cost; nothing is asked of a model.
    as_json
        Print the result as JSON.
    verbose
        Show Prefect's log.

    """
    if estimate:
        _tell_estimate(_estimated(video, brief), as_json=as_json)
        return
    production = _run(video, brief, output, verbose=verbose)
    if as_json:
        sys.stdout.write(production.model_dump_json(indent=2) + "\n")
    else:
        _tell(production)
    if any(warning.startswith("A Short is missing") for warning in production.warnings):
        sys.exit(EXIT_PARTIAL)


@app.command
def doctor(*, as_json: Annotated[bool, Parameter(name="--json")] = False) -> None:
    """Say what is in use, what is missing, and what is degraded.

    Parameters
    ----------
    as_json
        Print the findings as JSON.

    """
    from deployments.doctor import examine  # noqa: PLC0415  # loads every adapter

    findings = examine()
    if as_json:
        sys.stdout.write(json.dumps([finding.model_dump() for finding in findings], indent=2) + "\n")
    else:
        for finding in findings:
            mark = {"ok": "[green]✓[/]", "degraded": "[yellow]•[/]", "broken": "[red]✗[/]"}[finding.state]
            said.print(f"{mark} [bold]{finding.name}[/]: {escape(finding.value)}", soft_wrap=True)
            if finding.advice:
                said.print(f"    {escape(finding.advice)}", soft_wrap=True)
    if any(finding.state == "broken" for finding in findings):
        sys.exit(1)


@app.command
def recall(
    topic: str,
    *,
    workspace: str = "default",
    limit: int = 5,
    posts: Annotated[bool, Parameter(negative="")] = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Show what the memory knows about a topic.

    Parameters
    ----------
    topic
        A few words.
    workspace
        Whose memory to ask.
    limit
        How many answers.
    posts
        Look for posts, by their words, instead of strategies and clips.
    as_json
        Print the answers as JSON.

    """
    from omni.memory.recalling import recall_posts, recall_topic  # noqa: PLC0415  # loads the memory only when asked
    from omni.timecode import clock  # noqa: PLC0415
    from omni.wiring import wire  # noqa: PLC0415

    memory = wire().memory
    found, told = (
        (recall_posts(memory, workspace, topic, limit), ()) if posts else recall_topic(memory, workspace, topic, limit)
    )
    for warning in told:
        said.print(f"[yellow]•[/] {escape(warning)}", soft_wrap=True)
    if as_json:
        sys.stdout.write(json.dumps([p.model_dump(mode="json") for p in found], ensure_ascii=False, indent=2) + "\n")
        return
    if not found:
        is_empty = not any(True for _ in memory.records(workspace))
        nothing = (
            "nothing yet; `omni produce FILE` fills it" if is_empty else f"no {'post' if posts else 'record'} like that"
        )
        said.print(f"The memory of workspace {workspace!r} holds {nothing}.")
    for precedent in found:
        when = f" {clock(precedent.span.start)}–{clock(precedent.span.end)}" if precedent.span else ""
        said.print(
            f"[bold]{escape(precedent.title)}[/]  [dim]{precedent.kind} · {escape(precedent.source_title)}{when}[/]"
        )
        said.print(f"  {escape(precedent.text[:200])}", soft_wrap=True)
        if precedent.reception:
            said.print(f"  [dim]came of it:[/] {escape(precedent.reception.text)}", soft_wrap=True)


def _file(video: Path) -> Path:
    path = video.expanduser().absolute()
    if not path.is_file():
        raise SourceNotFound(path=video)
    require_sayable(path)
    return path


def _estimated(video: Path, brief: Brief) -> Estimate:
    from omni.sourcing.ingesting import ingest  # noqa: PLC0415  # loads every adapter
    from omni.wiring import wire  # noqa: PLC0415

    workshop = wire()
    workshop.require(brief)
    return workshop.estimate(ingest(_file(video), workshop.prober, workshop.limits), brief)


def _run(video: Path, brief: Brief, output: Path | None, *, verbose: bool) -> Production:
    settings, path = Settings(), _file(video)
    prepare(settings, output=output, verbose=verbose)
    said.print(f"[bold]{escape(video.name)}[/]: starting Prefect …")
    with orchestrator(settings):
        from prefect.logging.handlers import APILogHandler  # noqa: PLC0415

        from flows.produce import produce as flow  # noqa: PLC0415  # 1.3 s, and it reads the environment prepared above
        from tasks.progress import tally  # noqa: PLC0415

        for name in ("prefect.flow_runs", "prefect.task_runs"):  # our own words tell what failed
            logging.getLogger(name).setLevel(logging.INFO if verbose else logging.CRITICAL)
        try:
            with Display(said) as display:
                tally().listeners.append(display)
                made = flow(str(path), brief)
        finally:
            APILogHandler().flush()  # what waits for a server that is gone is tried for more than a minute
    assert isinstance(made, Production)  # noqa: S101  # this was no dry run
    return made


def _tell_estimate(told: Estimate, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(told.model_dump_json(indent=2) + "\n")
        return
    sys.stdout.write("".join(f"{line}\n" for line in lines_of(told)))
    for warning in told.warnings:
        said.print(f"  • {escape(warning)}", soft_wrap=True)


def _tell(production: Production) -> None:
    if production.warnings:
        said.print("\n[yellow]To know[/]")
        for warning in production.warnings:
            said.print(f"  • {escape(warning)}", soft_wrap=True)
    said.print(
        f"\n[green]✓[/] {production.shorts_count} Shorts, strategy and posts in [bold]{escape(str(production.output_dir))}[/]"
    )
    if production.strategy_id:
        said.print('  remembered; ask with: omni recall "topic"')
    sys.stdout.write(f"{production.output_dir}\n")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
