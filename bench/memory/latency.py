"""How long the memory on disk takes to open, to be asked and to keep, by its size; ``--large`` does 100 000 records alone.

Warm is a process that has asked before, cold one that asks for the first time, as most jobs do: wall and processor seconds, for
on a machine that does other things only these can be compared. A batch is a transaction of SQLite.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

from bench.figures import Figure, at_most, report
from bench.memory._world import RandomEmbedder, World
from omni.adapters.qdrant import QdrantMemory
from omni.ports import MemoryRecord

SIZES, LARGE = (1_000, 10_000), 100_000
QUESTIONS, KEPT, COLD = 60, 7, 3
"""Questions of one size; records of the job that is kept; processes that ask for the first time."""

BAR_MS = 100
"""Of 10 000 records, 95 of a hundred times (issue 7)."""

FILLED = 2_000
"""Records that are written in one go while a memory is filled."""


def figures() -> list[Figure]:
    """Fill memories and ask them."""
    found: list[Figure] = []
    for size in (LARGE,) if "--large" in sys.argv else SIZES:
        with tempfile.TemporaryDirectory(prefix="omni-memory-") as folder:
            found += _of_size(size, Path(folder))
    return found


def _of_size(size: int, folder: Path) -> list[Figure]:
    world, began = World(), time.perf_counter()
    fill(folder, world.records(size))
    print(f"{size}: {size / (time.perf_counter() - began):.0f} records kept a second, {_megabytes(folder):.0f} MB")
    return ask(folder, size)


def fill(folder: Path, records: Iterable[MemoryRecord]) -> None:
    """Keep records in large batches."""
    memory, left = _memory(folder), iter(records)
    with memory.session():
        while batch := list(islice(left, FILLED)):
            memory.keep(batch)


def ask(folder: Path, size: int) -> list[Figure]:
    """Ask a filled memory, and let it keep a job."""
    memory, world, times = _memory(folder), World(seed=3), 1 if size == LARGE else COLD
    cold = [tuple(float(number) for number in _python("cold", folder).split()) for _ in range(times)]
    wall, processor, megabytes = (median(column) for column in zip(*cold, strict=True))
    memory.search("w0", world.question(), limit=5)
    asked = sorted(_timed(lambda: memory.search("w0", world.question(), limit=100)) for _ in range(QUESTIONS))
    of_source = _timed(lambda: memory.of_source("w0", f"{0:064x}"))
    job = list(World(seed=2).records(KEPT))
    kept = median(_timed(lambda: memory.keep(job)) for _ in range(times))
    print(
        f"{size}: first question of a process {wall:.2f} s ({processor:.2f} of the processor, {megabytes:.0f} MB); warm p50 {1000 * median(asked):.1f} ms, "
        f"p95 {1000 * _p95(asked):.1f} ms; clips of a source {1000 * of_source:.1f} ms; "
        f"a job of {KEPT} records kept in {kept:.2f} s"
    )
    name = f"recall of {size} records on disk, p95"
    return [at_most(name, 1000 * _p95(asked), BAR_MS, "ms")] if size <= SIZES[-1] else []


def cold(folder: Path) -> None:
    """Print how long the first question of a process takes, and its memory; Python's own start and the imports left out."""
    memory, question, began = _memory(folder), World().question(), time.process_time()
    wall = _timed(lambda: memory.search("w0", question, limit=100))
    print(wall, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


def _memory(folder: Path) -> QdrantMemory:
    return QdrantMemory.on_disk(folder, RandomEmbedder(), lock_seconds=60)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _p95(sorted_seconds: list[float]) -> float:
    return quantiles(sorted_seconds, n=20)[-1]


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _python(what: str, folder: Path) -> str:
    code = f"from pathlib import Path; from bench.memory.latency import {what}; {what}(Path({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    report(figures())
