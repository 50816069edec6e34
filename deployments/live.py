"""A job's progress on a terminal: one bar, the stage in words; plain lines where there is no terminal."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

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
            TextColumn("{task.description:<16}", markup=False),
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
        if self._console.is_terminal:
            self._bar.stop()

    def __call__(self, moment: Moment) -> None:
        """Show one report."""
        self.show(DOING[moment.stage], moment.overall)

    def show(self, doing: str, overall: float) -> None:
        """Show what is being done, and how much of the whole is done (0–1)."""
        self._bar.update(self._task, completed=overall, description=doing)
        if self._console.is_terminal:
            return
        if doing not in self._seen or overall >= self._told + PLAIN_STEP:
            self._seen.add(doing)
            self._told = max(self._told, overall)
            self._console.print(f"  {overall:4.0%}  {doing}", markup=False)


@contextmanager
def transfer(console: Console, doing: str, total: int) -> Generator[Callable[[int], None]]:
    """Give a function that shows how many of the bytes have been moved; on a terminal only."""
    bar = Progress(
        TextColumn("{task.description:<16}", markup=False),
        BarColumn(bar_width=40),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    task = bar.add_task(doing, total=total)
    with bar:
        yield lambda done: bar.update(task, completed=done)
