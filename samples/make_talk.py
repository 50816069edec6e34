# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "opencv-python-headless==5.0.0.93", "pillow==13.0.0", "imageio-ffmpeg==0.8.1"]
# ///
"""Make ``talk.mp4``, ``talk.srt`` and ``talk.truth.json`` from ``talk.txt``: run ``uv run samples/make_talk.py``.

Needs Debian's ``libespeak-ng1`` and ``fonts-liberation``; takes a few minutes on two processors. The same versions give
the same frames and the same sound.
"""

import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2
import imageio_ffmpeg
from maker import crowd, slides, stage
from maker.actor import FPS, Actor
from maker.figure import sculpt_figure
from maker.picture import SIZE, Set, frame
from maker.script import read_script
from maker.shots import Shot, shots
from maker.timeline import Timeline, compose, write_wav
from maker.truth import subtitles, truth

HERE = Path(__file__).resolve().parent
WORKERS, AHEAD = 2, 40


def build(timeline: Timeline) -> Set:
    """Sculpt and paint everything that is made once."""
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        figure = sculpt_figure(pool)
        people = pool.map(crowd.person, range(len(crowd.LOOKS)), chunksize=1)
        backdrops = dict(zip(slides.TITLES, pool.map(stage.backdrop, slides.TITLES), strict=True))
    return Set(timeline, Actor(timeline), figure, backdrops, people)


def frames(scene: Set, edit: tuple[Shot, ...]) -> Iterator[bytes]:
    """Yield every frame in order, drawn by two processes that run at most ``AHEAD`` frames ahead."""
    jobs = iter([(shot, number) for shot in edit for number in range(shot.first, shot.last)])
    with multiprocessing.get_context("fork").Pool(WORKERS, _enter, (scene,)) as pool:
        waiting = deque(pool.apply_async(_drawn, job) for job in islice(jobs, AHEAD))
        while waiting:
            yield waiting.popleft().get()
            waiting.extend(pool.apply_async(_drawn, job) for job in islice(jobs, 1))


_scene: list[Set] = []
"""The set, in a forked process: it is inherited, never sent."""


def _enter(scene: Set) -> None:
    cv2.setNumThreads(1)
    _scene.append(scene)


def _drawn(shot: Shot, number: int) -> bytes:
    return frame(_scene[0], shot, number).tobytes()


def encoder(wav: Path, target: Path) -> list[str]:
    """Return the command that turns raw frames on stdin into the video."""
    tags = "colorprim=bt709:transfer=bt709:colormatrix=bt709"
    return [
        imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(FPS), "-i", "pipe:0", "-i", str(wav),
        "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
        "-c:v", "libx264", "-preset", "medium", "-tune", "animation", "-crf", "29", "-g", str(FPS * 5), "-threads", "2",
        "-x264-params", tags, "-c:a", "aac", "-b:a", "64k",
        "-metadata", "title=The box that moved the world", "-metadata:s:a:0", "language=eng",
        "-fflags", "+bitexact", "-flags:a", "+bitexact", "-movflags", "+faststart", "-f", "mp4", str(target),
    ]  # fmt: skip


def main() -> int:
    started = time.monotonic()
    timeline = compose(read_script(HERE / "talk.txt"))
    edit = shots(timeline)
    (HERE / "talk.srt").write_text(subtitles(timeline), encoding="utf-8")
    print(f"{timeline.duration:.1f} s of talk in {len(edit)} shots; sculpting")
    scene = build(timeline)
    (HERE / "talk.truth.json").write_text(truth(scene, edit), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        wav, part = Path(folder) / "talk.wav", Path(folder) / "talk.mp4"
        write_wav(wav, timeline.sound)
        with subprocess.Popen(encoder(wav, part), stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            for number, picture in enumerate(frames(scene, edit)):
                process.stdin.write(picture)
                if number % 250 == 0:
                    print(f"frame {number} after {time.monotonic() - started:.0f} s", flush=True)
            process.stdin.close()
            if process.wait() != 0:
                return 1
        (HERE / "talk.mp4").write_bytes(part.read_bytes())
    print(f"{(HERE / 'talk.mp4').stat().st_size / 1e6:.2f} MB in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
