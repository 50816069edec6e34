"""What every maker of test media shares: the truth it tells, and one way to run FFmpeg."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SECONDS, RATE = 6.0, 25
WIDTH, HEIGHT = 320, 180

CUTS = (2.0, 4.2, 6.0, 9.6)
"""Seconds of the hard cuts of ``cuts``: frames 50, 105, 150 and 240 of 300."""

BEATS = (1.0, 3.0, 5.0)
"""Seconds at which ``sync`` flashes white for two frames and sounds 1 kHz for 80 ms."""

LINES = (
    (0.5, 2.0, "The first line."),
    (2.5, 4.0, "A second line,\nin two rows."),
    (4.25, 5.75, "And the last.\u00a0ÄÖ"),
)
"""Start, end and text of the embedded subtitles."""


@dataclass(frozen=True)
class Truth:
    """What the file really is. ``width`` × ``height`` as displayed; ``error`` names the class of ``omni.errors`` that is due."""

    duration: float = SECONDS
    tolerance: float = 0.10
    """Seconds that a measured duration may differ: codec priming, one frame, or an unknown cut."""
    width: int | None = WIDTH
    height: int | None = HEIGHT
    rate: str | None = "25"
    codec: str | None = "h264"
    rotation: int = 0
    """Degrees clockwise that a player turns the coded picture."""
    sample_aspect: str = "1:1"
    variable_rate: bool = False
    bit_depth: int = 8
    hdr: str | None = None
    interlaced: bool = False
    audio_tracks: int = 1
    spoken_track: int | None = 0
    """Which audio track, counted among the audio tracks, is worth listening to."""
    language: str | None = None
    channels: int = 2
    subtitles: tuple[str, ...] = ()
    """Canonical codec names; a decoder may be called otherwise (``srt`` for ``subrip``, ``ssa`` for ``ass``)."""
    cuts: tuple[float, ...] = ()
    video_start: float | None = None
    audio_start: float | None = None
    """Time of the first frame and sample in the container; ``None``: 0, give or take a frame."""
    claimed: float | None = None
    """Duration that the header tells, where it lies."""
    error: str | None = None


@dataclass(frozen=True)
class MadeVideo:
    """A file and the truth about it."""

    path: Path
    truth: Truth


Maker = Callable[[str, Path], MadeVideo]

MAKERS: dict[str, Maker] = {}
"""Every maker by name, in the order in which the shelves are imported."""


def registered(function: Maker) -> Maker:
    MAKERS[function.__name__.removeprefix("make_")] = function
    return function


SPEECH = "0.3*(sin(2*PI*140*t)+0.6*sin(2*PI*280*t)+0.5*sin(2*PI*700*t)+0.4*sin(2*PI*1220*t))*max(0,sin(2*PI*4*t))*lt(mod(t,3),2.4)/2.5"
"""A mono voice-like sound for ``aevalsrc``: harmonics at four syllables a second, and a pause of 0.6 s every 3 s."""

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-g", "25", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "64k", "-ar", "48000")


def run(ffmpeg: str, *arguments: str) -> None:
    """Run FFmpeg quietly; raises ``CalledProcessError`` with its stderr in the notes."""
    command = [ffmpeg, "-nostdin", "-loglevel", "error", "-y", "-threads", "1", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    if done.returncode:
        error = subprocess.CalledProcessError(done.returncode, command)
        error.add_note(done.stderr.decode(errors="replace"))
        raise error


def moving(size: str = f"{WIDTH}x{HEIGHT}", rate: str = "25", seconds: float = SECONDS) -> tuple[str, ...]:
    """Return input arguments of a moving test picture."""
    return "-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}"


def voice(seconds: float = SECONDS, *, layout: str = "stereo") -> tuple[str, ...]:
    """Return input arguments of voice-like sound; in 5.1 it is in the centre and faint elsewhere."""
    spread = {"mono": "mono|c0=c0", "stereo": "stereo|c0=c0|c1=c0", "5.1": "5.1|FL=0.01*c0|FR=0.01*c0|FC=c0|BL=0.01*c0"}
    return "-f", "lavfi", "-i", f"aevalsrc='{SPEECH}':c=mono:s=48000:d={seconds},pan={spread[layout]}"


def plain(ffmpeg: str, path: Path, *extra: str, picture: tuple[str, ...] | None = None) -> Path:
    """Write a moving picture with a voice, cutting what is longer."""
    run(ffmpeg, *(picture or moving()), *voice(), *H264, *AAC, *extra, str(path))
    return path


def still(ffmpeg: str, folder: Path) -> Path:
    """Return a red PNG of 64 × 64 pixels."""
    path = folder / "still.png"
    run(ffmpeg, "-f", "lavfi", "-i", "color=c=red:s=64x64", "-frames:v", "1", "-update", "1", str(path))
    return path
