"""The commands that ask an API to do the work, show how far it is, and bring what it made."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar
from uuid import UUID, uuid4

from cyclopts import Parameter
from cyclopts.validators import Number

from deployments.errors import ApiBusy, ApiUnreachable
from deployments.live import Display, transfer
from deployments.remote.answers import Told, printable
from deployments.remote.client import ApiClient
from deployments.remote.console import Door, is_confirmed, said, say, stop
from deployments.remote.fetching import fetch
from deployments.remote.following import Event, follow
from deployments.remote.sending import submission
from deployments.remote.telling import EXIT_REVIEW, View, exit_code, line, paragraph, tell_end, tell_review
from deployments.schemas import FileEntry, Job, Submission
from omni.contracts import Brief
from omni.record import Status

JobId = Annotated[UUID, Parameter(help="As `omni submit` and `omni list` print it.")]
Timeout = Annotated[
    float | None,
    Parameter(validator=Number(gt=0), help="Stop waiting after this many seconds; the job goes on."),
]
Asked = Annotated[Brief, Parameter(name="*")]
HERE, NOTHING = Door(), Brief()

T = TypeVar("T")


def submit(  # noqa: PLR0913  # an option each
    video: Annotated[str, Parameter(help="A file, here or where the API finds it; or an https address it may fetch.")],
    *,
    brief: Asked = NOTHING,
    wait: Annotated[
        bool, Parameter(negative="", help="Show it until it has ended or waits for people; the exit code says which.")
    ] = False,
    timeout: Timeout = None,
    upload: Annotated[
        bool, Parameter(negative="", help="Send the file itself; done anyway when it is here and the API is not.")
    ] = False,
    dry_run: Annotated[
        bool, Parameter(negative="", help="Only say what the job would cost; nothing is asked of a model.")
    ] = False,
    webhook: Annotated[str | None, Parameter(help="Address to tell of the end of the job.")] = None,
    idempotency_key: Annotated[
        str | None, Parameter(help="The same key always means the same job; a new key each time when not given.")
    ] = None,
    door: Door = HERE,
) -> None:
    """Hand a video to an API, which makes the Shorts; print the job's id."""
    with door.client() as client:
        asked = _stoppable(
            lambda: submission(client, said, video, brief, webhook, upload=upload, dry_run=dry_run),
            "Nothing was submitted.",
        )
        told = _submit(client, door, asked, idempotency_key or str(uuid4()))
        job_id = told.body.job_id
        say(f"This key had made {job_id} before." if told.replayed else f"Accepted as {job_id}.")
        if not (wait and door.as_json):
            door.answer(told.raw, f"{job_id}\n")
        if not wait:
            say(f"Watch it: {door.command('watch', job_id)}")
            return
        done = _wait(client, door, job_id, timeout)
    if door.as_json:
        door.answer(done.data, "")
    _end(door, done)


def status(job_id: JobId, *, door: Door = HERE) -> None:
    """Show where a job stands."""
    with door.client() as client:
        told = client.status(job_id)
    door.answer(told.raw, paragraph(told.body))
    if told.body.review is not None and not door.as_json:
        _tell_review(door, told.body)


def watch(job_id: JobId, *, timeout: Timeout = None, door: Door = HERE) -> None:
    """Show a job's progress until it has ended or waits for people; Ctrl-C ends the watching only."""
    with door.client() as client:
        done = _wait(client, door, job_id, timeout, _print_event if door.as_json else None)
    if done.job is not None and done.job.result is not None and not door.as_json:
        door.answer(None, f"{printable(done.job.result.output_dir)}\n")
    _end(door, done)


def list_jobs(
    *,
    status: Annotated[Status | None, Parameter(help="Only those of this status.")] = None,
    limit: Annotated[int, Parameter(validator=Number(gte=1, lte=100), help="How many, 1–100.")] = 20,
    cursor: Annotated[str | None, Parameter(help="Go on where a page ended.")] = None,
    door: Door = HERE,
) -> None:
    """Show jobs, newest first."""
    with door.client() as client:
        told = client.jobs(limit, cursor, status)
    door.answer(told.raw, "".join(f"{line(job)}\n" for job in told.body.items))
    if told.body.next_cursor:
        chosen = ("--status", status.value.lower().replace("_", "-")) if status else ()
        more = door.command("list", *chosen, "--limit", limit, "--cursor", printable(told.body.next_cursor))
        say(f"More: {more}")
    elif not told.body.items:
        say(f"No jobs; `{door.command('submit', 'FILE')}` makes one.")


def cancel(job_id: JobId, *, door: Door = HERE) -> None:
    """End a job before it is done; finished stages are kept for a retry."""
    with door.client() as client:
        told = client.cancel(job_id)
    door.answer(told.raw, f"{told.body.job_id}\n")
    ended = told.body.status.is_final
    say(f"It is {told.body.status}." if ended else f"It is being cancelled: {door.command('watch', job_id)}")


def retry(job_id: JobId, *, door: Door = HERE) -> None:
    """Resume a job that failed or was cancelled; finished stages are kept."""
    with door.client() as client:
        told = client.retry(job_id)
    door.answer(told.raw, f"{told.body.job_id}\n")
    say(f"It goes on; watch it: {door.command('watch', job_id)}")


def delete(
    job_id: JobId,
    *,
    yes: Annotated[bool, Parameter(name=("--yes", "-y"), negative="", help="Don't ask.")] = False,
    door: Door = HERE,
) -> None:
    """Delete an ended job and its files."""
    if not yes and not is_confirmed(f"Deleting job {job_id} and its files"):
        stop("Nothing was deleted.")
    with door.client() as client:
        client.delete(job_id)
    door.answer({"job_id": str(job_id), "deleted": True}, f"{job_id}\n")
    say("Deleted.")


def files(
    job_id: JobId,
    *,
    folder: Annotated[
        Path | None,
        Parameter(name="--fetch", help="Folder to bring them to; run again, it goes on where it broke off."),
    ] = None,
    door: Door = HERE,
) -> None:
    """Show the files of a completed job, or bring them here."""
    with door.client() as client:
        told = client.files(job_id)
        entries = told.body.items
        if folder is None:
            door.answer(told.raw, "".join(f"{e.size_bytes:>12}  {printable(e.name)}\n" for e in entries))
            say(f"Bring them here: {door.command('files', job_id, '--fetch', 'FOLDER')}")
            return
        into = folder.expanduser()
        paths = _stoppable(
            lambda: _bring(client, job_id, entries, into), "Stopped; the same command goes on where it broke off."
        )
    door.answer([str(path) for path in paths], "".join(f"{path}\n" for path in paths))
    say(f"{len(paths)} files, as they were made.")


def _submit(client: ApiClient, door: Door, asked: Submission, key: str) -> Told[Job]:
    dry = ("--dry-run",) if asked.dry_run else ()
    again = f"`{door.command('submit', printable(asked.video), *dry, '--idempotency-key', printable(key))}`"
    try:
        return client.submit(asked, key)
    except (ApiUnreachable, ApiBusy):
        say(f"With the same brief, {again} never makes a second job.")
        raise
    except KeyboardInterrupt:
        stop(f"Stopped before the API answered. With the same brief, {again} never makes a second job.")


def _wait(
    client: ApiClient, door: Door, job_id: UUID, timeout: float | None, each: Callable[[Event], None] | None = None
) -> Event:
    """Show a job until it has ended, and return the event that says so."""
    again = door.command("watch", job_id)

    def watched() -> Event:
        with Display(said) as display:
            show = each or View(said, display).show
            for event in follow(client, job_id, seconds=timeout, command=again, tell=say):
                show(event)
                if event.kind in {"done", "review"}:
                    return event
        raise AssertionError  # what is followed ends with one of them

    return _stoppable(watched, f"Stopped waiting; job {job_id} goes on. Watch it again: {again}")


def _end(door: Door, done: Event) -> NoReturn:
    assert done.job is not None  # noqa: S101  # the last event says how the job stands
    job = done.job
    if done.kind == "review":
        _tell_review(door, job)
        sys.exit(EXIT_REVIEW)
    tell_end(said, job, door.command("retry", job.job_id), _fetching(door, job))
    sys.exit(exit_code(job))


def _tell_review(door: Door, job: Job) -> None:
    tell_review(said, job, door.command("review", job.job_id), _fetching(door, job))


def _fetching(door: Door, job: Job) -> str:
    return door.command("files", job.job_id, "--fetch", "FOLDER")


def _bring(client: ApiClient, job_id: UUID, entries: tuple[FileEntry, ...], folder: Path) -> list[Path]:
    paths: list[Path] = []
    before = 0
    with transfer(said, "fetching", sum(entry.size_bytes for entry in entries)) as progress:
        for entry in entries:
            done = before
            paths.append(fetch(client, job_id, entry, folder, lambda here, done=done: progress(done + here)))
            before += entry.size_bytes
    return paths


def _print_event(event: Event) -> None:
    told: dict[str, Any] = {"event": event.kind, "id": event.id, "data": event.data}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _stoppable(act: Callable[[], T], text: str) -> T:
    try:
        return act()
    except KeyboardInterrupt:
        stop(text)
