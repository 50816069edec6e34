"""The whole offline analysis (words, speech, loudness, shots, faces, motion) against one bare decode of the file.

Run on an idle machine: ``python -m bench.analysis [FILE] [--json FILE]``; without a file, samples/talk.mp4 as it is (drawn, and
decoded almost for nothing) and as a camera would have recorded it (1080p, grain).
"""

import argparse
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.figures import Figure, at_most, report
from bench.sources import TALK, as_filmed
from omni.contracts import Brief, Source
from omni.sourcing.ingesting import ingest
from omni.speech.listening import listen
from omni.vision.watching import watch
from omni.wiring import Workshop, wire

ROUNDS = 3


def main() -> None:
    """Measure in turns and print medians."""
    parser = argparse.ArgumentParser(prog="python -m bench.analysis", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json")
    options = parser.parse_args()
    if options.file:
        report(_figures(options.file, options.file.name, options.rounds))
        return
    with tempfile.TemporaryDirectory(prefix="omni-bench-") as folder:
        camera = as_filmed(Path(folder))
        report(
            [*_figures(camera, "1080p with grain", options.rounds), *_figures(TALK, "samples/talk.mp4", options.rounds)]
        )


def _figures(path: Path, name: str, rounds: int) -> list[Figure]:
    workshop = wire()
    source = ingest(path, workshop.prober, workshop.limits)
    _analyse(workshop, source)  # the models are loaded once in the life of a worker
    pairs = [
        (_timed(lambda: _decode(workshop, source)), _timed(lambda: _analyse(workshop, source))) for _ in range(rounds)
    ]
    decoded, analysed = (
        [statistics.median(cost) for cost in zip(*side, strict=True)] for side in zip(*pairs, strict=True)
    )
    print(f"{name}: {source.duration:.0f} s")
    print(f"  decode   {decoded[0]:5.1f} s wall, {decoded[1]:5.1f} s processor")
    print(f"  analysis {analysed[0]:5.1f} s wall, {analysed[1]:5.1f} s processor")
    walls = statistics.median(after[0] / before[0] for before, after in pairs)
    work = statistics.median(after[1] / before[1] for before, after in pairs)
    return [
        at_most(f"offline analysis against a bare decode, {name}: wall", walls, 1.3),
        at_most(f"the same, {name}: processor time", work, 1.3),
    ]


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Return wall and processor seconds, children included."""
    begun, worked = time.perf_counter(), _processor_seconds()
    work()
    return time.perf_counter() - begun, _processor_seconds() - worked


def _processor_seconds() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _decode(workshop: Workshop, source: Source) -> None:
    command = [str(workshop.binary.path), "-nostdin", "-v", "error", "-i", str(source.path), "-f", "null", "-"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _analyse(workshop: Workshop, source: Source) -> None:
    """Listen and watch side by side, as the flow does."""
    with ThreadPoolExecutor(2) as pool:
        hearing = pool.submit(listen, source, Brief(), workshop.ears)
        watch(source, media=workshop.media, detector=workshop.faces)
        hearing.result()


if __name__ == "__main__":
    main()
