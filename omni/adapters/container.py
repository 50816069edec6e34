"""Containers: what a source really holds, and what an encoded file really is. Nothing needs ffprobe."""

import json
import logging
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from omni import errors
from omni.adapters import boxes
from omni.adapters.confinement import Broken, Overrun, allowance_for, read_apart
from omni.adapters.guards import MAX_PIXELS
from omni.adapters.opening import File
from omni.adapters.packets import scan
from omni.adapters.streams import MATRICES, PRIMARIES, TRANSFERS, aspect_of, clockwise, first_frame
from omni.errors import SourceTooLarge, SourceUnreadable
from omni.ports import Probe
from omni.ports.media import EncodedFile
from omni.roots import open_admitted

FULL_RANGE = 2
"""AVCOL_RANGE_JPEG of FFmpeg."""

log = logging.getLogger("omni.container")


class ContainerProber:
    """The port ``Prober`` on PyAV, in a process of its own: a file of 2 KB can ask for gigabytes, or for hours."""

    def __init__(self, *, max_pixels: int = MAX_PIXELS, roots: tuple[Path, ...] = ()) -> None:
        """Refuse larger frames, and files outside ``roots`` (when there are any) at the moment they are opened."""
        self._max_pixels = max_pixels
        self._roots = roots

    def probe(self, path: Path) -> Probe:
        with _descriptor_of(path, self._roots) as descriptor:
            allowance = allowance_for(os.fstat(descriptor).st_size)
            arguments = [str(descriptor), str(self._max_pixels), str(allowance.cpu_seconds)]
            try:
                answer = json.loads(read_apart("omni.adapters.examination", arguments, [descriptor], allowance))
            except Overrun as error:
                raise SourceTooLarge(path=path, what=f"reading its structure takes more than {error}") from error
            except Broken as error:
                log.warning("the container of a source could not be read: %s", error)
                raise SourceUnreadable(path=path, reason="its structure breaks the reader") from error
        if "error" in answer:
            raise getattr(errors, answer["error"])(path=path, **answer["facts"])
        return Probe.model_validate(answer["probe"])


def encoded_file(path: Path) -> EncodedFile:
    """Open a file of ours and read its streams and packets; raises SourceUnreadable when it has no picture."""
    with _descriptor_of(path) as descriptor, File(descriptor, path).opened() as container:
        if not container.streams.video:
            raise SourceUnreadable(path=path, reason="no picture")
        video, audio = container.streams.video[0], next(iter(container.streams.audio), None)
        times = scan(container, [video, audio] if audio else [video], 0.0)
        context, frame, aspect = video.codec_context, first_frame(File(descriptor, path), video.index), aspect_of(video)
        sound, steps = times[audio.index] if audio else None, times[video.index].steps
        return EncodedFile(
            container=container.format.name,
            video_codec=context.name,
            profile=str(video.profile),
            pixel_format=str(context.pix_fmt),
            width=context.width,
            height=context.height,
            sample_aspect=f"{aspect.numerator}:{aspect.denominator}",
            fps=float(video.average_rate or 0),
            colour=(
                PRIMARIES.get(int(context.color_primaries)),
                TRANSFERS.get(int(context.color_trc)),
                MATRICES.get(int(context.colorspace)),
            ),
            full_range=int(context.color_range) == FULL_RANGE,
            rotation=clockwise(frame) if frame else 0,
            video_start=times[video.index].start,
            video_duration=times[video.index].end - times[video.index].start,
            frame_steps=(float(steps.min()), float(steps.max())) if steps.size else (0.0, 0.0),
            audio_codec=audio.codec_context.name if audio else None,
            audio_profile=str(audio.profile) if audio else None,
            sample_rate=audio.codec_context.sample_rate if audio else None,
            channels=audio.codec_context.channels if audio else None,
            audio_start=sound.start if sound else None,
            audio_duration=sound.end - sound.start if sound else None,
            keyframe_gap=times[video.index].keyframe_gap,
            edit_lists=boxes.count_edit_lists(path),
            faststart=boxes.index_is_first(path),
            size_bytes=path.stat().st_size,
            audio_index=audio.index if audio else None,
        )


@contextmanager
def _descriptor_of(path: Path, roots: tuple[Path, ...] = ()) -> Generator[int]:
    descriptor = open_admitted(path, roots)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
