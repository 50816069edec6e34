"""The commands that are compared: ours, the bare limit, MoviePy."""

import sys
from pathlib import Path

from bench.render.scene import HEIGHT, WIDTH, Scene
from omni.adapters.ffmpeg.encoders import CEILING, COLOUR, FINAL, X264
from omni.wiring import Workshop

MOVIEPY = Path(__file__).with_name("moviepy_short.py")


def ours(scene_file: Path, target: Path) -> list[str]:
    """Return the command that renders the scene as the stage does: level measured, then one encode."""
    return [sys.executable, "-m", "bench.render.ours", str(scene_file), str(target)]


def bare(scene: Scene, workshop: Workshop, threads: int, target: Path) -> list[str]:
    """Return FFmpeg doing only decode → static crop → scale → the same x264 settings, without sound."""
    video, cut = scene.source.video, scene.plan.cut
    assert video is not None  # scene_of refused it
    width, height = round(video.width * scene.plan.framing.crop_w / 2) * 2 if scene.plan.framing else 0, video.height
    settings = {**FINAL, **X264, **CEILING, **COLOUR, "threads": threads, "g": int(2 * video.fps)}
    return [
        str(workshop.binary.path), "-nostdin", "-v", "error", "-y", "-threads", str(threads),
        "-ss", f"{cut.start:.3f}", "-t", f"{cut.length:.3f}", "-i", str(scene.source.path), "-an",
        "-vf", f"crop={width}:{height},scale={WIDTH}:{HEIGHT}:flags=bicubic,setsar=1", "-r", scene.plan.frame_rate, "-c:v", "libx264",
        *(part for name, value in settings.items() for part in (f"-{name}", str(value))), str(target),
    ]  # fmt: skip


def moviepy(scene_file: Path, font: Path, threads: int, target: Path) -> list[str]:
    """Return MoviePy drawing the same picture, in an environment of its own: it is no dependency of this project."""
    return [
        "uv", "run", "--no-project", "--quiet", "--python", sys.executable, "--with", "moviepy==2.2.*",
        "python", str(MOVIEPY), str(scene_file), str(font), str(threads), str(target),
    ]  # fmt: skip
