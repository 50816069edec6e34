"""A job in words: a line of a list, what just happened, how it ended, and the exit code that says so."""

from rich.console import Console
from rich.markup import escape

from deployments.live import DOING, Display
from deployments.remote.answers import printable
from deployments.remote.following import Event
from deployments.schemas import Clip, Job
from omni.record import Status
from omni.spending.wording import dollars, lines_of

EXIT_FAILED, EXIT_PARTIAL, EXIT_REVIEW = 1, 8, 9
WRONG = frozenset({2, 3, 7, EXIT_REVIEW})
"""Exit codes of a request or a file that must be another one, and of clips that nobody approved; to resume is no use."""
WAITING = {
    Status.PENDING: "waiting",
    Status.ANALYZING: "analyzing",
    Status.WRITING_STRATEGY: "writing",
    Status.RENDERING: "rendering",
    Status.NEEDS_REVIEW: "waiting for people",
}
"""What is shown while no stage has reported."""


class View:
    """The events of one job on a terminal: a bar, and a line for what is worth one."""

    def __init__(self, console: Console, display: Display) -> None:
        self._console, self._display = console, display
        self._note: str | None = None
        self._clips: set[tuple[object, object]] = set()
        self._doing, self._overall = "waiting", 0.0

    def show(self, event: Event) -> None:
        """Show one event; what a newer API tells beside is passed over."""
        if event.job is not None:
            self._show_job(event.job)
        elif event.kind == "progress":
            self._doing = _doing(event.data.get("stage"), self._doing)
            self._overall = _fraction(event.data.get("progress"), self._overall)
            self._display.show(self._doing, self._overall)
        elif event.kind == "clip":
            self._show_clip(event.data)

    def _show_job(self, job: Job) -> None:
        if not job.status.is_final:
            self._doing, self._overall = _doing(job.stage, WAITING[job.status]), job.progress
            self._display.show(self._doing, self._overall)
        if job.note and job.note != self._note:
            self._say(f"  {job.note}")
        self._note = job.note

    def _show_clip(self, clip: dict[str, object]) -> None:
        number, state = clip.get("number"), clip.get("state")
        if state in {"rendered", "failed"} and (number, state) not in self._clips:
            self._clips.add((number, state))
            self._say(f"  Short {number} {state}: {clip.get('title', '')}")

    def _say(self, text: str) -> None:
        self._console.print(printable(text), markup=False, soft_wrap=True)


def line(job: Job) -> str:
    """Return a job as one line of a list."""
    made = job.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return (
        f"{job.job_id}  {job.status:<16}  {job.progress:>4.0%}  {made}  {printable(job.video_name or job.video_path)}"
    )


def paragraph(job: Job) -> str:
    """Return where a job stands, one fact a line."""
    facts = [
        ("job", str(job.job_id)),
        ("status", job.status.value),
        ("progress", f"{job.progress:.0%}" + (f", {job.stage}" if job.stage and not job.status.is_final else "")),
        ("note", job.note),
        ("video", f"{job.video_name} ({job.video_path})" if job.video_name else job.video_path),
        ("attempt", str(job.attempt) if job.attempt > 1 else None),
        ("Shorts", ", ".join(_clip(clip) for clip in job.clips)),
        ("folder", job.result.output_dir if job.result else None),
        *(("estimate", line) for line in (lines_of(job.estimate) if job.estimate else ())),
        ("cost", dollars(job.cost_usd) if job.cost_usd != 0 else None),
        ("review", _open(job) if job.review else None),
        ("failed", job.error.cause if job.error else None),
        ("do", job.error.next_step if job.error else None),
        *(("to know", warning) for warning in job.warnings),
        ("Prefect", job.links.prefect_ui),
    ]
    return "".join(f"{name:<9} {printable(value)}\n" for name, value in facts if value)


def tell_review(console: Console, job: Job, review: str, files: str) -> None:
    """Say that a job waits for people; ``review`` is the command with which they decide, ``files`` brings the drafts."""
    for clip in job.clips:
        console.print(f"  {_clip(clip)}: {escape(printable(clip.title))}", soft_wrap=True)
    console.print(f"[yellow]•[/] The drafts wait for people: {escape(_open(job))}", soft_wrap=True)
    console.print(f"  Watch them: {escape(files)}", soft_wrap=True)
    console.print(f"  Decide: {escape(review)} {_choices(job)}", soft_wrap=True)


def tell_decided(job: Job, watch: str) -> str:
    """Return what became of a job by a decision or an edit; ``watch`` is the command to see it go on."""
    if job.status is Status.NEEDS_REVIEW:
        return f"It is recorded; {_open(job)}."
    if job.status.is_final:
        return f"It is recorded; the job stays {job.status}."
    return f"It is recorded, and the job goes on: {watch}"


def tell_end(console: Console, job: Job, again: str, files: str) -> None:
    """Say how a job ended; ``again`` and ``files`` are the commands to retry it and to fetch its files."""
    if job.warnings:
        console.print("\n[yellow]To know[/]")
    for warning in job.warnings:
        console.print(f"  • {escape(printable(warning))}", soft_wrap=True)
    if job.estimate is not None:
        for told in lines_of(job.estimate):
            console.print(f"  {escape(printable(told))}", soft_wrap=True)
    elif job.status is Status.COMPLETED:
        count = job.result.shorts_count if job.result else len(job.clips)
        console.print(f"[green]✓[/] {count} Shorts, strategy and posts; fetch them: {escape(files)}", soft_wrap=True)
    elif job.status is Status.CANCELLED:
        console.print(f"[yellow]•[/] The job was cancelled. Resume it: {escape(again)}", soft_wrap=True)
    else:
        cause = job.error.cause if job.error else "The job failed without a word."
        console.print(f"[red]✗[/] {escape(printable(cause))}", soft_wrap=True)
        if job.error:
            console.print(f"  {escape(printable(job.error.next_step))}", soft_wrap=True)
        if job.error is None or job.error.exit_code not in WRONG:
            console.print(f"  Resume it: {escape(again)}", soft_wrap=True)


def exit_code(job: Job) -> int:
    """Return what the end of a job means to a script: 0 all done, 8 a Short is missing, else the failure's own."""
    if job.status is Status.COMPLETED:
        return EXIT_PARTIAL if any(w.startswith("A Short is missing") for w in job.warnings) else 0
    code = job.error.exit_code if job.error and job.status is Status.FAILED else EXIT_FAILED
    return code if 0 < code < 126 else EXIT_FAILED  # beyond, shells mean signals and commands not found


def _clip(clip: Clip) -> str:
    return f"{clip.number} {clip.decision.verdict if clip.decision else clip.state}"


def _choices(job: Job) -> str:
    """Return how the open clips could be decided: the last rejected, where there are several."""
    numbers = [str(number) for number in job.review.open] if job.review else []
    approved, rejected = (numbers[:-1], numbers[-1:]) if numbers[1:] else (numbers, [])
    return " ".join(
        (f"--approve {','.join(approved) or 'rest'}", *(f"--reject {number} --reason WHY" for number in rejected))
    )


def _open(job: Job) -> str:
    """Return which clips are open, and until when."""
    if job.review is None:
        return "nothing is open"
    numbers = ", ".join(map(str, job.review.open)) or "none"
    still_open = f"clip {numbers} is open" if len(job.review.open) == 1 else f"clips {numbers} are open"
    if job.review.until is None:
        return still_open
    then = f"they are {job.review.then}" if job.review.then else "the job is cancelled"
    return f"{still_open} until {job.review.until.astimezone():%Y-%m-%d %H:%M}, then {then}"


def _doing(stage: object, otherwise: str) -> str:
    return DOING.get(stage, printable(stage)) if isinstance(stage, str) and stage else otherwise


def _fraction(value: object, otherwise: float) -> float:
    return min(1.0, max(0.0, float(value))) if isinstance(value, int | float) else otherwise
