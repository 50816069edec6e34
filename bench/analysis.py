"""The whole offline analysis (words, speech, loudness, shots, faces, motion) against one bare decode of the file.

Run on an idle machine: ``python -m bench.analysis [FILE]``; without a file, samples/talk.mp4.
"""

import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.figures import at_most, report
from omni.contracts import Brief, Source
from omni.sourcing.ingesting import ingest
from omni.speech.listening import listen
from omni.vision.watching import watch
from omni.wiring import Workshop, wire

ROUNDS = 3


def main() -> None:
    """Measure in turns and print medians."""
    given = [a for a in sys.argv[1:] if not a.startswith("--") and not a.endswith(".json")]
    path = Path(given[0]) if given else Path(__file__).parents[1] / "samples" / "talk.mp4"
    workshop = wire()
    source = ingest(path, workshop.prober, workshop.limits)
    decoded: list[float] = []
    analysed: list[float] = []
    for _ in range(ROUNDS):
        decoded.append(_timed(lambda: _decode(workshop, source)))
        analysed.append(_timed(lambda: _analyse(workshop, source)))
    print(
        f"{path.name}: {source.duration:.0f} s; decode {statistics.median(decoded):.1f} s, analysis {statistics.median(analysed):.1f} s"
    )
    ratio = statistics.median(analysed) / statistics.median(decoded)
    report([at_most("offline analysis against a bare decode, wall", ratio, 1.3)])


def _timed(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


def _decode(workshop: Workshop, source: Source) -> None:
    command = [str(workshop.binary.path), "-nostdin", "-v", "error", "-i", str(source.path), "-f", "null", "-"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _analyse(workshop: Workshop, source: Source) -> None:
    """Listen and watch side by side, as the flow does."""
    with ThreadPoolExecutor(2) as pool:
        hearing = pool.submit(
            listen, source, Brief(), media=workshop.media, detector=workshop.speech, transcriber=workshop.transcriber
        )
        watch(source, media=workshop.media, detector=workshop.faces)
        hearing.result()


if __name__ == "__main__":
    main()
