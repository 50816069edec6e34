"""One 45 s Short (moving crop, word captions, loudness) against bare FFmpeg and against MoviePy.

Run on an idle machine: ``python -m bench.render [FILE] [--seconds N] [--rounds N] [--no-moviepy] [--json FILE]``; without
a file, samples/talk.mp4 as a camera would have recorded it and, against the limit, as it is. The camera sways without a rest,
which by itself is work for x264: a static crop of a drawn picture has hardly any. MoviePy is fetched into an environment of its own and makes a piece of 15 s, as ours does for it.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from bench.costs import CommandFailed, Cost, measured, middle
from bench.figures import Figure, at_least, at_most, report
from bench.render.contestants import bare, moviepy, ours
from bench.render.scene import scene_of
from bench.sources import TALK, as_filmed
from omni.adapters.cores import usable_cores
from omni.captions.fontbook import FontBook
from omni.encoding.parallelism import shares_of
from omni.wiring import wire

PIECE_SECONDS = 15.0


def main() -> None:
    """Measure in turns and print medians."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="omni-bench-") as folder:
        films = [options.file] if options.file else [as_filmed(Path(folder)), TALK]
        figures = [figure for film in films for figure in against_the_limit(film, options, Path(folder))]
        if not options.no_moviepy:
            figures += against_moviepy(films[0], options, Path(folder))
    report(figures)


def against_the_limit(film: Path, options: argparse.Namespace, folder: Path) -> list[Figure]:
    """Return what our Short costs more than decode, static crop, scale and x264 alone."""
    scene = scene_of(film, options.start, options.seconds)
    scene_file = folder / "scene.json"
    scene_file.write_text(scene.model_dump_json(), encoding="utf-8")
    threads = shares_of(usable_cores()).threads
    limit, made = list[Cost](), list[Cost]()
    for _ in range(options.rounds):
        limit.append(measured(bare(scene, wire(), threads, folder / "bare.mp4")))
        made.append(measured(ours(scene_file, folder / "ours.mp4")))
    _tell(f"{scene.plan.cut.length:.0f} s of {film.name}, {threads} thread(s)", bare=limit, ours=made)
    ratios = middle(
        [Cost(o.wall / b.wall, o.cpu / b.cpu, o.peak_mb / b.peak_mb) for o, b in zip(made, limit, strict=True)]
    )
    return [
        at_most(f"one Short against bare decode, crop, scale, x264, {film.stem}: wall", ratios.wall, 1.2),
        at_most(f"the same, {film.stem}: processor time", ratios.cpu, 1.2),
    ]


def against_moviepy(film: Path, options: argparse.Namespace, folder: Path) -> list[Figure]:
    """Return how many times faster and smaller ours is; nothing, and a plain word, where MoviePy can't be had."""
    if shutil.which("uv") is None:
        print("MoviePy was not measured: uv is not on the PATH.")
        return []
    scene = scene_of(film, options.start, PIECE_SECONDS)
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
    _tell(f"{PIECE_SECONDS:.0f} s of {film.name}, {threads} thread(s)", moviepy=theirs, ours=made)
    pairs = list(zip(theirs, made, strict=True))
    ratios = middle([Cost(m.wall / o.wall, m.cpu / o.cpu, o.peak_mb / m.peak_mb) for m, o in pairs])
    return [
        at_least("MoviePy's wall against ours, the same picture", ratios.wall, 6),
        at_most("our memory against MoviePy's", ratios.peak_mb, 0.5),
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.render", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--seconds", type=float, default=45.0)
    parser.add_argument("--start", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=2)
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
