"""Several workers of one machine on one memory folder: what each keeps and asks, and how long it waits for its turn."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.figures import Figure, at_most
from bench.memory._world import RandomEmbedder, World
from omni.adapters.qdrant import QdrantMemory

SIZE, ROUNDS, RECORDS = 2_000, 6, 7
"""Records that are there, jobs of each worker, records of a job."""

WORKERS = (1, 2, 4, 8)
LOST_BAR = 0


def figures() -> list[Figure]:
    """Let workers keep and ask at the same time; nothing may be lost."""
    lost = 0
    for workers in WORKERS:
        with tempfile.TemporaryDirectory(prefix="omni-memory-") as folder:
            lost += _contest(workers, Path(folder))
    return [at_most("records lost by workers on one folder", lost, LOST_BAR, "")]


def _contest(workers: int, folder: Path) -> int:
    memory = _memory(folder)
    memory.keep(list(World().records(SIZE)))
    began = time.perf_counter()
    code = "import sys; from bench.memory.contention import work; work(sys.argv[1], int(sys.argv[2]))"
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(folder), str(number)], stdout=subprocess.PIPE, text=True)
        for number in range(workers)
    ]
    told = [json.loads(process.communicate()[0]) for process in started]
    seconds = time.perf_counter() - began
    kept, asked = (sorted(one for each in told for one in each[what]) for what in ("kept", "asked"))
    print(
        f"{workers} workers, {SIZE} records: {workers * ROUNDS} jobs in {seconds:.1f} s; "
        f"kept in {median(kept):.2f} s, at worst {kept[-1]:.2f}; asked in {median(asked):.2f} s, at worst {asked[-1]:.2f}"
    )
    there = sum(1 for _ in memory.records("contest"))
    return workers * ROUNDS * RECORDS - there


def work(folder: str, number: int) -> None:
    """Ask and keep as jobs do, and print how long each took; a process that waits too long fails."""
    memory, world = _memory(Path(folder)), World(seed=100 + number)
    kept, asked = list[float](), list[float]()
    for job in range(ROUNDS):
        began = time.perf_counter()
        memory.search("contest", world.question(), limit=100)
        asked.append(time.perf_counter() - began)
        records = [
            record.model_copy(
                update={"workspace": "contest", "id": f"{number:08x}-0000-4000-8000-{job:04x}{place:08x}"}
            )
            for place, record in enumerate(world.records(RECORDS))
        ]
        began = time.perf_counter()
        memory.keep(records)
        kept.append(time.perf_counter() - began)
    print(json.dumps({"kept": kept, "asked": asked}))


def _memory(folder: Path) -> QdrantMemory:
    return QdrantMemory.on_disk(folder, RandomEmbedder(), lock_seconds=60)
