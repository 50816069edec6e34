"""Settings → the adapters in use: the one place where ports meet adapters. Tests replace what ``wire`` returns."""

import os
from dataclasses import dataclass
from functools import cached_property, lru_cache

from omni.adapters.container import ContainerProber
from omni.adapters.ffmpeg import Binary, FFmpegMedia, Runner, find_binary
from omni.settings import Settings
from omni.sourcing.ingesting import Limits


@dataclass(frozen=True)
class Workshop:
    """Every outside thing a job needs, each built when it is first used."""

    settings: Settings

    @cached_property
    def binary(self) -> Binary:
        """The FFmpeg in use."""
        return find_binary(self.settings.ffmpeg)

    @cached_property
    def runner(self) -> Runner:
        """The one runner of FFmpeg processes in this process."""
        return Runner(self.binary.path, timeout_factor=self.settings.media_timeout_factor)

    @cached_property
    def media(self) -> FFmpegMedia:
        """Decoding and encoding."""
        threads = max(1, (os.cpu_count() or 1) // self.settings.render_workers)
        return FFmpegMedia(self.binary, self.runner, threads=threads)

    @cached_property
    def prober(self) -> ContainerProber:
        """Opening containers."""
        return ContainerProber(max_pixels=self.settings.max_pixels)

    @property
    def limits(self) -> Limits:
        """What a source may be."""
        return Limits(max_seconds=self.settings.max_source_seconds, max_bytes=self.settings.max_source_bytes)


@lru_cache(maxsize=1)
def wire() -> Workshop:
    """Return the workshop of this process."""
    return Workshop(Settings())
