"""One 45 s Short (moving crop, word captions, loudness) against bare FFmpeg and against MoviePy.

Run on an idle machine: ``python -m bench.render [FILE] [--seconds N] [--rounds N] [--no-moviepy] [--json FILE]``; without
a file, samples/talk.mp4. MoviePy is fetched into an environment of its own and makes a piece of 15 s, as ours does for it.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from bench.costs import CommandFailed, Cost, measured, middle
from bench.figures import Figure, at_least, at_most, report
from bench.render.contestants import bare, moviepy, ours
from bench.render.scene import scene_of
from omni.adapters.cores import usable_cores
from omni.captions.fontbook import FontBook
from omni.encoding.parallelism import shares_of
from omni.wiring import wire

TALK = Path(__file__).parents[2] / "samples" / "talk.mp4"
PIECE_SECONDS = 15.0


def main() -> None:
    """Measure in turns and print medians."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="omni-bench-") as folder:
        figures = against_the_limit(options, Path(folder))
        if not options.no_moviepy:
            figures += against_moviepy(options, Path(folder))
    report(figures)


def against_the_limit(options: argparse.Namespace, folder: Path) -> list[Figure]:
    """Return what our Short costs more than decode, static crop, scale and x264 alone."""
    scene = scene_of(options.file, options.start, options.seconds)
    scene_file = folder / "scene.json"
    scene_file.write_text(scene.model_dump_json(), encoding="utf-8")
    threads = shares_of(usable_cores()).threads
    limit, made = list[Cost](), list[Cost]()
    for _ in range(options.rounds):
        limit.append(measured(bare(scene, wire(), threads, folder / "bare.mp4")))
        made.append(measured(ours(scene_file, folder / "ours.mp4")))
    _tell(f"{scene.plan.cut.length:.0f} s of {options.file.name}, {threads} thread(s)", bare=limit, ours=made)
    ratios = middle(
        [Cost(o.wall / b.wall, o.cpu / b.cpu, o.peak_mb / b.peak_mb) for o, b in zip(made, limit, strict=True)]
    )
    return [
        at_most("one Short against bare decode, crop, scale, x264: wall", ratios.wall, 1.2),
        at_most("the same, processor time", ratios.cpu, 1.2),
    ]


def against_moviepy(options: argparse.Namespace, folder: Path) -> list[Figure]:
    """Return how many times faster and smaller ours is; nothing, and a plain word, where MoviePy can't be had."""
    if shutil.which("uv") is None:
        print("MoviePy was not measured: uv is not on the PATH.")
        return []
    scene = scene_of(options.file, options.start, PIECE_SECONDS)
    scene_file = folder / "piece.json"
    scene_file.write_text(scene.model_dump_json(), encoding="utf-8")
    threads = shares_of(usable_cores()).threads
    font = next(path for path in FontBook.scan(()).bundled if path.name == "NotoSans-Bold.ttf")
    theirs, made = list[Cost](), list[Cost]()
    try:
        for _ in range(max(1, options.rounds - 1)):
            theirs.append(measured(moviepy(scene_file, font, threads, folder / "moviepy.mp4")))
            made.append(measured(ours(scene_file, folder / "ours.mp4")))
    except CommandFailed as error:
        print(f"MoviePy was not measured: {error}")
        return []
    _tell(f"{PIECE_SECONDS:.0f} s of {options.file.name}, {threads} thread(s)", moviepy=theirs, ours=made)
    pairs = list(zip(theirs, made, strict=True))
    ratios = middle([Cost(m.wall / o.wall, m.cpu / o.cpu, o.peak_mb / m.peak_mb) for m, o in pairs])
    return [
        at_least("MoviePy's wall against ours, the same picture", ratios.wall, 6),
        at_most("our memory against MoviePy's", ratios.peak_mb, 0.5),
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.render", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=TALK)
    parser.add_argument("--seconds", type=float, default=45.0)
    parser.add_argument("--start", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-moviepy", action="store_true")
    parser.add_argument("--json")
    return parser.parse_args()


def _tell(what: str, **contestants: list[Cost]) -> None:
    print(what)
    for name, costs in contestants.items():
        cost = middle(costs)
        print(f"  {name:<8} {cost.wall:6.1f} s wall, {cost.cpu:6.1f} s processor, {cost.peak_mb:5.0f} MB")


if __name__ == "__main__":
    main()
