"""FFmpeg: the one place where its processes are started and its graphs are built."""

from omni.adapters.ffmpeg.binary import Binary, find_binary
from omni.adapters.ffmpeg.media import FFmpegMedia
from omni.adapters.ffmpeg.runner import Runner

__all__ = ["Binary", "FFmpegMedia", "Runner", "find_binary"]
