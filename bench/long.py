"""Memory of a two-hour source against a ten-minute one: analysis, and one Short from the end of it.

``python -m bench.long [--minutes 120] [--json FILE]`` takes half an hour on an idle machine and isn't part of ``make bench``.
The sources repeat samples/talk.mp4 at 320 × 180: memory grows with length or not, whatever the resolution is.
"""

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.costs import measured
from bench.figures import at_most, report
from bench.render.scene import scene_of
from bench.sources import TALK
from omni.contracts import Brief
from omni.encoding.rendering import render_short
from omni.speech.listening import listen
from omni.vision.watching import watch
from omni.wiring import wire

SHORT_MINUTES = 10


def main() -> None:
    """Measure each length once: peaks hardly vary."""
    parser = argparse.ArgumentParser(prog="python -m bench.long", description=__doc__)
    parser.add_argument("--minutes", type=int, default=120)
    parser.add_argument("--json")
    parser.add_argument("--one", type=Path, help="only analyse this file and render its last 20 s")
    options = parser.parse_args()
    if options.one:
        _work_on(options.one)
        return
    with tempfile.TemporaryDirectory(prefix="omni-bench-") as folder:
        peaks: list[float] = []
        for minutes in (SHORT_MINUTES, options.minutes):
            path = repeated(Path(folder), minutes)
            cost = measured([sys.executable, "-m", "bench.long", "--one", str(path)])
            print(f"{minutes:4} min: {cost.peak_mb:.0f} MB, {cost.wall:.0f} s wall, {cost.cpu:.0f} s processor")
            peaks.append(cost.peak_mb)
    report([at_most(f"peak memory, {options.minutes} min against {SHORT_MINUTES} min", peaks[1] / peaks[0], 1.3)])


def repeated(folder: Path, minutes: int) -> Path:
    """Return a source of so many minutes, with subtitles all through it."""
    ffmpeg = [str(wire().binary.path), "-nostdin", "-v", "error", "-y"]
    once, path = folder / "once.mp4", folder / f"talk-{minutes}.mp4"
    if not once.exists():
        small = [
            "-vf",
            "fps=12.5,scale=320:180",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-c:a",
            "aac",
            "-b:a",
            "64k",
        ]
        subprocess.run(
            [*ffmpeg, "-i", str(TALK), "-i", str(TALK.with_suffix(".srt")), *small, "-c:s", "mov_text", str(once)],
            check=True,
        )
    command = [
        *ffmpeg,
        "-stream_loop",
        "-1",
        "-i",
        str(once),
        "-t",
        str(60 * minutes),
        "-map",
        "0",
        "-c",
        "copy",
        str(path),
    ]
    subprocess.run(command, check=True)
    return path


def _work_on(path: Path) -> None:
    """Listen and watch side by side, as the flow does; then make one Short of the end."""
    workshop = wire()
    scene = scene_of(path, 0, 20)
    source = scene.source
    with ThreadPoolExecutor(2) as pool:
        hearing = pool.submit(listen, source, Brief(), workshop.ears)
        watch(source, media=workshop.media, detector=workshop.faces)
        hearing.result()
    late = scene_of(path, source.duration - 20, 20)
    with tempfile.TemporaryDirectory(prefix="omni-bench-") as folder:
        render_short(source, late.plan, Path(folder), media=workshop.media)


if __name__ == "__main__":
    main()
