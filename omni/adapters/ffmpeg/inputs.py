"""Opening files for FFmpeg so that nothing but that very file can be read."""

from __future__ import annotations  # the types of ffmpeg-python stand in typings/ only

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from omni.adapters.guards import FORMATS, MAX_PIXELS
from omni.contracts import Source, VideoStream
from omni.roots import open_admitted


@contextmanager
def opened(path: Path, roots: Sequence[Path] = ()) -> Generator[int]:
    """Open ``path`` once and give its descriptor: a later swap of the name changes nothing, and no name needs escaping.

    Raises SourceNotFound for a file that isn't there, or isn't below one of ``roots`` when there are any.
    """
    descriptor = open_admitted(path, roots)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def guarded_input(descriptor: int, *, formats: str = FORMATS, **options: Any) -> ffmpeg.Stream:
    """Return an ffmpeg-python input of an opened file under the protocol, format and size guards."""
    return ffmpeg.input(
        f"file:/dev/fd/{descriptor}",
        protocol_whitelist="file",
        format_whitelist=formats,
        max_pixels=MAX_PIXELS,
        **options,
    )


def picture(stream: ffmpeg.Stream, source: Source) -> ffmpeg.Stream:
    """Return the chosen picture track of an input, deinterlaced when it needs it."""
    video = source.video
    if video is None:
        msg = "this source has no picture"
        raise ValueError(msg)
    track = stream[str(video.index)]
    return track.filter("bwdif", mode="send_frame", deint="interlaced") if video.interlaced else track


def sound(stream: ffmpeg.Stream, source: Source) -> ffmpeg.Stream:
    """Return the chosen sound track of an input."""
    if source.audio is None:
        msg = "this source has no sound"
        raise ValueError(msg)
    return stream[str(source.audio.index)]


def upright_size(video: VideoStream) -> tuple[int, int]:
    """Return width and height of a decoded frame in its own pixels, after FFmpeg has turned it upright."""
    if video.rotation in (90, 270):
        return video.coded_height, video.coded_width
    return video.coded_width, video.coded_height


def frame_seconds(frame_rate: str) -> float:
    """Return the length of a frame at a rate such as ``30000/1001``."""
    return float(1 / Fraction(frame_rate))
