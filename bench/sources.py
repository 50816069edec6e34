"""The files that are measured on: the sample talk as it is, and as a camera would have recorded it."""

import subprocess
from pathlib import Path

from omni.wiring import wire

TALK = Path(__file__).parents[1] / "samples" / "talk.mp4"
"""Drawn: 720p at a quarter of a Mbit/s, decoded and encoded almost for nothing."""

CAMERA_SECONDS = 20
CAMERA_TAKES = 3


def as_filmed(folder: Path) -> Path:
    """Return a minute of the talk as a camera records it: 1080p30, grain, about 8 Mbit/s."""
    ffmpeg = [str(wire().binary.path), "-nostdin", "-v", "error", "-y"]
    once, path = folder / "once.mp4", folder / "camera.mp4"
    grain = "fps=30,scale=1920:1080:flags=bilinear,noise=alls=8:allf=t,format=yuv420p"
    codec = [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-b:v",
        "8M",
        "-maxrate",
        "10M",
        "-bufsize",
        "16M",
        "-c:a",
        "copy",
    ]
    subprocess.run([*ffmpeg, "-t", str(CAMERA_SECONDS), "-i", str(TALK), "-vf", grain, *codec, str(once)], check=True)
    takes = ["-stream_loop", str(CAMERA_TAKES - 1), "-i", str(once), "-c", "copy", str(path)]
    subprocess.run([*ffmpeg, *takes], check=True)
    return path
