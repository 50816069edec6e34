"""A job's progress on a terminal: one bar, the stage in words; plain lines where there is no terminal."""

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from omni.progress import Moment

DOING = {
    "ingest": "opening",
    "listen": "listening",
    "watch": "watching",
    "recall": "recalling",
    "analyze": "finding moments",
    "write": "writing",
    "render": "rendering",
    "deliver": "delivering",
    "remember": "remembering",
}
PLAIN_STEP = 0.1
"""Without a terminal a line is written for each tenth of the job."""


class Display:
    """A progress listener that draws; a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description:<16}"),
            BarColumn(bar_width=40),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("starting", total=1.0)
        self._told = 0.0
        self._seen: set[str] = set()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, moment: Moment) -> None:
        """Show one report."""
        doing = DOING[moment.stage]
        self._bar.update(self._task, completed=moment.overall, description=doing)
        if self._console.is_terminal:
            return
        if moment.stage not in self._seen or moment.overall >= self._told + PLAIN_STEP:
            self._seen.add(moment.stage)
            self._told = max(self._told, moment.overall)
            self._console.print(f"  {moment.overall:4.0%}  {doing}")
