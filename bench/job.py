"""A whole job, then the same job again: what a second run costs, and what the flow adds to its stages.

Run on an idle machine: ``python -m bench.job [FILE]``; without a file, samples/talk.mp4. Uses an empty home of its own.
"""

import logging
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import Figure, at_most, report


def main() -> None:
    """Run twice on one temporary server."""
    given = [a for a in sys.argv[1:] if not a.startswith("--") and not a.endswith(".json")]
    path = Path(given[0]) if given else Path(__file__).parents[1] / "samples" / "talk.mp4"
    with tempfile.TemporaryDirectory(prefix="omni-bench-") as home:
        os.environ |= {"OMNI_HOME": home, "OMNI_OUTPUT": f"{home}/output"}  # a home of its own
        report(_figures(path))


def _figures(path: Path) -> list[Figure]:
    from deployments.stack.environment import orchestrator, prepare  # noqa: PLC0415  # after the environment is set
    from omni.settings import Settings  # noqa: PLC0415

    settings = Settings()
    prepare(settings)
    with orchestrator(settings):
        from flows.produce import produce  # noqa: PLC0415

        logging.disable(logging.WARNING)
        walls: list[float] = []
        for _ in range(2):
            begun = time.perf_counter()
            produced = produce(str(path))
            walls.append(time.perf_counter() - begun)
    print(f"{path.name}: {produced.shorts_count} Shorts; first run {walls[0]:.1f} s, second {walls[1]:.1f} s")
    return [at_most("a second run of the same job against the first, wall", walls[1] / walls[0], 0.05)]


if __name__ == "__main__":
    main()
